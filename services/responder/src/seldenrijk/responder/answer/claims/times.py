"""Days and times in a text: opening hours by the dealer file, appointments by what was proposed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from seldenrijk.responder.answer.hours import day_of, holidays_ahead, is_open, next_opening

from .moments import Found, days_in, times_in
from .page import Page, Segment
from .words import NEGATION

_OPENING = re.compile(
    r"\b(?:open\w*|geopend\w*|dicht|gesloten|sluit\w*|openingstijd\w*|bereikbaar|aanwezig|zijn we er|we zijn er|er van|er weer|close[sd]?|opening|hours|geoffnet\w*|geschlossen|offen|offnungszeit\w*|zu\b"
    r"|offnen|schliess\w*|zijn wij er|terug|staan we klaar|koopavond|we are here|sind wir (?:da|von)|sind wir\b.{0,30}\bda|langskomen kan|drop by|terecht|binnenlopen)\b"
)
_VISITING = re.compile(
    r"(?=.*\b(?:langs\w*|terecht|welkom|binnenlopen|come by|welcome|drop by|vorbeikommen|willkommen)\b).*\b(?:tot|vanaf|until|from|bis|ab)\s+(?:om\s+)?\d"
)
_CLOSED = re.compile(r"\b(?:gesloten|dicht|closed|geschlossen|zu|niet open|niet geopend|not open|nicht (?:geoffnet|offen))\b")
_UNTIL = re.compile(r"(?:\b(?:tot|until|till|to|bis|sluit\w* (?:we|wij)?(?: om)?|dicht om|closes? at|-|–)|[-–])\s*(?:ongeveer\s+)?$")
_AROUND_CLOCK = re.compile(r"\b(?:24/7|24 uur per dag|dag en nacht|around the clock|rund um die uhr|24 hours)\b")


@dataclass(frozen=True)
class _Group:
    """Days and the times that are said of them."""

    days: tuple[Found, ...]
    times: tuple[Found, ...]
    start: int
    end: int


def check_times(page: Page) -> None:
    """Prove or reject every day and time."""
    for match in _AROUND_CLOCK.finditer(page.plain):
        page.reject("opening", match.start(), match.end(), "deze openingstijd staat niet in de feiten")
    opening_before = False
    for segment in page.segments:
        text = page.of(segment)
        days, times = days_in(text, page.facts.now.date(), _coming(page)), times_in(text)
        days = [d for d in days if not any(t.start <= d.start < t.end for t in times)]
        listed = any(len(d.weekdays) > 1 for d in days) or bool(re.search(r"\d\s?[-–]\s?\d\d:", text) and times)
        listed = listed or bool(_VISITING.search(page.all_of(segment)))
        about_opening = listed or bool(_OPENING.search(page.all_of(segment))) or (opening_before and bool(times) and bool(days) and not segment.question)
        if days or times:
            if about_opening and not _proposes(page, days, times):
                _check_opening(page, segment, days, times)
            else:
                _check_moments(page, segment, days, times)
        opening_before = about_opening


def _coming(page: Page) -> dict[str, date]:
    """The next date of each public holiday, by its Dutch name."""
    return {name: day for day, name in reversed(holidays_ahead(page.facts.dealer, page.facts.now.date()))}


def _proposes(page: Page, days: list[Found], times: list[Found]) -> bool:
    """A proposed or requested moment, though the sentence speaks of opening too."""
    moments = page.facts.moments
    return bool(days and times) and len(times) == 1 and any(
        m.time() in times[0].times and any(_is_day(d, m.date()) for d in days) for m in moments
    ) and not _UNTIL.search(" ")  # fmt: skip


def _is_day(found: Found, day: date) -> bool:
    return found.on == day if found.on is not None else day.weekday() in found.weekdays


# Opening hours ------------------------------------------------------------------------------------------------


def _check_opening(page: Page, segment: Segment, days: list[Found], times: list[Found]) -> None:
    text = page.of(segment)
    for group in _groups(page, segment, days, times):
        clause = text[group.start : group.end]
        concrete = _concrete(page, group)
        if group.times:
            _opening_times(page, segment, group, concrete, clause)
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


def _concrete(page: Page, group: _Group) -> list[tuple[date | None, int]]:
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
    hours = day_of(dealer, day[0]).hours if day[0] is not None and day[0] != date.min else dealer.hours.of(day[1])
    return (hours.opens, hours.closes) if hours else None


def _opening_times(page: Page, segment: Segment, group: _Group, concrete: list[tuple[date | None, int]], clause: str) -> None:
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
        refused = bool(set(found.times) & page.facts.said.times) and (NEGATION.search(text) or _CLOSED.search(text))
        if good or refused:
            page.prove("opening", start, end, "dealer.hours")
        else:
            page.reject("opening", start, end, "deze openingstijd staat niet in de feiten")


def _nearby(page: Page) -> list[tuple[time, time] | None]:
    """Hours that "we zijn open tot 18:00" can mean without a day: today's, else those of the next open day."""
    facts = page.facts
    today = day_of(facts.dealer, facts.now.date()).hours
    following = next_opening(facts.dealer, facts.now)
    later = day_of(facts.dealer, following.date()).hours if following else None
    closed_now = today is None or facts.now.time() >= today.closes
    return [(h.opens, h.closes) for h in ((later,) if closed_now else (today, later)) if h]


