"""The claim checker against drafts: invented and twisted ones are stopped, true ones pass."""

import itertools
import sys
import tomllib
from datetime import date, time
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import CARS, WEDNESDAY, YARIS_SOLD, dealer

from seldenrijk.contracts import OwnCar, Slots
from seldenrijk.contracts.messages import Language
from seldenrijk.responder.answer.appointments import from_iso
from seldenrijk.responder.answer.claims import Facts, Said, check
from seldenrijk.responder.answer.claims.numbers import amounts_in
from seldenrijk.responder.answer.describe import line
from seldenrijk.responder.answer.prompt import SECRET
from seldenrijk.responder.answer.wording import Words
from seldenrijk.responder.car import Car

DRAFTS = tomllib.loads((Path(__file__).parent / "claims_drafts.toml").read_text("utf-8"))
SAID = (
    "Ik zoek een Golf, automaat, tot 20.000 euro, vanaf 2015. Heb zelf een Kia Rio uit 2013 met 98.000 km, "
    "kenteken 12-ABC-3. Hebben jullie ook een Tesla Model 3? Zondag om 15:00?"
)


@cache
def facts(language: Language = "nl") -> Facts:
    moments = from_iso(("2026-11-27T10:00", "2026-11-27T14:30", "2026-11-28T11:00"), dealer())
    said = Said(
        amounts=amounts_in(SAID),
        wish=Slots(
            make=("Volkswagen", "Tesla"),
            model=("Golf", "Model 3"),
            transmission=("automaat",),
            max_price=20_000,
            min_year=2015,
        ),
        own_car=OwnCar(make="Kia", model="Rio", year=2013, mileage=98_000, license_plate="12-ABC-3"),
        days=frozenset({date(2026, 11, 29)}),
        times=frozenset({time(15)}),
        text=SAID,
    )
    return Facts(
        dealer=dealer(),
        now=WEDNESDAY.astimezone(dealer().zone),
        language=language,
        cars=(*CARS, YARIS_SOLD),
        listed=("S101", "S102"),
        counts=frozenset({2}),
        moments=moments,
        days=frozenset(
            {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), *(m.date() for m in moments)}
        ),
        said=said,
        secret=SECRET,
    )


def drafts(kind: str) -> list[tuple[Language, str]]:
    return [(key[-2:], text) for key, texts in DRAFTS.items() if key.startswith(kind) for text in texts]  # type: ignore[misc]


@pytest.mark.parametrize(("language", "text"), drafts("bad"))
def test_stops_a_false_draft(language: Language, text: str) -> None:
    assert not check(text, facts(language)).passed


@pytest.mark.parametrize(("language", "text"), drafts("good"))
def test_lets_a_true_draft_pass(language: Language, text: str) -> None:
    assert check(text, facts(language)).violations == ()


def test_there_are_enough_drafts() -> None:
    assert len(drafts("bad")) >= 150
    assert len(drafts("good")) >= 150


FREE = [car for car in CARS if car.status == "available"]
TEMPLATES = {
    "nl": "De {make} {model} uit {year} heeft {mileage} gelopen en kost {price}.",
    "en": "The {make} {model} from {year} has {mileage} on the clock and costs {price}.",
    "de": "Der {make} {model} von {year} hat {mileage} gelaufen und kostet {price}.",
}


def sentence(language: Language, car: Car, **twisted: int) -> str:
    words = Words(language)
    value = {"price": car.price, "mileage": car.mileage, "year": car.year} | twisted
    return TEMPLATES[language].format(
        make=car.make,
        model=car.model,
        year=value["year"],
        mileage=words.km(value["mileage"]),
        price=words.euro(value["price"]),
    )


def twists(car: Car) -> list[dict[str, int]]:
    digits = str(car.price)
    swapped = int(digits[1] + digits[0] + digits[2:])
    return [
        {"price": car.price * 10},
        {"price": car.price // 10},
        {"price": car.price - 1_000},
        {"price": swapped},
        {"mileage": car.mileage - 10_000},
        {"mileage": car.mileage // 10},
        {"year": car.year + 2},
        *[{"price": other.price} for other in FREE if other.price != car.price],
        *[{"mileage": other.mileage} for other in FREE if other.mileage != car.mileage],
    ]


def mutations() -> list[tuple[Language, str]]:
    languages: tuple[Language, ...] = ("nl", "en", "de")
    return [
        (lang, sentence(lang, car, **twist))
        for lang, car in itertools.product(languages, FREE)
        for twist in twists(car)
    ]


def test_stops_99_percent_of_mutated_sentences() -> None:
    found = mutations()
    missed = [text for language, text in found if check(text, facts(language)).passed]
    assert len(found) > 400
    assert len(missed) <= len(found) // 100, missed


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_true_sentences_about_every_car_pass(language: Language) -> None:
    for car in FREE:
        assert check(sentence(language, car), facts(language)).violations == ()
        assert check(line(Words(language), car), facts(language)).violations == ()


@pytest.mark.parametrize("car", [c for c in (*CARS, YARIS_SOLD) if c.status != "available"])
def test_a_taken_car_is_never_offered(car: Car) -> None:
    assert "sold" in check(sentence("nl", car), facts()).kinds


def test_claims_name_their_facts() -> None:
    verdict = check("De Volkswagen Golf uit 2019 kost € 18.950. Bellen kan op 0341-799554.", facts())
    assert {(c.kind, c.fact) for c in verdict.claims} >= {
        ("price", "S101"),
        ("year", "S101"),
        ("phone", "dealer.phone"),
    }
    assert verdict.cars == ("S101",)


def test_an_empty_text_fails() -> None:
    assert check("  \n", facts()).kinds == ("empty",)


def test_dutch_words_for_the_right_price_pass_and_for_another_fail() -> None:
    assert check("De Polo kost dertienduizend zevenhonderdvijftig euro.", facts()).passed
    assert check("De Polo kost dertienduizend vijfhonderd euro.", facts()).kinds == ("price",)
