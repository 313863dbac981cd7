"""The words for days and times of day in Dutch, English and German."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache

from seldenrijk.contracts.messages import Language

_NUMBERS: dict[str, int] = {
    name: value
    for value, names in enumerate(
        (
            "", "een eens one ein eins", "twee tweeen two zwei", "drie drieen three drei", "vier vieren four",
            "vijf vijven five funf", "zes zessen six sechs", "zeven zevenen seven sieben",
            "acht achten eight",
            "negen negenen nine neun", "tien tienen ten zehn", "elf elven eleven",
            "twaalf twaalven twelve zwolf",
        )
    )
    for name in names.split()
}  # fmt: skip
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "", "januari jan january januar janner", "februari feb february februar",
            "maart mrt march mar marz",
            "april apr", "mei may mai", "juni jun june", "juli jul july", "augustus aug august",
            "september sept sep", "oktober okt october oct", "november nov", "december dec dezember dez",
        )
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")"
_DAY = r"(?P<day>[0-3]?\d)"
_ORDINAL = r"(?:e|de|ste|th|st|nd|rd)"
YESTERDAY = (
    r"\b(?:gisteren|eergisteren|gister|yesterday|gestern|vorgestern)\b|\b(?:afgelopen|vorige|last|letzten)\b"
)
NEXT_WEEK = r"\b(?:volgende|komende|next|nachste[rn]?)\s+(?:week|woche)\b"
THIS_WEEK = r"\b(?:deze|van de|this|diese[rn]?|doordeweeks?)\s*(?:week|woche)\b|\bdoordeweeks\b"
WEEKEND = r"\b(?:weekend|weekeinde|wochenende)\b"
BETWEEN = r"\b(?:tussen|between|zwischen)\b|\d\s*-\s*\d"
AFTER = r"\b(?:na|vanaf|after|from|nach|ab|later dan)"
AFTER_SUFFIX = r"\S+(?:\s+(?:uur|uhr))?\s+(?:of later|or later|oder spater)\b"
BEFORE = r"\b(?:voor|tot|before|until|vor|bis)"
AROUND = r"\b(?:rond|omstreeks|ongeveer|circa|tegen|around|about|gegen|ungefahr)(?:\s+(?:de klok van|om))?"

_FULL_DAYS = (
    "maandag monday montag", "dinsdag tuesday dienstag", "woensdag wednesday mittwoch",
    "donderdag thursday donnerstag", "vrijdag friday freitag", "zaterdag saturday samstag sonnabend",
    "zondag sunday sonntag",
)  # fmt: skip
_SHORT_DAYS: dict[Language, tuple[str, ...]] = {
    "nl": ("ma", "di", "wo", "do", "vr vrij", "za zat", "zo"),
    "en": ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun"),
    "de": ("mo", "di", "mi", "do", "fr", "sa", "so"),
}


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def same_day(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes 1 March."""
    return _safe_date(year, day.month, day.day) or date(year, 3, 1)


def _build(match: re.Match[str], today: date) -> tuple[date, bool] | None:
    groups = match.groupdict()
    month_text = groups.get("month") or ""
    month = _MONTHS.get(month_text) or (int(month_text) if month_text.isdigit() else today.month)
    year_text = groups.get("year") or ""
    year = int(year_text) + (2000 if len(year_text) == 2 else 0) if year_text else today.year
    day = _safe_date(year, month, int(groups["day"]))
    return (day, bool(year_text)) if day else None


def _build_day(match: re.Match[str], today: date) -> tuple[date, bool] | None:
    """A bare day of the month: the next one to come."""
    for ahead in range(3):
        first = (today.replace(day=1) + timedelta(days=32 * ahead)).replace(day=1)
        day = _safe_date(first.year, first.month, int(match["day"]))
        if day and day >= today:
            return day, False
    return None


