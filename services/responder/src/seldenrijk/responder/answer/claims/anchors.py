"""Which cars a segment speaks of: by name, by number, or by going on about the one before."""

import re
from dataclasses import dataclass

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.words import squash

from .facts import Facts
from .lexicon import Lexicon, Mention, known_names, lexicon, mentions
from .page import Page, Segment

_NUMBERED = re.compile(
    r"\b(?:nummer|nr\.?|optie|auto|number|option|no\.|nummero|car)\s*(?P<n>[1-9])\b"
    r"|\b(?:de|die|the|der|die|das)\s+(?P<o>eerste|tweede|derde|first|second|third|erste|zweite|dritte)\b"
    r"(?!\s+(?:tijd|optie|moment|afspraak|keer|time|slot|option|eigenaar|owner|keus))"
)
_ORDINALS = {
    name: n
    for n, names in enumerate(("eerste first erste", "tweede second zweite", "derde third dritte"), 1)
    for name in names.split()
}


@dataclass(frozen=True)
class Anchor:
    """A place in the text that names cars. ``own``: the customer's own car; ``foreign``: not in the facts."""

    start: int
    end: int
    cars: tuple[Car, ...]
    mention: Mention | None = None
    own: bool = False
    foreign: bool = False


def anchors_of(page: Page) -> dict[int, list[Anchor]]:
    """Anchors by the start of their segment; their spans are blanked so that "208" is no price."""
    facts = page.facts
    lex = _lexicon(facts)
    stocked = frozenset(squash(car.model) for car in facts.cars) | {squash(m) for m in facts.said.wish.model}
    found = mentions(page.text, page.left, lex, stocked, facts.language == "de")
    result: dict[int, list[Anchor]] = {}
    for segment in page.segments:
        here = [_anchor(facts, m) for m in found if segment.start <= m.start < segment.end]
        here += _by_number(page, segment, here)
        result[segment.start] = sorted(here, key=lambda a: a.start)
    for mention in found:
        page.blank(mention.start, mention.end)
    return result


def _lexicon(facts: Facts) -> Lexicon:
    names = {(car.make, car.model) for car in facts.cars}
    wish, own = facts.said.wish, facts.said.own_car
    if len(wish.make) == 1:
        names |= {(wish.make[0], model) for model in wish.model}
    if own.make and own.model:
        names.add((own.make, own.model))
    return lexicon(frozenset(names - known_names()))


def _anchor(facts: Facts, m: Mention) -> Anchor:
    cars = tuple(car for car in facts.cars if _is(car, m)) if m.unknown is None else ()
    own = facts.said.own_car
    is_own = (
        bool(own.make or own.model)
        and (m.model is None or squash(own.model or "") == squash(m.model))
        and (m.make is None or own.make is None or squash(own.make) == squash(m.make))
    )
    return Anchor(m.start, m.end, cars, m, own=is_own and m.unknown is None, foreign=not cars)


def _is(car: Car, m: Mention) -> bool:
    if m.make is not None and squash(car.make) != squash(m.make):
        return False
    return m.model is None or squash(car.model) == squash(m.model)


def _by_number(page: Page, segment: Segment, named: list[Anchor]) -> list[Anchor]:
    """ "Nummer 2" or "de tweede", where the segment names no car itself."""
    if named:
        return []
    found = []
    for match in _NUMBERED.finditer(page.all_of(segment)):
        place = int(match["n"]) if match["n"] else _ORDINALS[match["o"]]
        start, end = segment.start + match.start(), segment.start + match.end()
        listed = page.facts.listed
        if place <= len(listed):
            car = page.facts.by_id(listed[place - 1])
            found.append(Anchor(start, end, (car,) if car else ()))
            page.blank(start, end)
        elif place <= len(page.facts.moments):
            page.blank(start, end)
    return found
