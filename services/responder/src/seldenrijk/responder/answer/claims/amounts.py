"""Numbers said of a car: each belongs to one and the same car of the facts, or to what the customer said."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from seldenrijk.responder.car import Car

from .anchors import Anchor
from .echo import is_echo
from .numbers import Number, numbers_in
from .page import Page, Segment

Test = Callable[[Car], bool]

_DIFFERENCE = re.compile(
    r"^\s*(?:€|euro|eur|km|,-)?\s*(?:boven|onder|over|below|above|under|uber|unter|duurder|goedkoper"
    r"|meer|minder|verschil|more|less|cheaper|dearer|difference|teurer|gunstiger|mehr|weniger|hoger"
    r"|lager|te veel|te duur|scheelt)\b"
)
_COUNTED = re.compile(
    r"^\s*(?:(?:mooie|leuke|andere|passende|geschikte|beschikbare|vergelijkbare|nette|diesel|benzine"
    r"|hybride|elektrische|automaten|tweedehands|gebruikte|nice|suitable|available|other|used"
    r"|matching|passende|schone|weitere)\s+){0,3}"
    r"(?:auto'?s?|car|cars|wagens?|occasions?|opties|optie|options?|modellen|model|models|modelle"
    r"|exempl\w*|stuks|mogelijkhe\w+|alternatie\w+|alternatives?|suv'?s?|stationwagons?|hatchbacks?"
    r"|diesels|automaten|"
    r"fahrzeuge?|wagen|treffer|resultaten|results|tijden|momenten|times|slots|zeiten|termine"
    r"|op voorraad|in stock|beschikbaar|te koop|auf lager|van deze|hiervan|daarvan|ervan|die passen"
    r"|that fit|passen)\b"
)
_REFERENCE = re.compile(r"(?:\b(?:nummer|nr\.?|optie|number|option|no\.|keuze|tijd|nummero|stap)\s*|^\s*)$")
_PROMISED = "dit getal staat niet in de feiten"


@dataclass(frozen=True)
class Item:
    """Something said of a car: where, what kind, and the test that the car must pass."""

    start: int
    end: int
    kind: str
    test: Test
    number: Number | None = None


def items_of(page: Page, segment: Segment, anchors: Sequence[Anchor], carried: Sequence[Car]) -> list[Item]:
    """The segment's numbers that say something of a car; what is explained otherwise is proved on the way."""
    items: list[Item] = []
    offset = segment.start
    text = page.of(segment)
    for number in numbers_in(text):
        start, end = offset + number.start, offset + number.end
        if _explained(page, segment, number, anchors, carried):
            page.prove("said" if number.unit != "bare" else "number", start, end, str(number.whole))
            continue
        test = _test(number)
        if test is None:
            _unexplained(page, number, start, end)
        else:
            items.append(Item(start, end, _kind(number), test, number))
    return items


def _kind(number: Number) -> str:
    return "price" if number.unit == "bare" else number.unit


def _test(number: Number) -> Test | None:
    value, unit = number.whole, number.unit
    if unit == "price":
        return lambda car: car.price == value
    if unit == "monthly":
        return lambda car: car.monthly == value
    if unit == "mileage":
        return lambda car: car.mileage == value
    if unit == "year":
        return lambda car: car.year == value
    if unit == "seats":
        return lambda car: car.seats == value
    if unit == "doors":
        return lambda car: car.doors == value
    if unit == "spec" or (unit == "bare" and value < 1000):
        if number.worded:
            return None
        return lambda car: _in_version(car, number.text)
    if unit == "bare":
        return lambda car: value in (car.price, car.mileage, car.year)
    return None


def _in_version(car: Car, text: str) -> bool:
    digits = re.sub(r"[^\d.,]", "", text)
    whole = f"{car.version or ''} {car.model}".replace(",", ".")
    return (
        bool(digits)
        and re.search(rf"(?<![\d.]){re.escape(digits.replace(',', '.'))}(?![\d.])", whole) is not None
    )


def _unexplained(page: Page, number: Number, start: int, end: int) -> None:
    counted = re.search(r"\b(?:er|hebben we|have|are|sind)\s*$", page.plain[max(0, start - 20) : start])
    if number.worded and number.unit == "bare" and number.value <= 12 and not counted:
        return  # "deze drie": a way of speaking
    page.reject("number" if number.unit == "bare" else number.unit, start, end, _PROMISED)


