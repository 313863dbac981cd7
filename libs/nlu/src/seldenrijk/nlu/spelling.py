"""Finds the word of the vocabulary that a misspelt word was meant to be, and refuses to guess.

One edit (a letter too many, too few, wrong, or two swapped) from 5 letters on, two from 8 letters on;
short words only when two letters are swapped. Ordinary words that look like a car stand in ordinary.txt.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

SHORTEST_SWAP = 4
SHORTEST_EDIT = 5
SHORTEST_TWO_EDITS = 8


class Speller:
    """An index of known words by what remains after leaving out one letter."""

    def __init__(self, words: Iterable[str], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._known = frozenset(words)
        self._one: dict[str, list[str]] = {}
        self._long: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= SHORTEST_SWAP:
                for form in shortened(word):
                    self._one.setdefault(form, []).append(word)
            if len(word) >= SHORTEST_TWO_EDITS:
                self._long.setdefault(word[0], []).append(word)

    def correct(self, word: str) -> str | None:
        """Return the known word that `word` (folded) most likely is; None when unsure."""
        if len(word) < SHORTEST_SWAP or word in self._known or word in self._ordinary:
            return None
        if len(word) > 20 or not word.isalpha():
            return None
        near = {known for form in shortened(word) for known in self._one.get(form, ())}
        good = [known for known in sorted(near) if _is_near(word, known)]
        if not good and len(word) >= SHORTEST_TWO_EDITS:
            long = self._long.get(word[0], ())
            good = [k for k in long if OSA.distance(word, k, score_cutoff=2) <= 2]
        return min(good, key=lambda k: (OSA.distance(word, k), -len(k))) if good else None


def shortened(word: str) -> set[str]:
    """Return the word and its forms with one letter left out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _is_near(word: str, known: str) -> bool:
    """Tell whether one edit separates the words and both are long enough for it to mean something."""
    if OSA.distance(word, known, score_cutoff=1) > 1:
        return False
    if sorted(word) == sorted(known):
        return word[0] == known[0] or len(word) >= SHORTEST_EDIT
    return min(len(word), len(known)) >= SHORTEST_EDIT and (word[0] == known[0] or len(known) >= 7)


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Return the ordinary words that are one letter away from the vocabulary."""
    text = (files("seldenrijk.nlu") / "data" / "vocabulary" / "ordinary.txt").read_text("utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())
