"""The numbers that a text contains, in digits and in Dutch, English or German words.

For checking that somebody else's reading has a basis in the text: it finds rather too many than too few.
"""

import re
from collections.abc import Iterator

_SMALL = {word: value for value, words in enumerate((
    "nul zero null", "een één one ein eins", "twee two zwei", "drie three drei", "vier four",
    "vijf five fünf", "zes six sechs", "zeven seven sieben", "acht eight", "negen nine neun",
    "tien ten zehn", "elf eleven", "twaalf twelve zwölf", "dertien thirteen dreizehn",
    "veertien fourteen vierzehn", "vijftien fifteen fünfzehn", "zestien sixteen sechzehn",
    "zeventien seventeen siebzehn", "achttien eighteen achtzehn", "negentien nineteen neunzehn",
)) for word in words.split()}  # fmt: skip
_TENS = {word: 10 * tens for tens, words in enumerate((
    "twintig twenty zwanzig", "dertig thirty dreißig", "veertig forty vierzig", "vijftig fifty fünfzig",
    "zestig sixty sechzig", "zeventig seventy siebzig", "tachtig eighty achtzig", "negentig ninety neunzig",
), start=2) for word in words.split()}  # fmt: skip
_SCALES = {"honderd": 100, "hundred": 100, "hundert": 100, "duizend": 1000, "thousand": 1000, "tausend": 1000,
           "mille": 1000, "dzd": 1000, "grand": 1000, "ton": 100_000, "miljoen": 1_000_000}  # fmt: skip
_LINKS = ("en", "ën", "and", "und")
_VALUES = _SMALL | _TENS
_WORD = "|".join(sorted((*_VALUES, *_SCALES, *_LINKS), key=len, reverse=True))
_WORDS = re.compile(rf"\b(?:{_WORD})(?:[\s-]?(?:{_WORD}))*", re.IGNORECASE)
_PIECE = re.compile(_WORD, re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_SCALE_WORD = re.compile(
    r"(?:\b|(?<=\d))(?:(k|mille|duizend|dzd|d|tkm|dkm|grand|thousand|tausend|tsd)(?=\b|km)|(ton)\b)",
    re.IGNORECASE,
)
_HALVES = {"anderhalf": 1.5, "anderhalve": 1.5, "halve": 0.5, "half": 0.5, "kwart": 0.25}
_HALF = re.compile("|".join(_HALVES), re.IGNORECASE)
LIMIT = 10_000


def numbers_in(text: str) -> set[int]:
    """Every whole number that the text may be read to contain, at most :data:`LIMIT` characters of it.

    Multiplier words ("duizend", "k", "ton") anywhere in the text apply to every number below 1000, for
    "tussen de 20 en 30 duizend".
    """
    text = text[:LIMIT]
    plain = {n for found in (_digits(text), _words(text), _halves(text)) for n in found}
    scales = {1.0}
    for match in _SCALE_WORD.finditer(text):
        scales.add(1_000.0 if match[1] else 100_000.0)
    scaled = {n * scale for n in plain for scale in scales if scale == 1 or n < 1000}
    whole = {round(n) for n in scaled if abs(n - round(n)) < 1e-6}
    return whole | ({100_000} if 100_000.0 in scales else set())


def _digits(text: str) -> Iterator[float]:
    for match in _DIGITS.finditer(text):
        parts = re.split(r"[.,' ]", match[0])
        if sum(map(len, parts)) > 12:
            continue
        if len(parts) == 2 and len(parts[1]) != 3:
            yield float(f"{parts[0]}.{parts[1]}")
        else:
            yield float("".join(parts))
        # "120 000" may also be two numbers side by side
        yield from (float(part) for part in parts if " " in match[0])


def _halves(text: str) -> Iterator[float]:
    return (_HALVES[match[0].lower()] for match in _HALF.finditer(text))


def _words(text: str) -> Iterator[float]:
    for match in _WORDS.finditer(text):
        pieces = [piece.lower() for piece in _PIECE.findall(match[0])]
        yield from _fold(pieces)


def _fold(pieces: list[str]) -> Iterator[float]:
    """Numbers of a run of number words, and each part's own value beside."""
    total, current = 0, None
    for piece in pieces:
        if piece in _LINKS:
            continue
        scale = _SCALES.get(piece)
        if scale is None:
            value = _VALUES[piece]
            yield float(value)
            if current is not None and not _joins(current, value):
                yield float(total + current)
                total, current = 0, None
            current = value if current is None else current + value
        elif scale == 100:
            current = (current or 1) * 100
        else:
            total, current = total + (current or 1) * scale, None
            yield float(total)
    if current is not None:
        yield float(current)
        yield float(total + current)


def _joins(current: int, value: int) -> bool:
    """Two words make one number: "vijf" and "twintig" or "twenty" and "five"; "vier" and "vijf" do not."""
    small = current % 100
    if small == 0:
        return value < 100
    unit, ten = small < 10, small >= 20 and small % 10 == 0
    return (unit and value >= 20) or (ten and value < 10)
