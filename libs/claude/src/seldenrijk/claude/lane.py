"""One kind of call with its model, deadline, limit and breaker; and a call that it admitted."""

from dataclasses import dataclass, field
from types import TracebackType

from .breaker import Breaker, Permit
from .budget import DailyBudget
from .metrics import ClaudeMetrics
from .models import Model
from .result import Purpose, Reason


@dataclass(eq=False)
class Lane:
    """``seconds`` is the deadline of a call, ``limit`` how many may be made at once."""

    purpose: Purpose
    model_id: str
    model: Model
    seconds: float
    limit: int
    breaker: Breaker
    in_flight: int = 0


@dataclass(eq=False)
class Admission:
    """A call under way: counts against limit, budget and breaker until it is left.

    Left without :meth:`reported` (cancelled), the breaker learns nothing and the budget books the estimate:
    what was sent is charged, whether or not somebody waited for the answer.
    """

    lane: Lane
    budget: DailyBudget
    metrics: ClaudeMetrics
    permit: Permit
    estimate: float
    cost: float = field(init=False)

    def __enter__(self) -> "Admission":
        self.cost = self.estimate
        self.lane.in_flight += 1
        self.metrics.in_flight.labels(self.lane.purpose).inc()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lane.in_flight -= 1
        self.metrics.in_flight.labels(self.lane.purpose).dec()
        self.lane.breaker.abandoned(self.permit)
        self.budget.settle(self.estimate, self.cost)
        self.metrics.cost.labels(self.lane.purpose, self.lane.model_id).inc(self.cost)
        self.metrics.spent.set(self.budget.spent)

    def reported(self, reason: Reason) -> None:
        """Tell the breaker how it went."""
        if reason in ("timeout", "overloaded", "rate_limited", "error"):
            self.lane.breaker.failed(self.permit)
        elif reason == "auth":
            self.lane.breaker.abandoned(self.permit)
        else:
            self.lane.breaker.succeeded(self.permit)


def admit(lane: Lane, budget: DailyBudget, metrics: ClaudeMetrics, estimate: float) -> Admission | Reason:
    """Leave to make a call, or why not. The breaker comes last: its one probe must not be wasted."""
    if lane.in_flight >= lane.limit:
        return "busy"
    if not budget.reserve(estimate):
        return "budget"
    permit = lane.breaker.admit()
    if permit is None:
        budget.settle(estimate, 0.0)
        return "breaker_open"
    return Admission(lane, budget, metrics, permit, estimate)
