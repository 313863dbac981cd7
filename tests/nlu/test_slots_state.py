"""What is known not to be placed, what stopped mattering, and when a new search starts."""

import pytest

from seldenrijk.nlu.slots import extract


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("kleur maakt niet uit", ("color",)),
        ("prijs is niet belangrijk", ("min_price", "max_price")),
        ("merk boeit me niet", ("make", "model")),
        ("het maakt niet uit welke brandstof", ("fuel_type",)),
        ("km-stand maakt nie uit", ("max_mileage",)),
        ("color doesn't matter", ("color",)),
        ("ik wil een automaat", ()),
    ],
)
def test_cleared(text: str, fields: tuple[str, ...]) -> None:
    assert extract(text, None, "car_inquiry").cleared == fields


def test_a_value_of_the_state_that_need_not_be_is_cleared() -> None:
    state = [{"role": "state", "slots": {"fuel_type": "diesel", "body_type": "stationwagon"}}]
    result = extract("diesel hoeft niet per se trouwens", state, "car_inquiry")
    assert result.slots == {}
    assert result.cleared == ("fuel_type",)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("toch iets heel anders, een busje", True),
        ("ik zoek nu voor mijn vrouw een auto", True),
        ("laten we opnieuw beginnen", True),
        ("en in het rood?", False),
        ("ik zoek een auto voor mijn vrouw", False),
    ],
)
def test_new_search(text: str, new: bool) -> None:
    assert extract(text, None, "car_inquiry").new_search is new


def test_leftovers_name_what_found_no_place() -> None:
    assert "Zonda" in extract("heeft u een Zonda staan", None, "car_inquiry").leftovers
    assert extract("zoek een golf max 15k", None, "car_inquiry").leftovers == ()
    two = extract("mijn Fiesta uit 2015 en mijn Polo uit 2013 inruilen", None, "trade_in_inquiry")
    assert two.slots["own_car"]["model"] == "Fiesta"
    assert "Polo" in two.leftovers


@pytest.mark.parametrize(
    "text", ["dat wil ik even weten", "Goedemorgen allemaal", "is er een bushalte", "wat kost dat ongeveer"]
)
def test_ordinary_sentences_name_nothing(text: str) -> None:
    result = extract(text)
    assert result.slots == {}
    assert result.leftovers == ()
