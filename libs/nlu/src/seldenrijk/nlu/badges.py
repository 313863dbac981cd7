"""Engine badges that name a model: 118i is a 1-serie, C180 a C-klasse, CT200h a CT."""

import re
from collections.abc import Callable

from seldenrijk.nlu.mentions import Mention
from seldenrijk.nlu.text import Text, word_set

_BMW = re.compile(r"[1-8]\d\d")
_BMW_TAIL = word_set("i d e xi xd ci cd ti td tds is ix dx xdrive sdrive id da ia i's")
_MERCEDES = {
    **{c: f"{c.upper()}-klasse" for c in "abcegsvr"},
    **{c: c.upper() for c in word_set("cla cls clk slk slc gla glb glc gle glk gls sl cl")},
    "ml": "M-klasse", "cle": "CLE", "clc": "CLC",
}  # fmt: skip
_MERCEDES_NUMBER = re.compile(r"(?:[1-6]\d0|45|35|43|63|55|53)")
_LEXUS_NUMBER = re.compile(r"[2-6]\d0")
_AFTER_BADGE = frozenset({"", "amg", "cdi", "d", "sedan", "automaat", "of"})
_LEXUS = word_set("ct is gs es ls rx nx ux rc lc rz lbx")
TRIMS = word_set(
    "gti gtd gte gts r tdi tsi fsi hdi bluehdi puretech vti thp cdti dci tce gt line rs st sport gtx sw cc e"
)
_ROMAN = word_set("ii iii iv vi vii viii ix")
_GENERATION = re.compile(r"[1-9](?:[.,]\d)?|[1-9][.,]\d{1,2}")
_NO_TRIMS = frozenset({"sw", "st", "e"})  # bodies and a letter of other names
_RANGE_WORDS = frozenset({"tot", "-", "a", "of", "mille", "k", "ton"})


def engine_badge(
    text: Text, at: int, after_make: Callable[[str], bool], counts: Callable[[int], bool]
) -> Mention | None:
    """Return the model of the badge at a token.

    `after_make` tells whether a make stands right before, `counts` whether a token is followed by a unit.
    """
    following = text.words[at + 1] if at + 1 < len(text.words) else ""
    glued = bool(following) and not text.tokens[at + 1].spaced
    word = text.words[at]
    if _BMW.fullmatch(word):
        return _bmw(text, at, following, glued, after_make("BMW"), counts)
    if word in _MERCEDES and _MERCEDES_NUMBER.fullmatch(following) and not counts(at + 1):
        if glued or len(word) > 1 or after_make("Mercedes-Benz") or _stands_alone(text.words, at):
            return Mention(at, at + 1, "model", _MERCEDES[word], ("Mercedes-Benz",), "engine badge")
        return None
    if word in _LEXUS and _LEXUS_NUMBER.fullmatch(following) and (glued or after_make("Lexus")):
        return Mention(at, at + 1, "model", word.upper(), ("Lexus",), "engine badge")
    return None


def _bmw(
    text: Text, at: int, following: str, glued: bool, named: bool, counts: Callable[[int], bool]
) -> Mention | None:
    tail = following in _BMW_TAIL and (glued or named)
    if not tail and (not named or counts(at)):
        return None
    return Mention(at, at + tail, "model", f"{text.words[at][0]}-serie", ("BMW",), "engine badge")


def _stands_alone(words: tuple[str, ...], at: int) -> bool:
    """Tell whether a spaced "a 180" is a badge: not the "a" of a range or of "a piece"."""
    after = words[at + 2] if at + 2 < len(words) else ""
    before = words[at - 1] if at else ""
    return words[at] not in "ae" or (not before.isdigit() and after in _AFTER_BADGE)


def with_generation(
    text: Text, mention: Mention, taken: frozenset[int], counts: Callable[[int], bool]
) -> Mention:
    """Take the generation, trim and engine behind a model into its span: "golf 7 gti", "clio iv 1.2"."""
    last = mention.last
    while mention.field == "model" and last + 1 < len(text.words) and last - mention.last < 4:
        word, following = text.words[last + 1], text.words[last + 2 : last + 3]
        generation = _GENERATION.fullmatch(word) and not counts(last + 1)
        trim = word == "mk" or word in _ROMAN or (word in TRIMS and word not in _NO_TRIMS)
        if last + 1 in taken or not (generation or trim) or (generation and set(following) & _RANGE_WORDS):
            break
        last += 1
    return mention.with_last(last)
