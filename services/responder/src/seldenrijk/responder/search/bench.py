"""How long a search takes: `python -m seldenrijk.responder.search.bench`."""

import random
import sys
from statistics import median, quantiles
from time import perf_counter

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search.engine import search
from seldenrijk.responder.search.index import index_of
from seldenrijk.responder.stock.model import Snapshot
from seldenrijk.responder.stock.rows import read_rows
from seldenrijk.responder.stock.sources import sample
from seldenrijk.responder.stock.validate import validate

WISHES: dict[str, Slots] = {
    "anything": Slots(),
    "golf": Slots(make=("Volkswagen",), model=("Golf",)),
    "price range": Slots(min_price=20000, max_price=30000),
    "diesel suv": Slots(
        fuel_type=("diesel",), body_type=("SUV",), transmission=("automaat",), max_mileage=150_000
    ),
    "relaxed": Slots(make=("Volkswagen",), model=("Golf",), max_price=2500, color=("paars",)),
    "nothing": Slots(make=("Zastava",), max_price=900, min_seats=8, features=("trekhaak", "4x4", "leder")),
}


def stock(count: int) -> Snapshot:
    """Vary the packaged sample into `count` available cars."""
    cars = validate(read_rows(sample_bytes(), "csv")).cars
    chance = random.Random(7)
    return Snapshot(cars=tuple(_vary(cars[n % len(cars)], n, chance) for n in range(count)))


def sample_bytes() -> bytes:
    """The packaged sample as it stands in the package."""
    return sample().path.read_bytes()


def _vary(car: Car, number: int, chance: random.Random) -> Car:
    update = {
        "id": f"B{number}",
        "status": "available",
        "price": round(car.price * chance.uniform(0.7, 1.3)),
        "mileage": round(car.mileage * chance.uniform(0.5, 1.5)),
    }
    return car.model_copy(update=update)


def measure(count: int = 2000, rounds: int = 50) -> dict[str, tuple[float, float]]:
    """Milliseconds (median, 95th percentile) of each kind of search over `count` cars, index built."""
    snapshot = stock(count)
    index_of(snapshot)
    return {name: _timed(snapshot, wish, rounds) for name, wish in WISHES.items()}


def _timed(snapshot: Snapshot, wish: Slots, rounds: int) -> tuple[float, float]:
    times = []
    for _ in range(max(2, rounds)):
        start = perf_counter()
        search(snapshot, wish)
        times.append((perf_counter() - start) * 1000)
    return median(times), quantiles(times, n=20)[-1]


if __name__ == "__main__":
    for kind, (middle, late) in measure().items():
        sys.stdout.write(f"{kind:<12} p50 {middle:6.3f} ms   p95 {late:6.3f} ms\n")
