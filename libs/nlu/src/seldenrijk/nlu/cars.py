"""Finds makes and models: exact, inflected, misspelt, by engine badge; never in ordinary words."""

import re
from collections.abc import Iterable
from functools import lru_cache

from seldenrijk.nlu.badges import TRIMS, engine_badge, with_generation
from seldenrijk.nlu.mentions import (
    BEFORE_NAMES,
    MAX_MENTIONS,
    NO_ARTICLE,
    Mention,
    after_article,
    begins_sentence,
    linked,
)
from seldenrijk.nlu.spelling import Speller, ordinary_words
from seldenrijk.nlu.text import Text, word_set
from seldenrijk.nlu.vocabulary import Entry, vocabulary

_ROADS = re.compile(r"\b(?:snelweg|afslag|afrit|kant van de|a\d\d)\b")
_ENDINGS = ("ootje", "etjes", "etje", "otje", "tjes", "tje", "jes", "je", "tjs", "s")


@lru_cache(maxsize=1)
def speller() -> Speller:
    """Return the speller of makes and models that count wherever they stand."""
    words = {
        phrase
        for phrase, entries in vocabulary().cars.phrases.items()
        if phrase.isalpha() and any(_stands_alone(e, phrase) for e in entries)
    }
    return Speller(words, ordinary_words() | frozenset(vocabulary().terms.phrases))


def _stands_alone(entry: Entry, phrase: str) -> bool:
    return entry.needs == "-" or (entry.kind == "make" and len(phrase) > 4)


