"""The criteria of a wish as bit sets: who meets each, and who nearly does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.search import identity
from seldenrijk.responder.search.index import Index
from seldenrijk.responder.search.result import Field, Value

_NEAR_BODIES: dict[str, tuple[str, ...]] = {
    "SUV": ("stationwagon", "MPV"),
    "hatchback": ("stationwagon", "sedan"),
    "sedan": ("stationwagon", "hatchback"),
    "stationwagon": ("MPV", "SUV", "sedan"),
    "coupé": ("cabrio", "sedan"),
    "cabrio": ("coupé",),
    "MPV": ("SUV", "stationwagon"),
    "bestelwagen": ("pick-up",),
    "pick-up": ("bestelwagen", "SUV"),
}
_NEAR_FUELS: dict[str, tuple[str, ...]] = {
    "benzine": ("hybride",),
    "diesel": ("hybride", "benzine"),
    "hybride": ("plug-in hybride", "benzine"),
    "plug-in hybride": ("hybride", "elektrisch"),
    "elektrisch": ("plug-in hybride",),
    "lpg": ("benzine",),
}


@dataclass(frozen=True)
class Criterion:
    """One criterion. `mask` holds the cars that meet it, `tiers` those that nearly do, nearest first.

    A criterion that is a `last_resort` is given up only when nothing else helped, and the `far` cars count
    only when even giving up two criteria did not.
    """

    field: Field
    wanted: Value
    mask: int
    tiers: tuple[int, ...]
    last_resort: bool = False
    far: int = 0


def criteria(index: Index, wish: Slots) -> tuple[list[Criterion], tuple[Field, ...]]:
    """All criteria in the order in which they are relaxed, and those that this stock cannot answer."""
    found = [*_bounds(index, wish), *_appearance(index, wish)]
    tail = [*_shape(index, wish), *_drive(index, wish)]
    found += [*_identity(index, wish, bool(found or tail)), *tail]
    # A dealer who states no monthly amounts cannot be searched by them; that is told, not guessed.
    unchecked: tuple[Field, ...] = ()
    if wish.max_monthly is not None and index.cars and not index.numbers["monthly"].known:
        unchecked = ("max_monthly",)
    return [c for c in found if c.field not in unchecked], unchecked


def _bounds(index: Index, wish: Slots) -> Iterator[Criterion]:
    plan: tuple[tuple[Field, str, tuple[float, float]], ...] = (
        ("max_price", "price", (1.10, 1.15)),
        ("min_price", "price", (0.90, 0.75)),
        ("max_monthly", "monthly", (1.10, 1.15)),
        ("max_mileage", "mileage", (1.15, 1.30)),
    )
    for field, number, factors in plan:
        bound = getattr(wish, field)
        if bound is not None:
            yield _bound(index, field, number, bound, [int(bound * factor) for factor in factors])
    if wish.min_year is not None:
        yield _bound(index, "min_year", "year", wish.min_year, [wish.min_year - 1, wish.min_year - 2])
    if wish.max_year is not None:
        yield _bound(index, "max_year", "year", wish.max_year, [wish.max_year + 1, wish.max_year + 2])


def _bound(index: Index, field: Field, number: str, bound: int, steps: list[int]) -> Criterion:
    numbers = index.numbers[number]
    side: Callable[[int], int] = numbers.at_least if field.startswith("min_") else numbers.at_most
    return Criterion(field, bound, side(bound), tuple(side(step) for step in steps))


def _appearance(index: Index, wish: Slots) -> Iterator[Criterion]:
    if wish.color:
        yield Criterion(
            "color", wish.color, index.any_of("color", wish.color), (index.stated("color"), index.all)
        )
    if wish.features:
        yield _features(index, wish.features)


def _features(index: Index, names: tuple[str, ...]) -> Criterion:
    """Cars lacking one wanted feature come before those lacking two, and so on; one must be there."""
    lacking = [index.all]  # lacking[n]: at most n of the features are missing
    for name in dict.fromkeys(names):
        have = index.any_of("features", (name,))
        lacking = [
            (lacking[n] & have if n < len(lacking) else 0) | (lacking[n - 1] if n else 0)
            for n in range(len(lacking) + 1)
        ]
    tiers = lacking[1:] if len(lacking) == 2 else lacking[1:-1]
    return Criterion("features", tuple(dict.fromkeys(names)), lacking[0], tuple(tiers))


def _identity(index: Index, wish: Slots, others: bool) -> Iterator[Criterion]:
    if wish.make or wish.model:
        field: Field = "model" if wish.model else "make"
        *tiers, far = identity.comparable(index, wish)
        # Without another criterion any car would do, and then none is an answer.
        yield Criterion(
            field, named(wish), identity.matching(index, wish), tuple(tiers), far=far if others else 0
        )


def named(wish: Slots) -> tuple[str, ...]:
    """The wanted makes and models in words, make and model together where one make is meant."""
    if len(wish.make) == 1 and wish.model:
        return tuple(f"{wish.make[0]} {model}" for model in wish.model)
    return wish.model or wish.make


def _shape(index: Index, wish: Slots) -> Iterator[Criterion]:
    if wish.doors is not None:
        stated = index.stated("doors")
        yield Criterion(
            "doors", wish.doors, index.any_of("doors", (wish.doors,)), (stated, index.all), last_resort=True
        )
    if wish.body_type:
        near = [body for wanted in wish.body_type for body in _NEAR_BODIES[wanted]]
        tiers = (index.any_of("body_type", near), index.all & ~index.stated("body_type"))
        yield Criterion(
            "body_type", wish.body_type, index.any_of("body_type", wish.body_type), tiers, last_resort=True
        )
    if wish.min_seats is not None:
        seats = index.numbers["seats"]
        tiers = (seats.at_least(wish.min_seats - 1), index.all & ~seats.known)
        yield Criterion("min_seats", wish.min_seats, seats.at_least(wish.min_seats), tiers, last_resort=True)


def _drive(index: Index, wish: Slots) -> Iterator[Criterion]:
    if wish.transmission:
        mask = index.any_of("transmission", wish.transmission)
        yield Criterion("transmission", wish.transmission, mask, (index.all,), last_resort=True)
    if wish.fuel_type:
        near = [fuel for wanted in wish.fuel_type for fuel in _NEAR_FUELS[wanted]]
        mask = index.any_of("fuel_type", wish.fuel_type)
        tiers = (index.any_of("fuel_type", near), index.all)
        yield Criterion("fuel_type", wish.fuel_type, mask, tiers, last_resort=True)


def excluded(index: Index, wish: Slots) -> int:
    """Cars that the customer has ruled out; never offered, whatever is relaxed."""
    exclude = wish.exclude
    mask = identity.excluded(index, wish)
    for field in ("fuel_type", "transmission", "body_type", "color", "features"):
        mask |= index.any_of(field, getattr(exclude, field))
    return mask
