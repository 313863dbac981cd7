"""Circuit breaker: stops asking a service that does not answer, and finds out when it does again."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["closed", "open", "half_open"]


@dataclass(frozen=True)
class Rules:
    """When to open and for how long. Times in seconds.

    Opens after ``failures`` in a row, or when of at least ``least_calls`` calls within ``window``
    the share ``ratio`` failed. Stays open for ``cool_down``, doubled each time the probe fails,
    up to ``longest``.
    """

    failures: int = 5
    window: float = 30.0
    ratio: float = 0.5
    least_calls: int = 10
    cool_down: float = 15.0
    longest: float = 120.0


@dataclass(eq=False)
class Permit:
    """Leave to make one call; whoever holds it reports the end exactly once."""

    probe: bool
    reported: bool = False


class Breaker:
    """One per model and purpose. Single-threaded: for use within one event loop."""

    def __init__(
        self,
        rules: Rules = Rules(),
        *,
        clock: Callable[[], float] = time.monotonic,
        changed: Callable[[State], None] = lambda _: None,
    ) -> None:
        self._rules, self._clock, self._changed = rules, clock, changed
        self._recent: deque[tuple[float, bool]] = deque()
        self._in_a_row = 0
        self._open_until: float | None = None
        self._next_cool_down = rules.cool_down
        self._probe: Permit | None = None

    @property
    def state(self) -> State:
        """closed: all may pass; open: none; half_open: one probe."""
        if self._open_until is None:
            return "closed"
        return "open" if self._clock() < self._open_until else "half_open"

    def admit(self) -> Permit | None:
        """Leave to make a call, or None."""
        state = self.state
        if state == "closed":
            return Permit(probe=False)
        if state == "open" or self._probe is not None:
            return None
        self._probe = Permit(probe=True)
        self._changed("half_open")
        return self._probe

    def succeeded(self, permit: Permit) -> None:
        """The service answered, whatever the answer was worth."""
        if not self._report(permit):
            return
        if permit.probe:
            self._close()
        elif self._open_until is None:
            self._in_a_row = 0
            self._note(ok=True)

    def failed(self, permit: Permit) -> None:
        """No answer, or one that says that the service is not well."""
        if not self._report(permit):
            return
        if permit.probe:
            self._next_cool_down = min(self._next_cool_down * 2, self._rules.longest)
            self._open(self._next_cool_down)
        elif self._open_until is None:
            self._in_a_row += 1
            self._note(ok=False)
            if self._in_a_row >= self._rules.failures or self._too_many_failed():
                self._open(self._next_cool_down)

    def abandoned(self, permit: Permit) -> None:
        """The call ended without telling anything (cancelled); a permit already reported stays so."""
        self._report(permit)

    def hold(self, seconds: float) -> None:
        """Stay open for at least so long: the service said so, or every call is bound to fail."""
        until = self._clock() + seconds
        if self._open_until is None or until > self._open_until:
            self._open(seconds)

    def _report(self, permit: Permit) -> bool:
        first = not permit.reported
        permit.reported = True
        if permit is self._probe:
            self._probe = None
        return first

    def _note(self, *, ok: bool) -> None:
        now = self._clock()
        self._recent.append((now, ok))
        while self._recent and self._recent[0][0] < now - self._rules.window:
            self._recent.popleft()

    def _too_many_failed(self) -> bool:
        failures = sum(not ok for _, ok in self._recent)
        enough = len(self._recent) >= self._rules.least_calls
        return enough and failures >= self._rules.ratio * len(self._recent)

    def _open(self, seconds: float) -> None:
        self._open_until = self._clock() + seconds
        self._recent.clear()
        self._in_a_row = 0
        self._changed("open")

    def _close(self) -> None:
        self._open_until = None
        self._next_cool_down = self._rules.cool_down
        self._changed("closed")
