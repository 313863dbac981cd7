"""The customer's choice among the moments that were offered."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seldenrijk.contracts.messages import Language
from seldenrijk.responder.stock.words import fold

from .appointments_when import When, parse_when

_ORDINALS = (
    r"\b(?:eerste|eerst|1e|1ste|first|1st|erste[rns]?)\b",
    r"\b(?:tweede|2e|2de|second|2nd|zweite[rns]?|middelste|middle)\b",
    r"\b(?:derde|3e|3de|third|3rd|dritte[rns]?)\b",
)
_LAST = r"\b(?:laatste|last|letzte[rns]?)\b"
_EARLIEST = r"\b(?:vroegste|earliest|fruheste[rns]?)\b"
_NUMBER = (
    r"(?:nummer|nr|optie|keuze|number|option|no|nummero|die|doe|doe maar|dan|graag|ja|yes)?\s*"
    r"(?P<n>[1-3]|een|twee|drie|one|two|three|eins|zwei|drei)"
)
_BARE = re.compile(
    rf"^(?:(?:ja|yes|ok|oke|doe maar|dan|graag|prima|nou|hm|doe)\s+)*{_NUMBER}(?:\s+(?:graag|aub"
    rf"|please|bitte|is goed|is prima|dan|"
    r"alstublieft|alsjeblieft|dank je|bedankt|thanks|lijkt me goed|passt))*$"
)
_NUMBERED = re.compile(r"\b(?:nummer|nr|optie|keuze|number|option)\s*(?P<n>[1-3])\b")
_VALUES = {"een": 1, "one": 1, "eins": 1, "twee": 2, "two": 2, "zwei": 2, "drie": 3, "three": 3, "drei": 3}
_YES = re.compile(
    r"^(?:ja+|jazeker|jawel|yes|yep|yeah|jup|jep|ok|oke|okay|prima|goed|is goed|dat is goed"
    r"|helemaal goed|graag|top|perfect|"
    r"akkoord|klopt|sure|fine|gut|gerne|passt|einverstanden|super|lijkt me goed|dat past|dat komt uit"
    r"|dat werkt|doe maar|"
    r"that works|sounds good|das passt|alles klar|great)"
    r"(?:\s+(?:hoor|graag|prima|is goed|dat is goed|goed|doe maar|dat|past|top|please|bitte|dank je"
    r"|bedankt|thanks|perfect|gerne|"
    r"dan|die|is prima|werkt|voor mij|that s fine|fine|helemaal goed|super))*$"
)
_NO = re.compile(
    r"\b(?:nee|no|nein|geen van|none of|keine[rs]?|past niet|kan niet|lukt niet|komt niet uit"
    r"|schikt niet|kan dan niet"
    r"|allemaal niet|passt nicht|geht nicht|doesn t work|can t make)\b"
)


@dataclass(frozen=True)
class Choice:
    """What the customer said about the offered moments.

    "picked": ``moment`` is set. "which": agreed without saying to which one. "other": wants another
    moment, ``when`` tells which as far as said. "none": it is about something else.
    """

    kind: Literal["picked", "which", "other", "none"]
    moment: datetime | None = None
    when: When = When()  # noqa: RUF009 - frozen


def agrees(text: str) -> bool:
    """Whether a message is a bare yes."""
    return bool(_YES.match(fold(text)))


def choose(text: str, offered: tuple[datetime, ...], now: datetime, language: Language = "nl") -> Choice:
    """Understand an answer to numbered moments: "2", "die van half drie", "kan het ook zaterdag"."""
    plain = fold(text)
    if not offered or not plain:
        return Choice("none")
    index = _index(plain, len(offered))
    if index is not None:
        return Choice("picked", offered[index])
    when = parse_when(text, now, language)
    if when.said:
        return _by_moment(offered, when)
    if agrees(text):
        return Choice("picked", offered[0]) if len(offered) == 1 else Choice("which")
    return Choice("other") if _NO.search(plain) else Choice("none")


def _index(plain: str, count: int) -> int | None:
    """Place in the list, from 0."""
    match = _BARE.match(plain) or _NUMBERED.search(plain)
    if match:
        number = _VALUES.get(match["n"]) or int(match["n"])
        return number - 1 if number <= count else None
    if re.search(
        r"\b(?:optie|keuze|tijd|moment|die|de|doe|the|option|time|slot|den|die|zeit|termin)\b|^\w+$", plain
    ):
        for place, pattern in enumerate(_ORDINALS[:count]):
            if re.search(pattern, plain):
                return place
        if re.search(_LAST, plain):
            return count - 1
        if re.search(_EARLIEST, plain):
            return 0
    return None


def _by_moment(offered: tuple[datetime, ...], when: When) -> Choice:
    """An offered moment where exactly one fits what was said, else a wish for another one."""
    fitting = [slot for slot in offered if _fits(slot, when)]
    if len(fitting) == 1:
        return Choice("picked", fitting[0])
    if len(fitting) > 1 and when.at is None:
        return Choice("which", when=when)
    if when.at is not None and not when.days:
        days = tuple(dict.fromkeys(slot.date() for slot in offered))
        # A new time without a day means the offered day, where that is one.
        return Choice("other", when=When(days if len(days) == 1 else (), when.at))
    return Choice("other", when=when)


def _fits(slot: datetime, when: When) -> bool:
    if when.past or (when.days and slot.date() not in when.days):
        return False
    if when.at is not None:
        return slot.time() == when.at
    return (when.after is None or slot.time() >= when.after) and (
        when.before is None or slot.time() <= when.before
    )
