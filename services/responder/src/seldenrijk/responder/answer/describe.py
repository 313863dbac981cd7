"""Cars, wishes and differences in words. Pure functions of the stock's values and a language."""

import hashlib
from collections.abc import Iterable

from seldenrijk.contracts.replies import OfferedCar
from seldenrijk.contracts.slots import OwnCar, Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import Difference, Offer
from seldenrijk.responder.stock.words import fold

from .wording import Words


def name_of(car: Car | OfferedCar) -> str:
    """Make and model, once: "Volkswagen Golf"."""
    return f"{car.make} {car.model}"


def told_apart(car: Car, others: Iterable[Car]) -> str:
    """Make and model, with the year and price left to tell it from another of the same name."""
    same = [other for other in others if name_of(other) == name_of(car) and other.id != car.id]
    return f"{name_of(car)} ({car.year})" if same else name_of(car)


def offered(car: Car) -> OfferedCar:
    """The car as it is remembered after an offer."""
    return OfferedCar(
        id=car.id,
        title=name_of(car),
        make=car.make,
        model=car.model,
        color=car.color,
        price=car.price,
        year=car.year,
        mileage=car.mileage,
        fuel_type=car.fuel_type,
        transmission=car.transmission,
        url=car.url,
    )


def line(words: Words, car: Car) -> str:
    """Everything that belongs in an offer, on one line."""
    parts = [
        f"{name_of(car)} ({car.year})",
        words.km(car.mileage),
        words.value(car.fuel_type),
        words.value(car.transmission),
        words.euro(car.price),
    ]
    return ", ".join(parts) + (f" {car.url}" if car.url else "")


def numbered(words: Words, offers: Iterable[Offer]) -> list[str]:
    """Offers as numbered lines, each with what differs from the wish."""
    lines = []
    for number, offer in enumerate(offers, start=1):
        told = differences(words, offer.differences)
        note = f" ({told})" if told else ""
        text = line(words, offer.car)
        body, space, url = text.partition(" http")
        lines.append(f"{number}. {body}{note}{space}{url}")
    return lines


def differences(words: Words, found: Iterable[Difference]) -> str:
    """What an offered car does not meet, in words: "€ 450 boven je budget"."""
    return ", ".join(_difference(words, d) for d in found)


def _difference(words: Words, d: Difference) -> str:
    if d.delta is not None:
        return _numeric(words, d, d.delta)
    if d.field == "features":
        return words.say("difference.features", wanted=words.join([words.value(f) for f in d.missing]))
    if d.field == "make":
        return words.say("difference.make")
    if d.field == "model":
        same = any(str(d.actual).split()[0] == text.split()[0] for text in _texts(d.wanted) if text)
        return words.say("difference.model" if same else "difference.make_model")
    if d.actual is None:
        key = {
            "color": "color_unknown",
            "min_seats": "seats_unknown",
            "doors": "doors_unknown",
            "max_monthly": "monthly",
        }
        return words.say(f"difference.{key.get(d.field, 'other')}")
    values = {"actual": words.value(str(d.actual)), "wanted": _wanted(words, d.wanted)}
    known = {"fuel_type", "transmission", "body_type", "color"}
    return words.say(f"difference.{d.field if d.field in known else 'other'}", **values)


def _texts(wanted: object) -> list[str]:
    return [str(value) for value in (wanted if isinstance(wanted, tuple) else (wanted,))]


def _wanted(words: Words, wanted: object) -> str:
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    return words.join([words.value(str(value)) for value in values], "of")


def _numeric(words: Words, d: Difference, delta: int) -> str:
    actual = d.actual if isinstance(d.actual, int) else 0
    match d.field:
        case "max_price":
            return words.say("difference.price_over", amount=words.euro(delta))
        case "min_price":
            return words.say("difference.price_under", amount=words.euro(-delta))
        case "min_year" | "max_year":
            key = "year_older" if delta < 0 else "year_newer"
            return words.say(f"difference.{key}", actual=actual)
        case "max_mileage":
            return words.say("difference.mileage_over", actual=words.km(actual))
        case "min_seats":
            return words.say("difference.seats", actual=actual)
        case "doors":
            return words.say("difference.doors", actual=actual)
    return words.say("difference.other")


def wish_in_words(words: Words, wish: Slots) -> str:
    """A wish as a short description: "Volkswagen Golf, diesel, automaat, tot € 20.000"."""
    parts = [*_identity(words, wish), *_kind(words, wish), *_bounds(words, wish), *_without(words, wish)]
    return ", ".join(parts) or words.word("your_wish")


def _identity(words: Words, wish: Slots) -> list[str]:
    if len(wish.make) == 1 and wish.model:
        return [words.join([f"{wish.make[0]} {wish.model[0]}", *wish.model[1:]], "of")]
    names = [*wish.make, *wish.model] if len(wish.make) != len(wish.model) else [
        f"{make} {model}" for make, model in zip(wish.make, wish.model, strict=True)
    ]  # fmt: skip
    return [words.join(names, "of")] if names else []


def _kind(words: Words, wish: Slots) -> list[str]:
    parts = [
        words.join([words.value(value) for value in values], "of")
        for values in (wish.body_type, wish.fuel_type, wish.transmission, wish.color)
        if values
    ]
    if wish.features:
        parts.append(f"{words.word('about')} {words.join([words.value(f) for f in wish.features])}")
    if wish.min_seats:
        parts.append(f"{wish.min_seats} {words.word('seats')}")
    if wish.doors:
        parts.append(f"{wish.doors} {words.word('doors')}")
    return parts


def _bounds(words: Words, wish: Slots) -> list[str]:
    parts = []
    low, high = wish.min_price, wish.max_price
    if low is not None and high is not None:
        parts.append(f"{words.word('between')} {words.euro(low)} {words.word('and')} {words.euro(high)}")
    elif high is not None:
        parts.append(f"{words.word('until')} {words.euro(high)}")
    elif low is not None:
        parts.append(f"{words.word('from')} {words.euro(low)}")
    if wish.max_monthly is not None:
        parts.append(f"{words.word('until')} {words.euro(wish.max_monthly)} {words.word('per_month')}")
    if wish.min_year is not None and wish.min_year == wish.max_year:
        parts.append(f"{wish.min_year}")
    else:
        low_year = wish.min_year
        parts += [words.phrase("words.from_year", year=low_year)] if low_year is not None else []
        parts += [f"{words.word('until')} {wish.max_year}"] if wish.max_year is not None else []
    if wish.max_mileage is not None:
        parts.append(f"{words.word('until')} {words.km(wish.max_mileage)}")
    return parts


def _without(words: Words, wish: Slots) -> list[str]:
    names = [value for values in wish.exclude.model_dump().values() for value in values]
    return (
        [f"{words.word('without')} {words.join([words.value(str(n)) for n in names], 'of')}"] if names else []
    )


def own_car(words: Words, car: OwnCar) -> str:
    """The customer's own car as far as known: "Kia Rio, 2013, 98.000 km, kenteken 12-ABC-3"."""
    parts = [" ".join(part for part in (car.make, car.model) if part)]
    parts += [str(car.year)] if car.year else []
    parts += [words.km(car.mileage)] if car.mileage else []
    parts += (
        [f"{words.word('plate')} {fold(car.license_plate).upper().replace(' ', '-')}"]
        if car.license_plate
        else []
    )
    return ", ".join(part for part in parts if part)


def seed_of(*parts: str) -> str:
    """A short stable seed for variation."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]
