"""What a scenario is, and the list of all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from .checker import Verdict
from .world import World


@dataclass
class Result:
    """Figures for the report, and problems; none means passed."""

    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, verdict: Verdict, **figures: Any) -> "Result":
        """The checker's verdict as a result."""
        return cls(verdict.figures() | figures, list(verdict.problems))

    def expect(self, condition: object, problem: str) -> None:
        """Note a problem unless the condition holds."""
        if not condition:
            self.problems.append(problem)


Work = Callable[[World, float], Awaitable[Result]]


@dataclass
class Scenario:
    """A numbered scenario of the reliability promise.

    ``run`` must find no problem; ``counter``, the same attack on a system with the protection taken
    out, must find one. ``alone`` scenarios bring a system of their own and only use the world's seed.
    """

    number: int
    title: str
    weakness: str
    quick: bool
    alone: bool
    run: Work
    counter: Work | None = None

    def against(self, counter: Work) -> Work:
        """Decorator: the counter-proof."""
        self.counter = counter
        return counter


SCENARIOS: Final[dict[int, Scenario]] = {}


def scenario(
    number: int, title: str, weakness: str, quick: bool = True, alone: bool = False
) -> Callable[[Work], Scenario]:
    """Decorator: register the scenario."""

    def register(run: Work) -> Scenario:
        SCENARIOS[number] = Scenario(number, title, weakness, quick, alone, run)
        return SCENARIOS[number]

    return register


def scaled(full: int, scale: float, least: int = 1) -> int:
    """How many of ``full`` at this scale."""
    return max(least, round(full * scale))
