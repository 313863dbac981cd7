"""The showroom: opening hours with their exceptions, address, telephone."""

from datetime import date

from seldenrijk.responder.answer.dealer import WEEKDAYS
from seldenrijk.responder.answer.hours import (
    Day,
    day_of,
    exceptions,
    holidays_ahead,
    is_open,
    next_opening,
    opening,
)
from seldenrijk.responder.answer.situation import Situation
from seldenrijk.responder.answer.wording import capital

from .block import Block


def showroom(s: Situation) -> Block:
    """Answer where, when and how the dealer can be reached."""
    w, identity = s.words, s.dealer.identity
    lines: list[str] = []
    if "hours" in s.topics or "walk_in" in s.topics:
        lines += [w.say("showroom.walk_in")] if "walk_in" in s.topics else []
        lines += _hours(s)
    if "address" in s.topics:
        lines.append(w.say("showroom.address", address=s.dealer.address))
    if "phone" in s.topics and not (
        "hours" in s.topics and "address" not in s.topics and "bereikbaar" in s.text
    ):
        lines.append(w.say("showroom.phone", phone=identity.phone))
    if "email" in s.topics:
        lines.append(w.say("showroom.email", email=identity.email))
    if "transport" in s.topics and not lines:
        address = w.say("showroom.address", address=s.dealer.address)
        return Block((address, w.say("showroom.unknown")), (w.say("ask.colleague"),))
    if not lines and s.when.days:
        lines = _hours(s)
    if not lines:
        lines = [w.say("showroom.address", address=s.dealer.address), *_hours(s)]
    return Block(tuple(lines))


def _hours(s: Situation) -> list[str]:
    """The hours of the day that was asked for, else today and the week."""
    days = s.when.days
    if len(days) == 1:
        return [day_line(s, days[0]) if days[0] != s.now.date() else _today(s)]
    coming = (day_of(s.dealer, day) for day, _ in holidays_ahead(s.dealer, s.now.date()))
    holiday = [day for day in coming if _mentions(s, day)]
    if holiday:
        return [day_line(s, day.date) for day in holiday[:2]]
    notes = [_exception(s, day) for day in exceptions(s.dealer, s.now)]
    lines = [_today(s), s.words.say("showroom.hours", hours=week_in_words(s))]
    return lines + ([s.words.say("showroom.exception", days=", ".join(notes))] if notes else [])


_HOLIDAYS = {
    "Hemelvaartsdag": ("hemelvaart", "ascension", "himmelfahrt"),
    "Koningsdag": ("koningsdag", "king", "königstag"),
    "Eerste kerstdag": ("kerst", "christmas", "weihnacht"),
    "Tweede kerstdag": ("kerst", "boxing", "weihnacht", "christmas"),
    "Eerste paasdag": ("pasen", "paas", "easter", "oster"),
    "Tweede paasdag": ("pasen", "paas", "easter", "oster"),
    "Eerste pinksterdag": ("pinkster", "pentecost", "whit", "pfingst"),
    "Tweede pinksterdag": ("pinkster", "pentecost", "whit", "pfingst"),
    "Nieuwjaarsdag": ("nieuwjaar", "oud en nieuw", "new year", "neujahr"),
}


def _mentions(s: Situation, day: Day) -> bool:
    text = s.text.lower()
    return any(word in text for word in _HOLIDAYS.get(day.holiday or "", ()))


def _today(s: Situation) -> str:
    w = s.words
    span = opening(s.dealer, s.now.date())
    if span is not None and is_open(s.dealer, s.now):
        return w.say("showroom.today_open", closes=w.clock(span[1]))
    if span is not None and s.now < span[0]:
        return w.say("showroom.today_later", opens=w.clock(span[0]), closes=w.clock(span[1]))
    following = next_opening(s.dealer, s.now)
    if following is None:
        return w.say("showroom.day_closed", day=w.word("today"), day_cap=capital(w.word("today")))
    key = "today_closed" if span is None else "today_over"
    return w.say(f"showroom.{key}", next=w.moment(following, s.now.date()))


def day_line(s: Situation, day: date) -> str:
    """What holds on one day, with its date."""
    w, found = s.words, day_of(s.dealer, day)
    name = w.day(day)
    if found.hours is not None:
        opens, closes = w.clock(found.hours.opens), w.clock(found.hours.closes)
        return w.say("showroom.day_open", day=name, day_cap=capital(name), opens=opens, closes=closes)
    if found.holiday and found.deviates:
        return w.say("showroom.day_holiday", day=name, holiday=w.value(found.holiday))
    return w.say("showroom.day_closed", day=name, day_cap=capital(name))


def _exception(s: Situation, day: Day) -> str:
    w = s.words
    if day.hours is not None:
        return f"{w.day(day.date)} {w.clock(day.hours.opens)}-{w.clock(day.hours.closes)}"
    reason = f" ({w.value(day.holiday)})" if day.holiday else ""
    return f"{w.day(day.date)} {w.phrase('showroom.closed')}{reason}"


def week_in_words(s: Situation) -> str:
    """The common week, equal neighbouring days together: "maandag t/m vrijdag 09:00-18:00, ..."."""
    w, parts, first = s.words, [], 0
    for number in range(1, len(WEEKDAYS) + 1):
        if number < len(WEEKDAYS) and s.dealer.hours.of(number) == s.dealer.hours.of(first):
            continue
        hours = s.dealer.hours.of(first)
        names = w.weekday(first)
        if number - 1 > first:
            names = w.phrase("showroom.range", first=names, last=w.weekday(number - 1))
        told = f"{w.clock(hours.opens)}-{w.clock(hours.closes)}" if hours else w.phrase("showroom.closed")
        parts.append(f"{names} {told}")
        first = number
    return ", ".join(parts)
