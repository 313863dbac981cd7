"""Does the text bear out what Claude says that it says? Pure functions."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from .numbers import numbers_in
from .proposal import Slots, flat, nested
from .scheme import NUMBERS


def supported(slots: Slots, text: str, year: int | None = None) -> tuple[Slots, tuple[str, ...]]:
    """The slots that the text supports, and the fields of those that it does not.

    Numbers must occur in it (normalised; or be one of the guide's roundings of a number in it; or, with
    ``year`` given, an age counted back from it); licence plates and the words of an appointment must stand
    in it literally. Names and choices are not checked: they are canonical forms, not quotations.
    """
    numbers = numbers_in(text)
    kept: list[tuple[str, Any]] = []
    dropped: list[str] = []
    for field, value in flat(slots):
        if _supported(field, value, text, numbers, year):
            kept.append((field, value))
        else:
            dropped.append(field)
    return nested(kept), tuple(dropped)


def _supported(field: str, value: Any, text: str, numbers: set[int], year: int | None) -> bool:
    if field == "own_car.license_plate":
        return len(_letters(str(value))) > 0 and _letters(str(value)) in _letters(text)
    if field in ("appointment.day_text", "appointment.time_text"):
        return _squashed(str(value)) in _squashed(text)
    if field not in NUMBERS:
        return True
    return isinstance(value, int) and any(value in _readings(field, number, year) for number in numbers)


def _rounded(number: float, step: int) -> int:
    return round(number / step) * step


_ROUNDINGS: dict[str, Callable[[int], int]] = {
    "min_price": lambda n: _rounded(n * 0.9, 100),
    "max_price": lambda n: _rounded(n * 1.1, 100),
    "max_monthly": lambda n: _rounded(n * 1.1, 10),
    "max_mileage": lambda n: _rounded(n * 1.1, 1000),
}


def _readings(field: str, number: int, year: int | None) -> set[int]:
    """All values of the field that this number of the text may stand for."""
    readings = {number}
    if field in _ROUNDINGS:
        readings.add(_ROUNDINGS[field](number))
    if field in ("min_price", "max_price") and 1 < number < 100:
        readings.add(number * 1000)  # "wat dacht je van 15?"
    if field.endswith("year"):
        if 0 <= number < 100:
            readings |= {1900 + number, 2000 + number}
            readings |= {year - number} if year is not None else set()
        # "rond 2018" is 2017 to 2019
        readings |= {n + step for n in tuple(readings) for step in (-1, 1) if n > 1900}
    return readings


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _squashed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(plain.split())
