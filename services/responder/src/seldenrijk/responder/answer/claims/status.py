"""Which cars may be spoken of, and as what: for sale, reserved, sold, not ours, the customer's own."""

import re
from collections.abc import Sequence

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.words import squash

from .anchors import Anchor
from .numbers import amounts_in
from .page import Page, Segment
from .words import ECHO, NEGATION, OWN

_TAKEN = {
    "sold": re.compile(r"\b(?:verkocht\w*|sold|verkauft\w*|niet meer|no longer|nicht mehr|weg)\b"),
    "withdrawn": re.compile(
        r"\b(?:niet meer|no longer|nicht mehr|verkocht\w*|sold|verkauft\w*|uit (?:het|ons) aanbod)\b"
    ),
    "reserved": re.compile(
        r"\b(?:gereserveerd\w*|reserved|reserviert\w*|onder optie|niet (?:meer )?(?:vrij|beschikbaar)"
        r"|not available|no longer|nicht mehr|bezet)\b"
    ),
}
_FREE = re.compile(
    r"\b(?:beschikbaar\w*|te koop|op voorraad|in stock|available|for sale|verfugbar|zu haben"
    r"|staat (?:hier )?klaar|nog vrij|direct leverbaar|lieferbar|leverbaar|kan (?:je|jij"
    r"|u) (?:\w+ )?kopen|kun(?:t)? (?:je|u) (?:\w+ )?kopen|you can (?:still )?buy)\b"
)
_SOLD = re.compile(r"\b(?:verkocht|sold|verkauft|uitverkocht)\b")
_RESERVED = re.compile(r"\b(?:gereserveerd|reserved|reserviert)\b")
_NOT = re.compile(r"\b(?:niet|nog niet|geen|not|nicht|kein\w*|no longer)\b[^.,;]{0,25}$")
_ALTERNATIVE = re.compile(
    r"\b(?:vergelijkbaar\w*|alternatie\w*|zoals|like|wie|similar|ahnlich\w*|comparable|in plaats van"
    r"|instead of|statt)\b"
)


def check_status(page: Page, anchors: dict[int, list[Anchor]]) -> None:
    """Judge every mention of a car, and every word about its being for sale."""
    for segment in page.segments:
        for anchor in anchors[segment.start]:
            if anchor.mention is not None and anchor.foreign:
                _foreign(page, segment, anchor)
            elif anchor.cars:
                _known(page, segment, anchor)
                page.cars += [anchor.cars[0].id] if len(anchor.cars) == 1 else []


def _foreign(page: Page, segment: Segment, anchor: Anchor) -> None:
    """A car that the facts do not hold: only as the customer's own, his wish, or as what is not there."""
    text = page.all_of(segment)
    mention, said = anchor.mention, page.facts.said
    if mention is None:
        return None
    if anchor.own and (OWN.search(text) or ECHO.search(text)):
        return page.prove("own_car", anchor.start, anchor.end, "customer")
    wished = mention.unknown is None and _wished(page, anchor)
    if wished and (
        NEGATION.search(text)
        or ECHO.search(text)
        or segment.question
        or text.strip() == page.plain[anchor.start : anchor.end]
    ):
        return page.prove("wish", anchor.start, anchor.end, "customer")
    stocked = mention is not None and mention.model is None and mention.unknown is None
    if stocked and segment.question and any(squash(mention.make or "") == squash(m) for m in said.wish.make):
        return page.prove("wish", anchor.start, anchor.end, "customer")
    return page.reject("car", anchor.start, anchor.end, "deze auto staat niet in de feiten")


def _wished(page: Page, anchor: Anchor) -> bool:
    """Whether the customer named this car, in his preferences or in any of his messages."""
    mention, said = anchor.mention, page.facts.said
    if mention is None:
        return False
    text = squash(said.text)
    models = {squash(m) for m in (*said.wish.model, *said.wish.exclude.model)}
    makes = {squash(m) for m in (*said.wish.make, *said.wish.exclude.make)}
    if mention.model is not None:
        return squash(mention.model) in models or squash(mention.model) in text
    return squash(mention.make or "") in makes or squash(mention.make or "") in text


def _known(page: Page, segment: Segment, anchor: Anchor) -> None:
    text = page.all_of(segment)
    local = text[max(0, anchor.start - segment.start - 60) :]
    free = [car for car in anchor.cars if car.status == "available"]
    taken = [car for car in anchor.cars if car.status != "available"]
    context = _with_next(page, segment)
    if not free and taken and not _ALTERNATIVE.search(text):
        status = taken[0].status
        told = bool(_TAKEN[status].search(context)) or _told_elsewhere(page, segment, status)
        denied = bool(NEGATION.search(text)) or (told and bool(ECHO.search(text)))
        if _claims_free(text) or not (
            _TAKEN[status].search(context) or (denied and (told or not _its_figures(text, taken)))
        ):
            page.reject(
                "sold",
                anchor.start,
                anchor.end,
                f"deze auto is {'gereserveerd' if status == 'reserved' else 'verkocht'}",
            )
        return
    if not taken and free:
        for pattern, kind in ((_SOLD, "sold"), (_RESERVED, "reserved")):
            match = pattern.search(local)
            if (
                match
                and not _NOT.search(local[: match.start()])
                and not segment.question
                and _nearest(page, segment, anchor, match.start() + len(text) - len(local))
            ):
                page.reject(
                    "status",
                    anchor.start,
                    anchor.end,
                    f"deze auto is niet {'verkocht' if kind == 'sold' else 'gereserveerd'}",
                )


def _its_figures(text: str, cars: Sequence[Car]) -> bool:
    """Whether the sentence gives the car's own price or mileage, as an offer would."""
    said = amounts_in(text)
    return any(car.price in said or car.mileage in said for car in cars)


def _told_elsewhere(page: Page, segment: Segment, status: str) -> bool:
    """Whether another sentence of the text says that it is taken."""
    return any(_TAKEN[status].search(page.all_of(other)) for other in page.segments if other is not segment)


def _nearest(page: Page, segment: Segment, anchor: Anchor, place: int) -> bool:
    """Whether no other car is named between this one and the word."""
    between = page.left[anchor.end : segment.start + place]
    return place + segment.start >= anchor.start and len(between) < 90


def _claims_free(text: str) -> bool:
    match = _FREE.search(text)
    return match is not None and not _NOT.search(text[: match.start()])


def _with_next(page: Page, segment: Segment) -> str:
    """The segment and the one after it on the same line: "Die is er niet meer. Verkocht"."""
    following = [s for s in page.segments if s.start >= segment.end]
    near = following[0] if following and "\n" not in page.text[segment.end : following[0].start] else None
    return page.all_of(segment) + (" " + page.all_of(near) if near else "")
