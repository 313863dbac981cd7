"""Fills prices, monthly amount, years, mileage, seats and doors from the quantities of a message."""

import re
from dataclasses import dataclass, field

from seldenrijk.nlu.ownership import OWN_INTENTS, Ownership
from seldenrijk.nlu.quantities import Interpreter, Quantity
from seldenrijk.nlu.reading import Reading

INTERVAL = re.compile(r"\b(?:bij|om de|elke|iedere|per|every|alle)(?: de)? $")  # "bij 60.000 km vervangen"
_NO_NUMBERS = frozenset({"opt_out", "showroom_info", "unclear"})
APPROXIMATELY_LESS, APPROXIMATELY_MORE = 0.9, 1.1


@dataclass(slots=True)
class Numbers:
    """The numeric slots of the wanted car and of the own car, and the numbers without a place."""

    slots: dict[str, int] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)


def fill_numbers(reading: Reading, owners: Ownership, busy: set[int]) -> Numbers:
    """Return the numeric slots; `busy` are tokens of the appointment's moment."""
    result = Numbers()
    for quantity in Interpreter(reading).run():
        number = quantity.number
        if busy.intersection(range(number.first, number.last + 1)):
            continue
        if reading.hint in _NO_NUMBERS or quantity.kind == "other":
            if quantity.kind == "other" and not number.unit and number.low >= 100:
                result.unplaced.append(reading.text.source(number.first, number.last))
            continue
        found, own = _fields(quantity, reading, owners)
        target = result.own if own else result.slots
        target.update({k: v for k, v in found.items() if not own or k not in target})
        for name, value in found.items():
            reading.note(
                number.first,
                max(number.end, number.last),
                f"own_car.{name}" if own else name,
                value,
                quantity.bound or "bare",
            )
    return result


def _fields(quantity: Quantity, reading: Reading, owners: Ownership) -> tuple[dict[str, int], bool]:
    """Return the fields that a quantity gives, and whether they are about the own car."""
    kind = quantity.kind
    if kind in ("year", "mileage") and _is_own(quantity, reading, owners):
        return {kind: round(quantity.high if kind == "mileage" else quantity.low)}, True
    if kind == "price" and _is_own_mileage(quantity, reading, owners):
        return {"mileage": round(quantity.high)}, True
    if reading.hint in ("service_inquiry", "complaint"):
        return {}, False
    if kind in ("price", "year"):
        return (_price if kind == "price" else _year)(quantity, reading), False
    if kind == "age":
        return _age(quantity, reading), False
    if kind in ("monthly", "mileage"):
        return (_monthly if kind == "monthly" else _mileage)(quantity), False
    if kind == "seats" and 2 <= quantity.high <= 9:
        return {"min_seats": round(quantity.low)}, False
    if kind == "doors" and 2 <= quantity.high <= 5:
        return {"doors": round(quantity.high)}, False
    return {}, False


def _is_own(quantity: Quantity, reading: Reading, owners: Ownership) -> bool:
    if reading.hint in ("service_inquiry", "complaint"):
        return not INTERVAL.search(reading.before(quantity.number.first, 12))
    answer = reading.background.asks_about_own_car() and not any(not o.own for o in owners.cars)
    if answer and quantity.bound in ("", "approx") and reading.text.words[:1] != ("zoek",):
        return True
    since = reading.text.words[quantity.number.first - 1] == "from" and quantity.bound == "min"
    return (
        owners.own_at(quantity.number.first)
        and (quantity.bound in ("", "approx") or since)
        and quantity.number.joined in ("", "-")
    )


def _is_own_mileage(quantity: Quantity, reading: Reading, owners: Ownership) -> bool:
    if quantity.number.unit == "eur" or quantity.bound not in ("", "approx") or quantity.high < 10_000:
        return False
    return _is_own(quantity, reading, owners) and (
        reading.hint in (None, "trade_in_inquiry", "service_inquiry", "complaint")
    )


def _price(quantity: Quantity, reading: Reading) -> dict[str, int]:
    low, high = round(quantity.low), round(quantity.high)
    if quantity.bid or (reading.hint in OWN_INTENTS and quantity.bound == ""):
        return {"max_price": high} if quantity.bid else {}
    if quantity.number.high is not None and quantity.bound in ("", "approx", "min", "max") and low < high:
        return (
            {"min_price": low, "max_price": high}
            if quantity.number.joined not in ("of", "or", "oder") or quantity.bound == ""
            else {"max_price": high}
        )
    if quantity.bound in ("min", "newer"):
        return {"min_price": low}
    if quantity.bound == "approx":
        return {
            "min_price": round(high * APPROXIMATELY_LESS / 100) * 100,
            "max_price": round(high * APPROXIMATELY_MORE / 100) * 100,
        }
    return {"max_price": high}


def _monthly(quantity: Quantity) -> dict[str, int]:
    if quantity.bound == "approx":
        return {"max_monthly": round(quantity.high * APPROXIMATELY_MORE / 10) * 10}
    return {"max_monthly": round(quantity.high)}


def _year(quantity: Quantity, reading: Reading) -> dict[str, int]:
    low, high = round(quantity.low), round(quantity.high)
    if quantity.number.high is not None:
        return {"min_year": min(low, high), "max_year": max(low, high)}
    if _is_of_the_named_car(quantity, reading):
        return {"min_year": low, "max_year": low}
    if quantity.bound in ("min", "newer") or (quantity.bound == "" and _asked_from(reading)):
        return {"min_year": low}
    if quantity.bound in ("max", "older"):
        return {"max_year": low}
    if quantity.bound == "approx":
        return {"min_year": low - 1, "max_year": low + 1}
    return {"min_year": low, "max_year": low}


def _age(quantity: Quantity, reading: Reading) -> dict[str, int]:
    """Return the year that an age amounts to, if the year of the message is known; own ages don't count."""
    years = round(quantity.high)
    if reading.year is None or not 0 < years < 60:
        return {}
    if quantity.bound in ("max", "newer"):
        return {"min_year": reading.year - years}
    return {"max_year": reading.year - years} if quantity.bound in ("min", "older") else {}


def _is_of_the_named_car(quantity: Quantity, reading: Reading) -> bool:
    """Tell whether an English "from" says which car is meant: "the blue Civic from 2016"."""
    before = reading.before(quantity.number.first, 50)
    return bool(re.search(r"\b(?:the|that|this)\b[^.,!?]{0,40}\bfrom $", before))


def _asked_from(reading: Reading) -> bool:
    bot = reading.background.bot
    return "year" in reading.background.asks and any(
        w in bot for w in ("vanaf", "minimaal", "minimum", "from which")
    )


def _mileage(quantity: Quantity) -> dict[str, int]:
    if quantity.bound in ("min", "newer") and quantity.number.high is None:
        return {}
    if quantity.bound == "approx":
        return {"max_mileage": round(quantity.high * APPROXIMATELY_MORE / 1000) * 1000}
    return {"max_mileage": round(quantity.high)}
