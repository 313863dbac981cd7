"""What a call gives back: a value or None, and why."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from seldenrijk.contracts import ModelUse

Reason = Literal[
    "ok",
    "timeout",
    "overloaded",
    "rate_limited",
    "malformed",
    "refused",
    "truncated",
    "auth",
    "budget",
    "breaker_open",
    "busy",
    "error",
]
Purpose = Literal["understand", "write"]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Result(Generic[T_co]):
    """The outcome of one operation; ``value`` is None unless ``reason`` is "ok".

    ``use`` tells tokens and cost, where Claude answered at all (a refusal costs as well).
    ``dropped`` names the fields of the answer that were not accepted (out of the scheme, or not in
    the text). ``latency_ms`` covers everything that the caller waited for.
    """

    value: T_co | None
    reason: Reason
    use: ModelUse | None = None
    dropped: tuple[str, ...] = ()
    latency_ms: int = 0

    @property
    def ok(self) -> bool:
        """There is a value."""
        return self.value is not None
