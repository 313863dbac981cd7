"""Pure rules of the router: opting out and in, repeated questions, what needs a person."""

import re
from typing import Final

from rapidfuzz import fuzz

from seldenrijk.contracts import Turn, Understanding
from seldenrijk.contracts.messages import HandoverReason, Priority

_START: Final = re.compile(r"^\W*(start|unstop|aanmelden|weer aanmelden|subscribe)\W*$", re.IGNORECASE)
_STOP: Final = re.compile(
    r"^\W*(stop|stopp|stoppen|stop\s?all|afmelden|uitschrijven|unsubscribe|opt[ -]?out|abmelden)\W*$",
    re.IGNORECASE,
)
_DATA: Final = re.compile(r"\b(gegevens|data|avg|gdpr|daten)\b", re.IGNORECASE)
SAME_QUESTION: Final = 92.0
"""Similarity (0 to 100) from which two messages count as the same question."""
SURE_OPT_OUT: Final = 0.7
URGENT: Final = frozenset({"complaint", "legal", "dispute"})


def is_start(text: str) -> bool:
    """Whether the whole message asks to be written to again."""
    return bool(_START.match(text))


def is_stop(text: str) -> bool:
    """Whether the whole message is a stop word; STOP inside a sentence is not."""
    return bool(_STOP.match(text))


def opts_out(text: str, understanding: Understanding) -> bool:
    """Whether this message ends the right to write to this customer."""
    return is_stop(text) or (understanding.intent == "opt_out" and understanding.confidence >= SURE_OPT_OUT)


def asks_about_data(text: str) -> bool:
    """Whether an opt-out also asks for personal data to be removed, which a person must do."""
    return bool(_DATA.search(text))


def times_asked(text: str, turns: tuple[Turn, ...]) -> int:
    """How often this question was asked before in the turns that are remembered."""
    words = " ".join(text.lower().split())
    if len(words) < 8:
        return 0
    earlier = (" ".join(turn.text.lower().split()) for turn in turns if turn.role == "customer")
    return sum(fuzz.ratio(words, other) >= SAME_QUESTION for other in earlier)


def handover_reason(
    understanding: Understanding, unclear_in_row: int, asked_before: int
) -> HandoverReason | None:
    """Why a person must look at this now, or None."""
    if understanding.needs_human:
        return understanding.human_reason or "other"
    if unclear_in_row >= 2:
        return "unclear"
    return "repeated" if asked_before >= 2 else None


def priority_of(reason: HandoverReason) -> Priority:
    """How soon a person should look."""
    if reason in URGENT:
        return "urgent"
    return "high" if reason in {"human_request", "financing_problem"} else "medium"


def counts_as_unclear(understanding: Understanding, kind: str, text: str) -> bool:
    """Whether nothing could be made of a message of words; pictures and thumbs up don't count."""
    return kind == "text" and understanding.intent == "unclear" and any(char.isalnum() for char in text)
