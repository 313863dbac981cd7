"""One message, read once: its text, cars, terms, plates, moments and numbers, for all who fill slots."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seldenrijk.nlu.cars import CarFinder
from seldenrijk.nlu.context import Background, background
from seldenrijk.nlu.mentions import Mention
from seldenrijk.nlu.moments import Moment, find_moments
from seldenrijk.nlu.number import Number
from seldenrijk.nlu.numbers import NumberFinder
from seldenrijk.nlu.plates import Plate, find_plates
from seldenrijk.nlu.terms import TermFinder
from seldenrijk.nlu.text import Text
from seldenrijk.nlu.types import Evidence


@dataclass(slots=True)
class Reading:
    """Everything found in a message before ownership, negation and bounds are decided."""

    text: Text
    background: Background
    hint: str | None
    year: int | None
    plates: list[Plate]
    cars: list[Mention]
    terms: list[Mention]
    moments: list[Moment]
    numbers: list[Number] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def note(self, first: int, last: int, name: str, value: object, why: str) -> None:
        """Remember which tokens gave a field its value."""
        tokens = self.text.tokens
        self.evidence.append(Evidence(tokens[first].start, tokens[last].end, name, str(value), why))

    def before(self, token: int, width: int = 60) -> str:
        """Return the folded text right before a token, at most `width` characters."""
        at = self.text.tokens[token].at
        return self.text.folded[max(0, at - width) : at]

    def after(self, token: int, width: int = 60) -> str:
        """Return the folded text right after a token, at most `width` characters."""
        last = self.text.tokens[token]
        end = last.at + len(last.text)
        return self.text.folded[end : end + width]

    def sentence(self, token: int) -> str:
        """Return the folded sentence around a token; a dot inside a number or short word does not end it."""
        folded, at = self.text.folded, self.text.tokens[token].at
        start = max(folded.rfind(end, 0, at) for end in (". ", "? ", "! ", "\n", "?? ", "!! "))
        ends = [i for i in (folded.find(e, at) for e in (". ", "?", "!", "\n")) if i >= 0]
        return folded[start + 1 : min(ends) + 1 if ends else len(folded)].strip()


def read(
    message: str,
    context: Sequence[Mapping[str, object]] | None,
    hint: str | None,
    year: int | None = None,
) -> Reading:
    """Read a message; the work is bounded by the limits of Text."""
    text = Text(message)
    known = background(context)
    plates = find_plates(text)
    plated = {i for p in plates for i in _tokens(text, p.at, p.until)}
    finder = TermFinder(text)
    cars = CarFinder(text, known.makes, finder.taken() | frozenset(plated)).run()
    terms = [t for t in finder.run(cars) if t.first not in plated]
    in_cars = {i for c in cars for i in range(c.first, c.last + 1)}
    moments = [m for m in find_moments(text) if not in_cars.intersection(_tokens(text, m.start, m.end))]
    reading = Reading(text, known, hint, year, plates, cars, terms, moments)
    phrases = {i for t in terms if t.last > t.first for i in range(t.first, t.last + 1)}
    taken = in_cars | plated | phrases
    reading.numbers = NumberFinder(text, taken).run()
    return reading


def _tokens(text: Text, start: int, end: int) -> range:
    """Return the tokens that a span of the folded text covers."""
    starts = [t.at for t in text.tokens]
    first = max(0, bisect_right(starts, start) - 1)
    if first < len(starts) and text.tokens[first].at + len(text.tokens[first].text) <= start:
        first += 1
    return range(first, bisect_right(starts, max(start, end - 1)))


def tokens_of(text: Text, moment: Moment) -> range:
    """Return the tokens of a moment."""
    return _tokens(text, moment.start, moment.end)
