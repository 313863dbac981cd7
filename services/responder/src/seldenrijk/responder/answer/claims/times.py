"""Days and times in a text: opening hours by the dealer file, appointments by what was proposed."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from seldenrijk.responder.answer.hours import day_of, holidays_ahead, next_opening

from .moments import Found, days_in, times_in
from .opening import check_opening
from .page import Page, Segment
from .words import NEGATION

_OPENING = re.compile(
    r"\b(?:open\w*|geopend\w*|dicht|gesloten|sluit\w*|openingstijd\w*|bereikbaar|aanwezig|zijn we er"
    r"|we zijn er|er van|er weer|close[sd]?|opening|hours|geoffnet\w*|geschlossen|offen"
    r"|offnungszeit\w*|zu\b"
    r"|offnen|schliess\w*|zijn wij er|terug|staan we klaar|koopavond|we are here|sind wir (?:da|von)"
    r"|sind wir\b.{0,30}\bda|langskomen kan|drop by|terecht|binnenlopen)\b"
)
_VISITING = re.compile(
    r"\b(?:vandaag|morgen|today|tomorrow|heute)\s+(?:\w+\s+)?(?:tot|vanaf|until|from|bis|ab)\s+\d|"
    r"(?=.*\b(?:langs\w*|terecht|welkom|binnenlopen|come by|welcome|drop by|vorbeikommen"
    r"|willkommen)\b).*\b(?:tot|vanaf|until|from|bis|ab)\s+(?:om\s+)?\d"
)
_AROUND_CLOCK = re.compile(
    r"\b(?:24/7|24 uur per dag|dag en nacht|around the clock|rund um die uhr|24 hours)\b"
)


def check_times(page: Page) -> None:
    """Prove or reject every day and time."""
    for match in _AROUND_CLOCK.finditer(page.plain):
        page.reject("opening", match.start(), match.end(), "deze openingstijd staat niet in de feiten")
    opening_before = False
    for segment in page.segments:
        text = page.of(segment)
        days, times = days_in(text, page.facts.now.date(), _coming(page)), times_in(text)
        days = [d for d in days if not any(t.start <= d.start < t.end for t in times)]
        listed = any(len(d.weekdays) > 1 for d in days) or bool(
            re.search(r"\d\s?[-–]\s?\d\d:", text) and times
        )
        listed = listed or bool(_VISITING.search(page.all_of(segment)))
        about_opening = (
            listed
            or bool(_OPENING.search(page.all_of(segment)))
            or (opening_before and bool(times) and bool(days) and not segment.question)
        )
        if days or times:
            if about_opening and not _proposes(page, days, times):
                check_opening(page, segment, days, times)
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
    )  # fmt: skip


def _is_day(found: Found, day: date) -> bool:
    return found.on == day if found.on is not None else day.weekday() in found.weekdays


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
        fitting = [
            m
            for m in facts.moments
            if m.time() in found.times and (not block or any(_is_day(d, m.date()) for d in block))
        ]
        said = denied and bool(set(found.times) & facts.said.times)
        back = _next_open(page, found, block)
        if fitting or said or back:
            page.prove(
                "time", start, end, fitting[0].isoformat() if fitting else "said" if said else "dealer.hours"
            )
        else:
            page.reject("time", start, end, "dit tijdstip staat niet in de feiten")


def _days_of(found: Found, days: list[Found]) -> list[Found]:
    before = [d for d in days if d.start < found.start]
    return before[-1:] if before else days[:1]


def _next_open(page: Page, found: Found, block: Iterable[Found]) -> bool:
    following = next_opening(page.facts.dealer, page.facts.now)
    return (
        following is not None
        and following.time() in found.times
        and any(_is_day(d, following.date()) for d in block)
    )


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
