"""Words of a message as the cues and the model see them: folded, spelled one way, with their place.

A `CueText` also carries classes of words (`<car>`, `<day>`, `<price>`), taken from the slots.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from seldenrijk.nlu.text import Text, fold
from seldenrijk.nlu.types import Evidence

MAX_WORDS = 260  # what comes later in a message no longer changes what it is about
_WORD = re.compile(
    r"(?P<monthly>\bp\s?[/.]\s?(?:m|mnd)\b)|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>[^\W_]+(?:'[^\W_]+)*)|(?P<stop>[.!?\n]+)"
)
_QUOTES = str.maketrans("", "", "'")
_DIGITS = re.compile(r"\d")
_FIELD_CLASS = {
    "make": "car", "model": "car", "license_plate": "plate", "day_text": "day", "time_text": "time",
    "min_price": "price", "max_price": "price", "max_monthly": "monthly", "fuel_type": "crit",
    "transmission": "crit", "body_type": "crit", "color": "crit", "features": "crit", "doors": "crit",
    "min_seats": "crit", "min_year": "crit", "max_year": "crit", "max_mileage": "crit",
}  # fmt: skip
CLASSES = frozenset([*_FIELD_CLASS.values(), "num", "any"])


@dataclass(frozen=True, slots=True)
class CueText:
    """A message for the cues: `words[i]` stands at the folded `spans[i]` in sentence `sentences[i]`."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    classes: tuple[frozenset[str], ...]
    bag: frozenset[str]
    present: frozenset[str]  # classes that occur anywhere


@lru_cache(maxsize=1)
def spelling() -> dict[str, tuple[str, ...]]:
    """Return the packaged table of spellings: typed word -> words as the cues spell them."""
    raw = files("seldenrijk.nlu").joinpath("data/intents/spelling.toml").read_text(encoding="utf-8")
    return {fold(typed): tuple(right.split()) for typed, right in tomllib.loads(raw)["spelling"].items()}


def plain_words(phrase: str) -> tuple[str, ...]:
    """Spell the words of a phrase as `cue_text` spells those of a message."""
    table = spelling()
    return tuple(w for raw in phrase.split() for w in table.get(word_of(raw), (word_of(raw),)))


def word_of(raw: str) -> str:
    """Fold one word and take its apostrophes out: `Auto's` -> `autos`."""
    return fold(raw).translate(_QUOTES)


def cue_text(text: Text, evidence: Iterable[Evidence] = ()) -> CueText:
    """Cut a message into at most MAX_WORDS words and mark those that the slots explain."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    sentences: list[int] = []
    sentence, table = 0, spelling()
    for match in _WORD.finditer(text.folded):
        if len(words) >= MAX_WORDS:
            break
        if match.lastgroup == "stop":
            sentence += 1
            continue
        word = "per-maand" if match.lastgroup == "monthly" else match.group()[:40].translate(_QUOTES)
        for spelled in table.get(word, (word,)):
            words.append(spelled)
            spans.append(match.span())
            sentences.append(sentence)
    classes = _classes(text, words, spans, evidence)
    present = frozenset().union(*classes) if classes else frozenset()
    return CueText(tuple(words), tuple(spans), tuple(sentences), classes, frozenset(words), present)


def _classes(
    text: Text, words: list[str], spans: list[tuple[int, int]], evidence: Iterable[Evidence]
) -> tuple[frozenset[str], ...]:
    marks: list[set[str]] = [{"any", "num"} if _DIGITS.search(word) else {"any"} for word in words]
    found = [(e.start, e.end, _FIELD_CLASS.get(e.field.rsplit(".", 1)[-1])) for e in evidence]
    original = [text.original(*span) for span in spans] if found else []
    for start, end, name in found:
        if name is None:
            continue
        for number, (left, right) in enumerate(original):
            if left < end and start < right:
                marks[number].add(name)
    return tuple(frozenset(m) for m in marks)
