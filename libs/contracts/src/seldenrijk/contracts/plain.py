"""From the engine's slots (the labelling guide's plain form) to the contract's, field by field."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from .slots import Appointment, Exclusions, OwnCar, Slots

SEVERAL: Final = frozenset({"make", "model", "fuel_type", "transmission", "body_type", "color", "features"})
NESTED: Final = {"own_car": OwnCar, "appointment": Appointment, "exclude": Exclusions}


def slots_of(plain: Mapping[str, Any]) -> Slots:
    """The engine's slots as a contract model; a value outside the scheme is dropped, the rest kept."""
    slots = Slots()
    for field, value in plain.items():
        if field not in Slots.model_fields or value in (None, "", [], {}):
            continue
        slots = _with(slots, field, _shaped(field, value))
    return slots


def _shaped(field: str, value: Any) -> Any:
    if field == "exclude" and isinstance(value, Mapping):
        return {name: _several(found) for name, found in value.items()}
    if field in SEVERAL:
        return _several(value)
    return value


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _with(slots: Slots, field: str, value: Any) -> Slots:
    try:
        checked = Slots.model_validate({field: value})
    except ValidationError:
        return slots
    return slots.model_copy(update={field: getattr(checked, field)})


def plain_of(slots: Slots) -> dict[str, Any]:
    """The contract's slots in the guide's plain form: what isn't said is absent, one value stands alone."""
    plain: dict[str, Any] = {}
    for field, value in slots.model_dump(exclude_defaults=True).items():
        if field in NESTED:
            inner = {name: _alone(found) for name, found in value.items() if found not in (None, ())}
            if inner:
                plain[field] = inner
        else:
            plain[field] = _alone(value)
    return plain


def _alone(value: Any) -> Any:
    if not isinstance(value, tuple | list):
        return value
    return value[0] if len(value) == 1 else list(value)
