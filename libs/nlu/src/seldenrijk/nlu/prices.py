"""Tells the amounts that are no price of the wanted car: discounts, down payments, asking prices, ..."""

import re

from seldenrijk.nlu.number import Number
from seldenrijk.nlu.quantity_cues import (
    ASKING_AFTER,
    ASKING_CLAUSE,
    BID,
    DEFINITE,
    DISCOUNT,
    FOR_A_CAR,
    GOT_BID,
    OFFERED,
    TAKEN_OFF,
)
from seldenrijk.nlu.reading import Reading
from seldenrijk.nlu.text import word_set
from seldenrijk.nlu.vocabulary import vocabulary


class Prices:
    """Judges the amounts of one message; `bid` tells whether the customer makes an offer."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.text.words
        self.signals = vocabulary().signals
        self.got_bid = bool(GOT_BID.search(reading.text.folded))
        self.bid = bool(BID.search(reading.text.folded)) and not self.got_bid

    def is_no_price(self, number: Number, labels: set[str], since: int, until: int) -> bool:
        """Tell whether an amount is a discount, a down payment, somebody's bid, an asking price, ..."""
        if "notprice" in labels and not ("price" in labels and self.bid and self._bid_labelled(number)):
            return True
        before, after = self.reading.before(number.first, 70), self.reading.after(number.end, 40)
        if self.named_otherwise(number, since, until) or TAKEN_OFF.search(before + "#" + after):
            return True
        if "price" not in labels and DISCOUNT.search(self.reading.sentence(number.first)) and not self.bid:
            return not re.search(r"\b(?:max\w*|tot|onder|budget|vanaf|rond)\b[^,]{0,12}$", before)
        if self.got_bid and re.search(r"(?:bood|bod gekregen|geboden|boden|bod|kreeg)[^.!?]{0,30}$", before):
            return True
        if "asking" in labels or ASKING_CLAUSE.search(before[:-1] + " ") or ASKING_AFTER.search(after):
            return not (self._bids_here(before) or self._asks_what_there_is(before))
        if FOR_A_CAR.search(after) and not re.search(
            r"\b(?:max\w*|tot|heb|hebben|budget|onder|bied\w*|geef|besteden|rond|ongeveer|circa|"
            r"have|uitgeven)\b",
            before,
        ):
            return True
        return (
            bool(DEFINITE.search(before))
            and not self.bid
            and not re.search(
                r"\b(?:max\w*|tot|onder|rond|ongeveer|budget\w*|bedrag) (?:van )?(?:de )?€? ?$", before
            )
            and not self._searches(before)
        )

    def _asks_what_there_is(self, before: str) -> bool:
        """Tell whether the customer asks what stands there for an amount, without naming a car."""
        return not self.reading.cars and bool(OFFERED.search(before))

    def _searches(self, before: str) -> bool:
        found = list(
            re.finditer(
                r"\b(?:die|dat|deze|de|the|that)\b [a-z0-9 -]{0,30}\b(?:van|voor|of|for)(?: €)? ?$", before
            )
        )
        return not found or bool(
            re.search(r"\b(?:in de|voor de|de prijsklasse|orde van|de buurt)\b[^.!?]{0,14}$", before)
        )

    def _bid_labelled(self, number: Number) -> bool:
        return bool(re.search(r"\b(?:bied|bieden|biete|offer)\b", self.reading.sentence(number.first)))

    def _bids_here(self, before: str) -> bool:
        return self.bid and bool(
            re.search(
                r"\b(?:bied|bieden|mee|weg|accepteren|doe|doen|biete|take|offer)\b[^.!?]{0,25}$", before
            )
        )

    def named_otherwise(self, number: Number, since: int, until: int) -> bool:
        """Tell whether the words right behind an amount name another thing ("2000 aanbetaling")."""
        for at in range(number.end + 1, min(number.end + 4, until)):
            for length, _ in self.signals["after"].find(self.words, at):
                rest = self.words[at + length] if at + length < len(self.words) else ""
                return (
                    not (self.words[at] == "minder" and self.words[at - 1] in ("of", "en")) or rest == "dan"
                )
            if self.words[at] not in word_set(
                "euro er als aan heb een kan wil ik of nog extra meer ongeveer zelf eigen moet"
            ):
                return False
        return False
