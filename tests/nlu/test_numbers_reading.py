"""Numbers as people write them, plates of every sidecode, moments verbatim."""

import pytest

from seldenrijk.nlu.moments import find_moments
from seldenrijk.nlu.numbers import NumberFinder
from seldenrijk.nlu.numerals import number_word
from seldenrijk.nlu.plates import SIDECODES, find_plates
from seldenrijk.nlu.slots import extract
from seldenrijk.nlu.text import Text

PRICES = [
    "15k",
    "15.000",
    "€15.000,-",
    "€ 15.000",
    "15 mille",
    "vijftienduizend",
    "15000 euro",
    "15 duizend",
    "15.000,00",
    "15 000 euro",
    "vijftien mille",
    "15K",
    "15 ruggen",
    "15.000 eur",
    "fifteen thousand euro",
    "15 tausend euro",
]
DISTANCES = {
    "een ton": 100_000,
    "anderhalve ton": 150_000,
    "1,2 ton": 120_000,
    "2 ton": 200_000,
    "90dkm": 90_000,
    "90 dkm": 90_000,
    "90.000 km": 90_000,
    "90000km": 90_000,
    "90k km": 90_000,
    "90 duizend km": 90_000,
    "190 tkm": 190_000,
    "negentigduizend kilometer": 90_000,
    "halve ton": None,
    "een ton km": 100_000,
}


@pytest.mark.parametrize("written", PRICES)
def test_fifteen_thousand(written: str) -> None:
    assert extract(f"max {written}", None, "price_question").slots == {"max_price": 15_000}


@pytest.mark.parametrize(("written", "km"), [(w, km) for w, km in DISTANCES.items() if km])
def test_distances(written: str, km: int) -> None:
    assert extract(f"zoek een golf, max {written} gelopen", None, "car_inquiry").slots["max_mileage"] == km


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("vijfentwintigduizend", 25_000),
        ("tweehonderdvijftig", 250),
        ("anderhalf", 1.5),
        ("tweeenhalf", 2.5),
        ("vijftienhonderd", 1_500),
        ("tweeduizendnegentien", 2019),
        ("zwanzigtausend", 20_000),
        ("driehonderd", 300),
        ("zevenenveertig", 47),
        ("golf", None),
        ("gezond", None),
        ("eend", None),
        ("honderdduizend", 100_000),
    ],
)
def test_number_words(word: str, value: float | None) -> None:
    assert number_word(word) == value


@pytest.mark.parametrize("code", SIDECODES)
def test_every_sidecode_is_a_plate(code: str) -> None:
    letters, digits = iter("KLPRTX"), iter("248135")
    plate = "".join(next(letters) if c == "x" else next(digits) if c == "9" else c for c in code)
    assert [p.text for p in find_plates(Text(f"mijn auto {plate} is klaar?"))] == [plate]
    assert [p.text for p in find_plates(Text(f"kenteken {plate.replace('-', '').lower()}"))] == [
        plate.replace("-", "").lower()
    ]


@pytest.mark.parametrize(
    "text", ["10-12-15", "op 12-05-2024", "gl350d", "06-12345678", "XX-99", "AE-123-I", "12-AAA-3"]
)
def test_no_plates(text: str) -> None:
    assert find_plates(Text(text)) == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("kan het dinsdag om half 3", ["dinsdag", "half 3"]),
        ("morgenmiddag na zessen", ["morgenmiddag", "na zessen"]),
        ("op 14 mei om 16.30", ["14 mei", "16.30"]),
        ("zondag de 5e rond lunchtijd", ["zondag de 5e", "rond lunchtijd"]),
        ("woensdag tussen 10 en 12", ["woensdag", "tussen 10 en 12"]),
        ("'s ochtends vroeg", ["'s ochtends vroeg"]),
        ("vóór het weekend", ["vóór het weekend"]),
        ("over een kwartiertje", ["over een kwartiertje"]),
        ("tomorrow at 3pm", ["tomorrow", "3pm"]),
        ("am Freitag um 14 Uhr", ["Freitag", "14 Uhr"]),
        ("Goedemorgen, ik zoek een auto", []),
        ("Morgen! zoek een auto", []),
        ("2 uur rijden", []),
    ],
)
def test_moments_are_verbatim(text: str, spans: list[str]) -> None:
    message = Text(text)
    assert [message.raw[slice(*message.original(m.start, m.end))] for m in find_moments(message)] == spans


def test_ranges_share_their_multiplier() -> None:
    found = NumberFinder(Text("tussen de 20 en 30 duizend, 8-12k, 5 a 6 mille"), ()).run()
    assert [(n.low, n.high) for n in found] == [(20_000, 30_000), (8_000, 12_000), (5_000, 6_000)]
