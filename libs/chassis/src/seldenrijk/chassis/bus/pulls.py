"""Pull consumers on one shared inbox: an open request for each, renewed before it runs dry."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from .inbox import Inbox, ack_tokens
from .port import DeliveryHandler, Headers

log = structlog.get_logger(__name__)
EXPIRES: Final = 5.0
"""Seconds that a pull stays open: an open pull of a dead process swallows messages until it expires."""
BATCH: Final = 100
GRACE: Final = 2.0
"""Seconds after its expiry at which a silent pull counts as lost (server restarted, network cut)."""


class NatsDelivery:
    """A JetStream message; the metadata is read from its acknowledgement subject (ADR-37 of NATS)."""

    __slots__ = ("_client", "_msg", "attempt", "seq", "stored_at", "stream")

    def __init__(self, client: Client, msg: Msg) -> None:
        self._client = client
        self._msg = msg
        tokens = ack_tokens(msg.reply)
        self.stream = tokens[0]
        self.attempt = int(tokens[2])
        self.seq = int(tokens[3])
        self.stored_at = datetime.fromtimestamp(int(tokens[5]) / 1e9, UTC)

    @property
    def subject(self) -> str:
        return self._msg.subject

    @property
    def headers(self) -> Headers:
        return self._msg.headers or {}

    @property
    def data(self) -> bytes:
        return self._msg.data

    async def ack(self) -> None:
        await self._client.publish(self._msg.reply, b"+ACK")

    async def nak(self, delay: float) -> None:
        body = b"-NAK " + orjson.dumps({"delay": int(delay * 1e9)})
        await self._client.publish(self._msg.reply, body)

    async def progress(self) -> None:
        await self._client.publish(self._msg.reply, b"+WPI")


class NatsPull:
    """One durable consumer's open request and the messages in hand."""

    def __init__(
        self, client: Client, inbox: Inbox, number: int, stream: str, durable: str,
        handler: DeliveryHandler, concurrency: int,
    ) -> None:  # fmt: skip
        self._client = client
        self._inbox = inbox
        self._token = str(number)
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._handler = handler
        self._concurrency = concurrency
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked = 0
        self._request_no = 0
        self.deadline = 0.0
        self._running = True
        self._paused = False
        self._renewing: asyncio.Task[None] | None = None
        self._consumer = f"{stream}.{durable}"
        inbox.pulls[self._consumer] = self._arrived
        inbox.ends[self._token] = self._ended

    def renew(self, delay: float = 0.0) -> None:
        """Ask for more unless a request is already on its way."""
        if self._running and not self._paused and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._ask(delay))

    def lost(self) -> None:
        """Forget the open request (the connection was new) and ask again."""
        self._asked = 0
        self.renew()

    async def _ask(self, delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
        batch = min(BATCH, self._concurrency - len(self._tasks))
        if batch <= 0 or not self._running or self._paused:
            return
        self._request_no += 1
        self._asked = batch
        self.deadline = time.monotonic() + EXPIRES + GRACE
        reply = f"{self._inbox.prefix}.p.{self._token}.{self._request_no}"
        body = orjson.dumps({"batch": batch, "expires": int(EXPIRES * 1e9)})
        try:
            await self._client.publish(self._next, body, reply)
        except NatsError:
            self._asked = 0  # the keeper tries again when the deadline has passed

    def _ended(self, msg: Msg) -> None:
        if msg.subject.rpartition(".")[2] == str(self._request_no):
            self._asked = 0
            self.renew(0.0 if (msg.headers or {}).get("Status") in {"404", "408"} else 0.5)

    def _arrived(self, msg: Msg) -> None:
        self._asked -= 1
        delivery = NatsDelivery(self._client, msg)
        # while stopping, what an open request still brings goes back at once, for another replica
        work = self._handler(delivery) if self._running else delivery.nak(0.25)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        if self._asked <= 0:
            self.renew()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # not acknowledged, so it is delivered again
            log.warning("a delivery ended early", error=type(error).__name__)
        if self._asked <= 0:
            self.renew()

    @property
    def overdue(self) -> bool:
        """Whether the open request should long have been answered."""
        return self._running and not self._paused and time.monotonic() > self.deadline

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self.lost()

    async def stop(self) -> None:
        """Ask no more and wait for what is in hand."""
        self._running = False
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        self._inbox.pulls.pop(self._consumer, None)
        self._inbox.ends.pop(self._token, None)
