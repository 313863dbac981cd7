"""What a message tells besides its intent: urgency, priority, tone, and why a person should answer."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from seldenrijk.nlu.cues import Phrase, compile_phrase, occurs
from seldenrijk.nlu.cues_tokens import CueText
from seldenrijk.nlu.text import Text

_QUIET = frozenset(["showroom_info", "opt_out", "unclear", "general_inquiry"])
_POLITE = frozenset(["u", "uw", "uwe", "uzelf", "geachte", "hoogachtend", "gaarne", "gelieve"])
_CASUAL = frozenset([
    "je", "jij", "jou", "jouw", "gij", "ge", "kunde", "hebde", "zijde", "ulder", "yo", "bro", "gast", "ewa",
    "hoi", "heey", "doei", "thx", "thnx", "haha", "ff", "du", "dein", "dich", "euch", "moin",
])  # fmt: skip
_SIE = re.compile(r"\b(?:Sie|Ihnen|Ihre?[nmr]?)\b")


@dataclass(frozen=True, slots=True)
class Signals:
    """Urgency high|medium|low|None, priority low|medium|high, tone, and the reason for a person."""

    urgency: str | None
    priority: str
    formal: bool | None
    human_reason: str | None


@lru_cache(maxsize=1)
def signal_data() -> dict[str, Any]:
    """Return the packaged table of signals as it stands in the file."""
    raw = files("seldenrijk.nlu").joinpath("data/intents/signals.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


@lru_cache(maxsize=16)
def _phrases(table: str, name: str) -> tuple[Phrase, ...]:
    return tuple(compile_phrase(phrase) for phrase in signal_data()[table][name])


def _any(table: str, name: str, words: CueText) -> bool:
    return any(occurs(phrase, words) for phrase in _phrases(table, name))


def signals_of(text: Text, words: CueText, intent: str, secondary: tuple[str, ...]) -> Signals:
    """Read the signals of a message whose intent is known."""
    reason = _human_reason(words, intent, secondary)
    urgency = None if intent in _QUIET else _urgency(words)
    usual = "low" if intent in _QUIET else "medium"
    priority = "high" if reason is not None or urgency == "high" else usual
    return Signals(urgency, priority, _formal(text), reason)


def _urgency(words: CueText) -> str | None:
    if _any("urgency", "low", words) and not _any("urgency", "high", words):
        return "low"
    return next((name for name in ("high", "medium") if _any("urgency", name, words)), None)


def _human_reason(words: CueText, intent: str, secondary: tuple[str, ...]) -> str | None:
    if intent in ("opt_out", "unclear"):
        return None
    if _any("human", "legal", words):
        return "legal"
    if intent == "complaint":
        return "dispute" if _any("human", "dispute", words) else "complaint"
    if intent == "human_request":
        return "human_request"
    if "financing_inquiry" in (intent, *secondary) and _any("human", "financing_problem", words):
        return "financing_problem"
    return None


def _formal(text: Text) -> bool | None:
    """Judge the tone by u and je; `9 u` is a time, and Flemish `ge` is no u."""
    raw = text.words
    if _SIE.search(text.raw):
        return True
    polite = any(
        word in _POLITE and not (word == "u" and n > 0 and raw[n - 1][-1:].isdigit())
        for n, word in enumerate(raw)
    )
    casual = not _CASUAL.isdisjoint(raw)
    if polite == casual:
        return False if casual else None
    return polite
