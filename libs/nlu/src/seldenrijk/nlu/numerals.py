"""Reads numbers written as words: Dutch, English and German, also run together ("vijfentwintigduizend")."""

from functools import lru_cache

_UNITS = {
    "nul": 0, "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15,
    "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19, "twintig": 20, "dertig": 30,
    "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90, "one": 1,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "ein": 1, "eins": 1, "zwei": 2, "drei": 3,
    "funf": 5, "sechs": 6, "sieben": 7, "neun": 9, "zehn": 10, "zwolf": 12, "dreizehn": 13,
    "vierzehn": 14, "funfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    "zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_HUNDRED = ("honderd", "hundred", "hundert")
_THOUSAND = ("duizend", "thousand", "tausend")
_JOIN = ("en", "und", "e")
_FRACTIONS = {"anderhalf": 1.5, "anderhalve": 1.5, "half": 0.5, "halve": 0.5, "halfje": 0.5}
SMALL_WORDS = frozenset(w for w, n in _UNITS.items() if n < 100)


@lru_cache(maxsize=4096)
def number_word(word: str) -> float | None:
    """Return the value of one folded word, None when it is no number; "een" and "acht" are numbers here."""
    if word in _FRACTIONS:
        return _FRACTIONS[word]
    if word in _UNITS:
        return float(_UNITS[word])
    if len(word) < 5 or len(word) > 40 or not word.isalpha():
        return None
    for half in ("eneenhalf", "eneenhalve", "ehalf", "ehalve", "enhalf", "enhalve", "enhalf"):
        if word.endswith(half) and (whole := _UNITS.get(word.removesuffix(half))) is not None:
            return whole + 0.5
    for names, size in ((_THOUSAND, 1000.0), (_HUNDRED, 100.0)):
        for name in names:
            before, found, after = word.partition(name)
            if found:
                return _times(before, size, after)
    return _tens(word)


def _times(before: str, size: float, after: str) -> float | None:
    """Return before x size + after: "twee" 100 "vijftig"."""
    factor = number_word(before) if before else 1.0
    rest = number_word(after.removeprefix("en") if after.startswith("en") else after) if after else 0.0
    return None if factor is None or rest is None or rest >= size else factor * size + rest


def _tens(word: str) -> float | None:
    """Return "vijfentwintig", "funfundzwanzig", "twentyfive"."""
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        small = _UNITS.get(head)
        if small is None:
            continue
        for join in _JOIN:
            ten = _UNITS.get(tail.removeprefix(join)) if tail.startswith(join) else None
            if small < 10 and ten is not None and 20 <= ten < 100:
                return float(ten + small)
        ten = _UNITS.get(tail)
        if small >= 20 and ten is not None and ten < 10:
            return float(small + ten)
    return None
