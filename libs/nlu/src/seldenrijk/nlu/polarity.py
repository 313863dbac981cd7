"""Tells for each mention whether it is wanted, excluded, no constraint, or an open choice."""

import re
from itertools import pairwise

from seldenrijk.nlu.mentions import Mention
from seldenrijk.nlu.polarity_cues import (
    ADVICE,
    ALLOWED_AFTER,
    ALLOWED_BEFORE,
    BETWEEN,
    COMPARED,
    CORRECTION,
    DISLIKED_AFTER,
    EQUALLY_FINE,
    FREE_AFTER,
    INSTEAD,
    NEGATION,
    OPEN_QUESTION,
    OPPOSITES,
    OR,
    REJECTED_AFTER,
)
from seldenrijk.nlu.reading import Reading


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
        if INSTEAD.search(lead) or COMPARED.search(lead) or DISLIKED_AFTER.search(tail):
            return "free"
        listed = self._continues(mention, previous) or self._comma_list(mention, previous, following)
        if (
            listed
            and before in ("excluded", "free")
            and not re.search(r"\b(?:wel|maar|liever|liefst)\b", lead[-12:])
        ):
            return before
        negated = self._negated(mention)
        if FREE_AFTER.search(self._same_clause(tail)) and not (
            negated and "ook" in tail[:20] and not EQUALLY_FINE.match(tail)
        ):
            return self._freed(mention)
        if negated:
            return (
                "free"
                if re.search(r"\b(?:nodig|per ?se|vereist|noodzakelijk|needed|verplicht)\b", tail[:30])
                or self._hardly(lead)
                else "excluded"
            )
        if REJECTED_AFTER.search(self.reading.after(mention.last, 60)):
            return "excluded"
        if ALLOWED_BEFORE.search(lead) or ALLOWED_AFTER.search(tail[:25]):
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
        if key in ("make", "model") and not re.search(r"\b(?:hoeft?|boeit|ook)\b", self._near(mention)):
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
            if word in NEGATION:
                return not self._not_a_negation(at, mention)
            if word not in BETWEEN and not self._mentioned(at, mention):
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
        own_negation = any(w in NEGATION for w in between)
        joint = [w for w in between if w in ("of", "en", "or", "and", "oder", "und", "noch", "/")]
        return (
            bool(joint or not between)
            and not own_negation
            and all(
                w in BETWEEN | {"of", "en", "or", "and", "oder", "und", "noch", "/", ","} for w in between
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
        if not CORRECTION.search(between[:80]) or len(between) > 80 or mention.field == "features":
            return wanted
        return [w for w in wanted if w.field not in fields]

    def _without_open_choices(self, wanted: list[Mention]) -> list[Mention]:
        """Drop "schakel of automaat?" and, of one definite car, "is die diesel of benzine?"."""
        dropped: set[int] = set()
        for one, two in pairwise(wanted):
            between = self.words[one.last + 1 : two.first]
            choice = (
                one.field == two.field
                and one.value != two.value
                and between
                and len(between) <= 3
                and set(between) & OR
            )
            if not choice or one.field in ("make", "model", "features"):
                continue
            if {one.value, two.value} == OPPOSITES or self._is_open(one):
                dropped.update((id(one), id(two)))
        for one in wanted:
            after = self.reading.after(one.last, 30)
            if one.field in ("fuel_type", "transmission") and re.match(
                r" (?:of|or|oder) (?:een |a |ein\w* )?(?:gewone|normale|gewoon|normal|regular)\b", after
            ):
                dropped.add(id(one))
        return [w for w in wanted if id(w) not in dropped]

    def _is_open(self, mention: Mention) -> bool:
        """Tell whether alternatives are asked about, not wanted: of one definite car, or for advice."""
        between_two = bool(ADVICE.search(self.reading.text.folded))
        return between_two or bool(OPEN_QUESTION.search(self.reading.sentence(mention.first)))
