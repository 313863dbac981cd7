"""Tells for each mention whether it is wanted, excluded, no constraint, or an open choice."""

import re

from seldenrijk.nlu.mentions import Mention
from seldenrijk.nlu.reading import Reading
from seldenrijk.nlu.text import word_set

_NEGATION = word_set(
    "geen niet zonder behalve nooit noch kein keine keinen ohne not no without except nicht never "
    "uitgezonderd gn geeen excl excluding but nix"
) - {"but"}
_BETWEEN = word_set(
    "een n 'n op zoek naar looking for interesse de het in te met zo zo'n kleur als a an the type "
    "merk auto zijn wordt in't t wil meer ook zeker echt absoluut model per se bij die zelf any "
    "ein eine einen kwa heel al van nieuwe oude"
)
_FREE_AFTER = re.compile(
    r"^[\w\s,'/€.-]{0,25}?\b(?:maakt? (?:me |mij |ons |voor mij |mij echt |eigenlijk |"
    r"verder )*(?:niet|nie|niks|geen)(?: zo)?(?: zo veel| zoveel| veel)? ?(?:uit|verschil)|"
    r"boeit (?:niet|me niet|mij niet|niks)|hoeft? (?:ook |echt |van mij |voor mij |"
    r"van ons )?(?:niet|nie|dan niet|ik niet|er niet|er ook niet)|"
    r"niet (?:per se |echt |persee |perse )?(?:nodig|noodzakelijk|verplicht|vereist|belangrijk)|"
    r"is (?:ook )?geen (?:must|eis|vereiste|probleem|voorwaarde|ramp)|niet per ?se|hoeft niet|"
    r"geen must|geen eis|is (?:ook )?(?:goed|prima|ok|oke|oké|best|welkom)|zijn (?:ook )?(?:goed|"
    r"prima|welkom)|(?:is|vind ik|zou) ook (?:goed|prima|ok|oke|leuk)|"
    r"ook (?:goed|prima|best|ok|oke)|om het even|doesn'?t matter|don'?t (?:need|care)|"
    r"not (?:needed|necessary|required)|is fine|no need|egal|nicht notig|muss nicht|kan ook|"
    r"interesseert me niet|laat (?:ik|me) open|not a must|speelt geen rol|vind ik niet belangrijk|"
    r"mag ontbreken)\b"
)
_ALLOWED_BEFORE = re.compile(
    r"\b(?:mag|mogen|darf|may|can be)\b(?! (?:niet|geen|ik|wij|we|max\w*|er niet|"
    r"absoluut niet))(?: (?:ook|best|wel|gerust|van mij|zijn|een|eventueel|evt|het|hij|in|het|de|"
    r"desnoods|dan|ie|'n|n|a|donker))* ?$"
)
_ALLOWED_AFTER = re.compile(
    r"^(?: [a-z-]+){0,2}? (?:mag|mogen|kan)(?: (?:ook|best|wel|gerust|van mij|zijn|"
    r"eventueel))*(?! (?:niet|geen|ik|max|er|een|absoluut))(?=$|[ ,.!?])"
)
_REJECTED_AFTER = re.compile(
    r"^[ ,]*(?:(?:mag|mogen|wil|willen|hoef|kan|mogen) (?:ik |we |wij |het |hij |er )?(?:echt |"
    r"absoluut |zeker |liever )?(?:niet|nie)\b(?! uit)|liever niet|absoluut niet|zeker niet|"
    r"echt niet|beslist niet|niet (?:aub|svp|alsjeblieft|graag|dus|dank)|niet[ .!,]*$|niet,|"
    r"vind ik niks|hoef ik niet|please no|no thanks|nee dank)"
)
_DISLIKED_AFTER = re.compile(
    r"^ ?(?:vind(?:en)?|vond) (?:ik|we|wij|mijn \w+) (?:\w+ )?(?:saai|lelijk|stom|niks|vreselijk|"
    r"vervelend|niet|verschrikkelijk|onhandig|te)|^ is (?:me |mij )?(?:te (?:klein|groot|duur)|"
    r"niks voor mij)"
)
_INSTEAD = re.compile(
    r"\b(?:ipv|i\.p\.v\.?|in plaats van|instead of|statt|anstatt|niet meer|rather than|"
    r"in ruil voor)(?: (?:een|de|het|zo'n|a|the|ein\w*))? ?$"
)
_COMPARED = re.compile(
    r"\b(?:groter|kleiner|ruimer|hoger|lager|zuiniger|goedkoper|sportiever|luxer|bigger|smaller|"
    r"grosser|kleiner|anders) (?:dan|als|than) (?:(?:een|de|mijn|onze|mn|the|a|ein\w*) )?$"
)
_OPEN_QUESTION = re.compile(
    r"^(?:en |maar |ok |oke |hoi |hallo |vraagje |hey |, )*(?:is|was|zijn|ist|are|(?:rijdt|betreft|"
    r"gaat) (?:die|dat|hij|ie|de|het))\b(?! (?:er|daar|u|jullie|there))|\b(?:is|zijn|was|ist|heeft|"
    r"betreft) (?:die|dat|deze|dit|de|het|hij|ie|it|that|the|this|er|das|der|t|'t)\b(?! (?:er|"
    r"mogelijk))|\b(?:of|or) (?:een |a )?(?:gewone|normale|normaal|gewoon|niet|not|regular|"
    r"normal)\b"
)
_CORRECTION = re.compile(
    r"\b(?:nee+|neen|sorry|ik bedoel|bedoel ik|bedoelde|i mean|i meant|correctie|wacht|pardon|oeps|"
    r"foutje|typo|actually|no wait|ich meine|quatsch|of toch|toch liever|toch maar|oh nee|eh|ehm|"
    r"uhm|euh|liever toch|beter gezegd|doe maar|maar dan toch)\b"
)
_OR = frozenset({"of", "or", "oder", "/", "dan", "en"})
_ADVICE = re.compile(
    r"\b(?:twijfel\w*|wat (?:raad|adviseer|is (?:beter|verstandig\w*|slim\w*|handig\w*|zuinig\w*|"
    r"voordelig\w*|goedkop\w*))|welke (?:is|kan|raad)|kan ik beter|advies|which (?:is|one)|"
    r"what would you|better|lieber oder)\b"
)
OPPOSITES = frozenset({"automaat", "handgeschakeld"})