def _explained(
    page: Page, segment: Segment, number: Number, anchors: Sequence[Anchor], carried: Sequence[Car]
) -> bool:
    """Whether a number is a count, a reference, a difference, or an echo of the customer's own."""
    text = page.of(segment)
    before, after = text[: number.start], text[number.end :]
    whole = page.all_of(segment)
    return (
        number.text in page.facts.said.wish.model  # "een Giulietta of 147"
        or _is_compared(page, number, before)
        or _is_count(page, number, after, anchors, segment)
        or _is_reference(page, number, whole[: number.start], whole[number.end :])
        or _is_difference(page, number, before, after, anchors, carried)
        or is_echo(page, segment, number, before, after, anchors)
    )


def _is_compared(page: Page, number: Number, before: str) -> bool:
    """ "78.000 tegenover 121.000": the other car's figure."""
    if not re.search(r"\b(?:tegenover|versus|vs\.?|compared to|gegenuber)\s*(?:€\s*)?$", before):
        return False
    return any(number.whole in (car.price, car.mileage) for car in page.facts.cars)


def _is_count(page: Page, number: Number, after: str, anchors: Sequence[Anchor], segment: Segment) -> bool:
    if number.unit != "bare" or number.value > 2000:
        return False
    place = segment.start + number.end
    follows = any(0 <= a.start - place <= 12 and not page.text[place : a.start].strip(" ") for a in anchors)
    before = page.all_of(segment)[: number.start]
    listing = re.search(r"\b(?:er|are|sind|zijn|nog|hier)\s*$", before) and re.match(r"\s*(?:[:.!]|$)", after)
    if not (_COUNTED.match(after) or follows or listing):
        return False
    own = {len([c for c in page.facts.cars if c in a.cars]) for a in anchors if a.cars}
    small = range(1, max(len(page.facts.listed), len(page.facts.moments)) + 1)
    return number.whole in {*page.facts.counts, *own, *small}


def _is_reference(page: Page, number: Number, before: str, after: str) -> bool:
    most = max(len(page.facts.listed), len(page.facts.moments), 1)
    listed = re.search(
        r"\b(?:nummers?|opties?|number|option|keuze)\s*(?:[1-9]\s*(?:,|of|en|or|and|oder|und)\s*)*$", before
    )
    within = re.search(
        r"(?:[1-9]\s*,\s*)*[1-9]\s+(?:of|or|oder|en|and|und)\s+[1-9]\b",
        before[-12:] + number.text + after[:12],
    )
    simple = number.unit == "bare" and number.plain and number.whole <= most
    return simple and bool(listed or within or re.match(r"\s*\(", after) or _REFERENCE.search(before))


def _is_difference(
    page: Page, number: Number, before: str, after: str, anchors: Sequence[Anchor], carried: Sequence[Car]
) -> bool:
    if number.unit not in ("price", "bare", "mileage", "monthly"):
        return False
    scheelt = re.search(
        r"\b(?:scheelt|verschil van|difference of|unterschied von|bespaar\w*)\s*(?:je |u )?(?:€\s*)?$", before
    )
    if not (_DIFFERENCE.match(after) or scheelt):
        return False
    wish = page.facts.said.wish
    cars = [car for a in anchors for car in a.cars] or list(carried) or list(page.facts.cars)
    if number.unit == "mileage":
        return any(
            abs(c.mileage - b) == number.whole
            for c in cars
            for b in (wish.max_mileage or 0, *(o.mileage for o in cars))
        )
    bounds = [b for b in (wish.max_price, wish.min_price) if b is not None]
    if len(anchors) > 1:
        pairs = [
            (a, b)
            for one in anchors
            for other in anchors
            if one is not other
            for a in one.cars
            for b in other.cars
        ]
        return any(abs(a.price - b.price) == number.whole for a, b in pairs)
    shown = [car.price for car in page.facts.cars if car.id in page.facts.listed]
    return any(abs(car.price - bound) == number.whole for car in cars for bound in (*bounds, *shown))


def narrowed(cars: Iterable[Car], items: Sequence[Item]) -> tuple[Car, ...]:
    """The cars that pass every test."""
    return tuple(car for car in cars if all(item.test(car) for item in items))
