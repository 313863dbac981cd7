"""The check of an outgoing text against the facts."""

from dataclasses import dataclass

from seldenrijk.contracts.replies import Claim

from .facts import Facts
from .numbers import numbers_in


@dataclass(frozen=True)
class Violation:
    """A statement that no fact proves. ``kind`` is a short word for counting, ``reason`` is for the writer."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What a text claims and what is wrong with it; ``cars`` are ids of cars that it names, in order."""

    claims: tuple[Claim, ...]
    violations: tuple[Violation, ...]
    cars: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the text may be sent."""
        return not self.violations

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the violations, each once."""
        return tuple(dict.fromkeys(v.kind for v in self.violations))


def check(text: str, facts: Facts) -> Verdict:
    """Find every statement of fact in ``text`` and the fact that proves it."""
    prices = {car.price for car in facts.cars if car.status == "available"} | facts.said.amounts
    claims, violations = [], []
    for n in numbers_in(text):
        if n.unit == "price":
            if n.whole in prices:
                claims.append(Claim(kind="price", text=n.text, fact=str(n.whole)))
            else:
                violations.append(Violation("price", n.text, f"prijs {n.text} staat niet in de feiten"))
    return Verdict(tuple(claims), tuple(violations))
