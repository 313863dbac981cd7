"""The breaker: while Twilio is down the gateway fetches no replies; webhooks come in as always.

Closed until FAILURES sends in a row ended without Twilio having answered (no connection, no answer,
5xx). Then the lanes are paused: what is to be sent waits at the server instead of being tried, and
what was already in hand is planned for later. A harmless question to Twilio is the probe; when it
is answered the breaker is half open: one send at a time, whose fate decides.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Literal

import structlog
from prometheus_client import Gauge

from seldenrijk.chassis.runtime import Running

from .channel import NOT_CONNECTED, Accepted, Channel, Refused, Sent, Unknown

log = structlog.get_logger(__name__)

FAILURES: Final = 5
PROBES: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between the questions to a channel that is down."""
BreakerState = Literal["closed", "open", "half_open"]


def failed(result: Sent) -> bool:
    """Whether a send tells that the channel is down; a refusal is an answer."""
    return isinstance(result, Unknown) or (isinstance(result, Refused) and result.code == NOT_CONNECTED)


class Breaker:
    """Counts failures in a row; ``pause`` and ``resume`` are the lanes' own, set once they are open."""

    def __init__(self, channel: Channel, gauge: Gauge | None = None, failures: int = FAILURES) -> None:
        self._channel = channel
        self._gauge = gauge
        self._limit = failures
        self._in_a_row = 0
        self._turn = asyncio.Lock()
        self._opened = asyncio.Event()
        self.state: BreakerState = "closed"
        self.pause: Callable[[], None] = _nothing
        self.resume: Callable[[], None] = _nothing

    @property
    def is_open(self) -> bool:
        """Whether nothing is sent at the moment."""
        return self.state == "open"

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[bool]:
        """Around everything that belongs to one send; gives whether it may be done now."""
        if self.state != "half_open":
            yield self.state == "closed"
            return
        async with self._turn:
            yield not self.is_open

    def bind(self, running: Running) -> None:
        """Take charge of the open lanes."""
        self.pause, self.resume = running.pause_lanes, running.resume_lanes
        if self.state == "open":
            self.pause()

    def note(self, result: Sent) -> None:
        """Learn from a send's result."""
        if not failed(result):
            self._in_a_row = 0
            if self.state == "half_open" and isinstance(result, Accepted | Refused):
                self._become("closed")
            return
        self._in_a_row += 1
        if self.state == "half_open" or (self.state == "closed" and self._in_a_row >= self._limit):
            self._become("open")
            self.pause()
            self._opened.set()

    async def run(self) -> None:
        """Probe whenever the breaker is open, until cancelled."""
        while True:
            await self._opened.wait()
            tries = 0
            while self.state == "open":
                await asyncio.sleep(PROBES[min(tries, len(PROBES) - 1)] * random.uniform(0.8, 1.2))  # nosec B311
                tries += 1
                if await self._channel.reachable():
                    self._become("half_open")
            self._opened.clear()
            self.resume()

    def _become(self, state: BreakerState) -> None:
        self.state = state
        if self._gauge is not None:
            self._gauge.set(0 if state == "closed" else 1)
        level = log.error if state == "open" else log.warning
        level("Twilio breaker", state=state, failures=self._in_a_row)


def _nothing() -> None:
    return
