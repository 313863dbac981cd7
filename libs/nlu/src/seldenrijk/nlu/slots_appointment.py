"""Fills the appointment: its kind, and the wanted day and time as the customer wrote them."""

import re

from seldenrijk.nlu.moments import Moment
from seldenrijk.nlu.ownership import WORKSHOP
from seldenrijk.nlu.reading import Reading, tokens_of

_KINDS = {
    "proefrit": re.compile(
        r"\b(?:proef ?rit\w*|proefit\w*|profrit\w*|test ?rit\w*|proef ?rijden|proefgereden|"
        r"proef te rijden|proefrijd\w*|test ?driv\w+|test ?drive\w*|probe ?fahrt\w*|"
        r"probe ?(?:zu )?fahren|probefahren|(?:stukje|rondje|blokje|eindje) (?:\w+ )?rijden|"
        r"(?:uit ?)?te (?:proberen|testen)|proberen te rijden|uitproberen|rondje maken)\b"
    ),
    "terugbellen": re.compile(
        r"\b(?:bel(?:len|t|le)?(?: \w+)? (?:me|mij|ons)\b|(?:me|mij|ons|mn man|mijn man|"
        r"mijn vrouw)\b(?: \S+){0,6}? (?:(?:terug|op)?(?:te )?bellen|op ?te bellen|terug te bellen|"
        r"bel(?:t|len)\b)|terug ?(?:te )?bel\w*|bel\w* (?:\S+ ){0,4}terug\b|terugbel\w*|"
        r"belafspraak|bel ?afspraak|gebeld worden|gebeld (?:kan|wil)|word(?:en)? gebeld|"
        r"(?:tele)?foontje|call me|give me a (?:call|ring)|phone me|ring me|call (?:me )?back|"
        r"rufen sie mich|ruf mich|ruft mich|anrufen|zuruckrufen|ruckruf|belletje|bel ff terug)\b"
    ),
    "bezichtiging": re.compile(
        r"\b(?:lang[sz]? ?(?:te )?kom\w*|langskom\w*|kom\w*\b(?: \S+){0,6}? langs|"
        r"langs\b(?: \S+){0,3}? (?:komen|gaan|rijden|kom)|langs ?(?:gaan|rijden)|(?:kom|komen|komt|"
        r"kwam)\b(?: \S+){0,6}? (?:be)?kijken|komen (?:be)?kijken|bezichtig\w*|bezichting\w*|"
        r"bezoek\w*|afspraak (?:\S+ ){0,4}(?:be)?kijken|(?:wil|willen|kan|kunnen|mag|mogen|graag|"
        r"zou)\b(?: \S+){0,10}? (?:te )?(?:komen )?(?:be)?kijken|"
        r"(?:be)?kijken\b(?: \S+){0,4} (?:kom|komen)|kom\w*\b(?: \S+){0,5} (?:zien|bezien)|"
        r"view(?:ing)?|come (?:by|over|round|and (?:see|look|have|view)|see|look|have a look|in)|"
        r"have a look|vorbei ?(?:zu ?)?komm\w*|vorbei ?schau\w*|anschauen|anzuschauen|ansehen|"
        r"anzusehen|besichtig\w+|drop by|swing by|stop by|visit|check it out|langs ?wip\w*|"
        r"binnen ?wip\w*|langs ?rij\w*|even langs|effe langs|ff langs|aanwippen|voorbij ?kom\w*|"
        r"passeren|kom\b(?: \S+){0,3} af)\b"
    ),
}
_NO_VISIT = re.compile(
    r"nog te bekijken|foto|video|online|website|te bekijken (?:op|bij)|site|filmpje|marktplaats|"
    r"zonder afspraak|vrijblijvend binnenlopen"
)
_WORK_ASKED = re.compile(
    r"\b(?:afspraak|inplannen|gaatje|plek|plekje|brengen|langsbrengen|terecht|plannen|appointment|"
    r"book|termin|ruimte|tijd voor|schikt|kan (?:het|ik|dat|de|hij|ie)|inboeken|boeken|slot|"
    r"laten)\b"
)
_ABOUT_TIME = re.compile(
    r"\b(?:afspra\w*|terecht|kan (?:het|ik|dat|ook|u|jij|wij|we|niet)|kunnen (?:we|wij)|schikt|"
    r"past|uitkomt|komt uit|verzet\w*|verplaats\w*|verschui\w*|afzeg\w*|annul\w*|cancel\w*|ophalen|"
    r"opgehaald|halen|brengen|inplan\w*|plan\w*|kom|komen|appointment|reschedul\w*|termin|lukt|"
    r"zet me|bel\w*|prima|graag|liever|dan|meenemen|bij jullie|reserve\w*|see you|tot)\b"
)
_SHOWROOM = re.compile(
    r"\b(?:open|dicht|geopend|gesloten|openingstijd\w*|koopavond|bereikbaar|opening hours|geoffnet|"
    r"offnungszeiten|sluit\w*|hoe laat (?:gaan|zijn|sluit))\b"
)
_CANCELS = re.compile(
    r"\b(?:afzeggen|annule\w*|cancel\w*|afmelden|kan niet doorgaan|gaat niet door|niet doorgaan|"
    r"niet door|verhinderd|absagen|stornier\w*|afgezegd|zeg\b.{0,40}\baf|laat\b.{0,30}\bvervallen|"
    r"vervalt)\b"
)
_MOVES = re.compile(
    r"\b(?:verzet\w*|verplaats\w*|verschui\w*|verzetten|omzetten|naar|reschedul\w*|move|"
    r"verschieben|verleg\w*|omgooien|ander moment|wijzig\w*|veranderen)\b"
)
_REFUSED_BEFORE = re.compile(
    r"(?:\b(?:ipv|in plaats van|niet|geen|i\.p\.v\.|instead of|statt|van|not|from|vom|gisteren|"
    r"afgelopen|vorige|laatst|sinds|al|was|stond|waren)(?: (?:op|om|de|het|aan))?) ?$"
)
_REFUSED_AFTER = re.compile(
    r"^[ ,]*(?:(?:om \d+ ?(?:uur|u)? )?(?:lukt|gaat|kan|komt|past|red|haal)(?: (?:me|mij|ik|het|er|"
    r"ons|we|helaas|toch|toch niet))* (?:niet|nie)\b|niet\b|(?:red|haal) ik niet|zit vol|"
    r"ben ik (?:er )?niet|moet ik werken|werk ik|doesn'?t work|passt nicht)"
)
_PAST = re.compile(
    r"\b(?:gisteren|afgelopen|vorige|gebracht|gekocht|opgehaald|afgesproken|zouden|zou (?:me|mij|"
    r"ik)|beloofd|geleden|gebeld|gekregen|geweest|kwam|stond|hadden|yesterday|last week|letzte)\b"
)
_CALL_IMPERATIVE = re.compile(
    r"\b(?:bel (?:me|mij)|kan iemand|kunnen jullie|wil\w* (?:jullie|u|je|iemand)|graag|call me|"
    r"kunt u|kun je|iemand|mag ik|zou)\b"
)
_EDGE_OF_PAST = re.compile(
    r"\b(?:zouden|zou\b.{0,12}\bbellen|beloofd|niemand|nooit|niks|nog niet|wel gebeld|werd ik|nicht)\b"
)


