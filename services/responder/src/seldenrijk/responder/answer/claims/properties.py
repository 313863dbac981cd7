"""Fuel, gearbox, body, colour, equipment and version that a text ascribes to a car."""

import re
from collections.abc import Sequence

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.words import squash

from . import words as w
from .amounts import Item, Test
from .anchors import Anchor
from .page import Page, Segment

_TABLES = (
    ("fuel", "fuel_type", w.finders(w.FUELS)),
    ("gearbox", "transmission", w.finders(w.GEARS)),
    ("body", "body_type", w.finders(w.BODIES)),
    ("color", "color", w.finders(w.COLORS)),
)
_TRIMS = re.compile(
    r"\b(?:gti|gte|gtd|r-line|amg|m-?sport|s-line|rs|st-line|gt-line|xdrive|4motion|quattro|tdi|tsi"
    r"|tfsi|cdi|hdi|bluehdi|dci|tce|puretech|crdi|t-gdi|vtec|skyactiv|highline|comfortline|trendline"
    r"|titanium|cosmo"
    r"|business|executive|edition|variant|plus|allure|active|style|ambition|elegance|intens|zen"
    r"|dynamic|luxury|premium|limited|first edition)\b(?=\W|$)"
)
_FEATURES = w.finders(w.EQUIPMENT)
_PRONOUN = re.compile(
    r"^\W*(?:hij|ie|deze|die|dit|it|this|er|dieser|diese|sie|de auto|de wagen|the car|das auto"
    r"|ja,? (?:hij|die|deze|it)|yes,? it)\b"
)
_SUBJECT = re.compile(
    r"\b(?:hij|deze auto|die auto|de auto|it|this car|the car|er|das auto|dieser|nummer|optie)\b"
)


def properties(page: Page, segment: Segment, here: Sequence[Anchor], carried: Sequence[Car]) -> list[Item]:
    """Fuel, gearbox, body, colour and equipment that the segment ascribes to a car."""
    text = page.all_of(segment)
    about_car = any(a.cars for a in here) or (
        not here and carried and (_PRONOUN.match(text) or _SUBJECT.search(text))
    )
    if not about_car or segment.question or w.UNSURE.search(text):
        return []
    items = [
        Item(segment.start + m.start(), segment.start + m.end(), kind, _one_of(field, values))
        for kind, field, table in _TABLES
        for pattern, values in table
        for m in pattern.finditer(page.of(segment))
        if _ascribed(page, segment, m, values)
    ]
    items += [
        Item(segment.start + m.start(), segment.start + m.end(), "version", _trim(m.group(0)))
        for m in _TRIMS.finditer(page.of(segment))
    ]
    items += [
        Item(segment.start + m.start(), segment.start + m.end(), "feature", _has(values))
        for pattern, values in _FEATURES
        for m in pattern.finditer(page.of(segment))
        if _ascribed(page, segment, m, values)
    ]
    return _longest(items)


def _longest(items: list[Item]) -> list[Item]:
    """Of overlapping words the longest counts: "plug-in hybride" is not "hybride"."""
    return [
        item
        for item in items
        if not any(
            o is not item
            and o.start <= item.start
            and item.end <= o.end
            and (o.end - o.start) > (item.end - item.start)
            for o in items
        )
    ]


def _one_of(field: str, values: frozenset[str]) -> Test:
    return lambda car: getattr(car, field) in values


def _trim(name: str) -> Test:
    return lambda car: squash(name) in squash(f"{car.version or ''} {car.model} {' '.join(car.features)}")


def _has(values: frozenset[str]) -> Test:
    wider = values | ({"adaptive cruise control"} if "cruise control" in values else frozenset())
    return lambda car: bool(wider & set(car.features))


def _ascribed(page: Page, segment: Segment, match: re.Match[str], values: frozenset[str]) -> bool:
    """Whether the word is said of the car: not denied, not the wish, not one of two that are asked about."""
    text = page.all_of(segment)
    before = text[: match.start()]
    clause = re.split(r"[,;:(]| maar | but | aber ", before)[-1]
    if re.search(r"\bandere?[rns]?\b|\bother\b", clause):
        return False  # said of another car than the one named
    if w.NEGATION.search(clause) or re.search(
        r"(?:in plaats van|instead of|statt|ipv|\bof|\bor|\boder)\s*$", before
    ):
        return False
    after = text[match.end() : match.end() + 40]
    if re.match(r"\s*(?:of|or|oder)\s", after) or re.match(r"[^.,;]{0,30}\b(?:niet|not|nicht|geen)\b", after):
        return False
    wanted = {
        *page.facts.said.wish.fuel_type,
        *page.facts.said.wish.transmission,
        *page.facts.said.wish.body_type,
        *page.facts.said.wish.color,
        *page.facts.said.wish.features,
    }
    several = any(
        len(getattr(page.facts.said.wish, field)) > 1
        for field in ("fuel_type", "transmission", "body_type", "color")
    )
    return not (values & wanted and (several or w.ECHO.search(clause) or w.NEGATION.search(text)))
