"""Numbers in a text, in digits and in Dutch, English and German words, with the unit that they are said in."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

Unit = Literal["price", "monthly", "mileage", "year", "percent", "duration", "spec", "seats", "doors", "bare"]

_DIGITS = r"\d{1,3}(?:[.,'’]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d{1,3}(?: \d{3})+(?=\s*(?:euro|eur|km|kilometer|,-|€))|(?<=€ )\d{1,3}(?: \d{3})+(?!\d)|(?<=€)\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_SCALE = r"k(?:€|m\b)?|mille|mln|miljoen|million|millionen|duizend|dzd|ton|tonnen|tsd\.?|tausend|thousand|grand|honderd|hundred|hundert|dkm"
_NUMBER = re.compile(rf"(?<![\w.,])(?P<n>{_DIGITS})(?:\s?(?P<s>{_SCALE}))?(?![\w])(?P<tail>,-{{1,2}}|,–)?|(?<![\w])(?P<n2>\d+(?:[.,]\d+)?)(?P<s2>k|mille|dkm|km)\b")
_SCALES = {"k": 1000, "mille": 1000, "duizend": 1000, "dzd": 1000, "tsd": 1000, "tsd.": 1000, "tausend": 1000, "thousand": 1000,
           "grand": 1000, "k€": 1000, "km": 1, "ton": 100_000, "tonnen": 100_000, "honderd": 100, "hundred": 100, "hundert": 100,
           "dkm": 1000, "mln": 10**6, "miljoen": 10**6, "million": 10**6, "millionen": 10**6}  # fmt: skip
_MONTH = r"\s*(?:,-)?\s*(?:per\s+(?:maand|month)|p\s*/\s*m(?:nd)?\b|p\.?m\.?\b|/\s*(?:mnd|maand|month|mo)\b|maandelijks|a\s+month|monthly|pro\s+monat|im\s+monat|mtl|monatlich|in de maand)"
_AFTER: tuple[tuple[Unit, str], ...] = (
    ("monthly", rf"(?:\s*(?:€|euro'?s?|eur))?{_MONTH}"),
    ("percent", r"\s*(?:%|procent|percent|prozent)"),
    ("price", r"\s*(?:€|euro'?s?\b|eur\b|piek\b|,-)"),
    ("mileage", r"\s*(?:km\b|kms\b|kilometers?\b|kilometern\b|km's|mijl\b|miles\b|op de teller|auf dem tacho|on the clock)"),
    ("seats", r"[\s-]*(?:zits\b|zitplaatsen|zitter|persoons|personen\b|stoelen|seats?\b|seater|sitze|sitzer|sitzplatze)"),
    ("doors", r"[\s-]*(?:deurs?\b|deuren|drs\b|doors?\b|turen|turer|turig)"),
    ("duration", r"[\s-]*(?:jaar|jaren|jarige?|maand(?:en)?\b|mnd\b|weken|week|dagen|dag\b|werkdagen|uur\b|uren|minuten|minuut|seconden|kwartier|years?\b|months?\b"
     r"|weeks?\b|days?\b|hours?\b|minutes?\b|jahre?n?\b|monate?n?\b|wochen?\b|tage?n?\b|stunden?\b|minuten)"),
    ("spec", r"\s*(?:pk\b|hp\b|ps\b|kw\b|kwh\b|cc\b|liter\b|l\b|nm\b|kg\b|cm\b|mm\b|tdi\b|tsi\b|tfsi\b|cdi\b|hdi\b|dci\b|tce\b|gti\b|mpi\b|crdi\b|vtec\b|vvt|t\b|d\b|i\b|v\b|inch|\"|“)"),
)  # fmt: skip
_AFTERS = tuple((unit, re.compile(pattern)) for unit, pattern in _AFTER)
_BEFORE_EURO = re.compile(r"(?:€|\beur(?:o)?)\s*$")
_BEFORE_MONTH = re.compile(r"(?:maandbedrag|maandlasten|maandlast|monthly (?:amount|payment)|monatsrate|rate)\W{0,3}(?:\w+\s+){0,3}(?:€\s*)?$")
_BEFORE_MILEAGE = re.compile(r"(?:kilometerstand|tellerstand|km-stand|mileage)\W{0,3}(?:\w+\s+){0,4}$")


@dataclass(frozen=True)
class Number:
    """A number with its place in the text. ``plain`` is True for a whole number without separators or scale."""

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
    for start, end, value in spelled(plain):
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
    if scale in ("km", "dkm", "ton", "tonnen") and (scale != "ton" or not _BEFORE_EURO.search(text[: match.start()])):
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


# Numbers in words ---------------------------------------------------------------------------------------------

_NL_ONES = ("", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
            "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")  # fmt: skip
_NL_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_DE_ONES = ("", "ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf", "dreizehn",
            "vierzehn", "funfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn")  # fmt: skip
_DE_TENS = ("", "", "zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_EN_ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
            "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSAND = re.compile(r"^(?P<a>.*?)(?:duizend|tausend|duizent)(?P<b>.*)$")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_JOINERS = {"en", "and", "und"}
_HALVES = {"anderhalve": 1.5, "anderhalf": 1.5}


def _under_hundred(ones: tuple[str, ...], tens: tuple[str, ...], joiner: str) -> dict[str, int]:
    words = {word: value for value, word in enumerate(ones) if word}
    for ten in range(2, 10):
        words[tens[ten]] = ten * 10
        for one in range(1, 10):
            words[f"{ones[one]}{joiner}{tens[ten]}"] = ten * 10 + one
    return words


@cache
def _compound() -> dict[str, int]:
    """Dutch and German numbers below 2000 as one word, accents folded."""
    words: dict[str, int] = {}
    for ones, tens, joiner, hundred in (
        (_NL_ONES, _NL_TENS, "en", "honderd"),
        (_DE_ONES, _DE_TENS, "und", "hundert"),
    ):
        small = _under_hundred(ones, tens, joiner)
        words |= small
        for count in range(1, 20):
            for prefix in {ones[count], "" if count == 1 else ones[count]}:
                words[f"{prefix}{hundred}"] = count * 100
                for word, value in small.items():
                    words[f"{prefix}{hundred}{word}"] = count * 100 + value
                    words[f"{prefix}{hundred}{'en' if hundred == 'honderd' else 'und'}{word}"] = count * 100 + value
    return words | {"eins": 1, "eine": 1, "dreizig": 30}


@cache
def _english() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_EN_ONES) if word}
    words |= {word: 10 * value for value, word in enumerate(_EN_TENS) if word}
    for ten in range(2, 10):
        words |= {f"{_EN_TENS[ten]}-{_EN_ONES[one]}": ten * 10 + one for one in range(1, 10)}
    return words


def _word_value(word: str) -> int | None:
    """Value of one word: "achttienduizendnegenhonderdvijftig", "tweehonderd", "eighty-five"."""
    table = _compound()
    if word in table:
        return table[word]
    if word in _english():
        return _english()[word]
    match = _THOUSAND.match(word)
    if match is None:
        return None
    head = 1 if not match["a"] else table.get(match["a"])
    tail_word = match["b"].removeprefix("en").removeprefix("und")
    tail = 0 if not match["b"] else table.get(match["b"]) or table.get(tail_word)
    return head * 1000 + tail if head and tail is not None else None


def spelled(text: str) -> list[tuple[int, int, int]]:
    """Numbers in words of a folded text: start, end, value. "een" alone is an article and is left out."""
    words = [(m.start(), m.end(), m.group(0)) for m in _WORD.finditer(text)]
    found: list[tuple[int, int, int]] = []
    place = 0
    while place < len(words):
        used, value = _run(words, place, text)
        if used and value is not None:
            start, end = words[place][0], words[place + used - 1][1]
            if used > 1 or not _article(text, words[place], end):
                found.append((start, end, value))
        place += max(used, 1)
    return found


def _article(text: str, word: tuple[int, int, str], end: int) -> bool:
    """Whether a small word is probably no number: "een auto", "geef acht"."""
    if word[2] == "acht":
        return not any(pattern.match(text[end : end + 30]) for _, pattern in _AFTERS[:-1])
    return word[2] in ("een", "ein", "eine", "one")


def _run(words: list[tuple[int, int, str]], place: int, text: str) -> tuple[int, int | None]:
    """How many words from ``place`` make one number, and its value."""
    total, current, used, last = 0.0, 0.0, 0, 0
    while place + used < len(words):
        start, _, word = words[place + used]
        if used and text[words[place + used - 1][1] : start].strip(" "):
            break
        if used and word in _JOINERS:
            following = words[place + used + 1][2] if place + used + 1 < len(words) else ""
            after = words[place + used + 2][2] if place + used + 2 < len(words) else ""
            if following in ("een", "ein", "a") and after == "half":
                current, used = current + 0.5, used + 3
                continue
            if _word_value(following) is None or (total == 0 and current < 100):
                break
            used += 1
            continue
        if word in ("duizend", "tausend", "thousand", "mille", "grand"):
            if not used and word in ("grand", "mille"):
                break
            total, current = total + (current or 1) * 1000, 0
        elif word in ("honderd", "hundert", "hundred") and used:
            current = (current or 1) * 100
        elif word == "ton" and used:
            total, current = total + current * 100_000, 0
        elif word in _HALVES and not used:
            current = _HALVES[word]
        else:
            value = _word_value(word)
            if value is None or (used and not _continues(total, current, value, last)):
                break
            if value >= 1000:
                total += value
            else:
                current += value
            last = value
        used += 1
    while used and words[place + used - 1][2] in _JOINERS:
        used -= 1
    value_total = total + current
    if used and words[place][2] in _HALVES and total == 0:
        return 1, None
    return used, round(value_total) if used else None


def _continues(total: float, current: float, value: int, last: int) -> bool:
    """Whether a further number word belongs to the number before: after a thousand, hundred or English ten."""
    if value >= 1000:
        return False
    if total and current == 0:
        return True
    if current and current % 100 == 0 and value < 100:
        return True
    return bool(current and last in range(20, 100, 10) and value < 10)
