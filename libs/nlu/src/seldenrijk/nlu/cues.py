"""Cues: phrases that speak for an intent, written as data, found in a message.

Data: `data/intents/*.toml`, one file per intent and one (`questions.toml`) for what a question of
the assistant asks about. Loading checks every phrase; an error names the file and the phrase.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from seldenrijk.nlu.cues_phrases import PhraseError, Sequence_, match_at, needed, openings, parse
from seldenrijk.nlu.cues_tokens import CLASSES, CueText

INTENTS = (
    "car_inquiry", "price_question", "financing_inquiry", "appointment_request", "trade_in_inquiry",
    "service_inquiry", "showroom_info", "complaint", "human_request", "opt_out", "general_inquiry", "unclear",
)  # fmt: skip
_KEYS = frozenset([
    "why", "weight", "phrases", "whole", "with", "without", "cancels", "outranks", "max_tokens", "near_class",
    "unless_class",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[cue]]` table: how much its phrases weigh for an intent, and when they count."""

    intent: str
    why: str
    weight: float
    whole: bool = False
    outranks: bool = False  # decides on its own, whatever else is asked
    max_tokens: int = 0  # counts in messages of at most so many words; 0 = always
    cancels: frozenset[str] = frozenset()  # cues of these intents on the same words do not count
    near: frozenset[str] = frozenset()  # one of these classes must occur
    unless: frozenset[str] = frozenset()  # none of these classes may occur
    with_: "tuple[Phrase, ...]" = ()
    without: "tuple[Phrase, ...]" = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase with what rules it out quickly."""

    sequence: Sequence_
    needed: tuple[frozenset[str], ...]  # a matching message has a word of each
    firsts: frozenset[str] | None  # a match begins with one of these; None when classes or stars may begin it


def compile_phrase(phrase: str) -> Phrase:
    """Compile a phrase that is merely looked for; raises PhraseError."""
    sequence = parse(phrase)
    tests = openings(sequence)
    plain = all(kind == "word" for kind, _ in tests)
    return Phrase(sequence, needed(sequence), frozenset(word for _, word in tests) if plain else None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: words `first` up to but not including `last` of the CueText."""

    rule: Rule
    first: int
    last: int


@dataclass(slots=True)
class CueBook:
    """All phrases of some files, indexed by the word with which a match can begin."""

    phrases: list[tuple[Sequence_, Rule, tuple[frozenset[str], ...]]] = field(default_factory=list)
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_class: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_prefix: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_suffix: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, phrase: str, rule: Rule) -> None:
        """Compile and index one phrase; raises PhraseError."""
        sequence = parse(phrase)
        number = len(self.phrases)
        self.phrases.append((sequence, rule, needed(sequence)))
        tables = {
            "word": self.by_word, "class": self.by_class, "prefix": self.by_prefix, "suffix": self.by_suffix
        }  # fmt: skip
        for kind, word in openings(sequence):
            tables[kind][word].append(number)

    def find(self, text: CueText) -> list[Hit]:
        """Return what is found, in the order of the message, each phrase at most once per word."""
        hits: list[Hit] = []
        possible: dict[int, bool] = {}
        for at in range(len(text.words)):
            for number in self._candidates(text, at):
                if number not in possible:
                    possible[number] = self._is_possible(number, text)
                if not possible[number]:
                    continue
                sequence, rule, _ = self.phrases[number]
                end = match_at(sequence, text, at)
                if end > at and not (rule.whole and (at > 0 or end < len(text.words))):
                    hits.append(Hit(rule, at, end))
        return _without_cancelled(hits)

    def _candidates(self, text: CueText, at: int) -> list[int]:
        word = text.words[at]
        found = list(self.by_word.get(word, ()))
        for name in text.classes[at]:
            found.extend(self.by_class.get(name, ()))
        for length in range(2, len(word) + 1):
            found.extend(self.by_prefix.get(word[:length], ()))
            found.extend(self.by_suffix.get(word[-length:], ()))
        return found

    def _is_possible(self, number: int, text: CueText) -> bool:
        _, rule, wanted = self.phrases[number]
        if any(words.isdisjoint(text.bag) for words in wanted):
            return False
        if rule.max_tokens and len(text.words) > rule.max_tokens:
            return False
        if rule.near and rule.near.isdisjoint(text.present):
            return False
        if rule.unless and not rule.unless.isdisjoint(text.present):
            return False
        if rule.with_ and not any(occurs(s, text) for s in rule.with_):
            return False
        return not any(occurs(s, text) for s in rule.without)


def occurs(phrase: Phrase, text: CueText) -> bool:
    """Tell whether a phrase occurs anywhere in a message."""
    if any(words.isdisjoint(text.bag) for words in phrase.needed):
        return False
    firsts = phrase.firsts
    return any(
        match_at(phrase.sequence, text, at) > at
        for at, word in enumerate(text.words)
        if firsts is None or word in firsts
    )


def _without_cancelled(hits: list[Hit]) -> list[Hit]:
    cancelling = [h for h in hits if h.rule.cancels]
    return [
        hit
        for hit in hits
        if not any(
            hit.rule.intent in c.rule.cancels and hit.first < c.last and c.first < hit.last
            for c in cancelling
        )
    ]


@lru_cache(maxsize=2)
def cue_book(kind: str = "customer") -> CueBook:
    """Return the packaged cues: `customer` for messages, `question` for the assistant's questions."""
    book = CueBook()
    folder = files("seldenrijk.nlu").joinpath("data/intents")
    names = [f"{intent}.toml" for intent in INTENTS] if kind == "customer" else ["questions.toml"]
    for name in names:
        load(book, name, tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")))
    return book


def load(book: CueBook, name: str, data: dict[str, Any]) -> None:
    """Add the tables of one file to a book; raises PhraseError with the file's name."""
    for number, table in enumerate(data.get("cue", []), 1):
        where = f"{name}, cue {number} ({table.get('why', 'no why')})"
        try:
            rule = _rule(data.get("intent"), table)
            for phrase in table["phrases"]:
                book.add(phrase, rule)
        except (PhraseError, KeyError, TypeError, ValueError) as error:
            raise PhraseError(f"{where}: {error}") from error


def _rule(intent: str | None, table: dict[str, Any]) -> Rule:
    strange = set(table) - _KEYS - {"intent"}
    if strange:
        raise PhraseError(f"unknown keys {sorted(strange)}")
    name = table.get("intent", intent)
    cancels = frozenset(table.get("cancels", ()))
    near, unless = frozenset(table.get("near_class", ())), frozenset(table.get("unless_class", ()))
    if name not in INTENTS or not cancels <= set(INTENTS) or not (near | unless) <= CLASSES:
        raise PhraseError("no such intent or class")
    return Rule(
        intent=name, why=table["why"], weight=float(table["weight"]), whole=table.get("whole", False),
        outranks=table.get("outranks", False), max_tokens=table.get("max_tokens", 0), cancels=cancels,
        near=near, unless=unless, with_=_compiled(table.get("with", ())),
        without=_compiled(table.get("without", ())),
    )  # fmt: skip


def _compiled(phrases: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(compile_phrase(phrase) for phrase in phrases)
