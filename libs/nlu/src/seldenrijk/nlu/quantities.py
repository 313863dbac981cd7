"""Decides what each number of a message is: a price, a monthly amount, a year, kilometres, seats, doors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seldenrijk.nlu.bounds import Bounds
from seldenrijk.nlu.number import Number
from seldenrijk.nlu.prices import Prices
from seldenrijk.nlu.quantity_cues import (
    AGED,
    DRIVES,
    PRICE_TALK,
    TOWING,
)
from seldenrijk.nlu.reading import Reading


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its meaning and its bound; the kind "known" is an amount that is no price."""

    number: Number
    kind: str  # price | monthly | mileage | year | seats | doors | age | known | other
    bound: str  # max | min | newer | older | approx | "" (bare)
    low: float
    high: float
    bid: bool = False


class Interpreter:
    """Gives the numbers of one message their meaning."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.text.words
        folded = reading.text.folded
        self.asks = reading.background.asks
        self.price_talk = reading.hint == "price_question" or (
            bool(PRICE_TALK.search(folded))
            or "budget" in self.asks
            or "max_price" in reading.background.state
        )
        self.bounds = Bounds(reading)
        self.prices = Prices(reading)

    def run(self) -> Iterator[Quantity]:
        """Yield the meaning of each number in order of mention."""
        numbers = self.reading.numbers
        for position, number in enumerate(numbers):
            earlier = numbers[position - 1] if position else None
            since = (
                0
                if earlier is None
                else (earlier.last if earlier.unit == "other" else max(earlier.end, earlier.last)) + 1
            )
            until = numbers[position + 1].first if position + 1 < len(numbers) else len(self.words)
            yield self._interpret(number, max(since, number.first - 8), until)

    def _interpret(self, number: Number, since: int, until: int) -> Quantity:
        bound, labels = self.bounds.around(number, since, until)
        kind, low, high = self._kind(number, labels, bound, since, until)
        return Quantity(number, kind, bound, low, high, self.prices.bid and kind == "price")

    def _kind(
        self, number: Number, labels: set[str], bound: str, since: int, until: int
    ) -> tuple[str, float, float]:
        low, high = number.low, number.value
        unit = number.unit
        if unit in ("seats", "doors"):
            return unit, low, high
        asked = self._answers_a_count(number)
        if asked:
            return asked, low, high
        if unit == "years":
            aged = bound in ("newer", "older") or not AGED.isdisjoint(self.words[number.end + 1 :][:1])
            return ("age" if aged else "other"), low, high
        if "life" in labels or unit in ("other", "yearly") or low > 9_999_999:
            return "other", low, high
        if unit == "monthly" or (
            "monthly" in labels
            and high < 3000
            and not number.thousands
            and "notprice" not in labels
            and not self._is_year(number)
        ):
            return ("monthly" if high >= 20 else "other"), low, high
        if labels & {"seats", "doors"} and high < 10 and not number.thousands:
            return ("seats" if "seats" in labels and "doors" not in labels else "doors"), low, high
        year = self._year(number, labels, bound)
        if year:
            return "year", *year
        if unit == "km" or number.ton or ("mileage" in labels and unit != "eur" and "price" not in labels):
            return self._distance(number, labels)
        return self._amount(number, labels, bound, since, until)

    def _answers_a_count(self, number: Number) -> str:
        """Return seats or doors for a bare small number that answers the question for them."""
        bare = not number.unit and number.low < 10 and len(self.words) <= 5
        return next((kind for kind in ("seats", "doors") if bare and kind in self.asks), "")

    def _is_year(self, number: Number) -> bool:
        return (
            number.plain and not number.unit and 1950 <= number.low <= 2030 and 1950 <= number.value <= 2030
        )

    def _year(self, number: Number, labels: set[str], bound: str) -> tuple[float, float] | None:
        if number.unit not in ("",):
            return None
        if self._is_year(number) and number.low == int(number.low):
            money = "price" in labels and "year" not in labels and not (labels & {"mileage"})
            round_price = (
                number.low == 2000 and self.price_talk and "year" not in labels and bound in ("max", "")
            )
            other = number.low == 2000 and self.prices.named_otherwise(number, 0, len(self.words))
            return None if money or round_price or other else (number.low, number.value)
        quoted = self.reading.text.raw[max(0, self.reading.text.tokens[number.first].start - 1)] in "'’‘`"
        short = (
            number.plain
            and number.value < 100
            and number.low == int(number.low)
            and len(self.words[number.first]) == 2
        )
        if short and (
            ("year" in labels and self._year_label(number))
            or quoted
            or ("year" in self.asks and len(self.words) < 6)
        ):
            return _century(number.low), _century(number.value)
        if self._is_year_range(number):
            return number.low, _century(number.value)
        return None

    def _is_year_range(self, number: Number) -> bool:
        return (
            number.plain
            and number.high is not None
            and 1950 <= number.low <= 2030
            and number.high < 40
            and number.joined in ("-", "/", "tot", "of")
        )

    def _year_label(self, number: Number) -> bool:
        before = self.words[max(0, number.first - 3) : number.first]
        return any(w in ("bj", "bouwjaar", "bwj", "jaargang", "baujahr", "bouwj", "bjr") for w in before)

    def _distance(self, number: Number, labels: set[str]) -> tuple[str, float, float]:
        last = number.end
        low, high = number.low, number.value
        if number.ton and (
            TOWING.search(self.reading.after(last, 30)) or "notprice" in labels or number.unit == "eur"
        ):
            return ("price" if number.unit == "eur" else "other"), low, high
        if not number.unit and "price" in labels and number.ton:
            return "price", low, high
        small = high < 1000 and not number.thousands
        if small and "mileage" in labels and 10 <= high <= 400 and number.unit == "":
            return "mileage", low * 1000, high * 1000
        if small and not (number.unit == "km" and self._on_the_clock(number) and 10 <= high <= 400):
            return "other", low, high
        if small:
            return "mileage", low * 1000, high * 1000
        driven = DRIVES.search(self.reading.before(number.first, 40)) and not self._on_the_clock(number)
        return ("other" if driven and not number.ton else "mileage"), low, high

    def _on_the_clock(self, number: Number) -> bool:
        return any(
            w in ("teller", "klok", "gelopen", "erop", "stand", "kilometerstand", "tellerstand")
            for w in self.words[number.first : number.end + 5]
        )

    def _amount(
        self, number: Number, labels: set[str], bound: str, since: int, until: int
    ) -> tuple[str, float, float]:
        low, high = number.low, number.value
        if high < 100 and not number.thousands and number.unit != "eur":
            return self._bare_thousands(number, bound, labels)
        if number.plain and not number.unit and len(str(int(high))) > 6:
            return "other", low, high
        money = number.unit == "eur" or "price" in labels
        if self.prices.is_no_price(number, labels, since, until):
            return "known", low, high
        if high >= 60_000 and not money and "budget" not in self.asks:
            return "mileage", low, high
        if "mileage" in self.asks and not money and high >= 1000 and len(self.words) < 12:
            return "mileage", low, high
        if "monthly" in self.asks and "budget" not in self.asks and high < 1500 and len(self.words) < 12:
            return "monthly", low, high
        meant = money or number.thousands or bool(bound) or self.price_talk or self.prices.bid or high >= 1000
        if not meant or high < 100:
            return "other", low, high
        return "price", low, high

    def _bare_thousands(self, number: Number, bound: str, labels: set[str]) -> tuple[str, float, float]:
        """Read "max 9" and "tussen 8 en 12" as thousands of euros where the talk is of prices."""
        low, high = number.low, number.value
        following = self.words[number.end + 1] if number.end + 1 < len(self.words) else ""
        ends = following in (
            "",
            ".",
            ",",
            "?",
            "!",
            ")",
            "en",
            "dus",
            "maar",
            "of",
            "max",
            "nee",
            "te",
            "a",
            "denk",
            "ik",
            "zeg",
            "wat",
            "is",
            "graag",
            "😬",
        )
        answer = "budget" in self.asks and len(self.words) <= 8
        range_or_bound = bound in ("max", "min", "approx") or number.high is not None
        in_talk = self.price_talk or "price" in labels
        if high >= 2 and (
            answer or (ends and in_talk and (range_or_bound or "price" in labels or self._keeps_at(number)))
        ):
            return "price", low * 1000 if low < 1000 else low, high * 1000
        if high >= 2 and ends and bound == "max" and not self.reading.moments and number.plain:
            return "price", low * 1000, high * 1000
        return "other", low, high

    def _keeps_at(self, number: Number) -> bool:
        return bool(
            re.search(
                r"\b(?:houden (?:we )?het op|wat (?:dacht|denk|vind) (?:je|u|jullie) van|"
                r"we houden het op|doe maar|maak er|zeggen we|"
                r"laten we zeggen|liever|nee|ga(?:an)? (?:tot|naar)) (?:tot )?$",
                self.reading.before(number.first, 30),
            )
        )


def _century(short: float) -> float:
    """Return the year of two digits: 00-35 is of this century."""
    if short >= 100:
        return short
    return 2000 + short if short <= 35 else 1900 + short
