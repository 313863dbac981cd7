"""Tells the customer's own car from the wanted one, for cars and for the numbers and words about them."""

import re
from dataclasses import dataclass

from seldenrijk.nlu.mentions import Mention, linked
from seldenrijk.nlu.ownership_cues import (
    HAVE,
    INTEREST_AFTER,
    LISTED_AFTER,
    NOT_HAVING,
    OTHER_OWN,
    OWN,
    OWN_AFTER,
    OWN_NOUN,
    OWN_TRADE,
    SOLD_TO_ME,
    SWAP,
    TURN_TO_WANTED,
    WANT,
)
from seldenrijk.nlu.reading import Reading

OWN_INTENTS = frozenset({"trade_in_inquiry", "service_inquiry", "complaint"})
WORKSHOP = re.compile(
    r"\b(?:apk|(?:auto|wagen|hem) (?:\w+ )?(?:langs)?(?:brengen|afleveren)|breng (?:de|mijn|"
    r"mn) (?:auto|wagen)|(?:grote|kleine|onderhouds)? ?beurt|onderhoud\w*|banden\w*|winterbanden|"
    r"zomerbanden|bandenwissel|remm?\w*blok\w*|remmen|remschij\w*"
    r"|olie\w*|(?:air(?:co|ko)|klima)[ -]?(?:check|service|vullen|bijvullen|onderhoud|beurt)\w*|"
    r"distributie\w*|reparatie\w*|repareren|gerepareerd|koppeling\w*|accu"
    r"|uitlijn\w*|balanceren|diagnose|storing\w*|(?:motor|storings?|waarschuwings?)?lampje|keuring|"
    r"wisselen|werkplaats|monteur|inspectie|schokbreker\w*|uitlaat\w*"
    r"|uitlezen|terugroep\w*|ruit(?:schade|enwissers?)?|roetfilter|turbo|waterpomp|homokineet|"
    r"wiellager\w*|dynamo|startmotor|v-?snaar|multiriem|bougies?|versnellingsbak|radiateur|"
    r"koelvloeistof|rammel\w*|tikk?end?\w*|piep\w*|lekt|lekkage|vervangen|vervangt|monteren|kapot|"
    r"maken|sleutel"
    r"|mot|oil change|brake\w*|tyres?|tires?|service|repair\w*|replace|inspektion|olwechsel|tuv|"
    r"reifen\w*|bremsen|werkstatt|reparatur\w*|wartung)\b"
)


@dataclass(frozen=True, slots=True)
class Owned:
    """A car mention and whether it is the customer's own."""

    mention: Mention
    own: bool
    why: str


