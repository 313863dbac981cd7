"""Finds days and times as the customer wrote them: verbatim spans, relative days, dayparts, clock times."""

import re
from dataclasses import dataclass

from seldenrijk.nlu.text import Text

_PART = r"(?:ochtend|morgen|middag|namiddag|voormiddag|avond|nacht|vroeg|abend|vormittag|nachmittag)"
_WEEKDAY = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon|maa|woen|dond)dag(?:s?" + _PART + r"|s)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag(?:s?"
    + _PART
    + r")?|mittwoch"
    r"|(?:eerste|tweede) (?:paas|pinkster|kerst)dag|koningsdag|hemelvaart(?:sdag)?|goede vrijdag)"
)  # fmt: skip
_SHORT = r"(?:ma|di|wo|woe|do|don|vr|vrij|za|zat|zo|zon)"
_MONTH = (
    r"(?:jan(?:uari|uar)?|feb(?:ruari|ruar)?|maart|mrt|april|apr|mei|juni|jun|juli|jul|"
    r"aug(?:ustus)?|sep(?:t|tember)?"
    r"|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|marz|mai|may|june|july|august|march|dezember)"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:e|ste|de|th|st|nd|rd|\.)? (?:van )?{_MONTH}\b(?: 20\d\d)?|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|(?:(?<=\bde )|(?<=\bop )|(?<=\bthe ))\d{{1,2}}(?:e|th|st|nd|rd|"
    rf"ste)\b(?! (?:eigena|hands|keer|sleutel|auto|kans|foto|wagen|van de|optie))"
    rf"|(?<![\d/.-])(?:[12]?\d|3[01])[-/](?:0?[1-9]|1[0-2])(?:[-/](?:20)?\d\d)?(?![\d/.-]|\s*(?:km|"
    rf"euro|k\b|mille|duizend|deur|drs|zit|uur)))"
)
_RELATIVE = (
    rf"(?:vandaag|vnmdg|vnmiddag|vanmid|vanav|mrgn|mrgen|vndg|vanmiddag|vanavond|vanochtend|vanmorgen|vannamiddag|morgen{_PART}|morgen|"
    rf"overmorgen{_PART}?|mogen{_PART}|today|tonight|tomorrow|heute|ubermorgen"
    r"|deze (?:morgen|ochtend|middag|namiddag|avond)|this (?:morning|afternoon|evening|week|"
    r"weekend)|diese woche|nachste woche|morgenvroeg"
    rf"|(?:begin|half|medio|eind|einde|midden)(?: van)? {_MONTH}\b"
    r"|(?:begin|eind|einde|midden|in de loop)(?: van)? (?:volgende|de|deze|komende) week|"
    r"(?:volgende|komende|deze|aankomende|aanstaande|next) (?:week|maand|month)"
    r"|(?:(?:dit|het|komend|aankomend|aanstaande|volgend|this|the|next|am) )?(?:weekend|weekeinde|wochenende)"
    r"|(?:een|1|twee|2) (?:week|dag|weken|dagen) (?:later|eerder)|over (?:een|\d|twee|drie|"
    r"anderhalve) (?:week|weken|dag|dagen|maand)|door de week|doordeweeks|werkdagen|in \d (?:tagen|"
    r"wochen|days|weeks)"
    r"|(?:op )?een (?:zaterdag|doordeweekse dag)|dezelfde dag|zelfde dag|een andere dag)"
)
_LEAD = (
    r"(?:(?:a\.?s\.?|aanstaande?|aankomende?|komende?|eerstkomende|eerstvolgende|volgende week|"
    r"volgende|deze week|deze|this|next|coming|kommenden?|nachsten?|diesen?|am) )"
)
_DAY = (
    rf"(?:{_LEAD}?{_WEEKDAY}(?: (?:de )?{_DATE})?|{_RELATIVE}(?! (?:week|weken))(?: {_WEEKDAY}|"
    rf" op {_WEEKDAY})?|{_LEAD}{_SHORT}\b|{_DATE})"
)
_DAYS = re.compile(
    rf"(?<![a-z0-9])(?:(?P<edge>na|voor|tussen|vanaf|before|after|nach|vor|tot) (?:(?:het|de|dit|"
    rf"the) )?)?{_DAY}"
    rf"(?:(?:,? (?:of|en|or|oder|t/m|tot|tot en met|and|of anders|of eventueel) |/|, |"
    rf"-)(?:op )?(?:{_DAY}|{_SHORT}\b))*(?![a-z0-9])"
)
_SHORT_DAY = re.compile(
    rf"(?<![a-z0-9])(?:(?:op|naar|aan|van|dan|kan|evt|of|"
    rf"tot) )(?P<day>{_SHORT}(?: of {_SHORT})?)(?![a-z0-9])|^(?P<start>{_SHORT})(?=\?|$| (?:om|of|"
    rf"\d|rond|na|voor|ochtend|middag|avond|dan|is|kan|half|schikt|past|graag|lukt)\b)"
)
_HOURS = (
    r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|eens|tweeen|drieen|vieren|vijven|"
    r"zessen|zevenen|achten|negenen|tienen|elven|twaalven|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|[01]?\d|2[0-4])"
)
_NOT_HOURS = (
    r"[\d.,]\d|[a-z]|\s*(?:km|euro|mille|duizend|k\b|ton|jaar|mnd|maand|dagen|weken|week|pers|%|auto|"
    r"proefrit|keer|deur|eeuw)"
)
_CLOCK = (
    rf"(?:half {_HOURS}(?: uur)?|kwart (?:over|voor) {_HOURS}|(?:vijf|tien|\d{{1,2}}) (?:over|"
    rf"voor) (?:half )?{_HOURS}|half past {_HOURS}|quarter (?:past|to) {_HOURS}"
    r"|(?:[01]?\d|2[0-4])[:.][0-5]\d(?:\s?(?:uur|u|h|uhr|am|pm)\b)?|(?:[01]?\d|"
    r"2[0-4])\s?[uh](?:[0-5]\d)\b|(?:[01]?\d|2[0-4])\s?(?:uur|uhr|u|h)\b(?! (?:rijden|rijd|lang|"
    r"duurt|onderweg|later|geleden|reizen|werk|per|garantie|van))"
    rf"|{_HOURS} (?:uur|o'?clock)\b(?! (?:rijden|rijd|lang|duurt|onderweg|later|geleden|reizen|"
    rf"werk))|(?:[01]?\d)\s?(?:am|pm|a\.m\.?|p\.m\.?)(?![a-z])"
    r"|(?:eind|einde|begin)(?: van)? (?:de )?(?:ochtend|middag|avond|namiddag|voormiddag)|"
    r"(?:vroege|late|vroeg in de|laat in de|later in de|in de vroege|in de late|end of the|early|"
    r"late) (?:ochtend|middag|avond|namiddag|morning|afternoon|evening)"
    r"|over (?:een |\d+ )?(?:kwartier(?:tje)?|uur(?:tje)?|half uur(?:tje)?|halfuur(?:tje)?|minuten|"
    r"min)\b|(?:wat |iets )?(?:later|eerder) op de (?:dag|avond|middag|ochtend)|lunchtijd|"
    r"lunchpauze|lunch|etenstijd|sluitingstijd|openingstijd|middaguur|noon|midday|"
    r"mittag)"
)
_TIME_LEAD = (
    r"(?:(?:om|na|voor|rond|rondom|tussen|vanaf|tegen|ongeveer|omstreeks|uiterlijk|after|before|around|"
    r"between|from|ab|gegen|nach|vor|zo rond|zo|ca\.?|circa|een uur of|iets na|iets voor|kort na|"
    r"liefst na|um|bis|tot|van|by|at) (?:de |het |een |een uur of |zo'n )?)"
)
_TIMES = re.compile(
    rf"(?<![a-z0-9€.,'])(?:{_TIME_LEAD}?{_CLOCK}(?:\s?(?:en|of|tot|-|a|and|or|to|und|bis|"
    rf"oder)\s?(?:{_CLOCK}|{_HOURS}(?![\d.,]|\s*(?:km|euro|mille|duizend|k\b|jaar|mnd))))?"
    rf"|(?:tussen|between|zwischen|van) {_HOURS}(?: uur)? (?:en|tot|and|to|und|bis) (?:{_CLOCK}|"
    rf"{_HOURS})(?:\s?(?:uur|u|uhr)\b)?(?!{_NOT_HOURS})"
    rf"|(?:om|rond|na|voor|vanaf|tegen|omstreeks|at|um|gegen|ab|around|after|before|een uur of|"
    rf"zo rond|nach) (?:een uur of )?(?!een\b){_HOURS}(?: of {_HOURS})?(?!{_NOT_HOURS})"
    r"|[01]?\d\s?(?:-|tot)\s?[12]?\d uur"
    r"|'?s (?:ochtends|morgens|middags|namiddags|avonds|voormiddags)(?: vroeg| laat)?|(?:na|"
    r"voor) (?:het |mijn |m'n |mn |'t )?(?:werk|werktijd|schooltijd|school|eten)(?:tijd)?"
    r"|(?:in de |in the |am |aan het begin van de |de hele |rond de |na de |voor de |"
    r"de )?(?:ochtend|voormiddag|middag|namiddag|avond|morning|afternoon|evening|vormittags?|"
    r"nachmittags?|abends?|middagpauze)(?:uren)?)(?![a-z0-9])"
)
_TRIGGER = re.compile(
    r"\d|tijd|vnm|vnd|vanav|vanmid|mrg|begin|half |"
    r"dag|day|tag|morgen|middag|avond|ochtend|week|vanda|half|kwart|uur|lunch|werk|noon|today|"
    r"tomorrow|tonight|heute|mittwoch|wochen|maand|morning|afternoon|evening|zes|acht|\b(?:ma|di|"
    r"wo|do|vr|za|zo)\b|om "
)
_DROP = re.compile(r"^(?:om|op|de|het|at|um|am|on|aan|in de|in the|in|the|van) ")
_GREETING = re.compile(r"^(?:goeie?|goede|guten|gute|good)?\s?(?:morgen|middag|avond)\b(?=\s*[,!.]|$)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time: a span of the folded text."""

    kind: str  # day | time
    start: int
    end: int


def find_moments(text: Text) -> list[Moment]:
    """Return the days and times of a message in order; days first where both could be read."""
    folded = text.folded
    if not _TRIGGER.search(folded):
        return []
    greeting = _GREETING.match(folded)
    days = [
        Moment("day", *_shorten(folded, m.start(), m.end(), bool(m.group("edge"))))
        for m in _DAYS.finditer(folded)
    ]
    for match in _SHORT_DAY.finditer(folded):
        name = "day" if match.group("day") else "start"
        if not any(d.start <= match.start(name) < d.end for d in days):
            days.append(Moment("day", match.start(name), match.end(name)))
    if greeting:
        days = [d for d in days if d.start >= greeting.end()]
    times = [Moment("time", *_shorten(folded, m.start(), m.end(), False)) for m in _TIMES.finditer(folded)]
    free = [t for t in times if not any(t.start < d.end and d.start < t.end for d in days)]
    if greeting:
        free = [t for t in free if t.start >= greeting.end()]
    return sorted([*days, *free], key=lambda m: (m.start, m.end))


def _shorten(folded: str, start: int, end: int, edged: bool) -> tuple[int, int]:
    """Return the span without a leading om, op, de, which say nothing about the moment."""
    while not edged:
        match = _DROP.match(folded[start:end])
        if not match:
            break
        start += match.end()
    return start, end
