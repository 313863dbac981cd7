"""Loads the vocabulary that ships as readable tab-separated files, checks it and builds its indexes.

Files of `data/vocabulary`: cars.tsv (makes and models), terms.tsv (fuels, gearboxes, bodies, colours,
features) and signals.tsv (bounds, units, labels, cues). Each tells its columns in its first lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from seldenrijk.nlu.text import Text, fold

NEEDS_CAR = frozenset({"-", "word", "name", "number", "make"})
NEEDS_TERM = frozenset({"-", "car", "fuel", "de", "upright", "work"})
_MAKE_ONLY = " (make)"


class VocabularyError(ValueError):
    """A line of the vocabulary is malformed, or one phrase is claimed by two entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a phrase: a make, a model of a make, a term's value or a signal."""

    kind: str  # make | model | a slot's name | a family of signals
    value: str
    make: str = ""
    needs: str = "-"


@dataclass(slots=True)
class Index:
    """Phrases by their tokens, joined by spaces; `longest` gives the most tokens by first token."""

    phrases: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        """Add one meaning of a phrase; raise VocabularyError for an empty phrase."""
        key = key_of(phrase)
        if not key:
            raise VocabularyError(f"empty phrase for {entry.value!r}")
        present = self.phrases.get(key, ())
        if entry in present:
            return
        self.phrases[key] = (*present, entry)
        first, _, rest = key.partition(" ")
        self.longest[first] = max(self.longest.get(first, 0), rest.count(" ") + 2 if rest else 1)

    def find(self, words: tuple[str, ...], at: int) -> Iterator[tuple[int, tuple[Entry, ...]]]:
        """Yield (number of tokens, meanings) of the phrases that begin at a token, longest first."""
        most = self.longest.get(words[at], 0)
        for length in range(min(most, len(words) - at), 0, -1):
            found = self.phrases.get(words[at] if length == 1 else " ".join(words[at : at + length]))
            if found:
                yield length, found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All indexes: cars, terms and one of each family of signals."""

    cars: Index
    terms: Index
    signals: dict[str, Index]
    models: dict[str, tuple[str, ...]]  # the models of each make, in the order of the file


@lru_cache(maxsize=16384)
def key_of(phrase: str) -> str:
    """Return a phrase as the tokens that a message would give, joined by spaces."""
    if phrase.isascii() and phrase.isalpha():
        return phrase.lower()
    folded = fold(phrase)
    return folded if folded.isascii() and folded.isalpha() else " ".join(Text(phrase).words)


def read_rows(text: str, columns: int, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of a tab-separated file without comments and heading."""
    heading = True
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if heading:
            heading = False
            continue
        cells = [c.strip() for c in line.split("\t")]
        if not columns - 1 <= len(cells) <= columns or not all(cells[: columns - 1]):
            raise VocabularyError(f"{name}:{number}: expected {columns} columns")
        yield number, [*cells, ""][:columns]


def load_cars(text: str) -> tuple[Index, dict[str, tuple[str, ...]]]:
    """Build the index of makes and models from the text of cars.tsv."""
    index, models = Index(), dict[str, list[str]]()
    for number, (make, model, needs, aliases) in read_rows(text, 4, "cars.tsv"):
        if needs not in NEEDS_CAR:
            raise VocabularyError(f"cars.tsv:{number}: needs {needs!r} is not one of {sorted(NEEDS_CAR)}")
        if model == "-":
            models[make] = []
        elif make not in models:
            raise VocabularyError(f"cars.tsv:{number}: the row of the make {make!r} must come first")
        else:
            models[make].append(model)
        kind, value = ("make", make) if model == "-" else ("model", model)
        for alias in [value, *filter(None, aliases.split(", "))]:
            own = "make" if alias.endswith(_MAKE_ONLY) else needs
            index.add(alias.removesuffix(_MAKE_ONLY), Entry(kind, value, make, own))
    _refuse_double_claims(index, "cars.tsv")
    return index, {make: tuple(names) for make, names in models.items()}


def load_terms(text: str) -> Index:
    """Build the index of fuels, gearboxes, bodies, colours and features from the text of terms.tsv."""
    index = Index()
    for number, (slot, value, needs, phrases) in read_rows(text, 4, "terms.tsv"):
        if needs not in NEEDS_TERM:
            raise VocabularyError(f"terms.tsv:{number}: needs {needs!r} is not one of {sorted(NEEDS_TERM)}")
        for phrase in [value, *phrases.split(", ")] if needs == "-" else phrases.split(", "):
            index.add(phrase, Entry(slot, value, "", needs))
    _refuse_double_claims(index, "terms.tsv")
    return index


def load_signals(text: str) -> dict[str, Index]:
    """Build the indexes of signals, one of each family, from the text of signals.tsv."""
    families: dict[str, Index] = {}
    for _, (family, signal, phrases) in read_rows(text, 3, "signals.tsv"):
        index = families.setdefault(family, Index())
        for phrase in phrases.split(", "):
            index.add(phrase, Entry(family, signal))
    for family, index in families.items():
        _refuse_double_claims(index, f"signals.tsv, family {family}")
    return families


def _refuse_double_claims(index: Index, name: str) -> None:
    """Raise for a phrase with two meanings.

    Allowed are one model of several makes, and meanings that need different company.
    """
    for phrase, entries in index.phrases.items():
        plain = {(e.kind, e.value) for e in entries if e.needs != "make"}
        if len(plain) > 1 and len({e.needs for e in entries}) < len(entries):
            raise VocabularyError(f"{name}: {phrase!r} is claimed by {sorted(e.value for e in entries)}")
        within = [(e.kind, e.make) for e in entries if e.kind in ("make", "model")]
        if len(set(within)) < len(within):
            raise VocabularyError(f"{name}: {phrase!r} is claimed twice within {entries[0].make!r}")


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the packaged vocabulary, loaded and checked once."""
    folder = files("seldenrijk.nlu") / "data" / "vocabulary"
    texts = {n: (folder / n).read_text("utf-8") for n in ("cars.tsv", "terms.tsv", "signals.tsv")}
    cars, models = load_cars(texts["cars.tsv"])
    return Vocabulary(cars, load_terms(texts["terms.tsv"]), load_signals(texts["signals.tsv"]), models)
