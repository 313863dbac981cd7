"""Fills the appointment: its kind, and the wanted day and time as the customer wrote them."""

import re

from seldenrijk.nlu.appointment_cues import (
    ABOUT_TIME,
    ASKS_MOMENT,
    CALL_IMPERATIVE,
    CANCELS,
    EDGE_OF_PAST,
    KINDS,
    MOVES,
    NO_VISIT,
    PAST,
    REFUSED_AFTER,
    REFUSED_BEFORE,
    SHOWROOM,
    WORK_ASKED,
)
from seldenrijk.nlu.moments import Moment
from seldenrijk.nlu.ownership import WORKSHOP
from seldenrijk.nlu.reading import Reading, tokens_of


def fill_appointment(reading: Reading) -> tuple[dict[str, str], set[int]]:
    """Return the appointment and the tokens of its moments, which are no prices or years."""
    if reading.hint not in (None, "appointment_request", "human_request", "complaint"):
        return {}, _clock_tokens(reading)
    kind = _kind(reading)
    if reading.hint == "complaint" and not (
        _still_wants_a_call(kind, reading) or _asks_for_a_moment(reading)
    ):
        return {}, _clock_tokens(reading)
    wanted = _wanted(reading) if _about_time(reading, kind) else []
    result = {"kind": kind} if kind else {}
    for name in ("day", "time"):
        spans = [m for m in wanted if m.kind == name]
        if spans:
            first, last = reading.text.original(spans[0].start, _joined_end(spans, reading))
            result[f"{name}_text"] = reading.text.raw[first:last].strip(" ,")
    if (
        kind == "werkplaats"
        and reading.hint is None
        and len(result) == 1
        and not re.search(r"\bafspraak|gaatje|inplannen|termin|appointment\b", reading.text.folded)
    ):
        result = {}
    _note(reading, result, wanted)
    used = (
        {i for m in reading.moments for i in tokens_of(reading.text, m)} if result else _clock_tokens(reading)
    )
    return result, used


def _kind(reading: Reading) -> str:
    """Return the kind that is mentioned first; workshop words turn a visit into a workshop slot."""
    folded = reading.text.folded
    found = {}
    for kind, pattern in KINDS.items():
        match = pattern.search(folded)
        if match and not (kind == "bezichtiging" and NO_VISIT.search(folded)):
            found[kind] = match.start()
    if "terugbellen" in found and EDGE_OF_PAST.search(folded) and reading.hint != "appointment_request":
        del found["terugbellen"]
    if "proefrit" in found or "terugbellen" in found:
        return min((at, kind) for kind, at in found.items() if kind != "bezichtiging")[1]
    known = reading.background.state.get("appointment")
    if (
        WORKSHOP.search(folded)
        and not _about_a_listed_car(reading)
        and not (isinstance(known, dict) and "bezichtiging" in found)
        and (reading.hint == "appointment_request" or _asks_the_workshop(reading))
    ):
        return "werkplaats"
    if reading.hint == "human_request":
        return ""
    return "bezichtiging" if "bezichtiging" in found else ""


def _asks_the_workshop(reading: Reading) -> bool:
    folded = reading.text.folded
    moment = bool(reading.moments) or "afspraak" in folded
    return reading.hint is None and moment and bool(WORK_ASKED.search(folded))


def _about_a_listed_car(reading: Reading) -> bool:
    return bool(
        re.search(
            r"\b(?:te koop|advertentie|interesse in|kijken naar|bezichtig\w*|kopen|(?:be)?kijken)\b",
            reading.text.folded,
        )
    ) and not re.search(r"\b(?:apk|beurt|onderhoud|banden)\b", reading.text.folded)


def _asks_for_a_moment(reading: Reading) -> bool:
    """Tell whether a complaint asks for a new moment: "kan het nu dan wel morgen om 2 uur?"."""
    sentences = [
        reading.sentence(tokens[0]) for m in reading.moments if (tokens := tokens_of(reading.text, m))
    ]
    return any(ASKS_MOMENT.search(s) for s in sentences)


def _still_wants_a_call(kind: str, reading: Reading) -> bool:
    return (
        kind == "terugbellen"
        and bool(CALL_IMPERATIVE.search(reading.text.folded))
        and not PAST.search(reading.text.folded)
    )