DATES: tuple[tuple[str, Callable[[re.Match[str], date], tuple[date, bool] | None]], ...] = (
    (r"\b(?P<year>20\d\d)-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)\b", _build),
    (rf"\b{_DAY}{_ORDINAL}?\s+(?:of\s+|van\s+)?{_MONTH}\b(?:\s+(?P<year>20\d\d)\b)?", _build),
    (rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}{_ORDINAL}?\b(?!:)(?:\s+(?P<year>20\d\d)\b)?", _build),
    (rf"\b{_DAY}[-/](?P<month>[01]?\d)(?:[-/](?P<year>20\d\d|\d\d))?\b(?!\s*(?:uur|uhr))", _build),
    (rf"\b(?:de|the|am|den)?\s*{_DAY}{_ORDINAL}\b(?!\s+(?:optie|auto|tijd|option|car|one))", _build_day),
    (rf"\bam\s+{_DAY}\b(?!:|\s*uhr)", _build_day),
)


@cache
def relative(language: Language) -> tuple[tuple[str, int | str], ...]:
    """Patterns of days relative to today, with how many days ahead (a string: the count is in the match)."""
    tomorrow = (
        r"(?<!guten )\bmorgen\b(?!s)"
        if language == "de"
        else r"(?<!dag )(?<!in de )(?<!s )(?<!goede )\bmorgen(?:ochtend|vroeg|middag|avond|namiddag)?\b"
    )
    return (
        (r"\bovermorgen\b|\bday after tomorrow\b|\bubermorgen\b", 2),
        (r"\btomorrow\b|\bmorgenochtend\b|\btmrw\b|" + tomorrow, 1),
        (
            r"\b(?:vandaag|vanavond|vanmiddag|vanochtend|vanmorgen|vannamiddag|today|tonight|heute"
            r"|straks|zometeen)\b"
            r"|\bthis (?:afternoon|morning|evening)\b",
            0,
        ),
        (
            rf"\b(?:over|in|binnen)\s+(\d{{1,2}}|{_WORDS})\s+(?:dagen|dag|days?|tagen|(?P<w>weken"
            rf"|week|weeks?|wochen?))\b",
            "n",
        ),
    )


def count(text: str) -> int | None:
    """A small number in digits or words."""
    return int(text) if text.isdigit() else _NUMBERS.get(text)


@cache
def _day_names(language: Language) -> dict[str, int]:
    names = {name: number for number, group in enumerate(_FULL_DAYS) for name in group.split()}
    short = _SHORT_DAYS[language]
    return names | {name: number for number, group in enumerate(short) for name in group.split()}


@cache
def weekday_pattern(language: Language) -> str:
    """Pattern of a weekday, full or short, with a part of the day attached or not."""
    names = "|".join(sorted(_day_names(language), key=len, reverse=True))
    return rf"\b(?P<day>{names})s?(?:ochtend|morgen|middag|namiddag|avond|vormittag|nachmittag|abend)?s?\b"


def weekday_number(name: str, language: Language) -> int:
    """Number of a weekday's name, Monday is 0."""
    return _day_names(language)[name]


@cache
def dayparts() -> tuple[tuple[str, time | None, time | None], ...]:
    """Parts of the day with their bounds, the more precise first."""
    return (
        (r"\b(?:einde?|eind)\s+(?:van\s+)?(?:de\s+)?(?:na)?middag|late afternoon|spater nachmittag",
         time(15, 30), None),
        (r"\b(?:begin|vroeg)\s+(?:van\s+)?(?:in\s+)?(?:de\s+)?middag|early afternoon",
         time(12), time(14, 30)),
        (r"\b(?:einde?|eind)\s+(?:van\s+)?(?:de\s+)?(?:ochtend|morgen)|late morning", time(10, 30), time(12)),
        (r"lunch|tussen de middag|\bnoon\b|\bmittags\b|\bmittag\b|midday", time(11, 45), time(13, 30)),
        (r"na het werk|na (?:mijn|me|m n) werk|after work|nach der arbeit|nach feierabend", time(17), None),
        (r"avond|evening|tonight|abend", time(17), None),
        (r"middag|afternoon|nachmittag", time(12), time(18)),
        (r"ochtend|\bmorgens\b|morning|vormittag|vanmorgen|dagmorgen|morgenvroeg|morgen fruh|\bin de morgen\b"
         r"|dag morgen\b|vroeg mogelijk op de dag", time(0), time(12)),
        (r"later op de dag|later in the day|spater am tag", time(14), None),
    )  # fmt: skip


