"""Cars, snapshots and feeds for the tests of the stock and the search."""

import csv
import io
from typing import Any

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock import Snapshot

HEADER = ("id", "merk", "model", "bouwjaar", "kmstand", "prijs", "brandstof", "transmissie", "status")


def car(number: str = "A1", **fields: Any) -> Car:
    """Build a plain available Golf, with these fields instead."""
    plain: dict[str, Any] = {
        "id": number,
        "make": "Volkswagen",
        "model": "Golf",
        "year": 2018,
        "mileage": 90_000,
        "price": 15_000,
        "fuel_type": "benzine",
        "transmission": "handgeschakeld",
        "body_type": "hatchback",
        "color": "wit",
        "seats": 5,
        "doors": 5,
    }
    return Car(**(plain | fields))


def snapshot(*cars: Car) -> Snapshot:
    """Build a snapshot of these cars as they are, in this order."""
    return Snapshot(cars=cars)


def row(number: str = "A1", **cells: str) -> dict[str, str]:
    """Build the cells of a good feed row, with these instead."""
    values = (number, "VW", "Golf", "2018", "90.000 km", "€ 15.000,-", "benzine", "handgeschakeld", "")
    good = dict(zip(HEADER, values, strict=True))
    return good | cells


def feed(*rows: dict[str, str], delimiter: str = ";") -> bytes:
    """Write rows as a CSV feed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
