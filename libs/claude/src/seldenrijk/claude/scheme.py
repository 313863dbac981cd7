"""The vocabulary of an understanding: fields, their kinds and values, and the JSON schema for it.

The answer is a list of field-value pairs and not an object with thirty optional keys: structured
outputs allow at most 24 optional properties, and a list costs output tokens only for what was said.
"""

from typing import Any, Literal, get_args

from seldenrijk.contracts.messages import Intent, Language
from seldenrijk.contracts.slots import AppointmentKind, Body, Fuel, Gearbox

Kind = Literal["number", "choice", "text"]

INTENTS: tuple[str, ...] = get_args(Intent)
LANGUAGES: tuple[str, ...] = get_args(Language)
COLORS = ("zwart", "wit", "grijs", "zilver", "blauw", "rood", "groen", "geel", "oranje", "bruin", "beige",
          "paars", "goud")  # fmt: skip
FEATURES = ("trekhaak", "navigatie", "airco", "cruise control", "adaptive cruise control", "panoramadak",
            "stoelverwarming", "parkeersensoren", "achteruitrijcamera", "leder", "apple carplay", "4x4",
            "isofix", "dakrails")  # fmt: skip

CHOICES: dict[str, tuple[str, ...]] = {
    "fuel_type": get_args(Fuel),
    "transmission": get_args(Gearbox),
    "body_type": get_args(Body),
    "color": COLORS,
    "features": FEATURES,
    "appointment.kind": get_args(AppointmentKind),
}
CHOICES |= {f"exclude.{field}": CHOICES[field] for field in tuple(CHOICES) if "." not in field}

# lowest and highest plausible value: euros, euros a month, years, kilometres, seats, doors
NUMBERS: dict[str, tuple[int, int]] = {
    "min_price": (100, 1_000_000),
    "max_price": (100, 1_000_000),
    "max_monthly": (10, 20_000),
    "min_year": (1900, 2100),
    "max_year": (1900, 2100),
    "max_mileage": (100, 2_000_000),
    "min_seats": (1, 20),
    "doors": (2, 5),
    "own_car.year": (1900, 2100),
    "own_car.mileage": (0, 2_000_000),
}
TEXTS = ("make", "model", "exclude.make", "exclude.model", "own_car.make", "own_car.model",
         "own_car.license_plate", "appointment.day_text", "appointment.time_text")  # fmt: skip
TEXT_LIMIT = 60

FIELDS: tuple[str, ...] = (*NUMBERS, *CHOICES, *TEXTS)
LISTS = frozenset({"make", "model", "fuel_type", "transmission", "body_type", "color"})
ALWAYS_LISTS = frozenset({"features", "exclude.features"})


def many(field: str) -> bool:
    """The field may have several values."""
    return field in LISTS or field in ALWAYS_LISTS or field.startswith("exclude.")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _pair(fields: list[str], value: dict[str, Any]) -> dict[str, Any]:
    return _object({"field": {"type": "string", "enum": fields}, "value": value})


def _pairs() -> list[dict[str, Any]]:
    by_values: dict[tuple[str, ...], list[str]] = {}
    for field, values in CHOICES.items():
        by_values.setdefault(values, []).append(field)
    pairs = [_pair(fields, {"type": "string", "enum": list(v)}) for v, fields in by_values.items()]
    return [
        _pair(list(NUMBERS), {"type": "integer"}),
        *pairs,
        _pair(list(TEXTS), {"type": "string"}),
    ]


def schema() -> dict[str, Any]:
    """JSON schema of the answer, within what structured outputs support."""
    intent = {"type": "string", "enum": list(INTENTS)}
    return _object(
        {
            "intent": intent,
            "also": {"type": "array", "items": intent},
            "language": {"type": "string", "enum": list(LANGUAGES)},
            "slots": {"type": "array", "items": {"anyOf": _pairs()}},
        }
    )
