"""Ages need the year of the message; days, roads and body names that fresh messages brought up."""

import pytest

from seldenrijk.nlu import understand
from seldenrijk.nlu.slots import extract


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("suv, max 5 jaar oud", {"min_year": 2021}),
        ("niet ouder dan 6 jaar, benzine", {"min_year": 2020}),
        ("een auto jonger dan 4 jaar", {"min_year": 2022}),
        ("oldtimer van minimaal 25 jaar oud", {"max_year": 2001}),
        ("suv not older than 5 years", {"min_year": 2021}),
        ("mijn dochter is 18 jaar oud, zoek een aygo", {}),
        ("2 jaar garantie", {}),
        ("max 3 jaar leasen", {}),
    ],
)
def test_an_age_is_a_year_when_the_year_of_the_message_is_known(text: str, years: dict[str, int]) -> None:
    found = understand(text, year=2026).slots
    assert {name: found[name] for name in ("min_year", "max_year") if name in found} == years


def test_an_age_says_nothing_without_the_year_of_the_message() -> None:
    assert "min_year" not in understand("suv, max 5 jaar oud").slots


def test_a_moment_that_is_no_appointment_still_reaches_the_cues() -> None:
    result = extract("zomerbanden wisselen op 12 april rond half 9")
    assert [(m.field, m.value) for m in result.moments] == [
        ("day_text", "12 april"),
        ("time_text", "rond half 9"),
    ]


def test_a_road_is_no_audi() -> None:
    assert "make" not in extract("zitten jullie aan de a28 of de a1").slots
    assert extract("staat die a1 er nog").slots["make"] == "Audi"


def test_a_body_right_behind_a_car_is_its_body() -> None:
    assert extract("de i30 wagon van 2018").slots["body_type"] == "stationwagon"
    assert "body_type" not in extract("fiesta st line").slots


def test_an_amount_for_which_cars_are_asked_is_a_budget() -> None:
    assert extract("wat heb je staan voor 6000 euro").slots == {"max_price": 6000}
    assert "max_price" not in extract("die polo staat voor 6000 euro").slots


def test_a_wanted_car_before_the_own_one_stays_wanted() -> None:
    found = extract(
        "ik heb interesse in de Karoq en wil mijn Octavia uit 2014 inruilen", None, "trade_in_inquiry"
    ).slots
    assert found["model"] == "Karoq"
    assert found["own_car"] == {"make": "Škoda", "model": "Octavia", "year": 2014}