def fill_appointment(reading: Reading) -> tuple[dict[str, str], set[int]]:
    """Return the appointment and the tokens of its moments, which are no prices or years."""
    if reading.hint not in (None, "appointment_request", "human_request", "complaint"):
        return {}, _clock_tokens(reading)
    kind = _kind(reading)
    if reading.hint == "complaint" and not _still_wants_a_call(kind, reading):
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
    for kind, pattern in _KINDS.items():
        match = pattern.search(folded)
        if match and not (kind == "bezichtiging" and _NO_VISIT.search(folded)):
            found[kind] = match.start()
    if "terugbellen" in found and _EDGE_OF_PAST.search(folded) and reading.hint != "appointment_request":
        del found["terugbellen"]
    if "proefrit" in found or "terugbellen" in found:
        return min((at, kind) for kind, at in found.items() if kind != "bezichtiging")[1]
    known = reading.background.state.get("appointment")
    if (
        WORKSHOP.search(folded)
        and not _about_a_listed_car(reading)
        and not (isinstance(known, dict) and "bezichtiging" in found)
    ):
        if reading.hint == "appointment_request" or (
            reading.hint is None and (reading.moments or "afspraak" in folded) and _WORK_ASKED.search(folded)
        ):
            return "werkplaats"
    if reading.hint == "human_request":
        return ""
    return "bezichtiging" if "bezichtiging" in found else ""


def _about_a_listed_car(reading: Reading) -> bool:
    return bool(
        re.search(
            r"\b(?:te koop|advertentie|interesse in|kijken naar|bezichtig\w*|kopen|(?:be)?kijken)\b",
            reading.text.folded,
        )
    ) and not re.search(r"\b(?:apk|beurt|onderhoud|banden)\b", reading.text.folded)


def _still_wants_a_call(kind: str, reading: Reading) -> bool:
    return (
        kind == "terugbellen"
        and bool(_CALL_IMPERATIVE.search(reading.text.folded))
        and not _PAST.search(reading.text.folded)
    )


def _about_time(reading: Reading, kind: str) -> bool:
    folded = reading.text.folded
    if reading.hint == "appointment_request":
        return True
    if reading.hint == "human_request":
        return kind == "terugbellen"
    if reading.hint == "complaint":
        return True
    if _SHOWROOM.search(folded) and not kind:
        return False
    if kind:
        return True
    asked = "moment" in reading.background.asks and len(reading.text.words) <= 14
    return asked or (
        bool(_ABOUT_TIME.search(folded))
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
    cancels = bool(_CANCELS.search(folded)) and not _MOVES.search(folded)
    kept = [] if cancels else [m for m in reading.moments if not _refused(m, folded)]
    if cancels:
        tail = _CANCELS.search(folded)
        new = re.search(r"\b(?:nieuwe afspraak|kan (?:het|ik) (?:ook|wel)|liever|in plaats)\b", folded)
        kept = [m for m in reading.moments if new and tail and m.start > new.start()]
    return kept


def _refused(moment: Moment, folded: str) -> bool:
    before, after = folded[max(0, moment.start - 30) : moment.start], folded[moment.end : moment.end + 45]
    refused = _REFUSED_BEFORE.search(before)
    if re.search(r"\bafspraak (?:van|op|voor)(?: (?:de|het|om))? ?$", before) and (
        _MOVES.search(folded) or _CANCELS.search(folded)
    ):
        return True
    if refused and refused.group().split()[0] == "van" and not _MOVES.search(folded):
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
    return bool(refused or clause or past or closing or _REFUSED_AFTER.search(after))


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
