"""When nothing fits: the nearest cars, each with its difference named."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import car, snapshot

from seldenrijk.contracts.slots import Exclusions, Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import Difference, SearchResult, search

GOLF = Slots(make=("Volkswagen",), model=("Golf",))


def offered(wish: Slots, *cars: Car, limit: int = 3) -> list[tuple[str, tuple[Difference, ...]]]:
    result = search(snapshot(*cars), wish, limit)
    assert result.exact == 0
    return [(offer.car.id, offer.differences) for offer in result.offers]


def wish(**fields: object) -> Slots:
    return GOLF.model_copy(update=fields)


@pytest.mark.parametrize(
    ("asked", "field", "bound", "near", "far"),
    [
        ({"max_price": 10_000}, "max_price", 10_000, {"price": 10_900}, {"price": 11_501}),
        ({"max_price": 10_000}, "max_price", 10_000, {"price": 11_500}, {"price": 12_000}),
        ({"min_price": 20_000}, "min_price", 20_000, {"price": 18_000}, {"price": 14_000}),
        ({"max_mileage": 80_000}, "max_mileage", 80_000, {"mileage": 90_000}, {"mileage": 104_001}),
        ({"min_year": 2020}, "min_year", 2020, {"year": 2019}, {"year": 2017}),
        ({"max_year": 2015}, "max_year", 2015, {"year": 2016}, {"year": 2018}),
        ({"max_monthly": 200}, "max_monthly", 200, {"monthly": 215}, {"monthly": 240}),
        ({"min_seats": 7}, "min_seats", 7, {"seats": 6}, {"seats": 5}),
    ],
)
def test_a_bound_is_relaxed_a_little_and_no_further(
    asked: dict[str, int], field: str, bound: int, near: dict[str, int], far: dict[str, int]
) -> None:
    (actual,) = near.values()
    found = offered(wish(**asked), car("near", **near), car("far", **far))
    assert found == [("near", (Difference(field, bound, actual),))]  # type: ignore[arg-type]
    assert found[0][1][0].delta == actual - bound
    assert offered(wish(**asked), car("far", **far)) == []


@pytest.mark.parametrize(
    ("asked", "field", "wanted", "has", "actual"),
    [
        ({"color": ("rood",)}, "color", ("rood",), {"color": "wit"}, "wit"),
        ({"color": ("rood",)}, "color", ("rood",), {"color": None}, None),
        ({"doors": 3}, "doors", 3, {"doors": 5}, 5),
        ({"transmission": ("automaat",)}, "transmission", ("automaat",), {}, "handgeschakeld"),
        ({"fuel_type": ("diesel",)}, "fuel_type", ("diesel",), {}, "benzine"),
        ({"body_type": ("sedan",)}, "body_type", ("sedan",), {}, "hatchback"),
    ],
)
def test_a_word_is_relaxed_and_named(
    asked: dict[str, object], field: str, wanted: object, has: dict[str, object], actual: object
) -> None:
    found = offered(wish(**asked), car("x", **has))
    assert found == [("x", (Difference(field, wanted, actual),))]  # type: ignore[arg-type]


def test_one_missing_feature_is_better_than_two_and_is_named() -> None:
    asked = wish(features=("trekhaak", "airco", "leder"))
    two, one = (
        car("two", features=("airco",)),
        car("one", features=("airco", "leder"), year=2010, mileage=200_000),
    )
    found = offered(asked, two, one)
    assert [number for number, _ in found] == ["one"]
    assert found[0][1][0].missing == ("trekhaak",)
    assert offered(asked, two)[0][1][0].missing == ("trekhaak", "leder")
    assert offered(asked, car("none")) == []


def test_the_order_is_a_salespersons() -> None:
    asked = wish(max_price=14_000, color=("rood",), transmission=("automaat",))
    fits = {"price": 13_000, "color": "rood", "transmission": "automaat"}
    dearer = car("dearer", **(fits | {"price": 14_900}))
    other_color = car("white", **(fits | {"color": "wit"}))
    focus = car("focus", **fits, make="Ford", model="Focus")
    manual = car("manual", **(fits | {"transmission": "handgeschakeld"}))
    assert [n for n, _ in offered(asked, manual, focus, other_color, dearer)] == ["dearer", "white", "focus"]
    assert [n for n, _ in offered(asked, manual, focus)] == ["focus"]
    assert [n for n, _ in offered(asked, manual)] == ["manual"]


def test_the_nearer_step_comes_first() -> None:
    found = offered(
        wish(max_price=10_000), car("a", price=11_400, year=2022), car("b", price=10_900, year=2012)
    )
    assert [n for n, _ in found] == ["b"]


def test_models_of_the_same_class_stand_in_for_a_missing_one() -> None:
    focus = car("focus", make="Ford", model="Focus")
    van = car("van", model="Transporter", body_type="bestelwagen")
    tesla = car("tesla", make="Tesla", model="Model S", fuel_type="elektrisch")
    result = search(snapshot(van, tesla, focus), GOLF)
    assert [c.id for c in result.cars] == ["focus"]
    assert result.differences == {"focus": (Difference("model", ("Volkswagen Golf",), "Ford Focus"),)}
    assert result.not_in_stock == ("Golf",)
    assert result.relaxed == ("model",)


@pytest.mark.parametrize(
    ("make", "model", "near"),
    [
        ("Lexus", "CT", "Golf"),
        ("Toyota", "Aygo", "Picanto"),
        ("Volkswagen", "Caddy", "Partner"),
        ("Ford", "Ranger", "Amarok"),
        ("Volkswagen", "ID.3", "Leaf"),
    ],
)
def test_every_class_has_its_own_neighbours(make: str, model: str, near: str) -> None:
    cars = [
        car("Golf"),
        car("Picanto", make="Kia", model="Picanto"),
        car("Partner", make="Peugeot", model="Partner", body_type="bestelwagen"),
        car("Amarok", model="Amarok", body_type="pick-up"),
        car("Leaf", make="Nissan", model="Leaf", fuel_type="elektrisch"),
    ]  # fmt: skip
    assert search(snapshot(*cars), Slots(make=(make,), model=(model,))).cars[0].id == near


def test_a_make_that_is_not_there_gives_comparable_makes() -> None:
    result = search(
        snapshot(car("fiat", make="Fiat", model="500"), car("v", make="Volvo", model="V60")),
        Slots(make=("Lexus",)),
    )
    assert [(o.car.id, o.differences) for o in result.offers] == [
        ("v", (Difference("make", ("Lexus",), "Volvo"),))
    ]
    assert result.not_in_stock == ("Lexus",)


def test_an_unknown_model_gives_what_else_was_described_or_nothing() -> None:
    stock = snapshot(
        car("a", price=9_000), car("b", price=20_000), car("v", price=8_000, body_type="bestelwagen")
    )
    unknown = Slots(make=("Zastava",), model=("Yugo",))
    result: SearchResult = search(stock, unknown)
    assert (result.offers, result.not_in_stock) == ((), ("Yugo",))
    described = search(stock, unknown.model_copy(update={"max_price": 10_000}))
    assert described.differences == {"a": (Difference("model", ("Zastava Yugo",), "Volkswagen Golf"),)}


def test_a_model_under_the_wrong_make_is_found_by_its_model() -> None:
    astra = car("astra", make="Opel", model="Astra")
    found = offered(Slots(make=("Volkswagen",), model=("Astra",)), astra)
    assert found == [("astra", (Difference("model", ("Volkswagen Astra",), "Opel Astra"),))]


def test_what_is_excluded_stays_out_whatever_is_relaxed() -> None:
    asked = wish(fuel_type=("elektrisch",), exclude=Exclusions(fuel_type=("diesel",), make=("Ford",)))
    focus = car("focus", make="Ford", model="Focus", fuel_type="elektrisch")
    found = offered(asked, car("diesel", fuel_type="diesel"), focus, car("petrol"))
    assert [n for n, _ in found] == ["petrol"]


def test_two_differences_are_named_where_one_is_not_enough() -> None:
    found = offered(wish(max_price=10_000, color=("rood",)), car("x", price=10_500, color="wit"))
    assert found == [("x", (Difference("max_price", 10_000, 10_500), Difference("color", ("rood",), "wit")))]


def test_three_differences_are_no_answer() -> None:
    asked = wish(max_price=10_000, color=("rood",), max_mileage=80_000)
    assert offered(asked, car("x", price=10_500, color="wit", mileage=90_000)) == []


def test_a_last_resort_does_not_fill_up() -> None:
    asked = wish(transmission=("automaat",), max_price=10_000)
    automatic = car("dearer", transmission="automaat", price=10_500)
    found = offered(asked, automatic, car("manual", price=9_000))
    assert [n for n, _ in found] == ["dearer"]


def test_the_steps_tell_the_whole_story_and_are_bounded() -> None:
    cars = [car(f"g{n}", price=10_500 + n) for n in range(30)]
    asked = wish(max_price=10_000, exclude=Exclusions(color=("rood",)))
    result = search(snapshot(*cars, car("red", color="rood")), asked, skip=["g0"])
    assert [str(step) for step in result.steps] == [
        "exclude excluded: 30 kept, 1 dropped (red)",
        "exclude shown: 29 kept, 1 dropped (g0)",
        "filter max_price 10000: 0 kept, 29 dropped (g1, g10, g11)",
        "filter model ('Volkswagen Golf',): 0 kept, 0 dropped",
        "relax max_price: 29 found (g1, g2, g3)",
    ]
    assert result.considered == 31


def test_of_comparable_models_the_wanted_makes_own_come_first() -> None:
    aygo = car("aygo", make="Toyota", model="Aygo", year=2017)
    picanto = car("picanto", make="Kia", model="Picanto", year=2020)
    found = offered(Slots(make=("Toyota",), model=("Aygo X",)), picanto, aygo)
    assert [number for number, _ in found] == ["aygo", "picanto"]
