"""The look ahead of the lane just before sending: has a person taken over meanwhile?

The lane brings a take-over in its order, behind the reply that is being sent. Whoever has taken
over shall not be talked past, so the newest take-over of the conversation is read directly: one that
stands further on in the stream than the event in hand, and no release behind it, stops the send.
"""

from typing import Protocol

from seldenrijk.chassis.bus import Bus
from seldenrijk.contracts import ConversationReleased, ConversationTakenOver, Event, partition_of
from seldenrijk.contracts.topology import STREAM


class Fence(Protocol):
    """Looks ahead."""

    async def taken_over(self, conversation: str, seq: int, last_words: bool = False) -> bool:
        """Whether a person holds it by an event behind ``seq``. Raises BusUnavailable.

        ``last_words``: a hand-over's notice, which the opening that belongs to it doesn't stop.
        """
        ...


class NoFence:
    """Sees nothing: the lane's own order is all there is."""

    async def taken_over(self, conversation: str, seq: int, last_words: bool = False) -> bool:
        """Never."""
        return False


class StreamFence:
    """Reads the stream's newest take-over and release."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def taken_over(self, conversation: str, seq: int, last_words: bool = False) -> bool:
        """One direct read; a second one only where there is a take-over to be doubted."""
        taken, body = await self._newest(ConversationTakenOver, conversation)
        if taken <= seq or (last_words and b'"by":"status"' in body):
            return False
        return taken > (await self._newest(ConversationReleased, conversation))[0]

    async def _newest(self, event: type[Event], conversation: str) -> tuple[int, bytes]:
        subject = f"{event.name}.{partition_of(conversation)}.{conversation}"
        return await self._bus.latest(STREAM, subject) or (0, b"")
