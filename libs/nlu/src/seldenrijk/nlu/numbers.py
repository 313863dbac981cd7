"""Finds the numbers of a message, with their multipliers, ranges and units."""

import re
from collections.abc import Container
from dataclasses import replace

from seldenrijk.nlu.number import Number, join_range
from seldenrijk.nlu.numerals import number_word
from seldenrijk.nlu.text import Text, word_set
from seldenrijk.nlu.vocabulary import Entry, Index, vocabulary

MAX_NUMBERS = 80  # a message with more numbers than this is no message
_THOUSANDS = word_set(
    "k mille duizend dzd dznd tsd tausend thousand grand ruggen rug doezoe doezoes millen duizenden"
)
_GLUED_THOUSANDS = frozenset({"d", "m"})
_TON = frozenset({"ton", "tonnen", "tonnetje"})
_RANGE_WORDS = word_set("tot - a bis to en und and / of or oder tm")
_FILLERS = word_set("de het een ca circa ongeveer rond zo n iets meer max maximaal euro € tot")
_BETWEEN = frozenset({"tussen", "between", "zwischen", "tusse", "tussn"})
_COUNTED = {
    **dict.fromkeys(("deurs", "deurse", "deursauto", "deurswagen", "drs", "turer", "turig"), "doors"),
    **dict.fromkeys(
        ("zitter", "zitters", "zits", "persoons", "persoonsauto", "zitsauto", "sitzer", "seater"), "seats"
    ),
}


