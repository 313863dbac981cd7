"""The packaged sample is a believable stock of a Dutch dealer."""

import re

import pytest

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock import Loaded, sample, validate
from seldenrijk.responder.stock.catalog import owners
from seldenrijk.responder.stock.features import FEATURES

COLORS = {
    "zwart",
    "wit",
    "grijs",
    "zilver",
    "blauw",
    "rood",
    "groen",
    "geel",
    "oranje",
    "bruin",
    "beige",
    "paars",
    "goud",
}
PLATES = [r"\d\d-[A-Z]{3}-\d", r"\d-[A-Z]{3}-\d\d", r"[A-Z]{2}-\d{3}-[A-Z]", r"[A-Z]-\d{3}-[A-Z]{2}"]


@pytest.fixture
async def loaded() -> Loaded:
    fetched = await sample().fetch(None)
    assert fetched is not None
    return validate(fetched.rows, 0.0)


def available(loaded: Loaded, **wanted: str) -> list[Car]:
    cars = [car for car in loaded.cars if car.status == "available"]
    return [car for car in cars if all(getattr(car, name) == value for name, value in wanted.items())]


def test_every_row_is_good_and_large_enough(loaded: Loaded) -> None:
    assert loaded.problems == ()
    assert len(loaded.cars) == loaded.rows >= 90
    assert {car.status for car in loaded.cars} == {"available", "reserved", "sold"}


def test_prices_plates_links_and_words_are_believable(loaded: Loaded) -> None:
    assert (
        len({car.license_plate for car in loaded.cars})
        == len({car.url for car in loaded.cars})
        == loaded.rows
    )
    for car in loaded.cars:
        assert 3_500 <= car.price <= 45_000
        assert car.make in owners(car.model)
        assert car.color in COLORS
        assert set(car.features) <= set(FEATURES)
        assert any(re.fullmatch(plate, car.license_plate or "") for plate in PLATES), car.license_plate
        assert not set(car.license_plate or "") & set("AEIOUCQMWY"), car.license_plate
        assert re.fullmatch(r"https://www\.seldenrijk\.nl/aanbod/[a-z0-9-]+", car.url or "")
        assert None not in (car.body_type, car.seats, car.doors)


def test_it_serves_the_owners_scenarios(loaded: Loaded) -> None:
    assert len(available(loaded, make="Volkswagen", model="Golf")) >= 4
    assert len([car for car in available(loaded) if 20_000 <= car.price <= 30_000]) >= 15
    suvs = available(loaded, fuel_type="diesel", body_type="SUV", transmission="automaat")
    assert len([car for car in suvs if car.mileage < 150_000]) >= 5


def test_it_is_a_mix(loaded: Loaded) -> None:
    assert len({car.make for car in loaded.cars}) >= 20
    assert {car.fuel_type for car in loaded.cars} == {
        "benzine", "diesel", "hybride", "plug-in hybride", "elektrisch", "lpg",
    }  # fmt: skip
    assert len({car.body_type for car in loaded.cars}) == 9
    assert len([car for car in available(loaded) if (car.seats or 0) >= 7]) >= 5
    assert len(available(loaded, body_type="bestelwagen")) >= 4
    assert len(available(loaded, body_type="cabrio")) >= 3
    assert {feature for car in loaded.cars for feature in car.features} == set(FEATURES)
