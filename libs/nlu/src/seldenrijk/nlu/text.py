"""Text as people type it, made comparable without losing where every word stood.

`Text.folded` is lower case, without diacritics, with plain quotes and dashes and without invisible
characters; `Text.tokens` are its words, numbers and symbols. Both know their place in the original.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 4096  # the longest message WhatsApp sends; what comes after it is not read
MAX_TOKENS = 900  # bounds the work of everything that walks over tokens

_PLAIN = {
    "‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "–": "-",
    "—": "-", "−": "-", "…": "...", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ĳ": "ij", "Ĳ": "ij", "ł": "l",
    "½": ",5", "¼": ",25", "¾": ",75", "€": "€", "×": "x",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d{3})+(?:,\d{1,2})?(?![.,]?\d)|\d{1,3}[.,]\d{1,2}(?![.,]?\d)|\d{1,12})"
    r"|(?P<word>[^\W\d_]{1,40})|(?P<symbol>[^\s\w]|_)"
)
_ABBREVIATIONS = frozenset(
    [
        "ca",
        "max",
        "min",
        "evt",
        "ong",
        "bijv",
        "bv",
        "bj",
        "incl",
        "excl",
        "aut",
        "nr",
        "km",
        "tel",
        "mnd",
        "p",
        "m",
        "a",
        "s",
        "u",
        "str",
        "mr",
        "mw",
        "dhr",
        "benz",
        "ws",
        "circa",
        "eur",
        "vr",
        "za",
        "ma",
        "di",
        "wo",
        "do",
        "zo",
    ]
)


@lru_cache(maxsize=256)
def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of a text in order."""
    return tuple(text.split())


_ABBREVIATIONS = word_set(
    "ca max min evt ong bijv bv bj incl excl aut nr km tel mnd p m a s u str mr mw dhr benz ws "
    "circa eur vr za "
    "ma di wo do zo"
)


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """Return the plain lower-case form of one character: '' for what is invisible."""
    if char in _PLAIN:
        return _PLAIN[char]
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Mn", "Me"):
        return ""
    if category == "Cc" or category.startswith("Z"):
        return " "
    base = unicodedata.normalize("NFKD", char)
    return "".join(c for c in base if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return a text folded, for comparing words of data with words of messages."""
    return text.lower() if text.isascii() else "".join(fold_char(c) for c in text)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or symbol: folded text and its place in the original and the folded text."""

    text: str
    kind: str  # word | number | symbol
    start: int  # in the original
    end: int
    at: int  # in the folded text
    spaced: bool  # white space stands before it
    capital: bool  # begins with a capital in the original


class Text:
    """A message, folded and cut into tokens once; immutable by convention."""

    __slots__ = ("_offsets", "_starts", "folded", "raw", "tokens", "words")

    def __init__(self, raw: str) -> None:
        self.raw = raw[:MAX_CHARS]
        self.folded, self._offsets = _fold_with_offsets(self.raw)
        self.tokens: tuple[Token, ...] = tuple(self._cut())
        self.words: tuple[str, ...] = tuple(t.text for t in self.tokens)
        self._starts = [t.at for t in self.tokens]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the folded text to the original one."""
        if start >= end or not self._offsets:
            return (start, end) if not self._offsets else (0, 0)
        return self._offsets[start], self._offsets[end - 1] + 1

    def source(self, first: int, last: int) -> str:
        """Return the original characters from token `first` up to and including token `last`."""
        return self.raw[self.tokens[first].start : self.tokens[last].end]

    def index_at(self, folded_position: int) -> int:
        """Return the number of the token that holds, or follows, a position of the folded text."""
        low, high = 0, len(self._starts)
        while low < high:
            middle = (low + high) // 2
            if self._starts[middle] + len(self.tokens[middle].text) <= folded_position:
                low = middle + 1
            else:
                high = middle
        return low

    def _cut(self) -> list[Token]:
        found: list[Token] = []
        for match in _TOKEN.finditer(self.folded):
            if len(found) >= MAX_TOKENS:
                break
            kind, at, end = match.lastgroup or "symbol", match.start(), match.end()
            if kind == "symbol" and self._is_soft(match.group(), at, end, found):
                continue
            start, stop = self.original(at, end)
            spaced = at == 0 or self.folded[at - 1].isspace()
            capital = kind == "word" and self.raw[start].isupper()
            found.append(Token(match.group(), kind, start, stop, at, spaced, capital))
        return found

    def _is_soft(self, symbol: str, at: int, end: int, found: list[Token]) -> bool:
        """Tell whether a symbol merely glues: `cx-5`, `a.s.`, `m'n`, `max. 5`; not `8-12`, `einde. Nieuw`."""
        if symbol in "'\"":
            return True
        if symbol not in "-._":
            return False
        before = self.folded[at - 1 : at]
        after = self.folded[end : end + 1]
        short = bool(found) and (found[-1].text in _ABBREVIATIONS or len(found[-1].text) == 1)
        if symbol == "." and before.isalpha() and short:
            return True
        figures = before.isdigit() or (at > 1 and self.folded[at - 2].isdigit() and symbol == "-")  # 20k-30k
        return before.isalnum() and after.isalnum() and not (figures and after.isdigit())


def _fold_with_offsets(raw: str) -> tuple[str, list[int]]:
    """Return the folded text and, unless nothing moved, the original position of each character."""
    if raw.isascii() and raw.isprintable():
        return raw.lower(), []
    parts: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(raw):
        plain = char.lower() if char.isascii() and char.isprintable() else fold_char(char)
        parts.append(plain)
        offsets.extend([position] * len(plain))
    return "".join(parts), offsets