class NumberFinder:
    """One pass over the tokens that are not `taken` by cars, plates or moments."""

    def __init__(self, text: Text, taken: Container[int]) -> None:
        self.text = text
        self.words = text.words
        self.taken = taken
        self._units: Index = vocabulary().signals["units"]

    def run(self) -> list[Number]:
        """Return the numbers in order, ranges joined, units attached."""
        singles: list[Number] = []
        at = 0
        while at < len(self.words) and len(singles) < MAX_NUMBERS:
            number = None if at in self.taken else self._single(at)
            if number:
                singles.append(number if number.unit else self._with_unit(number))
                at = singles[-1].end + 1 if singles[-1].unit else number.last + 1
            else:
                at += 1
        return self._joined(singles)

    def _word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) and at not in self.taken else ""

    def _single(self, at: int) -> Number | None:
        token = self.text.tokens[at]
        if token.kind == "number":
            return self._multiplied(self._digits(at))
        if token.kind != "word":
            return None
        return self._ton_alone(at) or self._written(at)

    def _digits(self, at: int) -> Number:
        raw = self.words[at]
        if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:,\d{1,2})?", raw):
            whole = re.sub(r",\d{1,2}$", "", raw)
            return Number(at, at, float(re.sub(r"[.,]", "", whole)), thousands=True, plain=False)
        if not raw.isdigit():
            return Number(at, at, float(raw.replace(",", ".")), plain=False)
        following = self._word(at + 1)
        if (
            len(raw) <= 3
            and re.fullmatch(r"\d00|\d50", following)
            and self.text.tokens[at + 1].spaced
            and raw != "0"
        ):
            return Number(at, at + 1, float(raw + following), thousands=True, plain=False)
        return Number(at, at, float(raw))

    def _written(self, at: int) -> Number | None:
        word = self.words[at]
        value = number_word(word)
        if value is None:
            return self._compound(at)
        following = self._word(at + 1)
        big = following in _THOUSANDS or following in _TON
        if (
            word in ("een", "one", "ein", "half", "halve", "acht", "vier", "elf")
            and not big
            and not self._is_counted(at)
        ):
            return None
        if value >= 1000 and value % 100 == 0:
            year = number_word(following) if following else None
            if year is not None and 100 <= year < 1000 and value % 1000 == 0 and following != "honderd":
                return Number(at, at + 1, value + year, thousands=True, plain=False)
            if value == 2000 and year is not None and 1 <= year < 100 and year == int(year):
                return Number(at, at + 1, value + year)
            return self._multiplied(
                Number(at, at, value, thousands=word not in ("tweeduizend",), plain=False)
            )
        if (
            following in ("en",)
            and self._word(at + 2) in ("een",)
            and self._word(at + 3) in ("half", "halve")
        ):
            return self._multiplied(Number(at, at + 3, value + 0.5, plain=False))
        small = number_word(following) if value >= 20 and following else None
        if (
            small is not None
            and 0 < small < 10
            and word.endswith(("ty", "zig", "tig"))
            and following != "een"
        ):
            return self._multiplied(Number(at, at + 1, value + small, plain=False))
        return self._multiplied(Number(at, at, value, plain=2000 < value < 2100))

    def _compound(self, at: int) -> Number | None:
        """Return "vijfdeurs", "zevenzitter", "zespersoons": a number and its unit in one word."""
        for tail, unit in _COUNTED.items():
            head = self.words[at].removesuffix(tail)
            value = number_word(head) if head != self.words[at] and head else None
            if value is not None and 2 <= value <= 9:
                return Number(at, at, value, unit=unit, end=at, plain=False)
        return None

    def _is_counted(self, at: int) -> bool:
        """Tell whether a word such as "acht" counts something: a unit, or a range, follows it."""
        if self.words[at] in ("een", "one", "ein"):
            return False
        following = self._word(at + 1)
        return (
            bool(self._unit_at(at + 1))
            or following in ("tot", "a", "of")
            or number_word(following) is not None
        )

    def _ton_alone(self, at: int) -> Number | None:
        """Return "(een) ton", "de ton", "halve ton"; a number before it was read already."""
        if self.words[at] not in _TON or self._word(at - 1) not in word_set(
            "een n de dikke kleine ruime krappe goeie hele 1"
        ):
            return None
        return Number(at, at, 100_000.0, thousands=True, ton=True, plain=False)

    def _multiplied(self, number: Number) -> Number:
        following = self._word(number.last + 1)
        glued = bool(following) and not self.text.tokens[number.last + 1].spaced
        if following in _TON and number.low < 1000:
            return replace(
                number, last=number.last + 1, low=number.low * 100_000, thousands=True, ton=True, plain=False
            )
        if following in _THOUSANDS and number.low < 1000:
            skip = 2 if self._word(number.last + 2) == following else 1
            return replace(
                number, last=number.last + skip, low=number.low * 1000, thousands=True, plain=False
            )
        if (
            following in _GLUED_THOUSANDS
            and glued
            and number.low < 1000
            and self._word(number.last + 2) in ("km", "kilometer", "euro")
        ):
            return replace(number, last=number.last + 1, low=number.low * 1000, thousands=True, plain=False)
        return number

    def _unit_at(self, at: int) -> tuple[int, Entry] | None:
        if at >= len(self.words) or at in self.taken:
            return None
        return next(((length, entries[0]) for length, entries in self._units.find(self.words, at)), None)

    def _with_unit(self, number: Number) -> Number:
        """Attach what stands behind a number: its currency or count, and "per month" behind a currency."""
        end, unit, low = number.last, "", number.low
        if self._word(number.first - 1) == "€":
            unit = "eur"
        if self._word(end + 1) == "," and self._word(end + 2) == "-":
            end, unit = end + (3 if self._word(end + 3) == "-" else 2), "eur"
        for _ in range(3):
            found = self._unit_at(end + 1)
            if not found or not self._combines(unit, found[1].value, number, end + 1):
                break
            end, unit = end + found[0], found[1].value
            if unit == "tkm":
                unit, low = "km", low * 1000 if low < 2000 else low
        return replace(number, low=low, unit=unit, end=end, thousands=number.thousands or low != number.low)

    def _combines(self, unit: str, following: str, number: Number, at: int) -> bool:
        if unit == "":
            word = self.words[at]
            if (
                following == "other"
                and word in ("e", "x", "l", "u", "h", "m", "bak", "g")
                and (self.text.tokens[at].spaced or number.low > 400)
            ):
                return False
            if following == "monthly" and word in ("maand", "pm") and number.low <= 12 and number.plain:
                return word == "pm" and number.low > 12
            return not (following == "seats" and number.low > 20) and not (
                following == "yearly" and number.low < 100 and word != "per"
            )
        return (unit, following) in {
            ("eur", "monthly"),
            ("eur", "yearly"),
            ("km", "yearly"),
            ("km", "km"),
            ("doors", "doors"),
            ("eur", "eur"),
        }

    def _joined(self, singles: list[Number]) -> list[Number]:
        """Join neighbours such as "8 tot 12 duizend" and "tussen 2013 en 2016" to ranges."""
        found: list[Number] = []
        for number in singles:
            before = found[-1] if found else None
            word = self._range_word(before, number) if before else ""
            if before and word:
                found[-1] = join_range(before, number, word)
            else:
                found.append(number)
        return found

    def _range_word(self, before: Number, number: Number) -> str:
        """Return the word that makes a range of two numbers, or nothing."""
        start = (before.end or before.last) + 1
        between = [
            w for w in self.words[start : number.first] if w not in _FILLERS - {"tot", "of"} and w != "€"
        ]
        if before.high is not None or number.first - start > 5 or len(between) == 0 or not between[0]:
            return ""
        word = (
            "t/m"
            if between in (["t", "/", "m"], ["tot", "en", "met"], ["tot", "met"], ["tm"])
            else between[0]
        )
        if len(between) > 1 and word != "t/m":
            return ""
        if {before.unit, number.unit} & {"seats", "doors", "other", "years"}:
            return ""
        if word in ("en", "und", "and"):
            return word if set(self.words[max(0, before.first - 3) : before.first]) & _BETWEEN else ""
        return word if word == "t/m" or word in _RANGE_WORDS else ""
