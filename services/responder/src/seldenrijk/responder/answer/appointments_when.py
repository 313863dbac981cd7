"""A day and a time in the customer's own words, understood against the present moment.

Pure functions; ``now`` is the dealer's local time. Nothing is guessed: what is not said stays None.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from seldenrijk.contracts.messages import Language
from seldenrijk.responder.answer import appointments_words as w
from seldenrijk.responder.stock.words import fold

_YEAR_AHEAD = 60  # a date so many days back is this year's and past; further back, next year's is meant


@dataclass(frozen=True)
class When:
    """A wanted moment: days that would do, a time, or bounds of the time of day. All local.

    ``past`` is True where the customer named a day or date that is over.
    """

    days: tuple[date, ...] = ()
    at: time | None = None
    after: time | None = None
    before: time | None = None
    past: bool = False

    @property
    def said(self) -> bool:
        """Whether anything about a moment was said."""
        return bool(self.days or self.at or self.after or self.before or self.past)


def parse_when(text: str, now: datetime, language: Language = "nl") -> When:
    """Understand "a.s. zaterdag na zessen", "overmorgen half drie", "14 mei", "tomorrow at 2pm"."""
    plain = _plain(text)
    rest, when = _days(plain, now, language)
    at, after, before = _times(rest)
    when = replace(
        when,
        at=at or when.at,
        after=after if after or at else when.after,
        before=before if before or at else when.before,
    )
    if at and not after and not before:
        return replace(when, after=None, before=None)
    return when


def again(found: When, earlier: str, now: datetime, language: Language) -> When:
    """A time alone ("het wordt toch 15:00") moves what was noted for one day: the day stays."""
    if found.days or found.past or not (found.at or found.after or found.before):
        return found
    day = parse_when(earlier, now, language)
    return replace(found, days=day.days) if len(day.days) == 1 and day.at is not None else found


def _plain(text: str) -> str:
    """Folded, but with the signs that dates and times need."""
    kept = re.sub(r"(?<=\d)[.:](?=\d\d\b)", "qq", text.casefold())
    kept = re.sub(r"(?<=\d)/(?=\d)", "ss", kept)
    kept = re.sub(r"(?<=\d)-(?=\d)", "dd", kept)
    kept = fold(kept.replace("'s ", "s ").replace("’s ", "s "))
    for sign, mark in ((":", "qq"), ("/", "ss"), ("-", "dd")):
        kept = re.sub(rf"(?<=\d){mark}(?=\d)", sign, kept)
    return kept


def _days(text: str, now: datetime, language: Language) -> tuple[str, When]:
    today = now.date()
    for reader in (_dated, _relative, _weekday, _week):
        rest, when = reader(text, today, language)
        if when is not None:
            return rest, _daypart(text, when)
    return text, _daypart(text, When())


def _dated(text: str, today: date, _: Language) -> tuple[str, When | None]:
    for pattern, build in w.DATES:
        match = re.search(pattern, text)
        if match is None:
            continue
        found = build(match, today)
        if found is None:
            continue
        day, stated_year = found
        rest = text[: match.start()] + " " + text[match.end() :]
        if day >= today:
            return rest, When((day,))
        if stated_year or (today - day).days <= _YEAR_AHEAD:
            return rest, When(past=True)
        return rest, When((w.same_day(day, day.year + 1),))
    return text, None


def _relative(text: str, today: date, language: Language) -> tuple[str, When | None]:
    if re.search(w.YESTERDAY, text):
        return re.sub(w.YESTERDAY, " ", text), When(past=True)
    for pattern, ahead in w.relative(language):
        match = re.search(pattern, text)
        if match:
            rest = text[: match.start()] + " " + text[match.end() :]
            days = ahead if isinstance(ahead, int) else w.count(match.group(1))
            if days is not None:
                unit = 7 if "w" in match.groupdict() and match.group("w") else 1
                return rest, When((today + timedelta(days=days * unit),))
    return text, None


def _weekday(text: str, today: date, language: Language) -> tuple[str, When | None]:
    pattern = w.weekday_pattern(language)
    days: list[date] = []
    next_week = bool(re.search(w.NEXT_WEEK, text))
    for match in re.finditer(pattern, text):
        number = w.weekday_number(match.group("day"), language)
        ahead = (number - today.weekday()) % 7 or 7
        day = today + timedelta(days=ahead)
        if next_week:
            monday = today + timedelta(days=7 - today.weekday())
            day = monday + timedelta(days=number)
        days.append(day)
    if not days:
        return text, None
    rest = re.sub(w.NEXT_WEEK, " ", re.sub(pattern, " ", text))
    return rest, When(tuple(dict.fromkeys(days)))


def _week(text: str, today: date, _: Language) -> tuple[str, When | None]:
    monday = today + timedelta(days=7 - today.weekday())
    if re.search(w.WEEKEND, text):
        ahead = (5 - today.weekday()) % 7
        saturday = today + timedelta(days=ahead)
        return re.sub(w.WEEKEND, " ", text), When((saturday, saturday + timedelta(days=1)))
    if re.search(w.NEXT_WEEK, text):
        return re.sub(w.NEXT_WEEK, " ", text), When(tuple(monday + timedelta(days=n) for n in range(6)))
    if re.search(w.THIS_WEEK, text):
        left = range(6 - today.weekday())
        return re.sub(w.THIS_WEEK, " ", text), When(tuple(today + timedelta(days=n) for n in left))
    return text, None


def _daypart(text: str, when: When) -> When:
    for pattern, after, before in w.dayparts():
        if re.search(pattern, text):
            return replace(when, after=after, before=before)
    return when


def _times(text: str) -> tuple[time | None, time | None, time | None]:
    """A time, or the bounds of one: (at, after, before)."""
    spoken = w.spoken_times(text)
    if len(spoken) >= 2 and re.search(w.BETWEEN, text):
        return None, spoken[0][1], spoken[1][1]
    if not spoken:
        return None, None, None
    start, at = spoken[0]
    lead = text[:start]
    if re.search(w.AFTER + r"\s*$", lead) or re.match(w.AFTER_SUFFIX, text[start:]):
        return None, at, None
    if re.search(w.BEFORE + r"\s*$", lead):
        return None, None, at
    if re.search(w.AROUND + r"\s*$", lead):
        return None, w.shift(at, -30), w.shift(at, 45)
    return at, None, None
