"""A channel for tests: remembers what it was given and answers as it is told."""

from collections import deque
from datetime import datetime

from .channel import Accepted, Inbound, Listed, Outgoing, Sent


class FakeChannel:
    """Implements :class:`seldenrijk.gateway.channel.Channel` in memory.

    ``answers`` are used up first; after that everything is accepted. ``listing`` is what the
    channel's own list shows (None: not available).
    """

    def __init__(self, *answers: Sent) -> None:
        self.answers = deque(answers)
        self.sent: list[Outgoing] = []
        self.listing: list[Listed] | None = []
        self.typed: list[str] = []
        self.received: list[Inbound] | None = []
        self.up = True

    async def send(self, message: Outgoing) -> Sent:
        """Remember and answer."""
        self.sent.append(message)
        return self.answers.popleft() if self.answers else Accepted(f"SM{len(self.sent):032x}")

    async def sent_to(self, address: str, since: datetime) -> list[Listed] | None:
        """The prepared list."""
        return self.listing

    async def inbound(self, since: datetime, until: datetime) -> list[Inbound] | None:
        """The prepared inbound list, newest first, as Twilio gives it."""
        if self.received is None:
            return None
        fitting = [m for m in self.received if since <= m.sent <= until]
        return sorted(fitting, key=lambda m: m.sent, reverse=True)

    async def reachable(self) -> bool:
        """As prepared."""
        return self.up

    async def typing(self, channel_message_id: str) -> None:
        """Remember."""
        self.typed.append(channel_message_id)

    async def close(self) -> None:
        """Nothing to release."""
