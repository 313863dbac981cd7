"""Statements that need a fact of their own: warranty, delivery, finance, scarcity, promises, condition."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .page import Page, Segment
from .words import DEFERRAL, NOT_KNOWN

_CLAUSE = re.compile(r"[,;:]\s+|\s+(?:maar|but|aber|en|and|und)\s+")
_ASSERTS = re.compile(
    r"\b(?:krijgt?|heeft|hebben (?:we|wij)|geven (?:we|wij)|zit|zitten|inclusief|incl|met \d+"
    r"|standaard|altijd|geleverd|wordt|worden|met een|met 1|bieden|leveren (?:we|wij)|we leveren"
    r"|we bezorgen|wij bezorgen|geldt|gratis|is (?:geen probleem|mogelijk|inbegrepen)"
    r"|kunnen we|natuurlijk|zeker|you get|comes with|includes?|always|we (?:offer|give|deliver"
    r"|provide)|has|have|free|of course|bekommst|bekommen|hat|inklusive|immer|wir (?:bieden|bieten"
    r"|geben|liefern)|kostenlos|selbstverstandlich)\b"
)
_DENIES = re.compile(r"\b(?:geen|niet|not|no|kein\w*|nicht|don't|can't|cannot)\b")
_WHETHER = re.compile(
    r"\b(?:of|whether|ob|welke|wat|hoeveel|hoe|which|what|how|wie|was|over|about|zur|zu|uber|vragen"
    r"|questions|fragen|voor|for|fur)\b"
)
_OPEN_CLAUSE = re.compile(r"\b(?:of|whether|if|ob|wat|welke|hoe|what|which|how|was|wie)\b")
_PERSON = re.compile(
    r"\b(?i:collega|verkoper|verkoopster|adviseur|medewerker|monteur|chef|eigenaar|directeur|manager"
    r"|colleague|salesman|salesperson|advisor|mechanic|owner|kollege|kollegin|verkaufer"
    r"|berater)\s+(?P<n>[A-Z][a-zà-ž]{2,})\b"
    r"|\b(?i:vraagt? (?:u )?naar|bel(?:t u)?(?: met)?|mail(?: met| naar)?|spreek met|ask for"
    r"|fragen sie nach|frag nach)\s+(?P<v>[A-Z][a-zà-ž]{2,})\b"
    r"|\b(?i:mijn naam is|ik heet|ik ben|my name is|i am|i'm|ich bin"
    r"|ich heisse)\s+(?P<m>[A-Z][a-zà-ž]{2,})\b|\b(?i:groet(?:jes|en)?|gr\.|regards|gruss|gruße"
    r"|grüße)[,\s]+(?P<g>[A-Z][a-zà-ž]{2,})\b"
)
_NO_NAMES = {
    "Seldenrijk",
    "Auto",
    "Golf",
    "Sie",
    "Ihnen",
    "Een",
    "Automatische",
    "Assistent",
    "Dir",
    "Antwortet",
}


@dataclass(frozen=True)
class Statement:
    """A kind of statement. ``strict``: no mention of a colleague in the sentence excuses it."""

    kind: str
    pattern: re.Pattern[str]
    topic: str | None
    strict: bool


@cache
def statements() -> tuple[Statement, ...]:
    """The table of statements.toml."""
    text = files("seldenrijk.responder.answer.claims").joinpath("statements.toml").read_text("utf-8")
    return tuple(
        Statement(s["kind"], re.compile(s["pattern"]), s.get("topic"), s.get("strict", False))
        for s in tomllib.loads(text)["statement"]
    )


def check_statements(page: Page) -> None:
    """Reject what no fact states; what the dealer file states was proved (and blanked) before."""
    for segment in page.segments:
        # Matched on what the dealer file's own sentences have left over.
        text = page.of(segment)
        whole = page.all_of(segment)
        for statement in statements():
            for match in statement.pattern.finditer(whole):
                explained = not text[match.start() : match.end()].strip() and bool(match.group(0).strip())
                if explained and _literal(page, segment, match):
                    continue
                if not _excused(statement, segment, whole, match, _following(page, segment)):
                    start, end = segment.start + match.start(), segment.start + match.end()
                    page.reject(statement.kind, start, end, "daarover staat niets in de feiten")
    _people(page)


def _literal(page: Page, segment: Segment, match: re.Match[str]) -> bool:
    """Whether the words stand in a sentence of the dealer file that was quoted as a whole."""
    said = page.text[segment.start + match.start() : segment.start + match.end()]
    return any(
        claim.kind in ("statement", "financing", "feature", "sold", "status") and said in claim.text
        for claim in page.claims
    )


def _excused(statement: Statement, segment: Segment, text: str, match: re.Match[str], following: str) -> bool:
    """A question, a referral to a colleague, or a plain "dat weet ik niet"."""
    if statement.strict:
        return statement.kind in ("promise", "reservation", "free") and _denied(text, match)
    clause = _clause(text, match)
    text = f"{text} {following}"
    if segment.question or text.rstrip().endswith("?"):
        return not re.search(r"\b(?:wist je dat|wist u dat|did you know)\b", text)
    if NOT_KNOWN.search(text) and (not _ASSERTS.search(clause) or _OPEN_CLAUSE.search(clause)):
        return True
    if DEFERRAL.search(clause):
        return not (_ASSERTS.search(clause) and re.search(r"\bdat\b|\bthat\b|\bdass\b", clause))
    if DEFERRAL.search(text):
        return not _ASSERTS.search(clause) or bool(
            _WHETHER.search(text[max(0, match.start() - 40) : match.start()])
        )
    return statement.kind in ("discount", "facility") and _denied(text, match)


def _following(page: Page, segment: Segment) -> str:
    """The next part, where this one only raises a topic: "Garantie verschilt; een collega vertelt het"."""
    text = page.all_of(segment)
    raised = text.rstrip().endswith(";") or re.match(
        r"^\W*(?:over|about|zu|zur|wat .{1,30} betreft|voor|for|fur|of|ob|whether)\b", text
    )
    after = next((s for s in page.segments if s.start >= segment.end), None)
    return page.all_of(after) if after is not None and raised else ""


def _denied(text: str, match: re.Match[str]) -> bool:
    return bool(_DENIES.search(text[max(0, match.start() - 25) : match.end() + 25]))


def _clause(text: str, match: re.Match[str]) -> str:
    bounds = list(_CLAUSE.finditer(text))
    start = max((m.end() for m in bounds if m.end() <= match.start()), default=0)
    end = min((m.start() for m in bounds if m.start() >= match.end()), default=len(text))
    return text[start:end]


def _people(page: Page) -> None:
    """Names of staff are not in the facts."""
    allowed = (
        _NO_NAMES
        | set((page.facts.said.name or "").split())
        | set(re.findall(r"[A-Z]\w+", page.facts.said.text))
    )
    for match in _PERSON.finditer(page.text):
        group = next(g for g in ("n", "m", "g", "v") if match[g])
        if match[group] not in allowed and page.left[match.start(group) : match.end(group)].strip():
            page.reject("person", match.start(group), match.end(group), "deze naam staat niet in de feiten")
