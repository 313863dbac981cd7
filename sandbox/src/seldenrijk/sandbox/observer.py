"""Looks on at the event bus: what the services said to each other, by conversation. Read-only."""

import asyncio
import logging
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import nats
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DeliverPolicy

from seldenrijk.contracts.topology import STREAM

from .journal import Journal

log = logging.getLogger(__name__)

EVENTS_KEPT = 400
CONVERSATIONS_KEPT = 5_000
IDS_KEPT = 50_000
RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class BusEvent:
    """One event as seen on the bus. ``trace`` is the trace id (32 hexadecimal digits) or None."""

    id: str
    type: str
    source: str
    conversation: str
    time: str
    trace: str | None
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "conversation": self.conversation,
            "time": self.time,
            "trace": self.trace,
            "data": self.data,
        }


def read(subject: str, headers: dict[str, str] | None, body: bytes) -> BusEvent | None:
    """A message from the bus, or None where it is no event (a garbage message, a tombstone)."""
    tokens = subject.split(".")
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if len(tokens) < 4 or not isinstance(data, dict):
        return None
    headers = headers or {}
    parts = headers.get("traceparent", "").split("-")
    return BusEvent(
        id=headers.get("ce-id") or str(data.get("id", "")),
        type=headers.get("ce-type") or str(data.get("type", ".".join(tokens[:-2]))),
        source=headers.get("ce-source", "").rsplit("/", 1)[-1],
        conversation=tokens[-1],
        time=headers.get("ce-time") or datetime.now(UTC).isoformat(),
        trace=parts[1] if len(parts) == 4 else None,
        data=data,
    )


class Observer:
    """Collects events per conversation, bounded, and writes each into the journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.connected = False
        self._seen = 0
        self._events: OrderedDict[str, deque[BusEvent]] = OrderedDict()
        self._of_message: OrderedDict[str, str] = OrderedDict()
        self._customers: dict[str, str] = {}
        self._news = asyncio.Condition()

    async def run(self, url: str, user: str | None = None, password: str | None = None) -> None:
        """Connect and look on until cancelled; a bus that is not there yet is tried again for ever."""
        while True:
            try:
                await self._follow(url, user, password)
            except (NatsError, OSError, TimeoutError) as error:
                log.debug("the event bus is not there: %s", type(error).__name__)
            self.connected = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, url: str, user: str | None, password: str | None) -> None:
        interrupted = asyncio.Event()

        async def on_interruption() -> None:
            interrupted.set()

        async def quiet(_: Exception) -> None:
            return

        client: Client = await nats.connect(
            url,
            user=user,
            password=password,
            name="sandbox",
            inbox_prefix=b"_INBOX_sandbox",
            connect_timeout=2,
            allow_reconnect=False,  # a fresh subscription is back sooner than a repaired one
            disconnected_cb=on_interruption,
            error_cb=quiet,
        )
        try:
            js = client.jetstream()
            await js.subscribe(
                ">",
                stream=STREAM,
                ordered_consumer=True,
                config=await self._from_here(js),
                cb=self._take,
            )
            self.connected = True
            self.journal.add("bus.connected")
            await interrupted.wait()
        finally:
            await client.close()

    async def _from_here(self, js: JetStreamContext) -> ConsumerConfig:
        """From now on at first, later from where we were; anew where the stream has been made anew."""
        newest = (await js.stream_info(STREAM)).state.last_seq
        if not 0 < self._seen <= newest:
            self._seen = newest
        return ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=self._seen + 1)

    async def _take(self, message: Msg) -> None:
        self._seen = max(self._seen, message.metadata.sequence.stream)
        event = read(message.subject, message.headers, message.data)
        if event is not None:
            await self.add(event)

    async def add(self, event: BusEvent) -> None:
        """Remember an event and tell whoever waits."""
        events = self._events.setdefault(event.conversation, deque(maxlen=EVENTS_KEPT))
        if any(known.id == event.id for known in events):
            return
        events.append(event)
        self._events.move_to_end(event.conversation)
        if len(self._events) > CONVERSATIONS_KEPT:
            gone, _ = self._events.popitem(last=False)
            self._customers.pop(gone, None)
        self._index(event)
        customer = self._customers.get(event.conversation)
        self.journal.add("bus.event", customer=customer, **event.as_dict())
        async with self._news:
            self._news.notify_all()

    def _index(self, event: BusEvent) -> None:
        message = event.data.get("message")
        if not event.type.startswith("message.received") or not isinstance(message, dict):
            return
        self._of_message[str(message.get("message_id"))] = event.conversation
        if len(self._of_message) > IDS_KEPT:
            self._of_message.popitem(last=False)
        customer = event.data.get("customer")
        if isinstance(customer, dict) and isinstance(customer.get("address"), str):
            self._customers[event.conversation] = customer["address"]

    def after_message(self, sid: str) -> list[BusEvent]:
        """Events of a message's conversation from its ``message.received`` on, oldest first."""
        events = list(self._events.get(self._of_message.get(sid, ""), ()))
        for index, event in enumerate(events):
            if event.type.startswith("message.received") and event.data["message"].get("message_id") == sid:
                return events[index:]
        return []

    def conversations(self) -> dict[str, str | None]:
        """Known conversations and the customer's address of each."""
        return {conversation: self._customers.get(conversation) for conversation in self._events}

    def events(self, conversation: str) -> list[BusEvent]:
        """All remembered events of a conversation, oldest first."""
        return list(self._events.get(conversation, ()))

    def of_customer(self, address: str) -> list[BusEvent]:
        """All remembered events of a customer's conversation, oldest first."""
        found = (name for name, known in self._customers.items() if known == address)
        return [event for name in found for event in self.events(name)]

    async def wait(self, seconds: float) -> None:
        """Until another event comes in, or so many seconds have gone by."""
        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except TimeoutError:
                return

    def clear(self) -> None:
        """Forget everything."""
        self._events.clear()
        self._of_message.clear()
        self._customers.clear()
