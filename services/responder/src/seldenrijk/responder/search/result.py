"""What a search yields: offers, typed differences, and the steps that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from seldenrijk.responder.car import Car

Field = Literal[
    "make",
    "model",
    "fuel_type",
    "transmission",
    "body_type",
    "color",
    "min_price",
    "max_price",
    "max_monthly",
    "min_year",
    "max_year",
    "max_mileage",
    "min_seats",
    "doors",
    "features",
]
"""A criterion of a wish; "model" also stands for a make and model together."""

Group = Literal["excluded", "shown"]
"""Cars left out beforehand: what the customer does not want, and what was shown already."""

Value = str | int | tuple[str, ...] | None


@dataclass(frozen=True)
class Difference:
    """One criterion that an offered car does not meet.

    `wanted` is the wish's own value (a bound in euros, km or years, or the accepted words), `actual` the
    car's (None: the stock does not state it). For "model" both hold make and model as far as known
    ("Volkswagen Golf"); for "features" `wanted` is all of them and `actual` those the car has.
    """

    field: Field
    wanted: Value
    actual: Value

    @property
    def delta(self) -> int | None:
        """Actual minus wanted for a number: 450 means € 450 over a maximum price; None for words."""
        if isinstance(self.actual, int) and isinstance(self.wanted, int):
            return self.actual - self.wanted
        return None

    @property
    def missing(self) -> tuple[str, ...]:
        """Wanted features that the stock does not state for this car."""
        if self.field != "features" or not isinstance(self.wanted, tuple):
            return ()
        has = self.actual if isinstance(self.actual, tuple) else ()
        return tuple(name for name in self.wanted if name not in has)


@dataclass(frozen=True)
class Offer:
    """A car to show; without differences it meets every criterion."""

    car: Car
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a search, for an inspector: a group of cars kept or dropped, and why.

    "exclude" and "filter" narrow the group; "relax" tries it with `fields` loosened. `examples` are ids:
    of dropped cars for a filter, of found ones for a relaxation; at most three.
    """

    kind: Literal["exclude", "filter", "relax"]
    fields: tuple[Field | Group, ...]
    wanted: Value
    kept: int
    dropped: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = " and ".join(self.fields)
        ids = f" ({', '.join(self.examples)})" if self.examples else ""
        if self.kind == "relax":
            return f"relax {name}: {self.kept} found{ids}"
        wanted = "" if self.wanted is None else f" {self.wanted}"
        return f"{self.kind} {name}{wanted}: {self.kept} kept, {self.dropped} dropped{ids}"


@dataclass(frozen=True)
class SearchResult:
    """The outcome of a search.

    `exact` counts the cars that meet every criterion; when it is 0 the offers are the nearest ones, each with
    its differences. `not_in_stock` names the wanted makes and models of which no car at all is available.
    `unchecked` are criteria about which the whole stock says nothing, so that they could not be applied.
    """

    exact: int
    offers: tuple[Offer, ...]
    considered: int
    not_in_stock: tuple[str, ...] = ()
    unchecked: tuple[Field, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def cars(self) -> tuple[Car, ...]:
        """The offered cars, best first."""
        return tuple(offer.car for offer in self.offers)

    @property
    def differences(self) -> Mapping[str, tuple[Difference, ...]]:
        """Differences by the id of the offered car; no entry for an exact match."""
        return {offer.car.id: offer.differences for offer in self.offers if offer.differences}

    @property
    def relaxed(self) -> tuple[Field, ...]:
        """The criteria that some offered car does not meet, in the order of the offers."""
        return tuple(dict.fromkeys(d.field for offer in self.offers for d in offer.differences))
