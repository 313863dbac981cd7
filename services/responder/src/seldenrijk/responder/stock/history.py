"""Which cars left the stock, and how: pure."""

from datetime import datetime, timedelta

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.model import Departed, Loaded, Snapshot


def departed(before: Snapshot, loaded: Loaded, now: datetime, memory: timedelta) -> tuple[Departed, ...]:
    """Give the cars that are no longer for sale, latest first, by id within one moment.

    Sold cars stay as long as the feed names them and for `memory` after they left the sale. A car that
    vanished without being called sold becomes withdrawn; one whose row was bad is in neither list, since
    it is still in the feed and nothing true can be said about it.
    """
    known = {d.car.id: d for d in before.departed}
    on_sale = {car.id for car in loaded.cars if car.status in ("available", "reserved")}
    found: dict[str, Departed] = {}
    for car in loaded.cars:
        if car.id not in on_sale:
            found[car.id] = Departed(car, known[car.id].since if car.id in known else now)
    for car in (*before.cars, *(d.car for d in before.departed)):
        if car.id in on_sale or car.id in found:
            continue
        left = _left(car, loaded)
        since = known[car.id].since if car.id in known else now
        if left is not None and now - since <= memory:
            found[car.id] = Departed(left, since)
    return tuple(sorted(found.values(), key=lambda d: (-d.since.timestamp(), d.car.id)))


def vanished(before: Snapshot, loaded: Loaded) -> float:
    """Share of the cars on sale before that the new reading does not mention at all, 0 to 1."""
    mentioned = {car.id for car in loaded.cars} | loaded.bad_ids | loaded.sold_ids
    gone = sum(car.id not in mentioned for car in before.cars)
    return gone / len(before.cars) if before.cars else 0.0


def _left(car: Car, loaded: Loaded) -> Car | None:
    if car.id in loaded.sold_ids or car.status == "sold":
        return car.model_copy(update={"status": "sold"})
    if car.id in loaded.bad_ids:
        return None
    return car.model_copy(update={"status": "withdrawn"})
