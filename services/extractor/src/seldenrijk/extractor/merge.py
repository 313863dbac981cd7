"""Preferences accumulate: a correction replaces, "maakt niet uit" clears, a new search starts afresh."""

from collections.abc import Iterable
from typing import Any, Final

from seldenrijk.contracts import Appointment, Exclusions, OwnCar, Slots

REPLACED: Final = (
    "make", "model", "fuel_type", "transmission", "body_type", "color",
    "min_price", "max_price", "max_monthly", "min_year", "max_year", "max_mileage", "min_seats", "doors",
)  # fmt: skip
PAIRS: Final = (("min_price", "max_price"), ("min_year", "max_year"))
CLEARING: Final = {
    "price": ("min_price", "max_price", "max_monthly"),
    "year": ("min_year", "max_year"),
    "mileage": ("max_mileage",),
}
"""Names under which the engine may report several fields as cleared at once."""


def merge(known: Slots, said: Slots, cleared: Iterable[str] = (), new_search: bool = False) -> Slots:
    """The preferences after a message that said ``said``; own car and appointment survive a new search."""
    base = Slots(own_car=known.own_car, appointment=known.appointment) if new_search else known
    update: dict[str, Any] = {}
    for name in cleared:
        for field in CLEARING.get(name, (name,)):
            if field in Slots.model_fields:
                update[field] = Slots.model_fields[field].get_default()
    base = base.model_copy(update=update)
    return _consistent(base, said).model_copy(
        update={
            "features": _united(base.features, said.features),
            "exclude": _exclusions(base.exclude, said),
            "own_car": _filled(base.own_car, said.own_car),
            "appointment": _filled(base.appointment, said.appointment),
        }
    )


def _consistent(base: Slots, said: Slots) -> Slots:
    """Replace what was said, and drop what no longer goes with it."""
    update = {f: getattr(said, f) for f in REPLACED if getattr(said, f) not in (None, ())}
    if said.make and not said.model and said.make != base.make:
        update["model"] = ()  # another make: the old model can't be meant any more
    if said.model and not said.make:
        update["make"] = ()
    for low, high in PAIRS:
        _order(base, update, low, high)
    return base.model_copy(update=update)


def _order(base: Slots, update: dict[str, Any], low: str, high: str) -> None:
    """A new bound that contradicts the old opposite one replaces it."""
    bottom, top = update.get(low, getattr(base, low)), update.get(high, getattr(base, high))
    if bottom is None or top is None or bottom <= top:
        return
    if low in update and high not in update:
        update[high] = None
    else:
        update[low] = None


def _united(known: tuple[str, ...], said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *said)))


def _exclusions(known: Exclusions, said: Slots) -> Exclusions:
    """Exclusions add up; what is now wanted is no longer excluded."""
    merged: dict[str, Any] = {}
    for field in Exclusions.model_fields:
        wanted = getattr(said, field)
        union = _united(getattr(known, field), getattr(said.exclude, field))
        merged[field] = tuple(value for value in union if value not in wanted)
    return Exclusions.model_validate(merged)


def _filled(known: Any, said: Any) -> Any:
    """The newer value of each field, the older where nothing new was said."""
    if isinstance(said, OwnCar) and said.make and known.make and said.make != known.make:
        return said  # another car of one's own
    if isinstance(said, Appointment) and said == Appointment():
        return known
    return known.model_copy(update={k: v for k, v in said.model_dump().items() if v is not None})
