"""The check of an outgoing text: every statement of fact in it, and the fact that proves it."""

from dataclasses import dataclass

from seldenrijk.contracts.replies import Claim

from .anchors import anchors_of
from .attributes import check_attributes
from .contacts import check_contacts
from .facts import Facts
from .page import Page, Violation
from .statements import check_statements
from .status import check_status
from .times import check_times
from .voice import check_voice

_MOST_CLAIMS = 60


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
    """Check a text against the facts. Pure; an empty text fails.

    What can be found literally (links, telephone, address) is explained first, then cars, days and times,
    statements, and last the numbers, each of which must belong to a car of the facts, to the customer's own
    words, or to a count. Whatever is left unexplained is a violation.
    """
    page = Page(text, facts)
    if not text.strip():
        return Verdict((), (Violation("empty", "", "de tekst is leeg"),))
    check_voice(page)
    check_contacts(page)
    anchors = anchors_of(page)
    check_status(page, anchors)
    check_times(page)
    check_attributes(page, anchors)
    check_statements(page)
    return Verdict(tuple(page.claims[:_MOST_CLAIMS]), tuple(page.violations), tuple(dict.fromkeys(page.cars)))


__all__ = ["Verdict", "Violation", "check"]
