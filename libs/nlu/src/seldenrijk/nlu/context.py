"""What the turns before a message make of it: the question it answers and what was known already."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seldenrijk.nlu.text import fold

_ASKS = {
    "own": r"\b(?:uw|je|jouw|jullie) (?:huidige |eigen |oude )?(?:auto|wagen|inruil\w*|"
    r"[a-z]+ [a-z0-9]+)\b.{0,40}\?|inruil|rijdt? (?:u|je) nu|kenteken van uw|uw kenteken|"
    r"je kenteken|trade.?in|your (?:current )?car",
    "budget": r"\bbudget|welk bedrag|hoeveel (?:wilt|wil|mag|wenst)|prijsklasse|maximaal (?:uitgeven|"
    r"besteden)|te besteden|price range|how much",
    "monthly": r"per maand|maandbedrag|maandelijks|per month|monatlich",
    "mileage": r"kilometer|km-?stand|mileage",
    "year": r"bouwjaar|welk jaar|hoe oud|how old|what year|baujahr",
    "seats": r"zitplaatsen|personen|stoelen|hoeveel plaatsen|how many seats",
    "doors": r"hoeveel deuren|aantal deuren",
    "moment": r"wanneer|welke dag|hoe laat|welk tijdstip|schikt|past (?:het|u|je)|komt (?:het|u|"
    r"je) .{0,12}uit|\d{1,2}[:.]\d{2}|afspraak|inplannen|langskomen|proefrit|bezichtig|"
    r"zit .{0,12}vol|terugbellen|what time|which day|when would",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _ASKS.items()}
MAX_TURN = 1000  # characters of one earlier turn that are read


@dataclass(frozen=True, slots=True)
class Background:
    """The last thing the bot said, what it asked for, and the state before this message."""

    bot: str = ""
    asks: frozenset[str] = frozenset()
    state: Mapping[str, object] = field(default_factory=dict)

    @property
    def makes(self) -> tuple[str, ...]:
        """Makes that the state knows, of the wanted and of the own car."""
        own = self.state.get("own_car")
        values = [self.state.get("make"), own.get("make") if isinstance(own, Mapping) else None]
        flat = [x for v in values for x in (v if isinstance(v, list) else [v])]
        return tuple(x for x in flat if isinstance(x, str))

    def asks_about_own_car(self) -> bool:
        """Tell whether the bot asked for details of the customer's own car."""
        return "own" in self.asks


def background(context: Sequence[Mapping[str, object]] | None) -> Background:
    """Read the earlier turns; anything malformed in them is passed over."""
    bot, state = "", dict[str, object]()
    for turn in list(context or ())[-12:]:
        if not isinstance(turn, Mapping):
            continue
        text, slots = turn.get("text"), turn.get("slots")
        if turn.get("role") == "bot" and isinstance(text, str):
            bot = fold(text[:MAX_TURN])
        if turn.get("role") == "state" and isinstance(slots, Mapping):
            state = {str(k): v for k, v in slots.items()}
    question = bot if "?" in bot or len(bot) < 200 else bot[-200:]
    return Background(bot, frozenset(n for n, p in _PATTERNS.items() if p.search(question)), state)
