"""What stands around a number and bounds it: max, vanaf, rond, of jonger, ..."""

from seldenrijk.nlu.number import Number
from seldenrijk.nlu.quantity_cues import FLIPPED, SKIP, UNWANTED
from seldenrijk.nlu.reading import Reading
from seldenrijk.nlu.vocabulary import vocabulary


class Bounds:
    """Reads the operators and labels around the numbers of one message."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.text.words
        self.signals = vocabulary().signals
        self.in_cars = {i for c in reading.cars for i in range(c.first, c.last + 1)}

    def around(self, number: Number, since: int, until: int) -> tuple[str, set[str]]:
        """Return the bound of a number and the labels before it; it may look at tokens `since` to `until`."""
        bound, labels = self._lead(number, since)
        bound = self._behind(number, bound, until)
        if bound in FLIPPED and UNWANTED.search(self.reading.after(max(number.end, number.last), 40)):
            bound = FLIPPED[bound]
        return bound, labels

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
                and self.words[at] not in SKIP
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
