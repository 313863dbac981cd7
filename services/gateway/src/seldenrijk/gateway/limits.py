"""Limits behind the signature: for each customer, never for an address (all of Twilio comes from few)."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

BURST: Final = 200
"""Messages that a customer may send at once; people forward whole albums, Twilio repeats itself."""
PER_SECOND: Final = 1.0
REMEMBERED: Final = 10_000
PUBLISHING: Final = 1_000
"""Webhooks that wait for the bus at once. Beyond, 503 is the honest answer: memory stays bounded, and
Twilio tries again (or the inbound repair finds the message)."""


class RateLimit:
    """A token bucket for each conversation, in memory, the least recently used ones forgotten.

    Whoever exceeds it gets 429. Nothing is lost by that: Twilio keeps the message, and the inbound
    repair publishes it later, at its own pace.
    """

    def __init__(
        self, burst: int = BURST, per_second: float = PER_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, conversation: str) -> bool:
        """Take a token, if there is one."""
        now = self._clock()
        tokens, then = self._buckets.pop(conversation, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then) * self._per_second)
        allowed = tokens >= 1.0
        self._buckets[conversation] = (tokens - 1.0 if allowed else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return allowed

    def give_back(self, conversation: str) -> None:
        """The token was taken for nothing: the message was known."""
        if (bucket := self._buckets.get(conversation)) is not None:
            self._buckets[conversation] = (min(float(self._burst), bucket[0] + 1.0), bucket[1])
