"""What fits is found, ranked and limited; what is not for sale is never offered."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import car, snapshot

from seldenrijk.contracts.slots import Exclusions, Slots
from seldenrijk.responder.search import search, unavailable
from seldenrijk.responder.stock import Departed, Snapshot, StockRepository, sample

GOLF = car("golf")
ASTRA = car("astra", make="Opel", model="Astra", color="blauw", price=12_000, features=("trekhaak", "airco"))
FABIA = car("fabia", make="Škoda", model="Fabia", fuel_type="lpg", mileage=60_000, year=2020, price=14_000)
C_CLASS = car("c", make="Mercedes-Benz", model="C-klasse", transmission="automaat", price=24_000, doors=4)
SHARAN = car("sharan", model="Sharan", body_type="MPV", seats=7, fuel_type="diesel", monthly=310)
STOCK = snapshot(GOLF, ASTRA, FABIA, C_CLASS, SHARAN)


def ids(wish: Slots, stock: Snapshot = STOCK, **options: Any) -> list[str]:
    result = search(stock, wish, **options)
    assert not result.differences
    return sorted(car.id for car in result.cars)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Slots(make=("Volkswagen",), model=("Golf",)), ["golf"]),
        (Slots(make=("vw",)), ["golf", "sharan"]),
        (Slots(make=("SKODA",)), ["fabia"]),
        (Slots(make=("Mercedes",), model=("C Klasse",)), ["c"]),
        (Slots(model=("golf", "Astra")), ["astra", "golf"]),
        (Slots(make=("Volkswagen", "Opel"), model=("Golf",)), ["astra", "golf"]),
        (Slots(make=("Volkswagen", "Opel"), model=("Golf", "Astra")), ["astra", "golf"]),
        (Slots(color=("blauw",)), ["astra"]),
        (Slots(fuel_type=("diesel", "lpg")), ["fabia", "sharan"]),
        (Slots(transmission=("automaat",)), ["c"]),
        (Slots(body_type=("MPV",)), ["sharan"]),
        (Slots(min_seats=6), ["sharan"]),
        (Slots(doors=4), ["c"]),
        (Slots(features=("trekhaak", "airco")), ["astra"]),
        (Slots(min_price=14_001, max_price=15_000), ["golf", "sharan"]),
        (Slots(min_year=2019), ["fabia"]),
        (Slots(max_mileage=60_000), ["fabia"]),
        (Slots(max_monthly=310), ["sharan"]),
        (Slots(exclude=Exclusions(make=("Volkswagen", "Opel"))), ["c", "fabia"]),
        (Slots(exclude=Exclusions(make=("Volkswagen",), model=("Golf",)), make=("Volkswagen",)), ["sharan"]),
        (Slots(exclude=Exclusions(fuel_type=("benzine", "lpg"))), ["sharan"]),
        (Slots(exclude=Exclusions(features=("trekhaak",), color=("wit",), transmission=("automaat",))), []),
    ],
)
def test_the_hard_filter(wish: Slots, expected: list[str]) -> None:
    assert ids(wish) == expected


def test_the_first_bmw_series_and_the_like_need_no_accents_or_dashes() -> None:
    stock = snapshot(car("m", make="Renault", model="Mégane"), car("t", make="BMW", model="3-serie"))
    assert ids(Slots(model=("MEGANE",)), stock) == ["m"]
    assert ids(Slots(make=("bmw",), model=("3 serie",)), stock) == ["t"]


def test_adaptive_cruise_control_is_cruise_control() -> None:
    stock = snapshot(car("a", features=("adaptive cruise control",)), car("b", features=("cruise control",)))
    assert ids(Slots(features=("cruise control",)), stock) == ["a", "b"]
    assert ids(Slots(features=("adaptive cruise control",)), stock) == ["a"]


def test_what_the_stock_does_not_state_does_not_fit() -> None:
    stock = snapshot(car("known"), car("unknown", color=None, seats=None, doors=None, body_type=None))
    for wish in (Slots(color=("wit",)), Slots(min_seats=4), Slots(doors=5), Slots(body_type=("hatchback",))):
        assert ids(wish, stock) == ["known"]


def test_reserved_and_sold_cars_are_never_offered_but_can_be_told() -> None:
    reserved, sold = car("r", status="reserved"), car("s", status="sold", color="rood")
    stock = Snapshot(cars=(ASTRA, reserved), departed=(Departed(sold, datetime.now(UTC)),))
    result = search(stock, Slots(make=("Volkswagen",), model=("Golf",)))
    assert result.exact == 0
    assert [offer.car.id for offer in result.offers] == ["astra"]
    assert [c.id for c in unavailable(stock, Slots(model=("Golf",)))] == ["r", "s"]
    assert [c.id for c in unavailable(stock, Slots(model=("Golf",), color=("rood",)))] == ["s"]
    assert unavailable(stock, Slots(color=("rood",))) == ()
    assert unavailable(stock, Slots(model=("Polo",))) == ()


def test_at_most_the_limit_and_the_count_of_all() -> None:
    stock = snapshot(*(car(f"g{n}", price=10_000 + n) for n in range(20)))
    for limit in (0, 1, 3, 20, 50):
        result = search(stock, Slots(), limit)
        assert (result.exact, len(result.offers)) == (20, min(limit, 20))


def test_the_budget_is_used_without_waste() -> None:
    stock = snapshot(car("cheap", price=4_000), car("fit", price=8_700), car("mid", price=6_000))
    assert search(stock, Slots(max_price=10_000)).cars[0].id == "fit"


def test_younger_and_fewer_kilometres_come_first() -> None:
    stock = snapshot(car("old", year=2012, mileage=180_000), car("new", year=2021, mileage=40_000))
    assert [c.id for c in search(stock, Slots()).cars] == ["new", "old"]


def test_the_first_named_alternative_comes_first() -> None:
    stock = snapshot(car("g"), car("a", make="Opel", model="Astra"))
    assert search(stock, Slots(model=("Astra", "Golf"))).cars[0].id == "a"
    assert search(stock, Slots(model=("Golf", "Astra"))).cars[0].id == "g"


def test_three_offers_are_not_three_of_the_same() -> None:
    cars = [car(f"g{n}", mileage=80_000 + n) for n in range(6)]
    others = [
        car("a", make="Opel", model="Astra", mileage=95_000),
        car("f", make="Ford", model="Focus", mileage=96_000),
    ]
    models = {c.model for c in search(snapshot(*cars, *others), Slots(body_type=("hatchback",))).cars}
    assert models == {"Golf", "Astra", "Focus"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("price", ["astra", "fabia", "golf"]),
        ("price-descending", ["c", "golf", "sharan"]),
        ("year", ["fabia", "astra", "c"]),
        ("mileage", ["fabia", "astra", "c"]),
    ],
)
def test_a_plain_order_on_request(order: Any, expected: list[str]) -> None:
    assert [c.id for c in search(STOCK, Slots(), order=order).cars] == expected


def test_cars_already_shown_are_skipped() -> None:
    first = search(STOCK, Slots(), 3)
    shown = [c.id for c in first.cars]
    more = search(STOCK, Slots(), 3, skip=shown)
    assert not {c.id for c in more.cars} & set(shown)
    assert more.exact == 2


def test_monthly_amounts_that_nobody_states_are_told_not_guessed() -> None:
    result = search(snapshot(GOLF, ASTRA), Slots(max_monthly=200, color=("blauw",)))
    assert result.unchecked == ("max_monthly",)
    assert [c.id for c in result.cars] == ["astra"]


def test_an_empty_stock_gives_an_empty_answer() -> None:
    result = search(Snapshot(), Slots(make=("Volkswagen",), max_price=1, max_monthly=3, features=("airco",)))
    assert (result.exact, result.offers, result.considered) == (0, (), 0)


@pytest.fixture(scope="module")
def demo() -> Snapshot:
    async def load() -> Snapshot:
        repository = StockRepository(sample())
        assert await repository.refresh()
        return repository.snapshot

    return asyncio.run(load())


def test_the_owners_scenarios_on_the_sample(demo: Snapshot) -> None:
    golfs = search(demo, Slots(make=("Volkswagen",), model=("Golf",)))
    assert len(golfs.offers) == 3
    assert {c.model for c in golfs.cars} == {"Golf"}
    budget = search(demo, Slots(min_price=20_000, max_price=30_000))
    assert all(20_000 <= c.price <= 30_000 for c in budget.cars)
    assert len({c.make for c in budget.cars}) == 3
    wish = Slots(fuel_type=("diesel",), body_type=("SUV",), transmission=("automaat",), max_mileage=150_000)
    suvs = search(demo, wish)
    assert suvs.exact >= 5
    assert all(c.fuel_type == "diesel" and c.body_type == "SUV" and c.mileage <= 150_000 for c in suvs.cars)
