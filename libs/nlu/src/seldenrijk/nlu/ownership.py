"""Tells the customer's own car from the wanted one, for cars and for the numbers and words about them."""

import re
from dataclasses import dataclass

from seldenrijk.nlu.mentions import Mention, linked
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
_NOUN = (
    r"(?:auto(?:otje|tje)?|wagen(?:tje)?|bus(?:je)?|bak(?:kie)?|leasebak|leaseauto|karretje|voertuig|"
    r"inruil\w*|car|vehicle|wagen|bolide|oude|huidige|eigen|oldtimer|diesel|vw|trouwe)"
)
_OWN = re.compile(
    r"\b(?:mijn|mn|m'n|mij n|m n|onze|ons|my|our|meine[nmrs]?|mein|unsere?[nmrs]?|eigen|huidige|"
    r"current)(?: (?:oude?|huidige?|eigen|vorige|trouwe|goede|mooie|lieve|alte[nrs]?|old|current|"
    r"own|[a-z]{2,}(?:ende|ige|eerde|elijke|tje|se)|zwarte|witte|rode|grijze|blauwe|groene|"
    r"zilveren|auto|wagen|auto is|auto een|auto is een|car is a|wagen is een|inruil|inruilauto|"
    r"inruil is een|een|\\d+ jaar oude?|nieuwe?|vrouws?|mans|net gekochte|pas gekochte|gekochte|"
    r"19\\d\\d|20\\d\\d)){0,3}[ (:]*$"
    r"|\b(?:haar|zijn|z'n|hun|his|her|their)(?: (?:oude?|huidige?|eigen|oud))* $"
)
_HAVE = re.compile(
    r"\b(?:heb|hebben|rij|rijd|rijden|reed|bezit|rijdt|(?:i|we|i've|we've) (?:now |currently |"
    r"also |still )?(?:have|drive|own|got)|i've got|habe|fahre|haben)\b(?! (?:je|jij|jullie|u|ge|"
    r"gij|sie|ihr|you)\b)"
    r"(?: (?:ik|we|wij|zelf|nu|nog|ook|momenteel|op dit moment|thuis|hier|al|een|n|'n|a|an|the|"
    r"einen|ein|eine|in|met|met een|oude?|oudere|[a-z]+e|van|uit|still|currently|now|staan|jetzt|"
    r"noch|alten))*[ :(]*$"
)
_NOT_HAVING = re.compile(
    r"\b(?:interesse|gezien|gespot|gevonden|oog|nodig|vraag\w*|gelezen|gehoord|gebeld|gereserveerd|"
    r"gekeken|begrepen|liever|liefst|seen|found|voorkeur|zin|wil|willen|zoek\w*|gaan)\b"
)
_INTEREST_AFTER = re.compile(
    r"^[^.!?]{0,30}\b(?:gezien|gespot|gevonden|op het oog|op 't oog|nodig|zien staan|op jullie|"
    r"in de advertentie|gekeken|bekeken|gereserveerd)\b"
)
_WANT = re.compile(
    r"\b(?:zoek\w*|gezocht|opzoek|interesse|geinteresseerd|interest(?:ed)?|jullie|wil(?:len|de)?|"
    r"kopen|koop|aanschaf\w*|overstappen|upgrade\w*|"
    r"looking for|suche\w*|want|buy|kaufen|proefri\w*|testrit|liever|liefst|droom\w*|wat kost\w*|"
    r"hoeveel kost\w*|prijs van|terug ?(?:voor|krijgen)?|hebben jullie|heb je|heeft u|hebt u|jouw|"
    r"uw|bekijken|kijken naar|your|ihre?n?|reserver\w*|nieuwe(?:re)?)\b(?![^.!?]{0,25}\b(?:inruil|"
    r"inlever|verkop|kwijt|weg\b))"
)
_SWAP = re.compile(
    r"\b(?:tegen|inruilen (?:op|voor|tegen|bij)|ruilen (?:op|voor|tegen|met)|ruil (?:op|voor|"
    r"tegen)|omruilen (?:voor|tegen)|in te ruilen (?:op|voor|tegen)|inruil (?:op|voor|tegen|bij)|"
    r"inleveren (?:op|voor)|inbrengen (?:op|bij|voor)|for (?:a|the|your)|against|gegen|"
    r"trade (?:it )?(?:in )?for|(?:op|voor|naar) (?:de|een|die|jullie|uw|deze|dat|jouw|"
    r"zo'n))(?: [a-z'-]+){0,3} ?$"
)
_OWN_AFTER = re.compile(
    r"^[^.!?]{0,45}?\b(?:in(?:ge)?ruil\w*|in te ruilen|ruilen|inleveren|van mij|van mn|van m'n|"
    r"verkopen|te koop|die weg|weg (?:moet|mag)|mot weg|moet weg|kwijt|waard|"
    r"die ik (?:nu )?(?:rijd|rij|heb)|die (?:ik|we) (?:bij|van) jullie|bij jullie (?:ge|heb)|"
    r"gekocht|overnemen|trade in|part exchange|in zahlung)\b"
)
_LISTED_AFTER = re.compile(
    r"^[^.!?]{0,30}?\b(?:uit (?:de|jullie|uw) (?:advertentie|aanbod|voorraad|showroom)|(?:die|"
    r"dat) (?:jullie|u|je|er|te koop|bij jullie|op)|op jullie|van jullie|op de site|te koop staat|"
    r"op marktplaats|in de showroom|you have)\b"
)
_OWN_TRADE = re.compile(
    r"\b(?:wat (?:krijg|geven|geef|bied\w*|vang|betalen|betaal)|krijg ik|geven jullie|"
    r"bied\w* (?:jullie|u|je)|inruil\w*|ruil|in te ruilen|waarde? (?:is|van|heeft)?|waard is|"
    r"nemen jullie|neemt u|nehmen sie|kopen jullie|koopt u|opkopen|inkopen|inkoop|verkopen|"
    r"taxatie\w*|taxer\w*|overnemen|trade[- ]?in|part exchange|take|inleveren|bod (?:op|voor)|"
    r"staat haar|value of|worth)\b[^.!?]{0,40}$"
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
            and not _SWAP.search(before)
        ):
            return previous.own, "same list"
        if (
            previous
            and previous.own
            and self.reading.hint != "complaint"
            and (_SWAP.search(before) or re.search(r"\b(?:op|voor|naar)\b[^.!?]{0,15}$", before))
            and self._trading()
        ):
            return False, "against the own car"
        if _OWN.search(before) and not _WANT.search(_OWN.search(before).group()):  # type: ignore[union-attr]
            return True, "possessive"
        have = _HAVE.search(before)
        if (
            have
            and not _NOT_HAVING.search(before[have.start() - 25 if have.start() > 25 else 0 :])
            and not _INTEREST_AFTER.search(after)
        ):
            return True, "says to have it"
        return self._by_intent(before, after, previous)

    def _by_intent(self, before: str, after: str, previous: Owned | None) -> tuple[bool, str]:
        hint = self.reading.hint
        if hint == "complaint":
            return True, "complaint"
        listed = bool(_LISTED_AFTER.search(after))
        if hint == "service_inquiry":
            return not listed, "workshop"
        if hint == "trade_in_inquiry" and listed:
            return False, "listed"
        if (
            hint in (None, "trade_in_inquiry")
            and (_OWN_TRADE.search(before) or self._offered(after))
            and not (_SWAP.search(before) and previous)
        ):
            if self._offered(after) or _OWN_TRADE.search(before) or not _WANT.search(before):
                return True, "offered for trade-in"
        if hint == "trade_in_inquiry":
            if _WANT.search(before) or (_SWAP.search(before)):
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
        if previous and previous.own and not _WANT.search(before) and hint is None:
            return True, "still the own car"
        return False, "wanted"

    def _offered(self, after: str) -> bool:
        return bool(_OWN_AFTER.search(after)) and (
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
        for match in re.finditer(
            rf"\b(?:mijn|mn|m'n|onze|my|our|mein\w*|unser\w*|de huidige|huidige)(?: [a-z]+)? {_NOUN}\b",
            folded,
        ):
            marks.append((self.reading.text.index_at(match.start()), True))
        if any(own for _, own in marks) or self.default_own:
            for match in re.finditer(
                r"\b(?:zoek\w*|gezocht|interesse in|tegen|wil(?:len)? (?:graag |nu )?(?:een|iets|"
                r"naar|in ruil)|(?:in)?ruilen (?:op|voor)|op een|voor een|naar een|wil een|liefst|"
                r"suche|looking for|want a|against|gegen)\b",
                folded,
            ):
                marks.append((self.reading.text.index_at(match.start()), False))
        return sorted(marks)

    def own_at(self, token: int) -> bool:
        """Tell whether the word or number at a token is about the customer's own car."""
        before = [own for at, own in self._marks if at <= token]
        if before:
            return before[-1]
        if self.default_own:
            return True
        return bool(self._marks) and self._marks[0][1] and self._marks[0][0] - token <= 6
