"""The stand-in's memory, bounded: the oldest messages make room for new ones."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Any

from seldenrijk.sandbox.clock import Clock

from .model import Customer, MediaItem, Message

WINDOW = timedelta(hours=24)
MAX_CUSTOMERS = 20_000


class TwilioStore:
    """Messages by sid in order of arrival, customers by address."""

    def __init__(self, clock: Clock, keep: int) -> None:
        self.clock = clock
        self.keep = keep
        self.messages: OrderedDict[str, Message] = OrderedDict()
        self.customers: OrderedDict[str, Customer] = OrderedDict()
        self.debugger: deque[dict[str, Any]] = deque(maxlen=1_000)
        self.links: OrderedDict[str, MediaItem] = OrderedDict()
        self.refused = 0
        self.leaked_credentials = 0

    def customer(self, address: str) -> Customer:
        """The phone with this address, remembered from now on."""
        known = self.customers.get(address)
        if known is None:
            known = self.customers[address] = Customer(address)
            if len(self.customers) > MAX_CUSTOMERS:
                self.customers.popitem(last=False)
        return known

    def add(self, message: Message) -> None:
        """Remember a message."""
        self.messages[message.sid] = message
        if len(self.messages) > self.keep:
            self.messages.popitem(last=False)

    def window_open(self, address: str) -> bool:
        """Whether free-form text may be sent: the customer wrote less than 24 hours ago."""
        last = self.customer(address).last_inbound
        return last is not None and self.clock.now() - last < WINDOW

    def media(self, message_sid: str, media_sid: str) -> MediaItem | None:
        """An attachment of a message."""
        message = self.messages.get(message_sid)
        found = (item for item in message.media if item.sid == media_sid) if message else iter(())
        return next(found, None)

    def select(
        self,
        *,
        to: str | None = None,
        from_: str | None = None,
        on: datetime | None = None,
        before: datetime | None = None,
        after: datetime | None = None,
    ) -> list[Message]:
        """Newest first. A message that is still queued has no sent date and passes no date filter."""

        def fits(message: Message) -> bool:
            if (to and message.to != to) or (from_ and message.from_ != from_):
                return False
            if on is None and before is None and after is None:
                return True
            if message.sent is None:
                return False
            second = message.sent.replace(microsecond=0)
            return not (
                (on and second.date() != on.date())
                or (before and second > before)
                or (after and second < after)
            )

        return [message for message in reversed(self.messages.values()) if fits(message)]

    def note(self, code: int, what: str, sid: str | None = None) -> None:
        """A line in the debugger, where Twilio reports what went wrong with a webhook."""
        self.debugger.append({"time": self.clock.now().isoformat(), "code": code, "text": what, "sid": sid})

    def link(self, token: str, item: MediaItem) -> None:
        """Remember a signed address of an attachment."""
        self.links[token] = item
        if len(self.links) > 1_000:
            self.links.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self.messages.clear()
        self.customers.clear()
        self.debugger.clear()
        self.links.clear()
        self.refused = self.leaked_credentials = 0