def _about_time(reading: Reading, kind: str) -> bool:
    folded = reading.text.folded
    if reading.hint == "appointment_request":
        return True
    if reading.hint == "human_request":
        return kind == "terugbellen"
    if reading.hint == "complaint":
        return True
    if SHOWROOM.search(folded) and not kind:
        return False
    if kind:
        return True
    asked = "moment" in reading.background.asks and len(reading.text.words) <= 14
    return asked or (
        bool(ABOUT_TIME.search(folded))
        and not reading.cars
        and "?" not in folded[:0]
        and _plain_visit(folded)
    )


def _plain_visit(folded: str) -> bool:
    return bool(
        re.search(
            r"\b(?:afspra\w*|terecht|verzet\w*|afzeg\w*|annul\w*|cancel\w*|ophalen|inplan\w*|"
            r"schikt|appointment|reschedul\w*|termin|zet me|afhalen|brengen|langs)\b",
            folded,
        )
    )


def _wanted(reading: Reading) -> list[Moment]:
    """Return the moments that the customer wants: not the old one of a move, a cancelled or a past one."""
    folded = reading.text.folded
    cancels = bool(CANCELS.search(folded)) and not MOVES.search(folded)
    kept = [] if cancels else [m for m in reading.moments if not _refused(m, folded)]
    if cancels:
        tail = CANCELS.search(folded)
        new = re.search(r"\b(?:nieuwe afspraak|kan (?:het|ik) (?:ook|wel)|liever|in plaats)\b", folded)
        kept = [m for m in reading.moments if new and tail and m.start > new.start()]
    return kept


def _refused(moment: Moment, folded: str) -> bool:
    before, after = folded[max(0, moment.start - 30) : moment.start], folded[moment.end : moment.end + 45]
    refused = REFUSED_BEFORE.search(before)
    if re.search(r"\bafspraak (?:van|op|voor)(?: (?:de|het|om))? ?$", before) and (
        MOVES.search(folded) or CANCELS.search(folded)
    ):
        return True
    if refused and refused.group().split()[0] == "van" and not MOVES.search(folded):
        refused = None
    clause = re.search(
        r"(?:niet redden|red het niet|kan (?:ik )?(?:helaas |toch )?niet|lukt (?:me )?(?:helaas |"
        r"toch )?niet|verhinderd|can'?t make it|geht (?:es )?nicht|schaff)[^,.;!?]*$",
        before,
    )
    past = (
        re.search(r"\b(?:zouden|zou|hadden|had|beloofd|gisteren|stond|was|werd)\b[^,.;!?]*$", before)
        and not re.search(r"\bzou(?:den)? (?:ik|we|wij|graag|u|jullie|je|dat|het|iemand|een)\b", before)
        and not re.search(r"\b(?:kunnen|willen|mogen|graag)\b", after)
    )
    closing = re.search(r"\b(?:sluit\w*|dicht|gesloten)\b[^,.?!]*$", before)
    return bool(refused or clause or past or closing or REFUSED_AFTER.search(after))


def _joined_end(spans: list[Moment], reading: Reading) -> int:
    """Return the end of the first span, or of the next one where "of (anders)" joins them."""
    end = spans[0].end
    for span in spans[1:]:
        between = reading.text.folded[end : span.start]
        if not re.fullmatch(r",? ?(?:of|or|oder|en) (?:anders |eventueel |evt |op |om |liever )*", between):
            break
        end = span.end
    return end


def _clock_tokens(reading: Reading) -> set[int]:
    """Return the tokens of unmistakable times and dates, which are no prices whatever the intent is."""
    sure = [
        m
        for m in reading.moments
        if re.search(
            r"\d[:.]\d\d|uur|half |kwart|[a-z]{3,} \d{4}|\d (?:jan|feb|ma|ap|ju|au|se|ok|no|de)|"
            r"\d(?:e|ste)\b|\d[/-]\d",
            reading.text.folded[m.start : m.end],
        )
    ]
    return {i for m in sure for i in tokens_of(reading.text, m)}


def _note(reading: Reading, result: dict[str, str], wanted: list[Moment]) -> None:
    for moment in wanted:
        covered = tokens_of(reading.text, moment)
        if len(covered) and f"{moment.kind}_text" in result:
            reading.note(
                covered[0],
                covered[-1],
                f"appointment.{moment.kind}_text",
                result[f"{moment.kind}_text"],
                "moment",
            )
