"""A number or range of a message, before anyone asks what it means."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Number:
    """One number or range in a message: `low` alone, or `low` to `high`; units as the signals name them."""

    first: int  # tokens, both included, unit words excluded
    last: int
    low: float
    high: float | None = None
    thousands: bool = False  # written with k, mille, duizend, ton or a thousands separator
    ton: bool = False
    joined: str = ""  # the word between low and high
    unit: str = ""  # eur | monthly | km | tkm | yearly | seats | doors | years | other | ""
    end: int = 0  # last token, units included
    plain: bool = True  # digits without any mark: may be a year

    @property
    def value(self) -> float:
        """The number itself, or the upper end of a range."""
        return self.low if self.high is None else self.high


def join_range(before: Number, number: Number, word: str) -> Number:
    """Return the range of two numbers; the second's multiplier counts for the first ("8 tot 12 duizend")."""
    low = before.low
    if number.ton and low < 1000 and not before.thousands:
        low *= 100_000
    elif number.low >= 1000 and low < 1000 and not before.thousands and number.low / max(low, 1) >= 100:
        low *= 1000
    return replace(number, first=before.first, low=low, high=number.low, joined=word,
                   thousands=number.thousands or before.thousands, plain=number.plain and before.plain,
                   unit=number.unit or before.unit)  # fmt: skip
