"""Numbers said of a car: each belongs to one and the same car of the facts, or to what the customer said."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from seldenrijk.responder.car import Car

from .anchors import Anchor
from .numbers import Number, numbers_in
from .page import Page, Segment
from .words import NEGATION, OWN

Test = Callable[[Car], bool]

_BOUND = re.compile(
    r"\b(?:budget\w*|tot|max\w*|maximaal|onder|tussen|vanaf|boven|rond|circa|ongeveer|minder dan"
    r"|meer dan|hooguit|hoogstens|besteden|uitgeven|minimaal|minstens|t/m|en|of|na|voor|bod|noemde"
    r"|genoemde"
    r"|up to|under|between|around|about|over|above|below|from|until|at most|at least|less than"
    r"|more than|and|to|spend|your|offer|limit|limiet|plafond|grens|bereik|prijsklasse|range|zoekt?"
    r"|gezocht"
    r"|bis|unter|zwischen|ab|hochstens|maximal|mindestens|und|uber|etwa|rund|gebot|von|van|dein\w*"
    r"|ihr\w*|je|uw|jouw|inleg|aanbetaling)\W{0,4}(?:van |of |von |de |the |ca\. |rond |om "
    r"|ongeveer )?(?:€|eur|euro)?\s*$"
)
_BUDGET_AFTER = re.compile(
    r"^\s*(?:euro|eur|€|,-)?\s*(?:budget|te besteden|to spend|grens|limiet|bod|km of minder|of minder"
    r"|or less|oder weniger|en jonger|of jonger|of nieuwer|or newer|oder junger|en € )"
)
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
    if number.worded and number.unit == "bare" and number.value <= 12:
        return  # "deze drie", "de tweede van de twee": a way of speaking, not a fact
    reasons = {
        "percent": "dit percentage staat niet in de feiten",
        "duration": "deze termijn staat niet in de feiten",
    }
    page.reject(
        number.unit if number.unit != "bare" else "number", start, end, reasons.get(number.unit, _PROMISED)
    )


def _explained(
    page: Page, segment: Segment, number: Number, anchors: Sequence[Anchor], carried: Sequence[Car]
) -> bool:
    """Whether a number is a count, a reference, a difference, or an echo of the customer's own."""
    text = page.of(segment)
    before, after = text[: number.start], text[number.end :]
    whole = page.all_of(segment)
    return (
        _is_count(page, number, after, anchors, segment)
        or _is_reference(page, number, whole[: number.start], whole[number.end :])
        or _is_difference(page, number, before, after, anchors, carried)
        or _is_echo(page, segment, number, before, after, anchors)
    )


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
    return simple and bool(listed or within or _REFERENCE.search(before))


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


def _is_echo(
    page: Page, segment: Segment, number: Number, before: str, after: str, anchors: Sequence[Anchor]
) -> bool:
    """The customer's own number, said as his: a bound, a bid, his own car."""
    said = page.facts.said
    if number.whole not in said.amounts:
        return False
    if number.unit in ("seats", "doors"):
        return not anchors or bool(NEGATION.search(page.all_of(segment)))
    if number.unit in ("percent", "duration", "bare") and number.value < 1000:
        return number.unit == "duration" and bool(OWN.search(page.all_of(segment)))
    own = said.own_car
    if number.whole in (own.year, own.mileage) and (
        any(a.own for a in anchors) or OWN.search(page.all_of(segment))
    ):
        return True
    start = segment.start + number.start
    nearest = max((a.end for a in anchors if a.end <= start), default=segment.start) - segment.start
    lead = before[max(0, nearest) :]
    plain_lead = page.plain[segment.start + max(0, nearest) : start]
    bound = _BOUND.search(plain_lead) or _BUDGET_AFTER.match(after)
    if (
        number.unit == "year"
        and anchors
        and not NEGATION.search(page.all_of(segment))
        and re.search(r"\b(?:from|van|von|uit|of)\s*$", plain_lead)
    ):
        bound = None  # "the Golf from 2015" tells its year
    if number.unit == "year" and not bound:
        foreign = [a for a in anchors if a.foreign]
        return bool(foreign and NEGATION.search(page.all_of(segment))) or (
            not anchors and bool(re.search(r"^[\s(),]*$", lead) and not segment.question)
        )
    return bool(bound) and not _asserts_price(plain_lead)


def _asserts_price(lead: str) -> bool:
    """ "Kost tot", "voor": the sentence sells a car at that price."""
    return bool(
        re.search(
            r"\b(?:kost|kosten|costs?|kostet|prijs is|vraagprijs|price is|te koop voor|krijg je|mee voor"
            r"|van jou voor|yours for)\b",
            lead,
        )
    )


def narrowed(cars: Iterable[Car], items: Sequence[Item]) -> tuple[Car, ...]:
    """The cars that pass every test."""
    return tuple(car for car in cars if all(item.test(car) for item in items))
