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

    async def taken_over(self, conversation: str, seq: int) -> bool:
        """Whether a person holds it by an event behind ``seq``. Raises BusUnavailable."""
        ...


class NoFence:
    """Sees nothing: the lane's own order is all there is."""

    async def taken_over(self, conversation: str, seq: int) -> bool:
        """Never."""
        return False


class StreamFence:
    """Reads the stream's newest take-over and release."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def taken_over(self, conversation: str, seq: int) -> bool:
        """One direct read; a second one only where there is a take-over to be doubted."""
        taken = await self._newest(ConversationTakenOver, conversation)
        return taken > seq and taken > await self._newest(ConversationReleased, conversation)

    async def _newest(self, event: type[Event], conversation: str) -> int:
        subject = f"{event.name}.{partition_of(conversation)}.{conversation}"
        found = await self._bus.latest(STREAM, subject)
        return found[0] if found else 0
