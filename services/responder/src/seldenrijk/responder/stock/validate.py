"""Row-by-row validation of a feed: good cars are kept, bad rows reported and skipped."""

from collections.abc import Iterable, Mapping
from typing import Any

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.model import Loaded, Problem, StockError
from seldenrijk.responder.stock.record import RANK, Bad, by_field, car, id_of, says_taken
from seldenrijk.responder.stock.rows import Row


def validate(rows: Iterable[Row], max_bad_share: float = 0.5) -> Loaded:
    """Read all rows; bad ones are reported and skipped.

    Raises StockError when there is no good row, or when more than `max_bad_share` of the rows are bad.
    """
    collected = _Collected()
    for row in rows:
        collected.add(row)
    if not collected.rows:
        raise StockError("empty", "the feed holds no rows")
    bad = len(collected.bad)
    if not collected.cars or bad > max_bad_share * collected.rows:
        raise StockError("too-many-bad-rows", f"{bad} of {collected.rows} rows are bad{collected.example()}")
    return collected.loaded()


class _Collected:
    """What the rows so far came to."""

    def __init__(self) -> None:
        self.cars: dict[str, Car] = {}
        self.problems: list[Problem] = []
        self.bad: set[int] = set()
        self.bad_ids: set[str] = set()
        self.sold_ids: set[str] = set()
        self.rows = 0

    def add(self, row: Row) -> None:
        self.rows += 1
        cells = by_field(row.cells)
        number = id_of(cells)
        try:
            found, notes = car(row, cells, number)
        except Bad as error:
            self._refuse(row, cells, number, error)
            return
        self.problems += notes
        self._keep(row, found)

    def _refuse(self, row: Row, cells: Mapping[str, Any], number: str, error: Bad) -> None:
        self.problems.append(Problem(row.number, error.field, error.why, skipped=True))
        sold = bool(number) and row.fault is None and says_taken(cells)
        if sold:  # feeds empty the price of a sold car: what counts is known, and the row is no fault
            self.sold_ids.add(number)
        else:
            self.bad.add(row.number)
        if number:
            self.bad_ids.add(number)

    def _keep(self, row: Row, found: Car) -> None:
        known = self.cars.get(found.id)
        if known is not None:
            self.problems.append(Problem(row.number, "id", "is a duplicate of an earlier row", skipped=True))
        # Of two rows with one id the less available one counts: better one offer too few than a sold car.
        if known is None or RANK[found.status] > RANK[known.status]:
            self.cars[found.id] = found
        if found.status == "sold":
            self.sold_ids.add(found.id)

    def example(self) -> str:
        first = next((p for p in self.problems if p.skipped), None)
        return f", the first: {first}" if first else ""

    def loaded(self) -> Loaded:
        # A complete row and an incomplete one that says sold may share an id.
        told = (
            c.model_copy(update={"status": "sold"}) if c.id in self.sold_ids else c
            for c in self.cars.values()
        )
        cars = tuple(sorted(told, key=lambda c: c.id))
        return Loaded(
            cars,
            tuple(self.problems),
            self.rows,
            len(self.bad),
            frozenset(self.bad_ids),
            frozenset(self.sold_ids),
        )