class CarFinder:
    """One pass over the tokens of a message.

    `known` are makes that the conversation is about, `taken` tokens that belong to other phrases ("4x4").
    """

    def __init__(self, text: Text, known: Iterable[str] = (), taken: frozenset[int] = frozenset()) -> None:
        self.text = text
        self.taken = taken
        self.words = text.words
        self.known = frozenset(known)
        self.found: list[Mention] = []
        self._index = vocabulary().cars
        self._units = vocabulary().signals["units"]

    def run(self) -> list[Mention]:
        """Return the makes and models in order of mention, engines and generations included in the spans."""
        at = 0
        while at < len(self.words) and len(self.found) < MAX_MENTIONS:
            mention = None if at in self.taken else self._at(at)
            if mention is None:
                at += 1
                continue
            self.found.append(with_generation(self.text, mention, self.taken, self._counts))
            at = self.found[-1].last + 1
        return self.found

    def _at(self, at: int) -> Mention | None:
        for length, entries in self._index.find(self.words, at):
            mention = self._choose(at, at + length - 1, entries)
            if mention:
                return mention
        return self._badge(at) or self._inflected(at)

    def _choose(self, first: int, last: int, entries: tuple[Entry, ...]) -> Mention | None:
        """Return the mention of the meanings that the surroundings allow."""
        allowed = [e for e in entries if self._allowed(e, first, last)]
        if not allowed:
            return None
        near = [e for e in allowed if e.kind == "model" and self._make_before(first, (e.make,))]
        chosen = near or [e for e in allowed if e.needs != "make"] or allowed
        makes = tuple(dict.fromkeys(e.make for e in chosen))
        return Mention(first, last, chosen[0].kind, chosen[0].value, makes)

    def _allowed(self, entry: Entry, first: int, last: int) -> bool:
        own = (entry.make,)
        if (
            entry.value == "IS"
            and self.text.raw[self.text.tokens[first].start : self.text.tokens[first].end] != "IS"
        ):
            return False
        if entry.kind == "model" and (self._make_before(first, own) or self._make_after(last, own)):
            if entry.needs == "number" and first and self.found and self.found[-1].last == first - 1:
                return True
            return not (self.words[last].isdigit() and self._counts(last))
        if entry.needs == "make":
            return self._of_known_make(entry, first, last)
        spread = (
            last > first
            and len(self.words[first]) == 1
            and self.words[first + 1].isdigit()
            and self.text.tokens[first + 1].spaced
        )
        if spread and not self._in_list(first):
            return False
        if entry.needs == "-":
            return not (entry.make == "Audi" and _ROADS.search(self.text.folded))  # "aan de a28 of de a1"
        if entry.needs == "number":
            return self._number_is_car(entry, first, last)
        return self._word_is_car(entry, first, last)

    def _of_known_make(self, entry: Entry, first: int, last: int) -> bool:
        known = entry.make in self.known and after_article(self.text, first)
        return known and not self._counts(last)

    def _number_is_car(self, entry: Entry, first: int, last: int) -> bool:
        if self._counts(last):
            return False
        before = self.words[first - 1] if first else ""
        if self._in_list(first) or self._list_after(last):
            return not (entry.value == "2008" and before not in ("of", "een", "en"))
        article = before in word_set(
            "een die mijn mn n deze my nen ne the a meinen einen jullie uw jouw your"
        )
        article = article or (
            before in ("de", "oude", "zwarte", "witte", "rode", "grijze", "blauwe") and entry.value != "2008"
        )
        following = self.words[last + 1] if last + 1 < len(self.words) else ""
        return article or following in TRIMS - {"e", "r", "line"} or (entry.make in self.known and article)

    def _word_is_car(self, entry: Entry, first: int, last: int) -> bool:
        following = self.words[last + 1] if last + 1 < len(self.words) else ""
        if following in ("to", "van", "that", "voor") and entry.value in ("Up!", "Note", "Combo", "Mini"):
            return self.text.tokens[first].capital and not begins_sentence(self.text, first)
        if self._in_list(first) or self._list_after(last):
            return True
        if first and self.words[first - 1] in BEFORE_NAMES:
            return False
        if entry.kind == "make" and self._model_after(entry.make, last):
            return True
        if (
            self.text.tokens[first].capital
            and not begins_sentence(self.text, first)
            and not self.text.raw.isupper()
        ):
            return True
        if entry.needs == "name":
            return False
        dated = bool(re.fullmatch(r"(?:19|20)\d\d|uit|bj|bouwjaar|automaat|gti", following))
        return dated or len(self.words) <= 2 or self._article(first)

    def _article(self, first: int) -> bool:
        return after_article(self.text, first) and self.words[first - 1] not in NO_ARTICLE

    def _counts(self, last: int) -> bool:
        """Tell whether the token after a number says what it counts ("208 euro", "3 deurs")."""
        if last + 1 >= len(self.words):
            return False
        if self.words[last + 1] in ("e", "x", "l") and not self.text.tokens[last + 1].spaced:
            return False
        return any(True for _ in self._units.find(self.words, last + 1)) or self.words[last + 1] == "%"

    def _make_before(self, first: int, makes: tuple[str, ...]) -> bool:
        if not self.found or self.found[-1].makes[:1] == ():
            return False
        last = self.found[-1]
        if not set(makes) & set(last.makes):
            return False
        if last.last == first - 1 and last.field == "make":
            return True
        between = self.words[last.last + 1 : first]
        if last.field == "make" and len(between) == 1 and between[0] in ("type", "model", "de", "een", ","):
            return True
        return last.field == "model" and bool(between) and linked(self.text, last.last, first)

    def _make_after(self, last: int, makes: tuple[str, ...]) -> bool:
        for _, entries in self._index.find(self.words, last + 1) if last + 1 < len(self.words) else ():
            return any(e.kind == "make" and e.make in makes for e in entries)
        return False

    def _model_after(self, make: str, last: int) -> bool:
        for _, entries in self._index.find(self.words, last + 1) if last + 1 < len(self.words) else ():
            return any(e.kind == "model" and e.make == make for e in entries)
        return False

    def _in_list(self, first: int) -> bool:
        """Tell whether another car stands before, with only list words between."""
        if not self.found or (self.found[-1].last == first - 1 and self.found[-1].field == "model"):
            return False
        return linked(self.text, self.found[-1].last, first) and first - self.found[-1].last > 1

    def _list_after(self, last: int) -> bool:
        """Tell whether a car that needs no company follows, with only list words between."""
        for at in range(last + 2, min(last + 5, len(self.words))):
            if not linked(self.text, last, at):
                return False
            for _, entries in self._index.find(self.words, at):
                if any(e.needs == "-" or (e.needs == "number" and len(e.value) == 3) for e in entries):
                    return True
        return False

    def _badge(self, at: int) -> Mention | None:
        """Return the model of an engine badge: 118i, 320 d after BMW, C180, GLC 220, CT200h."""
        return engine_badge(self.text, at, lambda make: self._make_before(at, (make,)), self._counts)

    def _inflected(self, at: int) -> Mention | None:
        """Return the car of a plural, a diminutive or a misspelling."""
        word = self.words[at]
        if len(word) < 4 or not word.isalpha():
            return None
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            entries = self._index.phrases.get(stem, ()) if stem != word and len(stem) > 2 else ()
            entries = tuple(e for e in entries if e.needs == "-" or (len(stem) > 3 and e.needs == "word"))
            if entries and word not in ordinary_words():
                return self._choose(at, at, entries)
        meant = speller().correct(word) or self._misspelt_stem(word)
        if meant is None:
            return None
        entries = tuple(
            e
            for e in self._index.phrases[meant]
            if e.needs != "make" and (e.kind == "make" or e.needs == "-")
        )
        mention = self._choose(at, at, entries) if entries else None
        return mention and Mention(
            at, at, mention.field, mention.value, mention.makes, f"spelling of {meant}"
        )

    def _misspelt_stem(self, word: str) -> str | None:
        return next(
            (
                speller().correct(word.removesuffix(e))
                for e in ("tje", "je")
                if word.endswith(e) and len(word) > 7
            ),
            None,
        )
