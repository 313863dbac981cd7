"""Opening hours in a text: each day with its times as the dealer file has them."""

import re
from dataclasses import dataclass
from datetime import date, time

from seldenrijk.responder.answer.hours import day_of, is_open, next_opening

from .moments import Found
from .page import Page, Segment
from .words import NEGATION

_CLOSED = re.compile(
    r"\b(?:gesloten|dicht|closed|geschlossen|zu|niet open|niet geopend|not open|nicht (?:geoffnet"
    r"|offen))\b"
)
_UNTIL = re.compile(
    r"(?:\b(?:tot|until|till|to|bis|sluit\w* (?:we|wij)?(?: om)?|dicht om|closes? at|-|–)"
    r"|[-–])\s*(?:ongeveer\s+)?$"
)


@dataclass(frozen=True)
class _Group:
    """Days and the times that are said of them."""

    days: tuple[Found, ...]
    times: tuple[Found, ...]
    start: int
    end: int


def check_opening(page: Page, segment: Segment, days: list[Found], times: list[Found]) -> None:
    """Prove or reject the days and times of a sentence about opening hours."""
    text = page.of(segment)
    for group in _groups(page, segment, days, times):
        clause = text[group.start : group.end]
        concrete = _concrete(group)
        if group.times:
            _opening_times(page, segment, group, concrete)
        else:
            _open_or_closed(page, segment, group, concrete, clause)
    for found in days:
        if page.left[segment.start + found.start : segment.start + found.end].strip():
            page.prove("day", segment.start + found.start, segment.start + found.end, "dealer.hours")


def _groups(page: Page, segment: Segment, days: list[Found], times: list[Found]) -> list[_Group]:
    """Times go with the days before them; a time before any day goes with the first."""
    length = segment.end - segment.start
    if not days:
        return [_Group((), tuple(times), 0, length)]
    blocks = _adjacent(page, segment, days, times)
    groups = []
    for place, block in enumerate(blocks):
        begin = 0 if place == 0 else block[0].start
        end = blocks[place + 1][0].start if place + 1 < len(blocks) else length
        groups.append(_Group(tuple(block), tuple(t for t in times if begin <= t.start < end), begin, end))
    return groups


def _adjacent(page: Page, segment: Segment, days: list[Found], times: list[Found]) -> list[list[Found]]:
    """Days that stand together: "vandaag, woensdag 25 november" or "maandag en dinsdag"."""
    text = page.all_of(segment)
    blocks: list[list[Found]] = [[days[0]]]
    for day in days[1:]:
        between = text[blocks[-1][-1].end : day.start]
        timed = any(blocks[-1][-1].end <= t.start < day.start for t in times)
        if not timed and re.fullmatch(r"[\s,]*(?:en|and|und|of|or|\(|de|the)?[\s,(]*", between):
            blocks[-1].append(day)
        else:
            blocks.append([day])
    return blocks


def _concrete(group: _Group) -> list[tuple[date | None, int]]:
    """The days of a group as (date or None, weekday)."""
    result: list[tuple[date | None, int]] = []
    for found in group.days:
        if found.on is not None:
            result.append((found.on, found.on.weekday()))
        else:
            result += [(None, n) for n in found.weekdays]
    dated = [d for d, _ in result if d is not None]
    if dated:  # "zaterdag 28 november": the weekday must be that of the date
        wrong = [n for d, n in result if d is None and all(n != x.weekday() for x in dated)]
        return [(d, n) for d, n in result if d is not None] + [(None, n) for n in wrong]
    return result


def _hours(page: Page, day: tuple[date | None, int]) -> tuple[time, time] | None:
    dealer = page.facts.dealer
    hours = (
        day_of(dealer, day[0]).hours if day[0] is not None and day[0] != date.min else dealer.hours.of(day[1])
    )
    return (hours.opens, hours.closes) if hours else None


def _opening_times(
    page: Page, segment: Segment, group: _Group, concrete: list[tuple[date | None, int]]
) -> None:
    spans = [_hours(page, day) for day in concrete] if concrete else _nearby(page)
    text = page.all_of(segment)
    for place, found in enumerate(group.times):
        closing = bool(_UNTIL.search(text[: found.start])) or (place == 1 and len(group.times) == 2)
        index = 1 if closing else 0
        if concrete:
            good = all(span is not None and span[index] in found.times for span in spans)
        else:
            good = any(span is not None and span[index] in found.times for span in spans)
        start, end = segment.start + found.start, segment.start + found.end
        refused = bool(set(found.times) & page.facts.said.times) and (
            NEGATION.search(text) or _CLOSED.search(text)
        )
        if good or refused:
            page.prove("opening", start, end, "dealer.hours")
        else:
            page.reject("opening", start, end, "deze openingstijd staat niet in de feiten")


def _nearby(page: Page) -> list[tuple[time, time] | None]:
    """Hours that "open tot 18:00" can mean without a day: today's, else those of the next open day."""
    facts = page.facts
    today = day_of(facts.dealer, facts.now.date()).hours
    following = next_opening(facts.dealer, facts.now)
    later = day_of(facts.dealer, following.date()).hours if following else None
    closed_now = today is None or facts.now.time() >= today.closes
    return [(h.opens, h.closes) for h in ((later,) if closed_now else (today, later)) if h]


def _open_or_closed(
    page: Page, segment: Segment, group: _Group, concrete: list[tuple[date | None, int]], clause: str
) -> None:
    """ "Zondag gesloten", "zaterdag open": whether it is so."""
    if segment.question or not concrete:
        return
    whole = page.all_of(segment)
    around = (
        clause
        if _CLOSED.search(clause) or re.search(r"\b(?:open|geopend|geoffnet|offen)\b", clause)
        else whole
    )
    says_closed = bool(_CLOSED.search(around))
    says_open = (
        not says_closed
        and bool(re.search(r"\b(?:open|geopend|geoffnet|offen|aanwezig|bereikbaar)\b", around))
        and not NEGATION.search(around)
    )
    if re.search(r"\b(?:behalve|except|ausser|m\.u\.v|uitgezonderd|tussen|between|zwischen)\b", whole):
        return
    spans = [_hours(page, day) for day in concrete]
    wrong = (says_closed and any(spans)) or (says_open and not all(spans))
    if says_closed and all(found.relative and found.on == page.facts.now.date() for found in group.days):
        wrong = is_open(page.facts.dealer, page.facts.now)  # "we zijn nu gesloten", after hours
    if wrong:
        start, end = segment.start + group.days[0].start, segment.start + group.days[-1].end
        page.reject("opening", start, end, "dat klopt niet met de openingstijden")
