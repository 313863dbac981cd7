"""A circuit breaker that stops fetching: events wait on the bus, in order, while Chatwoot is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from seldenrijk.chassis import Retry

log = structlog.get_logger(__name__)

THRESHOLD: Final = 3
"""Failures in a row that open it: one lost connection is no outage."""
FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 60.0
LATELY: Final = 60.0
MARGIN: Final = 1.0
"""Seconds after the next probe at which a refused event comes back."""
GIVE_UP: Final = 30 * 86_400.0
"""Seconds after which an event is given up: as long as the stream keeps it."""


def nothing() -> None:
    """Do nothing."""


def ignored(_: float) -> None:
    """Do nothing with a figure."""


class Breaker:
    """Counts failures; open, it pauses fetching and refuses calls until a probe succeeds."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, gauge: Callable[[float], None] = ignored
    ) -> None:
        self._clock = clock
        self._gauge = gauge
        self._failures = 0
        self._pauses = 0
        self._worked_at = float("-inf")
        self._until: float | None = None
        self._changed = asyncio.Event()
        self._pause: Callable[[], None] = nothing
        self._resume: Callable[[], None] = nothing

    def attach(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Say how fetching is stopped and taken up again; stops it at once where it is open already."""
        self._pause, self._resume = pause, resume
        if self.is_open:
            pause()

    @property
    def is_open(self) -> bool:
        """Whether calls are refused at the moment."""
        return self._until is not None

    @property
    def remaining(self) -> float:
        """Seconds until the next probe."""
        return max(0.0, self._until - self._clock()) if self._until is not None else 0.0

    def check(self) -> None:
        """Raise Retry while it is open."""
        if self._until is not None:
            raise Retry("Chatwoot is not available", after=self.remaining + MARGIN, give_up_after=GIVE_UP)

    def worked(self) -> None:
        """A call of the mirror's own was answered as it should be."""
        self._worked_at = self._clock()
        self.succeeded()

    @property
    def works_for_others(self) -> bool:
        """Whether a call was answered within the last minute, so that Chatwoot as a whole is there."""
        return self._clock() - self._worked_at < LATELY

    def succeeded(self) -> None:
        """Chatwoot answers: close."""
        self._failures = 0
        if self._until is not None:
            self._until = None
            self._pauses = 0
            log.info("Chatwoot answers again; mirroring goes on")
            self._gauge(1)
            self._resume()

    def failed(self, after: float | None = None) -> None:
        """A call failed; ``after`` seconds are what Chatwoot itself asked for, and open at once."""
        self._failures += 1
        if self._until is None and (after is not None or self._failures >= THRESHOLD):
            self._open(after)

    def _open(self, after: float | None) -> None:
        wait = min(LONGEST_PAUSE, after if after is not None else FIRST_PAUSE * 2**self._pauses)
        self._pauses = min(self._pauses + 1, 6)
        self._until = self._clock() + wait
        log.warning("Chatwoot is not available; events wait on the bus", seconds=round(wait, 1))
        self._gauge(0)
        self._pause()
        self._changed.set()

    async def watch(self, probe: Callable[[], Awaitable[bool]]) -> None:
        """Probe whenever a pause is over; close on success, wait longer otherwise. Runs for ever."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._until is not None:
                await asyncio.sleep(self.remaining)
                if await probe():
                    self.succeeded()
                elif self._until is not None:
                    self._open(None)
