"""Numbers in Dutch, English and German words, in a folded text."""

import re
from collections.abc import Callable
from functools import cache

_NL_ONES = (
    "",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
)
_NL_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_DE_ONES = (
    "",
    "ein",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf",
    "dreizehn",
    "vierzehn",
    "funfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
)
_DE_TENS = ("", "", "zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_EN_ONES = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
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
                    words[f"{prefix}{hundred}{'en' if hundred == 'honderd' else 'und'}{word}"] = (
                        count * 100 + value
                    )
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


def spelled(text: str, has_unit: Callable[[str], bool]) -> list[tuple[int, int, int]]:
    """Numbers in words of a folded text: start, end, value. "een" alone is an article and is left out.

    ``has_unit`` tells whether a unit follows at the start of a text.
    """
    words = [(m.start(), m.end(), m.group(0)) for m in _WORD.finditer(text)]
    found: list[tuple[int, int, int]] = []
    place = 0
    while place < len(words):
        used, value = _run(words, place, text)
        if used and value is not None:
            start, end = words[place][0], words[place + used - 1][1]
            if used > 1 or not _article(text, words[place], end, has_unit):
                found.append((start, end, value))
        place += max(used, 1)
    return found


def _article(text: str, word: tuple[int, int, str], end: int, has_unit: Callable[[str], bool]) -> bool:
    """Whether a small word is probably no number: "een auto", "geef acht"."""
    if word[2] == "acht":
        return not has_unit(text[end : end + 30])
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
    """Whether a number word goes on with the one before: after a thousand, hundred or English ten."""
    if value >= 1000:
        return False
    if total and current == 0:
        return True
    if current and current % 100 == 0 and value < 100:
        return True
    return bool(current and last in range(20, 100, 10) and value < 10)