class Polarity:
    """Decides about the mentions of one message; `rank` keeps list continuations ("geen grijs of zilver")."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.text.words

    def sort(self, mentions: list[Mention]) -> tuple[list[Mention], list[Mention], list[Mention]]:
        """Return (wanted, excluded, free) mentions, corrections inside the message applied."""
        wanted: list[Mention] = []
        excluded: list[Mention] = []
        free: list[Mention] = []
        verdict = ""
        for position, mention in enumerate(mentions):
            previous = mentions[position - 1] if position else None
            verdict = self._verdict(mention, previous, verdict, mentions[position + 1 :])
            if verdict == "wanted":
                wanted = self._corrected(wanted, mention)
            (wanted if verdict == "wanted" else excluded if verdict == "excluded" else free).append(mention)
        return self._without_open_choices(wanted), excluded, free

    def _verdict(
        self, mention: Mention, previous: Mention | None, before: str, following: list[Mention]
    ) -> str:
        lead, tail = self.reading.before(mention.first, 45), self._tail(mention, following)
        if _INSTEAD.search(lead) or _COMPARED.search(lead) or _DISLIKED_AFTER.search(tail):
            return "free"
        listed = self._continues(mention, previous) or self._comma_list(mention, previous, following)
        if (
            listed
            and before in ("excluded", "free")
            and not re.search(r"\b(?:wel|maar|liever|liefst)\b", lead[-12:])
        ):
            return before
        negated = self._negated(mention)
        if _FREE_AFTER.search(self._same_clause(tail)) and not (negated and "ook" in tail[:20]):
            return self._freed(mention)
        if negated:
            return (
                "free"
                if re.search(r"\b(?:nodig|per ?se|vereist|noodzakelijk|needed|verplicht)\b", tail[:30])
                or self._hardly(lead)
                else "excluded"
            )
        if _REJECTED_AFTER.search(self.reading.after(mention.last, 60)):
            return "excluded"
        if _ALLOWED_BEFORE.search(lead) or _ALLOWED_AFTER.search(tail[:25]):
            return self._freed(mention)
        return "wanted"

    def _tail(self, mention: Mention, following: list[Mention]) -> str:
        """Return the text behind a mention, up to the next mention that is not in one list with it."""
        text = self.reading.after(mention.last, 60)
        tokens = self.reading.text.tokens
        for other in following:
            if other.field == mention.field or other.first <= mention.last:
                continue
            last = tokens[mention.last]
            return text[: max(0, tokens[other.first].at - last.at - len(last.text))]
        return text

    @staticmethod
    def _same_clause(tail: str) -> str:
        ends = [
            i
            for i in (
                tail.find(e) for e in (",", ". ", "!", "?", " maar ", " want ", " dus ", " en ", " wel ", ";")
            )
            if i >= 0
        ]
        return tail[: min(ends)] if ends else tail

    def _hardly(self, lead: str) -> bool:
        """Tell whether the negation means "need not": "hoeft geen", "is niet per se"."""
        return bool(
            re.search(
                r"\b(?:hoeft?|hoeven|niet per ?se|perse|niet noodzakelijk|need not|don'?t need|"
                r"muss)\b[^.,!?]{0,25}$",
                lead,
            )
        )

    def _freed(self, mention: Mention) -> str:
        """Return "wanted" where a mere permission relaxes what is known, else "free"."""
        state = self.reading.background.state
        key = mention.field
        around = self._near(mention)
        if key in ("make", "model") and not re.search(
            r"\b(?:hoeft?|maakt?|boeit|ook)\b", self._near(mention)
        ):
            return "wanted"
        permits = re.search(
            r"\b(?:mag|mogen|ook goed|ook prima|is goed|is prima|kan ook|may|fine|ook ok\w*|oke|"
            r"welkom|darf)\b",
            around,
        )
        refuses = re.search(
            r"\b(?:hoeft?|niet (?:nodig|per)|maakt?|boeit|egal|need|matter|geen must)\b", around
        )
        return "wanted" if key in state and permits and not refuses else "free"

    def _near(self, mention: Mention) -> str:
        return self.reading.before(mention.first, 30) + "|" + self.reading.after(mention.last, 30)

    def _negated(self, mention: Mention) -> bool:
        for back in range(1, 5):
            at = mention.first - back
            if at < 0:
                return False
            word = self.words[at]
            if word in _NEGATION:
                return not self._not_a_negation(at, mention)
            if word not in _BETWEEN and not self._mentioned(at, mention):
                return False
        return False

    def _not_a_negation(self, at: int, mention: Mention) -> bool:
        """Tell whether "niet" belongs to the verb before it ("weet ik niet, diesel"), or "of niet"."""
        word = self.words[at]
        if (
            word in ("niet", "nicht", "not")
            and at + 1 < len(self.words)
            and self.words[at + 1] in ("de", "het")
            and mention.field in ("make", "model")
        ):
            return True
        return word == "no" and mention.first - at > 2

    def _mentioned(self, at: int, mention: Mention) -> bool:
        """Tell whether a token is itself a colour or make on the way to the negation ("geen zwarte golf")."""
        return any(
            m.first <= at <= m.last for m in [*self.reading.terms, *self.reading.cars] if m is not mention
        )

    def _continues(self, mention: Mention, previous: Mention | None) -> bool:
        if previous is None or (
            previous.field != mention.field and not {previous.field, mention.field} <= {"make", "model"}
        ):
            return False
        between = self.words[previous.last + 1 : mention.first]
        if len(between) > 4:
            return False
        own_negation = any(w in _NEGATION for w in between)
        joint = [w for w in between if w in ("of", "en", "or", "and", "oder", "und", "noch", "/")]
        return (
            bool(joint or not between)
            and not own_negation
            and all(
                w in _BETWEEN | {"of", "en", "or", "and", "oder", "und", "noch", "/", ","} for w in between
            )
        )

    def _comma_list(self, mention: Mention, previous: Mention | None, following: list[Mention]) -> bool:
        """Tell whether a comma joins two of a list that ends in "of": "geen wit, zwart of grijs"."""
        if (
            previous is None
            or previous.field != mention.field
            or self.words[previous.last + 1 : mention.first] != (",",)
        ):
            return False
        after = next((f for f in following if f.first > mention.last), None)
        return after is not None and after.field == mention.field and self._continues(after, mention)

    def _corrected(self, wanted: list[Mention], mention: Mention) -> list[Mention]:
        """Return the wanted mentions without those of the field that this one corrects ("golf, nee polo")."""
        fields = {"make", "model"} if mention.field in ("make", "model") else {mention.field}
        earlier = [w for w in wanted if w.field in fields]
        if not earlier:
            return wanted
        last = self.reading.text.tokens[earlier[-1].last]
        between = self.reading.text.folded[
            last.at + len(last.text) : self.reading.text.tokens[mention.first].at
        ]
        if not _CORRECTION.search(between[:80]) or len(between) > 80 or mention.field == "features":
            return wanted
        return [w for w in wanted if w.field not in fields]

    def _without_open_choices(self, wanted: list[Mention]) -> list[Mention]:
        """Drop "schakel of automaat?" and, of one definite car, "is die diesel of benzine?"."""
        dropped: set[int] = set()
        for one, two in zip(wanted, wanted[1:], strict=False):
            between = self.words[one.last + 1 : two.first]
            choice = (
                one.field == two.field
                and one.value != two.value
                and between
                and len(between) <= 3
                and set(between) & _OR
            )
            if not choice or one.field in ("make", "model", "features"):
                continue
            if {one.value, two.value} == OPPOSITES or self._is_open(one):
                dropped.update((id(one), id(two)))
        for one in wanted:
            after = self.reading.after(one.last, 30)
            if one.field in ("fuel_type", "transmission") and re.match(
                r" (?:of|or|oder) (?:een |a |ein\w* )?(?:gewone|normale|gewoon|normal|regular|niet)\b", after
            ):
                if not re.match(r" of niet\b", after):
                    dropped.add(id(one))
        return [w for w in wanted if id(w) not in dropped]

    def _is_open(self, mention: Mention) -> bool:
        """Tell whether alternatives are asked about, not wanted: of one definite car, or for advice."""
        between_two = bool(_ADVICE.search(self.reading.text.folded))
        return between_two or bool(_OPEN_QUESTION.search(self.reading.sentence(mention.first)))
