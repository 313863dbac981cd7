"""Laws of the search, over made-up stocks and wishes."""

import random
import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import car, snapshot

from seldenrijk.contracts.slots import Exclusions, Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import search
from seldenrijk.responder.search.bench import measure
from seldenrijk.responder.stock.words import squash

MODELS = [
    ("Volkswagen", "Golf"),
    ("Volkswagen", "Polo"),
    ("Ford", "Focus"),
    ("Škoda", "Fabia"),
    ("Zastava", "Yugo"),
]
FUELS = ["benzine", "diesel", "elektrisch"]
BODIES = ["hatchback", "SUV", "stationwagon"]
COLORS = ["wit", "rood", "blauw"]
FEATURES = ["airco", "trekhaak", "cruise control", "adaptive cruise control"]
GEARBOXES = ["automaat", "handgeschakeld"]


def some(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


def maybe(low: int, high: int, step: int = 1) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high).map(lambda n: n * step)


CARS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(MODELS),
            "price": st.integers(4, 12).map(lambda n: n * 1000),
            "year": st.integers(2014, 2020),
            "mileage": st.integers(3, 12).map(lambda n: n * 10_000),
            "fuel_type": st.sampled_from(FUELS),
            "transmission": st.sampled_from(GEARBOXES),
            "body_type": st.none() | st.sampled_from(BODIES),
            "color": st.none() | st.sampled_from(COLORS),
            "seats": st.none() | st.integers(4, 7),
            "doors": st.none() | st.integers(3, 5),
            "monthly": st.none() | st.integers(10, 20).map(lambda n: n * 10),
            "features": some(FEATURES),
            "status": st.sampled_from(["available", "available", "available", "reserved", "sold"]),
        }
    ),
    max_size=14,
).map(lambda rows: [build(n, fields) for n, fields in enumerate(rows)])


def build(number: int, fields: dict[str, Any]) -> Car:
    make, model = fields["kind"]
    return car(f"c{number}", make=make, model=model, **{k: v for k, v in fields.items() if k != "kind"})


WISHES = st.builds(
    Slots,
    make=some(["Volkswagen", "Skoda", "Lexus", "Zastava"]),
    model=some(["Golf", "fabia", "Yugo", "CT"]),
    fuel_type=some(FUELS),
    transmission=some(GEARBOXES),
    body_type=some(BODIES),
    color=some(COLORS),
    min_price=maybe(4, 8, 1000),
    max_price=maybe(5, 12, 1000),
    max_monthly=maybe(10, 18, 10),
    min_year=maybe(2015, 2020),
    max_year=maybe(2015, 2020),
    max_mileage=maybe(3, 10, 10_000),
    min_seats=maybe(4, 7),
    doors=maybe(3, 5),
    features=some(FEATURES),
    exclude=st.builds(Exclusions, color=some(COLORS), fuel_type=some(FUELS), model=some(["Golf", "Polo"])),
)
WIDE = st.builds(Slots, max_price=maybe(5, 12, 1000), color=some(COLORS), model=some(["Golf", "Yugo"]))


def has(car: Car) -> set[str]:
    extra = {"cruise control"} if "adaptive cruise control" in car.features else set()
    return set(car.features) | extra


def identity_fits(car: Car, wish: Slots) -> bool:
    """Whether make and model fit; written apart from the search: the models here have one make each."""
    makes, models = {squash(m) for m in wish.make}, {squash(m) for m in wish.model}
    make, model = squash(car.make), squash(car.model)
    owner = {"golf": "volkswagen", "fabia": "skoda", "ct": "lexus"}
    if not models:
        return make in makes
    by_model = model in models and (not makes or make in makes)
    all_owned = all(owner.get(m) in makes for m in models)
    return by_model or (all_owned and make in makes and make not in {owner[m] for m in models})


def missed(car: Car, wish: Slots, unchecked: tuple[str, ...]) -> set[str]:
    """The criteria that a car does not meet, told without the search's own means."""
    checks = {
        "fuel_type": not wish.fuel_type or car.fuel_type in wish.fuel_type,
        "transmission": not wish.transmission or car.transmission in wish.transmission,
        "body_type": not wish.body_type or car.body_type in wish.body_type,
        "color": not wish.color or car.color in wish.color,
        "doors": wish.doors is None or car.doors == wish.doors,
        "features": set(wish.features) <= has(car),
        "min_price": wish.min_price is None or car.price >= wish.min_price,
        "max_price": wish.max_price is None or car.price <= wish.max_price,
        "min_year": wish.min_year is None or car.year >= wish.min_year,
        "max_year": wish.max_year is None or car.year <= wish.max_year,
        "max_mileage": wish.max_mileage is None or car.mileage <= wish.max_mileage,
        "min_seats": wish.min_seats is None or (car.seats is not None and car.seats >= wish.min_seats),
        "max_monthly": wish.max_monthly is None
        or (car.monthly is not None and car.monthly <= wish.max_monthly),
    }
    if wish.make or wish.model:
        checks["model" if wish.model else "make"] = identity_fits(car, wish)
    return {name for name, met in checks.items() if not met and name not in unchecked}


def excluded(car: Car, wish: Slots) -> bool:
    out = wish.exclude
    return car.color in out.color or car.fuel_type in out.fuel_type or car.model in out.model


@given(CARS, WISHES | WIDE)
def test_exact_matches_meet_every_criterion_and_are_counted(cars: list[Car], wish: Slots) -> None:
    result = search(snapshot(*cars), wish, 50)
    allowed = [c for c in cars if c.status == "available" and not excluded(c, wish)]
    exact = {c.id for c in allowed if not missed(c, wish, result.unchecked)}
    assert result.exact == len(exact)
    if exact:
        assert {c.id for c in result.cars} == exact


@given(CARS, WISHES | WIDE, st.integers(0, 4))
def test_every_offer_misses_exactly_what_is_named(cars: list[Car], wish: Slots, limit: int) -> None:
    result = search(snapshot(*cars), wish, limit)
    assert len(result.offers) <= limit
    assert len({offer.car.id for offer in result.offers}) == len(result.offers)
    for offer in result.offers:
        assert offer.car.status == "available"
        assert not excluded(offer.car, wish)
        assert {d.field for d in offer.differences} == missed(offer.car, wish, result.unchecked)
        assert len(offer.differences) <= (0 if result.exact else 2)


@given(CARS, WISHES | WIDE, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_stock(
    cars: list[Car], wish: Slots, chance: random.Random
) -> None:
    mixed = list(cars)
    chance.shuffle(mixed)
    assert search(snapshot(*cars), wish) == search(snapshot(*mixed), wish) == search(snapshot(*cars), wish)


@given(CARS, WISHES | WIDE, st.sampled_from(["sold", "reserved", "withdrawn"]))
def test_a_car_that_is_not_for_sale_changes_nothing(cars: list[Car], wish: Slots, status: str) -> None:
    extra = [
        car(f"x{n}", make=make, model=model, status=status, price=6000)
        for n, (make, model) in enumerate(MODELS)
    ]
    assert search(snapshot(*cars, *extra), wish) == search(snapshot(*cars), wish)


@given(CARS, WISHES | WIDE)
def test_the_steps_are_bounded(cars: list[Car], wish: Slots) -> None:
    steps = search(snapshot(*cars), wish).steps
    assert len(steps) <= 40
    assert all(len(step.examples) <= 3 and str(step) for step in steps)


def test_the_bench_measures_every_kind_of_search() -> None:
    figures = measure(count=50, rounds=2)
    assert len(figures) == 6
    assert all(0 < middle <= late for middle, late in figures.values())
