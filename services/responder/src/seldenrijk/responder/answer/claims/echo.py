"""The customer's own numbers, said back to him: a budget, a bid, his own car."""

import re
from collections.abc import Sequence

from .anchors import Anchor
from .numbers import Number
from .page import Page, Segment
from .words import NEGATION, OWN

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


def is_echo(
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
