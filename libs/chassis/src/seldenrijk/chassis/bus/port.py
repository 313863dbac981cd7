"""The port: publish with confirmation, pull with acknowledgement, state by compare-and-set."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class OutMessage:
    """A message to publish. Its ``Nats-Msg-Id`` header makes a repetition within an hour harmless."""

    subject: str
    headers: Headers
    data: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """The bus has the message on disk. ``duplicate``: it had it already."""

    stream: str
    seq: int
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored value and the revision to name when replacing it."""

    value: bytes
    revision: int


class Delivery(Protocol):
    """A message as it was delivered; exactly one of ``ack`` and ``nak`` ends it."""

    @property
    def subject(self) -> str:
        """Where it was published."""
        ...

    @property
    def headers(self) -> Headers:
        """Its headers; empty where it had none."""
        ...

    @property
    def data(self) -> bytes:
        """Its body."""
        ...

    @property
    def stream(self) -> str:
        """The stream that holds it."""
        ...

    @property
    def seq(self) -> int:
        """Its sequence in the stream."""
        ...

    @property
    def attempt(self) -> int:
        """How often it has been delivered, from 1."""
        ...

    @property
    def stored_at(self) -> datetime:
        """When the stream stored it."""
        ...

    async def ack(self) -> None:
        """It is done."""
        ...

    async def nak(self, delay: float) -> None:
        """It shall be delivered again after ``delay`` seconds."""
        ...

    async def progress(self) -> None:
        """It is still being worked on: the acknowledgement deadline starts anew."""
        ...


class Pull(Protocol):
    """An open subscription to one durable consumer."""

    def pause(self) -> None:
        """Fetch no more (what is in hand is finished); the messages stay with the server."""
        ...

    def resume(self) -> None:
        """Fetch again."""
        ...

    async def stop(self) -> None:
        """Fetch no more, for good."""
        ...


DeliveryHandler = Callable[[Delivery], Coroutine[Any, Any, None]]


class Bus(Protocol):
    """What the chassis asks of a message bus. The conformance suite in tests/chassis states it in full."""

    @property
    def healthy(self) -> str | None:
        """None, or why this connection can't be relied on at the moment."""
        ...

    async def publish(self, message: OutMessage, wait: float = 5.0) -> Stored:
        """Store a message. Raises BusUnavailable when no confirmation came within ``wait`` seconds."""
        ...

    async def get(self, bucket: str, key: str) -> Entry | None:
        """The current value. Raises BusUnavailable."""
        ...

    async def put(self, bucket: str, key: str, value: bytes, revision: int) -> int:
        """Replace the value that has ``revision`` (0: there is none) and return the new revision.

        Raises Conflict when it has changed since, BusUnavailable when nothing is known.
        """
        ...

    async def latest(self, stream: str, subject: str) -> tuple[int, bytes] | None:
        """Sequence and body of the newest message on an exact subject, or None. Raises BusUnavailable."""
        ...

    async def pull(self, stream: str, durable: str, handler: DeliveryHandler, concurrency: int) -> Pull:
        """Deliver a provisioned consumer's messages to ``handler``, at most ``concurrency`` at once here."""
        ...

    async def close(self) -> None:
        """Flush and disconnect."""
        ...
