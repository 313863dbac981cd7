"""What loading the stock yields: a snapshot, the problems found on the way, errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from seldenrijk.responder.car import Car


class StockError(Exception):
    """The stock as a whole could not be had or is refused.

    `kind` is a short fixed word for metrics (timeout, http-status, too-large, wrong-type, unreadable,
    empty, too-many-bad-rows, cut-off, redirect, unreachable, database, configuration). The text names no
    secret, no address beyond the host, and nothing out of the feed.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row. Holds the place and the reason, never the value, which may be personal.

    `skipped` tells whether the row was left out; otherwise only that field was.
    """

    row: int
    field: str
    why: str
    skipped: bool

    def __str__(self) -> str:
        return f"row {self.row}: {self.field} {self.why}{'' if self.skipped else ' (field left out)'}"


@dataclass(frozen=True)
class Loaded:
    """The outcome of one reading of a feed: good cars of every status, and what was wrong.

    `rows` counts all rows; `bad_ids` are the ids of skipped rows, which are in the feed nevertheless;
    `sold_ids` are those of rows that say sold, complete or not.
    """

    cars: tuple[Car, ...]
    problems: tuple[Problem, ...]
    rows: int
    bad_rows: int
    bad_ids: frozenset[str] = frozenset()
    sold_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Departed:
    """A car that is no longer for sale, remembered for a while so that questions get an honest answer.

    `car.status` is "sold" where the feed said so, "withdrawn" where the car vanished without a word.
    """

    car: Car
    since: datetime


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The stock at one moment, immutable. Compared and hashed by identity.

    `cars` are for sale or reserved, ordered by id; `departed` are sold or vanished ones. `loaded_at` (UTC)
    is None before the first good load, and `etag` is the source's own or a hash of the content.
    """

    cars: tuple[Car, ...] = ()
    loaded_at: datetime | None = None
    etag: str | None = None
    problems: tuple[Problem, ...] = ()
    departed: tuple[Departed, ...] = ()
    bad_rows: int = 0

    @cached_property
    def available(self) -> tuple[Car, ...]:
        """Cars that may be offered."""
        return tuple(car for car in self.cars if car.status == "available")

    @cached_property
    def reserved(self) -> tuple[Car, ...]:
        """Cars that somebody else has reserved."""
        return tuple(car for car in self.cars if car.status == "reserved")

    @cached_property
    def sold(self) -> tuple[Car, ...]:
        """Recently sold cars, latest first; never offered."""
        return tuple(d.car for d in self.departed if d.car.status == "sold")

    @cached_property
    def withdrawn(self) -> tuple[Car, ...]:
        """Cars that recently left the feed without being called sold, latest first; never offered."""
        return tuple(d.car for d in self.departed if d.car.status == "withdrawn")

    @cached_property
    def by_id(self) -> Mapping[str, Car]:
        """Every known car by id, departed ones with their status."""
        return {car.id: car for car in (*(d.car for d in self.departed), *self.cars)}