class Ownership:
    """Decides the owner of every car and of any other token of a message."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.workshop = bool(WORKSHOP.search(reading.text.folded))
        self.default_own = reading.hint in OWN_INTENTS
        if reading.hint is None and not reading.cars:
            self.default_own = False
        self.cars = self._decide()
        self._marks = self._find_marks()

    def _decide(self) -> list[Owned]:
        decided: list[Owned] = []
        for mention in self.reading.cars:
            own, why = self._owner(mention, decided)
            decided.append(Owned(mention, own, why))
        return decided

    def _owner(self, mention: Mention, decided: list[Owned]) -> tuple[bool, str]:
        previous = decided[-1] if decided else None
        if (
            previous
            and previous.mention.field == "make"
            and mention.field == "model"
            and previous.mention.last == mention.first - 1
        ):
            return previous.own, previous.why
        before = self._before(mention, previous)
        after = self.reading.after(self._end(mention))
        if (
            previous
            and linked(self.reading.text, previous.mention.last, mention.first)
            and not SWAP.search(before)
        ):
            return previous.own, "same list"
        if (
            previous
            and previous.own
            and self.reading.hint != "complaint"
            and (SWAP.search(before) or re.search(r"\b(?:op|voor|naar)\b[^.!?]{0,15}$", before))
            and self._trading()
        ):
            return False, "against the own car"
        if OWN.search(before) and not WANT.search(OWN.search(before).group()):  # type: ignore[union-attr]
            return True, "possessive"
        have = HAVE.search(before)
        if (
            have
            and not NOT_HAVING.search(before[have.start() - 25 if have.start() > 25 else 0 :])
            and not INTEREST_AFTER.search(after)
        ):
            return True, "says to have it"
        return self._by_intent(before, after, previous)

    def _by_intent(self, before: str, after: str, previous: Owned | None) -> tuple[bool, str]:
        hint = self.reading.hint
        if hint == "complaint":
            return True, "complaint"
        if SOLD_TO_ME.search(after) and re.search(r"\b(?:mij|me|ons)\b", before):
            return True, "bought here"
        listed = bool(LISTED_AFTER.search(after))
        if hint == "service_inquiry":
            return not listed, "workshop"
        if hint == "trade_in_inquiry" and (listed or (previous and previous.own and WANT.search(before))):
            return False, "listed"
        if (
            hint in (None, "trade_in_inquiry")
            and (OWN_TRADE.search(before) or self._offered(after))
            and not (SWAP.search(before) and previous)
        ):
            return True, "offered for trade-in"
        if hint == "trade_in_inquiry":
            if WANT.search(before) or (SWAP.search(before)):
                return False, "wanted"
            return previous is None or previous.own, "trade-in"
        if hint == "human_request" and re.search(r"\b(?:verkocht|gekocht)\b", after):
            return True, "bought here"
        if (
            hint == "appointment_request"
            and self.workshop
            and not re.search(
                r"proefri|testrit|bekijk|kijken naar|bezichtig|test drive|probefahrt",
                self.reading.text.folded,
            )
        ):
            return True, "workshop"
        if hint is None and self._is_service():
            return not listed, "workshop"
        if previous and previous.own and not WANT.search(before) and hint is None:
            return True, "still the own car"
        return False, "wanted"

    def _offered(self, after: str) -> bool:
        after = OTHER_OWN.split(after, maxsplit=1)[0]  # "de Karoq en wil mijn Octavia inruilen"
        return bool(OWN_AFTER.search(after)) and (
            self.reading.hint == "trade_in_inquiry"
            or bool(
                re.search(
                    r"\bin(?:ge)?ruil|in te ruilen|ruilen|verkopen|waard\b|inleveren|overnemen|"
                    r"trade in|in zahlung",
                    self.reading.text.folded,
                )
            )
        )

    def _trading(self) -> bool:
        return self.reading.hint == "trade_in_inquiry" or bool(
            re.search(r"ruil|inlever|inbreng|trade|part ex|zahlung|verkop", self.reading.text.folded)
        )

    def _is_service(self) -> bool:
        folded = self.reading.text.folded
        return (
            self.workshop
            and bool(
                re.search(
                    r"\b(?:doen|laten|kost\w*|kunnen jullie|kan ik|mijn|mn|wanneer|hoe\w*|replace|"
                    r"repair|vervang\w*|repare\w*)\b",
                    folded,
                )
            )
            and not re.search(
                r"\b(?:zoek|proefri\w*|te koop|kopen|advertentie|die jullie|nog beschikbaar|staan)\b", folded
            )
        )

    def _before(self, mention: Mention, previous: Owned | None) -> str:
        text = self.reading.before(mention.first, 70)
        if previous:
            start = self.reading.text.tokens[self._end(previous.mention)]
            gap = self.reading.text.tokens[mention.first].at - (start.at + len(start.text))
            text = text[-gap:] if 0 < gap < len(text) else text
        cut = max(text.rfind(end) for end in (". ", "? ", "! ", "\n"))
        return text[cut + 1 :] if cut >= 0 else text

    @staticmethod
    def _end(mention: Mention) -> int:
        return mention.last

    def _find_marks(self) -> list[tuple[int, bool]]:
        """Return the places (token, own?) from which words are about another car."""
        marks = [(o.mention.first, o.own) for o in self.cars]
        folded = self.reading.text.folded
        marks += [(self.reading.text.index_at(m.start()), True) for m in OWN_NOUN.finditer(folded)]
        if any(own for _, own in marks) or self.default_own:
            marks += [(self.reading.text.index_at(m.start()), False) for m in TURN_TO_WANTED.finditer(folded)]
        return sorted(marks)

    def own_at(self, token: int) -> bool:
        """Tell whether the word or number at a token is about the customer's own car."""
        before = [own for at, own in self._marks if at <= token]
        if before:
            return before[-1]
        if self.default_own:
            return True
        return bool(self._marks) and self._marks[0][1] and self._marks[0][0] - token <= 6
