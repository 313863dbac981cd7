"""Which language a message is in: Dutch (Flemish included), English or German, by its small words."""

import re
from functools import lru_cache

from seldenrijk.nlu.signals import signal_data
from seldenrijk.nlu.text import Text, fold

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_MAX_WORDS = 200
_SHORT = 3  # a message of so few words is Dutch unless all of it is foreign


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = signal_data()["languages"]
    return {name: frozenset(fold(word) for word in table[name]) for name in ("nl", "en", "de")}


def language_of(text: Text) -> str:
    """Return nl, en or de; short and doubtful messages are Dutch."""
    words = _WORD.findall(text.folded)[:_MAX_WORDS]
    sets = _words()
    counts = {name: sum(word in known for word in words) for name, known in sets.items()}
    if any(char in text.raw for char in "äÄöÖß") or re.search(
        r"\b(?:für|über|können|möchte)\b", text.raw.lower()
    ):
        counts["de"] += 1
    best = max(("nl", "en", "de"), key=lambda name: (counts[name], name == "nl"))
    if best == "nl" or counts[best] < 2:
        return "nl"
    own = sum(word in sets[best] and word not in sets["nl"] for word in words)
    if own == 0 or (len(words) <= _SHORT and counts[best] < len(words) - 1):
        return "nl"
    return best
