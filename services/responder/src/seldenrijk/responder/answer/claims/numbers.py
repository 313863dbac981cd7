"""Numbers in a text, in digits and in words of three languages, with the unit that they are said in."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from .spelled import spelled

Unit = Literal["price", "monthly", "mileage", "year", "percent", "duration", "spec", "seats", "doors", "bare"]

_DIGITS = (
    r"\d{1,3}(?:[.,'’]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,3}(?: \d{3})+(?=\s*(?:euro|eur|km|kilometer|,-|€))"
    r"|(?<=€ )\d{1,3}(?: \d{3})+(?!\d)|(?<=€)\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)?"
)
_SCALE = (
    r"k(?:€|m\b)?|mille|mln|miljoen"
    r"|million|millionen|duizend|dzd|ton|tonnen|tsd\.?|tausend|thousand|grand|honderd|hundred|hundert|dkm"
)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<n>{_DIGITS})(?:\s?(?P<s>{_SCALE}))?(?![\w])(?P<tail>,-{{1,2}}|,–)?"
    rf"|(?<![\w])(?P<n2>\d+(?:[.,]\d+)?)(?P<s2>k|mille|dkm|km)\b"
)
_SCALES = {
    "k": 1000,
    "mille": 1000,
    "duizend": 1000,
    "dzd": 1000,
    "tsd": 1000,
    "tsd.": 1000,
    "tausend": 1000,
    "thousand": 1000,
    "grand": 1000,
    "k€": 1000,
    "km": 1,
    "ton": 100_000,
    "tonnen": 100_000,
    "honderd": 100,
    "hundred": 100,
    "hundert": 100,
    "dkm": 1000,
    "mln": 10**6,
    "miljoen": 10**6,
    "million": 10**6,
    "millionen": 10**6,
}
_MONTH = (
    r"\s*(?:,-)?\s*(?:per\s+(?:maand|month)|p\s*/\s*m(?:nd)?\b|p\.?m\.?\b|/\s*(?:mnd|maand|month|mo)\b|maandelijks"
    r"|a\s+month|monthly|pro\s+monat|im\s+monat|mtl|monatlich|in de maand)"
)
_AFTER: tuple[tuple[Unit, str], ...] = (
    ("monthly", rf"(?:\s*(?:€|euro'?s?|eur))?{_MONTH}"),
    ("percent", r"\s*(?:%|procent|percent|prozent)"),
    ("price", r"\s*(?:€|euro'?s?\b|eur\b|piek\b|,-)"),
    (
        "mileage",
        r"\s*(?:km\b|kms\b|kilometers?\b|kilometern\b|km's|mijl\b|miles\b|op de teller|auf dem tacho"
        r"|on the clock)",
    ),
    (
        "seats",
        r"[\s-]*(?:zits\b|zitplaatsen|zitter|persoons|personen\b|stoelen|seats?\b|seater|sitze|sitzer"
        r"|sitzplatze)",
    ),
    ("doors", r"[\s-]*(?:deurs?\b|deuren|drs\b|doors?\b|turen|turer|turig)"),
    (
        "duration",
        r"[\s-]*(?:jaar|jaren|jarige?|maand(?:en)?\b|mnd\b|weken|week|dagen|dag\b|werkdagen|uur\b|uren"
        r"|minuten|minuut|seconden|kwartier|years?\b|months?\b"
        r"|weeks?\b|days?\b|hours?\b|minutes?\b|jahre?n?\b|monate?n?\b|wochen?\b|tage?n?\b|stunden?\b"
        r"|minuten)",
    ),
    (
        "spec",
        r"\s*(?:pk\b|hp\b|ps\b|kw\b|kwh\b|cc\b|liter\b|l\b|nm\b|kg\b|cm\b|mm\b|tdi\b|tsi\b|tfsi\b|cdi\b"
        r"|hdi\b|dci\b|tce\b|gti\b|mpi\b|crdi\b|vtec\b|vvt|t\b|d\b|i\b|v\b|inch|\"|“)",
    ),
)
_AFTERS = tuple((unit, re.compile(pattern)) for unit, pattern in _AFTER)
_BEFORE_EURO = re.compile(r"(?:€|\beur(?:o)?)\s*$")
_BEFORE_MONTH = re.compile(
    r"(?:maandbedrag|maandlasten|maandlast|monthly (?:amount|payment)|monatsrate"
    r"|rate)\W{0,3}(?:\w+\s+){0,3}(?:€\s*)?$"
)
_BEFORE_MILEAGE = re.compile(r"(?:kilometerstand|tellerstand|km-stand|mileage)\W{0,3}(?:\w+\s+){0,4}$")


@dataclass(frozen=True)
class Number:
    """A number with its place in the text. ``plain``: a whole number without separators or scale."""

    start: int
    end: int
    value: float
    unit: Unit
    text: str
    plain: bool = False
    worded: bool = False

    @property
    def whole(self) -> int:
        """The value as a whole number."""
        return round(self.value)


def fold_keeping(text: str) -> str:
    """Lower case without accents, of the same length, so that places stay valid."""
    folded = []
    for char in text:
        base = unicodedata.normalize("NFKD", char)[0] if ord(char) > 127 else char
        low = base.lower()
        folded.append(low if len(low) == 1 else char)
    return "".join(folded)


def value_of(digits: str, scale: str | None = None) -> float:
    """The value of digits as people write them: "18.950", "18,9" with "k", "18950,00"."""
    text = digits.replace(" ", "").replace("'", "").replace("’", "")
    decimal = re.fullmatch(r"(.*\d)[.,](\d{1,2}|\d{4,})", text)
    whole, rest = (decimal.group(1), decimal.group(2)) if decimal else (text, "")
    number = float(re.sub(r"\D", "", whole) + ("." + rest if rest else ""))
    return number * _SCALES.get(scale or "", 1)


def numbers_in(text: str) -> list[Number]:
    """All numbers of a text in order, digits and words."""
    plain = fold_keeping(text)
    found = [_digit_number(plain, match) for match in _NUMBER.finditer(plain)]
    covered = [(n.start, n.end) for n in found]
    for start, end, value in spelled(plain, _unit_follows):
        if any(a < end and start < b for a, b in covered):
            continue
        unit = _unit(plain, start, end, float(value), plain=False)
        found.append(Number(start, end, float(value), unit, text[start:end], worded=True))
    return sorted(found, key=lambda n: n.start)


def _digit_number(text: str, match: re.Match[str]) -> Number:
    digits, scale = match["n"] or match["n2"], match["s"] or match["s2"]
    value = value_of(digits, scale)
    plain = digits.isdigit() and not scale
    end = match.end("s2") if match["n2"] else match.end("s") if match["s"] else match.end("n")
    if scale in ("km", "dkm", "ton", "tonnen") and (
        scale != "ton" or not _BEFORE_EURO.search(text[: match.start()])
    ):
        unit: Unit = "mileage"
    else:
        unit = _unit(text, match.start(), end, value, plain)
    if match["tail"] and unit == "bare":
        unit = "price"
    return Number(match.start(), end, value, unit, match.group(0), plain)


def _unit(text: str, start: int, end: int, value: float, plain: bool) -> Unit:
    before, after = text[max(0, start - 40) : start], text[end : end + 30]
    for unit, pattern in _AFTERS:
        if pattern.match(after):
            return "monthly" if unit == "price" and _BEFORE_MONTH.search(before) else unit
    if _BEFORE_MONTH.search(before):
        return "monthly"
    if _BEFORE_EURO.search(before):
        return "price"
    if _BEFORE_MILEAGE.search(before):
        return "mileage"
    return "year" if plain and 1950 <= value <= 2035 else "bare"


def amounts_in(text: str) -> frozenset[int]:
    """The values of all numbers in a text, whatever their unit."""
    return frozenset(number.whole for number in numbers_in(text))


def _unit_follows(text: str) -> bool:
    return any(pattern.match(text) for _, pattern in _AFTERS[:-1])
