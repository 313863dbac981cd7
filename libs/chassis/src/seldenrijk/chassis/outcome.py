"""What a handler returns: the new state and what shall happen because of the event."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from seldenrijk.contracts import Event

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Timer:
    """Deliver ``event`` into its conversation's lane at ``at``.

    A later timer of the same conversation and ``key`` replaces an earlier one that is still pending.
    """

    event: Event
    at: datetime
    key: str = "default"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[S]):
    """The decision on one event. Written first, published next, acknowledged last.

    ``events`` go to the conversation's stream, ``jobs`` to the service's own work queue,
    ``timers`` to its own schedule. All of them need deterministic ids (:meth:`Event.of`).
    """

    state: S
    events: tuple[Event, ...] = ()
    jobs: tuple[Event, ...] = ()
    timers: tuple[Timer, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self.events or self.jobs or self.timers)


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """What a handler may know about the delivery, and its one way to save before a side effect.

    ``attempt`` counts deliveries of this event, from 1; ``seq`` is its place in the stream.
    ``checkpoint(outcome)`` writes the state by compare-and-set before the event is finished, so that a
    crash after it is seen by the next attempt. What the outcome says so far is kept with it: the next
    attempt, which begins with that state, publishes it first. A bare state says nothing.
    """

    attempt: int
    stored_at: datetime
    checkpoint: Callable[[S | Outcome[S]], Awaitable[None]]
    seq: int = 0


class Handler(Protocol[S]):
    """An ordered step: one event of one conversation at a time."""

    async def __call__(self, event: Event, state: S, context: Context[S]) -> Outcome[S]:
        """Decide. Raises Retry or Reject; any other exception is a bug."""
        ...


class JobHandler(Protocol):
    """A slow call beside the lanes: its events come back through the conversation's lane."""

    async def __call__(self, job: Event) -> tuple[Event, ...]:
        """Do it. Raises Retry or Reject; any other exception is a bug."""
        ...
