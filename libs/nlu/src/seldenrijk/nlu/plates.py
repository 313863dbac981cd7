"""Finds licence plates: every Dutch sidecode, and the Belgian 1-ABC-234."""

import re
from dataclasses import dataclass

from seldenrijk.nlu.text import Text

# The RDW's sidecodes 1 to 14 as letters (x) and digits (9); the first three may hold vowels.
SIDECODES = (
    "xx-99-99", "99-99-xx", "99-xx-99", "xx-99-xx", "xx-xx-99", "99-xx-xx", "99-xxx-9", "9-xxx-99",
    "xx-999-x", "x-999-xx", "xxx-99-x", "x-99-xxx", "9-xx-999", "999-xx-9",
)  # fmt: skip
BELGIAN = "9-xxx-999"
_UNDIVIDED = {code.replace("-", ""): code for code in (*SIDECODES, BELGIAN)}
_OLD = frozenset(SIDECODES[:3])
_NEVER = frozenset("aceiouq")  # not on plates since sidecode 4
_CANDIDATE = re.compile(
    r"(?<![a-z0-9-])([a-z]{1,3}|\d{1,3})([- .]?)([a-z]{2,3}|\d{2,3})([- .]?)([a-z]{1,3}|"
    r"\d{1,3})(?![a-z0-9]|-[a-z0-9])"
)
_CUE = re.compile(
    r"\b(?:kenteken\w*|nummerplaat|plaat|kent|license plate|licence plate|plate|kennzeichen|reg)\b"
)


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as typed, with its span in the original and in the folded text."""

    text: str
    start: int
    end: int
    at: int
    until: int


def find_plates(text: Text) -> list[Plate]:
    """Return the valid plates of a message in order."""
    cued = bool(_CUE.search(text.folded))
    found = []
    for match in _CANDIDATE.finditer(text.folded):
        start, end = text.original(match.start(), match.end())
        typed = text.raw[start:end]
        if _is_plate(match, typed, cued):
            found.append(Plate(typed, start, end, match.start(), match.end()))
    return found


def _is_plate(match: re.Match[str], typed: str, cued: bool) -> bool:
    first, before, middle, behind, last = match.groups()
    if before != behind:
        return False
    shape = "-".join(re.sub(r"[a-z]", "x", re.sub(r"\d", "9", part)) for part in (first, middle, last))
    code = shape if before else _UNDIVIDED.get(shape.replace("-", ""), "")
    letters = {c for c in first + middle + last if c.isalpha()}
    if code == BELGIAN:
        return before == "-" or cued
    if code not in SIDECODES or (code not in _OLD and letters & _NEVER):
        return False
    return before == "-" or cued or (typed.upper() == typed and code not in _OLD)