def _open_or_closed(page: Page, segment: Segment, group: _Group, concrete: list[tuple[date | None, int]], clause: str) -> None:
    """ "Zondag gesloten", "zaterdag open": whether it is so."""
    if segment.question or not concrete:
        return
    whole = page.all_of(segment)
    around = clause if _CLOSED.search(clause) or re.search(r"\b(?:open|geopend|geoffnet|offen)\b", clause) else whole
    says_closed = bool(_CLOSED.search(around))
    says_open = not says_closed and bool(re.search(r"\b(?:open|geopend|geoffnet|offen|aanwezig|bereikbaar)\b", around)) and not NEGATION.search(around)
    if re.search(r"\b(?:behalve|except|ausser|m\.u\.v|uitgezonderd|tussen|between|zwischen)\b", whole):
        return
    spans = [_hours(page, day) for day in concrete]
    wrong = (says_closed and any(spans)) or (says_open and not all(spans))
    if says_closed and all(found.relative and found.on == page.facts.now.date() for found in group.days):
        wrong = is_open(page.facts.dealer, page.facts.now)  # "we zijn nu gesloten", after hours
    if wrong:
        start, end = segment.start + group.days[0].start, segment.start + group.days[-1].end
        page.reject("opening", start, end, "dat klopt niet met de openingstijden")


# Appointments and other moments -------------------------------------------------------------------------------


def _check_moments(page: Page, segment: Segment, days: list[Found], times: list[Found]) -> None:
    facts = page.facts
    denied = bool(NEGATION.search(page.all_of(segment))) or segment.question
    for found in days:
        start, end = segment.start + found.start, segment.start + found.end
        if _day_known(page, found, days, denied):
            page.prove("day", start, end, str(found.on or found.weekdays))
        else:
            page.reject("date", start, end, "deze dag staat niet in de feiten")
    for found in times:
        start, end = segment.start + found.start, segment.start + found.end
        block = _days_of(found, days)
        fitting = [m for m in facts.moments if m.time() in found.times and (not block or any(_is_day(d, m.date()) for d in block))]
        said = denied and bool(set(found.times) & facts.said.times)
        back = _next_open(page, found, block)
        if fitting or said or back:
            page.prove("time", start, end, fitting[0].isoformat() if fitting else "said" if said else "dealer.hours")
        else:
            page.reject("time", start, end, "dit tijdstip staat niet in de feiten")


def _days_of(found: Found, days: list[Found]) -> list[Found]:
    before = [d for d in days if d.start < found.start]
    return before[-1:] if before else days[:1]


def _next_open(page: Page, found: Found, block: Iterable[Found]) -> bool:
    following = next_opening(page.facts.dealer, page.facts.now)
    return following is not None and following.time() in found.times and any(_is_day(d, following.date()) for d in block)


def _day_known(page: Page, found: Found, days: list[Found], denied: bool) -> bool:
    facts = page.facts
    if found.relative:
        # "Vandaag" and "morgen" are figures of speech unless a time makes an offer of them.
        return True
    known = {*facts.days, *(facts.said.days if denied or facts.said.days else ())}
    if found.on is not None:
        beside = [d for d in days if d.weekdays and 0 <= found.start - d.end <= 3]
        right = all(found.on.weekday() in d.weekdays for d in beside)
        return found.on in known and right
    dated = [d for d in days if d.on is not None and not d.relative and 0 <= d.start - found.end <= 3]
    if dated:
        return all(d.on is not None and d.on.weekday() in found.weekdays for d in dated)
    week = {day.weekday() for day in known}
    today = facts.now.date()
    coming = [today + timedelta(days=(n - today.weekday()) % 7) for n in found.weekdays]
    return set(found.weekdays) <= week or all(day_of(facts.dealer, day).hours for day in coming)
