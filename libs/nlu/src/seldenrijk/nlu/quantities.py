"""Decides what each number of a message is: a price, a monthly amount, a year, kilometres, seats, doors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seldenrijk.nlu.numbers import Number
from seldenrijk.nlu.reading import Reading
from seldenrijk.nlu.text import word_set
from seldenrijk.nlu.vocabulary import vocabulary

_SKIP = word_set(
    "de het een n zo n € : , ( euro max of van dan is ligt op in mijn ons onze jullie bouwjaar bj "
    "jaar km stand kms prijs budget "
    "liefst wel graag ook nog mag moet zijn tot zeg maar dus met uit kilometerstand tellerstand "
    "teller kilometers kilometer "
    "hebben iets a voor eerste ronde bedrag kosten komen dit jaren bwj baujahr year price mileage "
    "ca about und mit"
)
_PRICE_TALK = re.compile(
    r"\b(?:budget|prijs\w*|euro|€|mille|duizend|besteden|uitgeven|betalen|kosten|price|spend|"
    r"ausgeben|preis|k|bieden|bod|duur|goedkoop|geld|plafond|bedrag)\b|€|\d ?k\b"
)
_BID = re.compile(
    r"\b(?:bied(?:en)?|bod|bodje|accepteren|accepteert|neem ik|meenemen|weg voor|mee voor|"
    r"kom ik (?:hem|m|'m) halen|deal|akkoord|would you (?:take|accept|do)|i offer|offer you|"
    r"my offer|biete|wurden sie|tik ik af|(?:doe|doet|doen) (?:je|jullie|u) (?:het|hem|m|'m|die|"
    r"de)?|handje|cash|kan (?:ie|hij|die) weg|mag (?:ie|hij) weg|take)\b"
)
_GOT_BID = re.compile(
    r"\b(?:bod gekregen|bood|boden|geboden|biedt mij|kreeg (?:een )?bod|bod van|"
    r"heeft .{0,12}geboden|offered me)\b"
)
_ASKING_CLAUSE = re.compile(
    r"\b(?:staa[tn]|stond|stonden|steht|listed|online|te koop)\b(?:[^.!?]|\.\d){0,60}\b(?:op|voor|"
    r"for|at|fur)(?: €)? ?$"
    r"|\b(?:kost|kosten|kostet|costs?|vraagt|vragen|vraagprijs|asking(?: price)?|"
    r"geprijsd)(?: [a-z']+){0,3}(?: €)? ?$"
)
_ASKING_AFTER = re.compile(
    r"^ ?(?:euro |,- |€ )?(?:de|het|een|jullie|the|der) (?:\w*prijs|final price|price|preis)\b"
)
_DEFINITE = re.compile(
    r"\b(?:die|dat|deze|dit|de|the|that|this|der|das|den)\b[^.!?]{0,40}\b(?:van|voor|of|for|fur|a|"
    r"op|at)(?: €)? ?$"
)
_SEARCH = re.compile(
    r"\b(?:zoek\w*|iets|wat heb|hebben jullie|heb je|heeft u|een auto|gezocht|suche|looking|budget|"
    r"max|wil(?:len)? een|have|te besteden|heb)\b"
)
_FOR_A_CAR = re.compile(
    r"^ ?(?:euro |,- |€ )?(?:voor|fur|for) (?:een|zo'n|die|deze|dat|'n|n|so|such|this|that|a|ein\w*)\b"
)
_FLIPPED = {"min": "max", "older": "newer", "newer": "older"}
_UNWANTED = re.compile(
    r"^(?: km| euro|,-)?(?: [a-z]+){0,2}? (?:(?:wil|kan|ga|mag|geef|hoef) (?:ik|we|wij|het|"
    r"hij) (?:er )?(?:echt |liever )?niet|mag niet|liever niet|hoeft niet|wil ik niet)\b"
)
_DRIVES = re.compile(
    r"\b(?:rij|rijd|rijden|rijdt|maak|maken|fahre|drive|doe|rijdt|reis|afstand|onderweg)\b[^.!?]{0,25}$"
)
_TOWING = re.compile(
    r"^[^.!?]{0,25}\b(?:trekken|trekgewicht|trek(?:ken)?|slepen|aanhanger|caravan|laadvermogen|"
    r"tow)\b|^ ?(?:kilo|kg)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its meaning: kind price|monthly|mileage|year|seats|doors|age|other and its bound."""

    number: Number
    kind: str
    bound: str  # max | min | newer | older | approx | "" (bare)
    low: float
    high: float
    bid: bool = False


