"""The small language in which cues are written, compiled and matched on words, never on letters.

`word` that word, `word*` words that begin so, `*word` words that end so, `(a|b c)` one of these,
`x?` may be absent, `..` at most three words between (each further dot one more), `<day>` a word of
that class, `^` and `$` the first and the last word of the message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from seldenrijk.nlu.cues_tokens import CLASSES, CueText, plain_words

_PART = re.compile(r"\s*(?:(?P<gap>\.{2,})|(?P<edge>[\^$])|(?P<open>\()|(?P<word>[^\s()|^$]+))")
_LONG_GAP = 6  # a gap of this many words or more may cross the end of a sentence


class PhraseError(ValueError):
    """A phrase of the data does not follow the small language; says which and where."""


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a phrase: a word test, a gap, an edge or a choice between sequences."""

    kind: str  # word | prefix | suffix | class | gap | start | end | choice
    word: str = ""
    size: int = 0
    words: frozenset[str] = frozenset()  # a choice: those of its alternatives that are one plain word
    choices: tuple[tuple["Element", ...], ...] = ()  # and all others
    optional: bool = False


Sequence_ = tuple[Element, ...]


def parse(phrase: str) -> Sequence_:
    """Compile a phrase; raises PhraseError."""
    elements, rest = _parse_sequence(phrase, 0)
    if rest != len(phrase) or not any(e.kind not in ("gap", "start", "end") for e in elements):
        raise PhraseError(f"cannot read the phrase {phrase!r} from position {rest}")
    return _trim(elements)


def _trim(elements: Sequence_) -> Sequence_:
    """Take gaps off both ends: they would match anything."""
    while elements[-1].kind == "gap":
        elements = elements[:-1]
    while elements[0].kind == "gap":
        elements = elements[1:]
    return elements


def _parse_sequence(phrase: str, at: int) -> tuple[Sequence_, int]:
    found: list[Element] = []
    while at < len(phrase) and phrase[at] not in "|)":
        match = _PART.match(phrase, at)
        if not match:
            if phrase[at:].strip():
                raise PhraseError(f"cannot read the phrase {phrase!r} from position {at}")
            at = len(phrase)
            break
        at = match.end()
        if match["gap"]:
            found.append(Element("gap", size=len(match["gap"]) + 1))
        elif match["edge"]:
            found.append(Element("start" if match["edge"] == "^" else "end"))
        elif match["open"]:
            choice, at = _parse_choice(phrase, at)
            found.append(choice)
        else:
            found.extend(_word(match["word"]))
    return tuple(found), at


def _parse_choice(phrase: str, at: int) -> tuple[Element, int]:
    choices: list[Sequence_] = []
    while True:
        sequence, at = _parse_sequence(phrase, at)
        if not sequence:
            raise PhraseError(f"an empty choice in {phrase!r} at position {at}")
        choices.append(sequence)
        if at >= len(phrase):
            raise PhraseError(f"a bracket stays open in {phrase!r}")
        at += 1
        if phrase[at - 1] == ")":
            break
    optional = phrase[at : at + 1] == "?"
    plain = frozenset(c[0].word for c in choices if len(c) == 1 and _is_plain(c[0]))
    others = tuple(c for c in choices if len(c) > 1 or not _is_plain(c[0]))
    return Element("choice", words=plain, choices=others, optional=optional), at + optional


def _is_plain(element: Element) -> bool:
    return element.kind == "word" and not element.optional


@lru_cache(maxsize=8192)
def _word(raw: str) -> tuple[Element, ...]:
    """Return the word tests of one written word; the same words come back in many phrases."""
    return tuple(_tests(raw))


def _tests(raw: str) -> Iterator[Element]:
    optional, raw = raw.endswith("?"), raw.removesuffix("?")
    if raw.startswith("<") and raw.endswith(">"):
        if raw[1:-1] not in CLASSES:
            raise PhraseError(f"no class {raw}")
        yield Element("class", raw[1:-1], optional=optional)
        return
    kind = "prefix" if raw.endswith("*") else "suffix" if raw.startswith("*") else "word"
    bare = raw.strip("*")
    if not bare or "*" in bare:
        raise PhraseError(f"a star may stand before or after a word only: {raw!r}")
    words = plain_words(bare.replace("-", " ").replace("/", " "))
    if len(words) > 1 and optional:
        raise PhraseError(f"{raw!r} is several words: put them in brackets")
    for number, word in enumerate(words):
        last = number == len(words) - 1
        yield Element(kind if last or kind == "suffix" else "word", word, optional=optional)


def match_at(sequence: Sequence_, text: CueText, at: int) -> int:
    """Return where a match that starts at word `at` ends (the word after it), or -1."""
    return _match(sequence, 0, text, at)


def _match(sequence: Sequence_, step: int, text: CueText, at: int) -> int:
    if step == len(sequence):
        return at
    element = sequence[step]
    if element.kind == "gap":
        return _match_gap(sequence, step, text, at)
    if element.kind == "choice":
        if at < len(text.words) and text.words[at] in element.words:
            end = _match(sequence, step + 1, text, at + 1)
            if end >= 0:
                return end
        for choice in element.choices:
            end = _match((*choice, *sequence[step + 1 :]), 0, text, at)
            if end >= 0:
                return end
    elif element.kind == "start":
        return _match(sequence, step + 1, text, at) if at == 0 else -1
    elif element.kind == "end":
        return _match(sequence, step + 1, text, at) if at == len(text.words) else -1
    elif at < len(text.words) and fits(element, text, at):
        end = _match(sequence, step + 1, text, at + 1)
        if end >= 0:
            return end
    return _match(sequence, step + 1, text, at) if element.optional else -1


def _match_gap(sequence: Sequence_, step: int, text: CueText, at: int) -> int:
    size, words = sequence[step].size, len(text.words)
    sentence = text.sentences[at - 1] if 0 < at <= words else 0
    for skipped in range(size + 1):
        here = at + skipped
        if here > words:
            return -1
        if size < _LONG_GAP and here < words and text.sentences[here] != sentence:
            return -1
        end = _match(sequence, step + 1, text, here)
        if end >= 0:
            return end
    return -1


def fits(element: Element, text: CueText, at: int) -> bool:
    """Tell whether one word passes a word test."""
    word = text.words[at]
    if element.kind == "word":
        return word == element.word
    if element.kind == "prefix":
        return word.startswith(element.word)
    if element.kind == "suffix":
        return word.endswith(element.word)
    return element.word in text.classes[at]


def openings(sequence: Sequence_) -> set[tuple[str, str]]:
    """Return the (kind, word) tests of which one must pass on the word where a match begins."""
    found: set[tuple[str, str]] = set()
    for element in sequence:
        if element.kind in ("start", "end", "gap"):
            continue
        if element.kind == "choice":
            found |= {("word", word) for word in element.words}
            for choice in element.choices:
                found |= openings(choice)
        else:
            found.add((element.kind, element.word))
        if not element.optional:
            break
    return found


def needed(sequence: Sequence_) -> tuple[frozenset[str], ...]:
    """Return sets of words of each of which a matching message has at least one: a quick first test."""
    found: list[frozenset[str]] = []
    for element in sequence:
        if element.optional or element.kind not in ("word", "choice"):
            continue
        if element.kind == "word":
            found.append(frozenset([element.word]))
            continue
        tests = {("word", word) for word in element.words}.union(*(openings(c) for c in element.choices))
        if all(kind == "word" for kind, _ in tests):
            found.append(frozenset(word for _, word in tests))
    return tuple(sorted(found, key=len))
