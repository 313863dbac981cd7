"""Finding days, dates and times of day in a segment of a text. On folded text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from seldenrijk.responder.answer.appointments_words import count

_DAYS = (
    ("maandag", "monday", "montag", "ma", "mon", "mo"),
    ("dinsdag", "tuesday", "dienstag", "di", "tue"),
    ("woensdag", "wednesday", "mittwoch", "wo", "wed", "mi"),
    ("donderdag", "thursday", "donnerstag", "do", "thu"),
    ("vrijdag", "friday", "freitag", "vr", "fri", "fr"),
    ("zaterdag", "saturday", "samstag", "za", "sat", "sa"),
    ("zondag", "sunday", "sonntag", "zo", "sun"),
)
_NUMBER = {name: n for n, names in enumerate(_DAYS) for name in names}
_FULL = "|".join(name for names in _DAYS for name in names[:3])
_SHORT = "|".join(name for names in _DAYS for name in names[3:])
_MONTHS = (
    "jan",
    "feb",
    "maa?r|mrt",
    "apr",
    "mei|may|mai",
    "jun",
    "jul",
    "aug",
    "sep",
    "o[kc]t",
    "nov",
    "de[cz]",
)
_MONTH = r"(?P<mon>" + "|".join(f"(?:{m})" for m in _MONTHS) + r")[a-z]*"
_DATE = re.compile(
    rf"\b(?P<d>[0-3]?\d)(?:e|de|ste|th|st|nd|rd|\.)?\s+(?:of\s+)?{_MONTH}\b\.?(?:\s+(?P<y>20\d\d))?"
    rf"|\b{_MONTH.replace('mon', 'mon2')}\s+(?P<d2>[0-3]?\d)(?:th|st|nd"
    rf"|rd)?\b(?![.:,]?\d)(?:,?\s+(?P<y2>20\d\d))?"
    r"|\b(?P<y3>20\d\d)-(?P<m3>[01]\d)-(?P<d3>[0-3]\d)\b"
    r"|\b(?P<d4>[0-3]?\d)[-/](?P<m4>[01]?\d)(?:[-/](?P<y4>20\d\d|\d\d))?\b(?!\s*(?:uur|uhr|%|km))"
)
_WEEKDAY = re.compile(
    rf"\b(?P<full>{_FULL})(?:s|en)?(?:ochtend|morgen|middag|avond|namiddag|vormittag|nachmittag|abend)?s?\b"
    rf"|\b(?P<short>{_SHORT})\b\.?(?=\s*(?:t/m|tot en met|-|–|/|\d|bis|to|gesloten|closed|,|:|om\b"
    rf"|at\b|um\b|$))"
)
_SHARED = re.compile(
    rf"\b(?P<a>[0-3]?\d)\.?(?=\s+(?:en|of|and|or|und|oder|t/m"
    rf"|-)\s+(?:(?:{_FULL})\s+)?(?P<b>[0-3]?\d)\.?\s+{_MONTH})"
)
_GROUP = re.compile(
    r"\b(?P<g>doordeweeks\w*|werkdagen|weekdays|werktags|wochentags)\b|\b(?P<w>weekend\w*|wochenende)\b"
    r"|\b(?P<all>dagelijks|elke dag|alle dagen|iedere dag|every day|daily|taglich|jeden tag|7 dagen)\b"
)
_RANGE = re.compile(r"^\s*(?:t/m|tot en met|-|–|bis|to|through|tot|until)\s*$")
_RELATIVE = re.compile(
    r"\b(?P<today>vandaag|vanavond|vanmiddag|vanochtend|vanmorgen|today|tonight|this afternoon|heute"
    r"|nu\b|now|jetzt)|\b(?P<after>overmorgen|day after tomorrow|ubermorgen)\b"
    r"|\b(?P<tomorrow>morgen(?:ochtend|middag|avond|vroeg)?|tomorrow)\b(?!s)"
)
_HOUR_WORD = (
    "een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
    "|one|two|three|five|six|seven|eight|nine|ten|eleven|twelve|eins|zwei|drei|funf|sechs|sieben|neun|zehn|zwolf"
)
_CLOCK = re.compile(
    r"(?<![\d€.,])(?<!€ )(?P<h>[01]?\d|2[0-4])[:.u](?P<m>[0-5]\d)(?!\d)(?!\s*(?:tsi|tdi|tfsi|km|euro"
    r"|,-|%|l\b|liter))(?:\s?(?:uur|uhr|h\b))?(?:\s?(?P<ap>am|pm|a\.m\.|p\.m\.))?"
    rf"|\b(?P<half>half past|half|halb)\s+(?P<hh>\d{{1,2}}|{_HOUR_WORD})\b"
    rf"|\b(?P<q>kwart over|kwart voor|quarter past|quarter to|viertel nach"
    rf"|viertel vor)\s+(?P<qh>\d{{1,2}}|{_HOUR_WORD})\b"
    r"|(?<![\d.,])(?P<h2>[01]?\d|2[0-4])\s?(?P<ap2>am|pm|a\.m\.|p\.m\.)\b"
    rf"|(?<![\d.,])\b(?P<h3>[01]?\d|2[0-4]|{_HOUR_WORD})\s?(?:uur|uhr|o'clock)\b"
    r"|(?<=\bom )(?P<h4>[01]?\d|2[0-4])\b(?![.,:]?\d)|(?<=\bat )(?P<h5>[01]?\d|2[0-4])\b(?![.,:]?\d)"
    r"|(?<=\bum )(?P<h6>[01]?\d|2[0-4])\b(?![.,:]?\d)"
    r"|(?<![\d.,€])\b(?P<h7>[01]?\d|2[0-4])(?=\s?(?:-|–|tot|to|bis|until)\s?(?:[01]?\d"
    r"|2[0-4])\s?(?:uur|uhr|h\b|am\b|pm\b))"
    r"|(?:(?<=\bvan )|(?<=\bfrom )|(?<=\bvon ))(?P<h8>[01]?\d|2[0-4])(?=\s(?:tot|to|bis|until)\s)"
    r"|(?:(?<=\d tot )|(?<=\d to )|(?<=\d bis ))(?P<h9>[01]?\d|2[0-4])\b(?![.,:]?\d)"
    r"|(?<=\btot )(?P<h10>1[0-9]|2[0-4]|[89])\b(?![.,:]?\d|\s*(?:km|euro|jaar|auto|,-|%|€|zit|pers"
    r"|deur|dagen|maanden|weken|k\b))"
)
_DURATION_LEAD = re.compile(
    r"\b(?:binnen|over|in|within|duurt|circa|nog|elke|per|innerhalb|ongeveer|dauert|takes)\s*(?:de\s+"
    r"|circa\s+|ongeveer\s+)?$"
)


@dataclass(frozen=True)
class Found:
    """A day or a time in a segment: its place and what it may mean.

    ``weekday`` numbers (Monday is 0) or a ``date``; or times of day (two readings of "half drie").
    """

    start: int
    end: int
    weekdays: tuple[int, ...] = ()
    on: date | None = None
    times: tuple[time, ...] = ()
    relative: bool = False


_HOLIDAYS = {
    "Koningsdag": r"koningsdag|king's day|konigstag",
    "Hemelvaartsdag": r"hemelvaart\w*|ascension(?: day)?|(?:christi )?himmelfahrt",
    "Tweede kerstdag": r"tweede kerstdag|2e kerstdag|boxing day|zweiter weihnachtstag",
    "Eerste kerstdag": r"eerste kerstdag|1e kerstdag"
    r"|(?:met|op) kerst|at christmas|christmas day|erster weihnachtstag"
    r"|an weihnachten",
    "Nieuwjaarsdag": r"nieuwjaarsdag|new year's day|neujahr",
    "Tweede paasdag": r"tweede paasdag|2e paasdag|easter monday|ostermontag",
    "Eerste paasdag": r"eerste paasdag|1e paasdag|(?:met|op) pasen|easter sunday|ostersonntag",
    "Goede vrijdag": r"goede vrijdag|good friday|karfreitag",
    "Tweede pinksterdag": r"tweede pinksterdag|2e pinksterdag|whit monday|pfingstmontag",
    "Bevrijdingsdag": r"bevrijdingsdag|liberation day|befreiungstag",
    "Eerste pinksterdag": r"eerste pinksterdag|1e pinksterdag"
    r"|(?:met|op) pinksteren|pfingstsonntag|whit sunday",
}


def _holidays(text: str, holidays: Mapping[str, date]) -> list[Found]:
    """Public holidays by name; ``holidays`` gives the coming date of each Dutch name."""
    return [
        Found(m.start(), m.end(), on=holidays.get(name, date.min), relative=False)
        for name, pattern in _HOLIDAYS.items()
        for m in re.finditer(rf"\b(?:{pattern})\b", text)
    ]


def days_in(text: str, today: date, holidays: Mapping[str, date] | None = None) -> list[Found]:
    """Days, dates, holidays and groups of days, in order; ranges are written out."""
    found = [f for m in _DATE.finditer(text) if (f := _dated(m, today)) is not None]
    found += [_shared_month(m, today) for m in _SHARED.finditer(text)]
    taken = [(f.start, f.end) for f in found]

    def free(match: re.Match[str]) -> bool:
        return not any(a < match.end() and match.start() < b for a, b in taken)

    found += [_weekday(m) for m in _WEEKDAY.finditer(text) if free(m)]
    for m in _GROUP.finditer(text):
        days = tuple(range(5)) if m["g"] else (5, 6) if m["w"] else tuple(range(7))
        found.append(Found(m.start(), m.end(), days))
    for m in _RELATIVE.finditer(text):
        ahead = 0 if m["today"] else 2 if m["after"] else 1
        found.append(Found(m.start(), m.end(), on=today + timedelta(days=ahead), relative=True))
    found += _holidays(text, holidays or {})
    return _ranges(text, sorted(found, key=lambda f: f.start))


def _weekday(m: re.Match[str]) -> Found:
    return Found(m.start(), m.end(), (_NUMBER[m["full"] or m["short"]],))


def _ranges(text: str, found: list[Found]) -> list[Found]:
    result: list[Found] = []
    for item in found:
        last = result[-1] if result else None
        if last and last.weekdays and item.weekdays and _RANGE.match(text[last.end : item.start]):
            days = tuple(
                n % 7
                for n in range(
                    last.weekdays[0], last.weekdays[0] + (item.weekdays[-1] - last.weekdays[0]) % 7 + 1
                )
            )
            result[-1] = Found(last.start, item.end, days)
        else:
            result.append(item)
    return result


def _dated(m: re.Match[str], today: date) -> Found | None:
    day = int(next(m[g] for g in ("d", "d2", "d3", "d4") if m[g]))
    name = m["mon"] or m["mon2"]
    month = next((n for n, p in enumerate(_MONTHS, 1) if name and re.match(p, name)), 0) or int(
        m["m3"] or m["m4"] or 0
    )
    year_text = m["y"] or m["y2"] or m["y3"] or m["y4"]
    years = (
        [int(year_text) + (2000 if len(year_text) == 2 else 0)] if year_text else [today.year, today.year + 1]
    )
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if year_text or found >= today - timedelta(days=60):
            return Found(m.start(), m.end(), on=found)
    # An impossible date is a date nevertheless: no fact will bear it out.
    return Found(m.start(), m.end(), on=date.min)


def _shared_month(m: re.Match[str], today: date) -> Found:
    """ "25 en 26 december": the first day shares the month."""
    month = next(n for n, p in enumerate(_MONTHS, 1) if re.match(p, m["mon"]))
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, int(m["a"]))
        except ValueError:
            continue
        if found >= today - timedelta(days=60):
            return Found(m.start("a"), m.end("a"), on=found)
    return Found(m.start("a"), m.end("a"), on=date.min)


def times_in(text: str) -> list[Found]:
    """Times of day, in order. Durations ("binnen 24 uur") are left to the numbers."""
    found = []
    for m in _CLOCK.finditer(text):
        if m["h3"] and _DURATION_LEAD.search(text[: m.start()]):
            continue
        times = _times(m)
        if times:
            found.append(Found(m.start(), m.end(), times=times))
    return found


def _times(m: re.Match[str]) -> tuple[time, ...]:
    if m["half"] or m["q"]:
        hour = count(m["hh"] or m["qh"])
        minutes = {
            "half past": 30,
            "half": -30,
            "halb": -30,
            "kwart over": 15,
            "quarter past": 15,
            "viertel nach": 15,
        }.get(m["half"] or m["q"], -15)
        return _both((hour or 0) * 60 + minutes)
    text = next((m[f"h{n}"] for n in ("", *range(2, 11)) if m.groupdict().get(f"h{n}")), None)
    hour = count(text) if text else None
    if hour is None:
        return ()
    half_day = (m["ap"] or m["ap2"] or "").replace(".", "")
    total = hour * 60 + int(m["m"] or 0)
    if half_day:
        total += 720 if half_day == "pm" and hour < 12 else -720 if half_day == "am" and hour == 12 else 0
        return _one(total)
    return _one(total) if m["h"] or total >= 8 * 60 else _both(total)


def _one(total: int) -> tuple[time, ...]:
    return (time(total // 60 % 24, total % 60),)


def _both(total: int) -> tuple[time, ...]:
    total %= 720
    return tuple(time((total + half) // 60 % 24, total % 60) for half in (0, 720))