_HOUR = rf"(?P<h>\d{{1,2}}|{_WORDS})"
_TIMES: tuple[tuple[str, Callable[[int, re.Match[str]], int]], ...] = (
    (r"\b(?P<h>\d{1,2})[:u](?P<m>[0-5]\d)\s*(?P<ap>am|pm)?\b", lambda h, m: h * 60 + int(m["m"])),
    (rf"\b(?:half)\s+past\s+{_HOUR}\s*(?P<ap>am|pm)?\b", lambda h, _: h * 60 + 30),
    (rf"\b(?P<n>\d{{1,2}}|{_WORDS})\s+(?:minuten\s+)?voor\s+half\s+{_HOUR}\b",
     lambda h, m: h * 60 - 30 - (count(m["n"]) or 0)),
    (rf"\b(?P<n>\d{{1,2}}|{_WORDS})\s+(?:minuten\s+)?over\s+half\s+{_HOUR}\b",
     lambda h, m: h * 60 - 30 + (count(m["n"]) or 0)),
    (rf"\b(?:half|halb)\s+{_HOUR}\b", lambda h, _: h * 60 - 30),
    (rf"\b(?:kwart over|quarter past|viertel nach)\s+{_HOUR}\s*(?P<ap>am|pm)?\b", lambda h, _: h * 60 + 15),
    (rf"\b(?:kwart voor|quarter to|viertel vor)\s+{_HOUR}\s*(?P<ap>am|pm)?\b", lambda h, _: h * 60 - 15),
    (rf"\b{_HOUR}\s*(?P<ap>am|pm)\b", lambda h, _: h * 60),
    (rf"\b{_HOUR}\s*(?:uur|uhr|u|o clock|h)\b", lambda h, _: h * 60),
    (
        rf"\b(?:om|at|um|na|vanaf|after|nach|ab|voor|before|vor|rond|around|gegen|tussen|between|zwischen"
        rf"|en|and|und|tot"
     rf"|tegen|omstreeks|about|until|bis|van|ongeveer)\s+{_HOUR}\b(?!\s*(?:auto|dagen|weken|days"
     rf"|weeks|tage|keer|personen))",
     lambda h, _: h * 60),
    (r"\b(?P<h>\d{1,2})\s*-\s*\d{1,2}\b", lambda h, _: h * 60),
    (r"(?<=-)(?P<h>\d{1,2})\b", lambda h, _: h * 60),
)  # fmt: skip


def spoken_times(text: str) -> list[tuple[int, time]]:
    """Times of day in a folded text, with the place of their hour, in order.

    An hour from 1 to 7 without a part of the day is one of the afternoon: nobody visits a dealer at three.
    """
    morning = bool(re.search(r"\bochtend|\bmorgens\b|morning|vormittag|\bam\b", text))
    found: dict[int, time] = {}
    taken: list[tuple[int, int]] = []
    for pattern, minutes in _TIMES:
        for match in re.finditer(pattern, text):
            start = match.start("h")
            if any(a <= start < b or a < match.end("h") <= b for a, b in taken):
                continue
            hour = count(match["h"])
            moment = _time(hour, match, minutes, morning) if hour is not None and hour <= 24 else None
            if moment is not None:
                begin = match.start() if pattern[:20].find("half") >= 0 or "kwart" in pattern else start
                found[begin] = moment
                taken.append((min(begin, start), match.end()))
    return sorted(found.items())


def _time(
    hour: int, match: re.Match[str], minutes: Callable[[int, re.Match[str]], int], morning: bool
) -> time | None:
    half_day = match.groupdict().get("ap")
    total = minutes(hour, match)
    if half_day == "pm" and total < 12 * 60:
        total += 12 * 60
    elif half_day == "am" and hour == 12:
        total -= 12 * 60
    elif half_day is None and total < 8 * 60 and not (morning and total >= 6 * 60):
        total += 12 * 60
    return time(total // 60, total % 60) if 0 <= total < 24 * 60 else None


def shift(moment: time, minutes: int) -> time:
    """The time so many minutes later or earlier, within the day."""
    total = min(max(moment.hour * 60 + moment.minute + minutes, 0), 24 * 60 - 1)
    return time(total // 60, total % 60)


def at_day(day: date, moment: time) -> datetime:
    """A naive local moment."""
    return datetime.combine(day, moment)
