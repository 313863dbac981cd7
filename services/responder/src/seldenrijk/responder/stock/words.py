"""Reading the words and figures of a dealer's feed: folding, whole numbers, years. Pure functions.

Every reader raises `ValueError` with a reason that holds none of the feed's own text, because that
reason ends up in logs and reports.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

_NOT_A_WORD = re.compile(r"[^a-z0-9+]+")
_NUMBER = re.compile(r"\d+(?:[.,' ’]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?")
_MILES = re.compile(r"\b(mi|mls|miles?|mijl)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)(?:((?:19|20)\d{2})[01]\d[0-3]\d|[0-3]\d[01]\d((?:19|20)\d{2}))(?!\d)")


@lru_cache(maxsize=8192)  # a feed repeats its words
def fold(text: str) -> str:
    """Lower case without accents, runs of punctuation as one space: "C-Klasse" and "c klasse" are equal.

    A plus is kept, since it tells a Ka+ from a Ka.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", plain).strip()


def squash(text: str) -> str:
    """`fold` without spaces, so that "MX5", "MX-5" and "mx 5" compare equal."""
    return fold(text).replace(" ", "")


def text_of(value: object) -> str:
    """Give a cell as trimmed text on one line; nothing, null and placeholders give ""."""
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        return ""
    text = " ".join(str(value).replace("\x00", " ").split())
    return "" if text.casefold() in {"null", "none", "nan", "n/a", "n.v.t.", "nvt", "-", "--", "?"} else text


def whole_number(value: object) -> int:
    """Read a count, euros or kilometres: "€ 18.950,-", "18,950", "18950.00", "1.234 km", 18950.0.

    Groups of three digits after a point or comma are thousands, one or two digits are decimals.
    """
    if isinstance(value, bool):
        raise ValueError("is not a number")
    if isinstance(value, (int, float, Decimal)):
        return _from_number(value)
    text = text_of(value)
    if _MILES.search(text):
        raise ValueError("is in miles")
    found = _NUMBER.findall(text)
    if not found:
        raise ValueError("is not a number")
    if len(found) > 1:
        raise ValueError("holds more than one number")
    if re.search(r"[-−–]\s*(?:€|eur)?\s*\d", text, re.IGNORECASE):
        raise ValueError("is negative")
    return _from_digits(found[0])


def _from_number(value: int | float | Decimal) -> int:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for NaN
        raise ValueError("is not a number")
    return round(value)


def _from_digits(text: str) -> int:
    whole, decimals = text, ""
    match = re.fullmatch(r"(.*\d)[.,](\d{1,2}|\d{4,})", text)
    if match:
        whole, decimals = match.group(1), match.group(2)
    digits = re.sub(r"\D", "", whole)
    return round(Decimal(f"{digits}.{decimals or '0'}"))


def year_of(value: object) -> int:
    """Read a year from a year, a date or a registration month: 2018, "05-2018", "2018-05-01", "20180501"."""
    if isinstance(value, (date, datetime)):
        return value.year
    if isinstance(value, (float, Decimal)):
        value = _from_number(value)
    text = text_of(value)
    years = {int(y) for y in _YEAR.findall(text)}
    years |= {int(y) for pair in _COMPACT_DATE.findall(text) for y in pair if y}
    if not years:
        raise ValueError("is not a year")
    if len(years) > 1:
        raise ValueError("holds more than one year")
    return years.pop()
