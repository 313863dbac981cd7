"""When nothing fits: give up one criterion at a time, in a salesperson's order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search.criteria import Criterion
from seldenrijk.responder.search.result import Difference, Value

_ATTRIBUTES = {
    "min_price": "price",
    "max_price": "price",
    "max_monthly": "monthly",
    "min_year": "year",
    "max_year": "year",
    "max_mileage": "mileage",
    "min_seats": "seats",
}


@dataclass(frozen=True)
class Group:
    """Cars that miss exactly these criteria and meet all others."""

    criteria: tuple[Criterion, ...]
    mask: int


def one_given_up(universe: int, criteria: Sequence[Criterion]) -> Iterator[Group]:
    """For each criterion in turn, the nearest cars that miss it alone; empty groups too, for the record."""
    for criterion in criteria:
        rest = _meeting(universe, criteria, (criterion,)) & ~criterion.mask
        nearest = next((rest & tier for tier in criterion.tiers if rest & tier), 0)
        yield Group((criterion,), nearest)


def two_given_up(universe: int, criteria: Sequence[Criterion]) -> Iterator[Group]:
    """For each two criteria, the cars near both that miss those two alone; the easiest given up first."""
    places = sorted(combinations(range(len(criteria)), 2), key=lambda pair: (sum(pair), pair))
    for first, second in places:
        pair = (criteria[first], criteria[second])
        rest = _meeting(universe, criteria, pair) & ~pair[0].mask & ~pair[1].mask
        nearest = next(
            (m for one, two in product(pair[0].tiers, pair[1].tiers) if (m := rest & one & two)), 0
        )
        if nearest:
            yield Group(pair, nearest)


def far_given_up(universe: int, criteria: Sequence[Criterion]) -> Iterator[Group]:
    """Cars that miss one criterion by far and meet all others."""
    for criterion in criteria:
        mask = _meeting(universe, criteria, (criterion,)) & ~criterion.mask & criterion.far
        if mask:
            yield Group((criterion,), mask)


def _meeting(universe: int, criteria: Sequence[Criterion], without: tuple[Criterion, ...]) -> int:
    mask = universe
    for criterion in criteria:
        if criterion not in without:
            mask &= criterion.mask
    return mask


def difference(criterion: Criterion, car: Car, wish: Slots) -> Difference:
    """Name what a car does not meet."""
    return Difference(criterion.field, criterion.wanted, _actual(criterion, car, wish))


def _actual(criterion: Criterion, car: Car, wish: Slots) -> Value:
    if criterion.field == "model":
        return f"{car.make} {car.model}"
    if criterion.field == "features":
        have = set(car.features)
        if "adaptive cruise control" in have:
            have.add("cruise control")
        return tuple(name for name in wish.features if name in have)
    value: Value = getattr(car, _ATTRIBUTES.get(criterion.field, criterion.field))
    return value