class Interpreter:
    """Gives the numbers of one message their meaning."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.text.words
        self.signals = vocabulary().signals
        folded = reading.text.folded
        self.asks = reading.background.asks
        self.price_talk = (
            bool(_PRICE_TALK.search(folded))
            or "budget" in self.asks
            or "max_price" in reading.background.state
        )
        self.in_cars = {i for c in reading.cars for i in range(c.first, c.last + 1)}
        self.got_bid = bool(_GOT_BID.search(folded))
        self.bid = bool(_BID.search(folded)) and not self.got_bid

    def run(self) -> Iterator[Quantity]:
        """Yield the meaning of each number in order of mention."""
        numbers = self.reading.numbers
        for position, number in enumerate(numbers):
            earlier = numbers[position - 1] if position else None
            since = (
                0
                if earlier is None
                else (earlier.last if earlier.unit == "other" else max(earlier.end, earlier.last)) + 1
            )
            until = numbers[position + 1].first if position + 1 < len(numbers) else len(self.words)
            yield self._interpret(number, max(since, number.first - 8), until)

    def _interpret(self, number: Number, since: int, until: int) -> Quantity:
        bound, labels = self._lead(number, since)
        bound = self._behind(number, bound, until)
        if bound in _FLIPPED and _UNWANTED.search(self.reading.after(max(number.end, number.last), 40)):
            bound = _FLIPPED[bound]
        kind, low, high = self._kind(number, labels, bound, since, until)
        return Quantity(number, kind, bound, low, high, self.bid and kind == "price")

    def _lead(self, number: Number, since: int) -> tuple[str, set[str]]:
        """Return the bound and the labels that stand right before a number."""
        bounds: list[str] = []
        labels: set[str] = set()
        at = number.first - 1
        while at >= since and at not in self.in_cars:
            length, name = self._ending_at("ops", at, since)
            label_length, label = self._ending_at("labels", at, since)
            if label:
                labels.add(label)
            if name and not (name == "older" and number.low < 1900):
                bounds.append(name)
            step = max(length, label_length)
            if (
                not step
                and self.words[at] not in _SKIP
                and not (self.words[at].isalpha() and self.words[at] in ("t", "en", "met"))
            ):
                break
            at -= step or 1
        explicit = [b for b in bounds if b != "approx"]
        return (explicit or bounds or [""])[0], labels

    def _ending_at(self, family: str, at: int, since: int) -> tuple[int, str]:
        """Return (length, signal) of the longest phrase of a family that ends at a token."""
        index = self.signals[family]
        for length in range(min(5, at - since + 1), 0, -1):
            found = index.phrases.get(" ".join(self.words[at - length + 1 : at + 1]))
            if found:
                return length, found[0].value
        return 0, ""

    def _behind(self, number: Number, bound: str, until: int) -> str:
        """Return the bound with what stands behind the number: "of jonger", "+", "is mijn max"."""
        for at in range(number.end + 1, min(number.end + 4, until)):
            for _, entries in self.signals["post"].find(self.words, at):
                if entries[0].value == "max" and self._bounds_the_next(at, until):
                    continue
                return str(entries[0].value) if bound in ("", "approx") else bound
            if self.words[at] not in ("euro", "km", "dat", ",", "en", "of", "-", "echt", "("):
                break
        return bound

    def _bounds_the_next(self, at: int, until: int) -> bool:
        """Tell whether "max" behind a number belongs to the number that follows it."""
        return (
            self.words[at] in ("max", "maximaal", "maximum", "hooguit", "minimaal", "minimum")
            and until < len(self.words)
            and until - at <= 4
        )

    def _kind(
        self, number: Number, labels: set[str], bound: str, since: int, until: int
    ) -> tuple[str, float, float]:
        low, high = number.low, number.value
        unit = number.unit
        if unit in ("seats", "doors"):
            return unit, low, high
        asked = self._answers_a_count(number)
        if asked:
            return asked, low, high
        if unit == "years":
            return ("age" if self.words[number.end + 1 : number.end + 2] == ("oud",) else "other"), low, high
        if unit in ("other", "yearly") or low > 9_999_999:
            return "other", low, high
        if unit == "monthly" or (
            "monthly" in labels
            and high < 3000
            and not number.thousands
            and "notprice" not in labels
            and not self._is_year(number)
        ):
            return ("monthly" if high >= 20 else "other"), low, high
        if labels & {"seats", "doors"} and high < 10 and not number.thousands:
            return ("seats" if "seats" in labels and "doors" not in labels else "doors"), low, high
        year = self._year(number, labels, bound)
        if year:
            return "year", *year
        if unit == "km" or number.ton or ("mileage" in labels and unit != "eur" and "price" not in labels):
            return self._distance(number, labels)
        return self._amount(number, labels, bound, since, until)

    def _answers_a_count(self, number: Number) -> str:
        """Return seats or doors for a bare small number that answers the question for them."""
        bare = not number.unit and number.low < 10 and len(self.words) <= 5
        return next((kind for kind in ("seats", "doors") if bare and kind in self.asks), "")

    def _is_year(self, number: Number) -> bool:
        return (
            number.plain and not number.unit and 1950 <= number.low <= 2030 and 1950 <= number.value <= 2030
        )

    def _year(self, number: Number, labels: set[str], bound: str) -> tuple[float, float] | None:
        if number.unit not in ("",):
            return None
        if self._is_year(number) and number.low == int(number.low):
            money = "price" in labels and "year" not in labels and not (labels & {"mileage"})
            round_price = (
                number.low == 2000 and self.price_talk and "year" not in labels and bound in ("max", "")
            )
            other = number.low == 2000 and self._named_otherwise(number, 0, len(self.words))
            return None if money or round_price or other else (number.low, number.value)
        quoted = self.reading.text.raw[max(0, self.reading.text.tokens[number.first].start - 1)] in "'’‘`"
        short = (
            number.plain
            and number.value < 100
            and number.low == int(number.low)
            and len(self.words[number.first]) == 2
        )
        if short and (
            ("year" in labels and self._year_label(number))
            or quoted
            or ("year" in self.asks and len(self.words) < 6)
        ):
            return _century(number.low), _century(number.value)
        if self._is_year_range(number):
            return number.low, _century(number.value)
        return None

    def _is_year_range(self, number: Number) -> bool:
        return (
            number.plain
            and number.high is not None
            and 1950 <= number.low <= 2030
            and number.high < 40
            and number.joined in ("-", "/", "tot", "of")
        )

    def _year_label(self, number: Number) -> bool:
        before = self.words[max(0, number.first - 3) : number.first]
        return any(w in ("bj", "bouwjaar", "bwj", "jaargang", "baujahr", "bouwj", "bjr") for w in before)

    def _distance(self, number: Number, labels: set[str]) -> tuple[str, float, float]:
        last = number.end
        low, high = number.low, number.value
        if number.ton and (
            _TOWING.search(self.reading.after(last, 30)) or "notprice" in labels or number.unit == "eur"
        ):
            return ("price" if number.unit == "eur" else "other"), low, high
        if not number.unit and "price" in labels and number.ton:
            return "price", low, high
        small = high < 1000 and not number.thousands
        if small and "mileage" in labels and 10 <= high <= 400 and number.unit == "":
            return "mileage", low * 1000, high * 1000
        if small and not (number.unit == "km" and self._on_the_clock(number) and 10 <= high <= 400):
            return "other", low, high
        if small:
            return "mileage", low * 1000, high * 1000
        driven = _DRIVES.search(self.reading.before(number.first, 40)) and not self._on_the_clock(number)
        return ("other" if driven and not number.ton else "mileage"), low, high

    def _on_the_clock(self, number: Number) -> bool:
        return any(
            w in ("teller", "klok", "gelopen", "erop", "stand", "kilometerstand", "tellerstand")
            for w in self.words[number.first : number.end + 5]
        )

    def _amount(
        self, number: Number, labels: set[str], bound: str, since: int, until: int
    ) -> tuple[str, float, float]:
        low, high = number.low, number.value
        if high < 100 and not number.thousands and number.unit != "eur":
            return self._bare_thousands(number, bound, labels)
        if number.plain and not number.unit and len(str(int(high))) > 6:
            return "other", low, high
        money = number.unit == "eur" or "price" in labels
        if self._is_no_price(number, labels, since, until):
            return "other", low, high
        if high >= 60_000 and not money and "budget" not in self.asks:
            return "mileage", low, high
        if "mileage" in self.asks and not money and high >= 1000 and len(self.words) < 12:
            return "mileage", low, high
        if "monthly" in self.asks and "budget" not in self.asks and high < 1500 and len(self.words) < 12:
            return "monthly", low, high
        meant = money or number.thousands or bool(bound) or self.price_talk or self.bid or high >= 1000
        if not meant or high < 100:
            return "other", low, high
        return "price", low, high

    def _bare_thousands(self, number: Number, bound: str, labels: set[str]) -> tuple[str, float, float]:
        """Read "max 9" and "tussen 8 en 12" as thousands of euros where the talk is of prices."""
        low, high = number.low, number.value
        following = self.words[number.end + 1] if number.end + 1 < len(self.words) else ""
        ends = following in (
            "",
            ".",
            ",",
            "?",
            "!",
            ")",
            "en",
            "dus",
            "maar",
            "of",
            "max",
            "nee",
            "te",
            "a",
            "denk",
            "ik",
            "zeg",
            "wat",
            "is",
            "graag",
            "😬",
        )
        answer = "budget" in self.asks and len(self.words) <= 8
        range_or_bound = bound in ("max", "min", "approx") or number.high is not None
        in_talk = self.price_talk or "price" in labels
        if high >= 2 and (
            answer or (ends and in_talk and (range_or_bound or "price" in labels or self._keeps_at(number)))
        ):
            return "price", low * 1000 if low < 1000 else low, high * 1000
        if high >= 2 and ends and bound == "max" and not self.reading.moments and number.plain:
            return "price", low * 1000, high * 1000
        return "other", low, high

    def _keeps_at(self, number: Number) -> bool:
        return bool(
            re.search(
                r"\b(?:houden (?:we )?het op|we houden het op|doe maar|maak er|zeggen we|"
                r"laten we zeggen|liever|nee|ga(?:an)? (?:tot|naar)) (?:tot )?$",
                self.reading.before(number.first, 30),
            )
        )

    def _is_no_price(self, number: Number, labels: set[str], since: int, until: int) -> bool:
        """Tell whether an amount is a discount, a down payment, somebody's bid, an asking price, ..."""
        if "notprice" in labels and not ("price" in labels and self.bid and self._bid_labelled(number)):
            return True
        before, after = self.reading.before(number.first, 70), self.reading.after(number.end, 40)
        if self._named_otherwise(number, since, until):
            return True
        if self.got_bid and re.search(r"(?:bood|bod gekregen|geboden|boden|bod|kreeg)[^.!?]{0,30}$", before):
            return True
        if "asking" in labels or _ASKING_CLAUSE.search(before[:-1] + " ") or _ASKING_AFTER.search(after):
            return not self._bids_here(before)
        if _FOR_A_CAR.search(after) and not re.search(
            r"\b(?:max\w*|tot|heb|hebben|budget|onder|bied\w*|geef|besteden|rond|ongeveer|circa|"
            r"have|uitgeven)\b",
            before,
        ):
            return True
        return (
            bool(_DEFINITE.search(before))
            and not self.bid
            and not re.search(
                r"\b(?:max\w*|tot|onder|rond|ongeveer|budget\w*|bedrag) (?:van )?(?:de )?€? ?$", before
            )
            and not self._searches(before)
        )

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

    def _named_otherwise(self, number: Number, since: int, until: int) -> bool:
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


def _century(short: float) -> float:
    """Return the year of two digits: 00-35 is of this century."""
    if short >= 100:
        return short
    return 2000 + short if short <= 35 else 1900 + short
