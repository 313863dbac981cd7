"""The bus on NATS JetStream (nats-py for the connection, the API's own JSON for the rest)."""

import asyncio
import base64
import contextlib
from itertools import count
from typing import Any

import nats
import orjson
import structlog
from nats.aio.client import Client
from nats.nuid import NUID

from seldenrijk.chassis.errors import BusUnavailable, Conflict
from seldenrijk.chassis.settings import NatsSettings

from .inbox import Inbox
from .port import DeliveryHandler, Entry, OutMessage, Stored
from .pulls import NatsPull

log = structlog.get_logger(__name__)
WRONG_LAST_SEQUENCE = 10071


class JetStreamBus:
    """Implements :class:`seldenrijk.chassis.bus.Bus`. Make it with :func:`connect`."""

    def __init__(self, leader_reads: bool) -> None:
        self.client = Client()
        self._inbox: Inbox
        self._leader_reads = leader_reads
        self._pulls: list[NatsPull] = []
        self._numbers = count()
        self._keeper: asyncio.Task[None] | None = None
        self.violation: str | None = None

    @property
    def healthy(self) -> str | None:
        if self.violation:
            return self.violation
        return None if self.client.is_connected else "not connected to NATS"

    async def start(self, settings: NatsSettings, name: str) -> None:
        """Connect; waits and tries for ever, so the order in which services start doesn't matter."""
        await self.client.connect(
            **settings.connect_options(name),
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnect,
            reconnected_cb=self._on_reconnect,
        )
        self._inbox = Inbox(self.client, f"{settings.inbox_prefix(name)}.{NUID().next().decode()}")
        await self._inbox.open()
        self._keeper = asyncio.create_task(self._keep_pulls())

    async def _on_error(self, error: Exception) -> None:
        text = str(error).lower()
        if "permissions violation" in text:
            # the reason of a denied JetStream call arrives only here; the call itself times out
            self.violation = "NATS denies this service a subject (permissions violation)"
            log.error("NATS permissions violation", subject=text.rpartition(" to ")[2].strip('"')[:80])
        else:
            log.warning("NATS connection trouble", error=type(error).__name__)

    async def _on_disconnect(self) -> None:
        log.warning("NATS disconnected, reconnecting")

    async def _on_reconnect(self) -> None:
        log.info("NATS reconnected")
        for pull in self._pulls:
            pull.lost()

    async def _keep_pulls(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for pull in self._pulls:
                if pull.overdue and self.client.is_connected:
                    pull.lost()

    async def publish(self, message: OutMessage, wait: float = 5.0) -> Stored:
        msg = await self._inbox.request(message.subject, message.data, message.headers, wait)
        answer = orjson.loads(msg.data)
        if "error" in answer:
            error = answer["error"]
            raise BusUnavailable(f"JetStream refused: {error.get('description')} ({error.get('err_code')})")
        return Stored(answer["stream"], answer["seq"], bool(answer.get("duplicate")))

    async def get(self, bucket: str, key: str) -> Entry | None:
        found = await self.latest(f"KV_{bucket}", f"$KV.{bucket}.{key}")
        return Entry(found[1], found[0]) if found and found[1] else None

    async def latest(self, stream: str, subject: str) -> tuple[int, bytes] | None:
        if self._leader_reads:
            return await self._latest_from_leader(stream, subject)
        msg = await self._inbox.request(f"$JS.API.DIRECT.GET.{stream}.{subject}", b"", None, 5.0)
        headers = msg.headers or {}
        if headers.get("Status") == "404":
            return None
        return int(headers["Nats-Sequence"]), msg.data

    async def _latest_from_leader(self, stream: str, subject: str) -> tuple[int, bytes] | None:
        # In a cluster a direct get may be answered by a follower that is milliseconds behind.
        body = orjson.dumps({"last_by_subj": subject})
        msg = await self._inbox.request(f"$JS.API.STREAM.MSG.GET.{stream}", body, None, 5.0)
        answer: dict[str, Any] = orjson.loads(msg.data)
        if "error" in answer:
            if answer["error"].get("code") == 404:
                return None
            raise BusUnavailable(f"JetStream refused: {answer['error'].get('description')}")
        found = answer["message"]
        return found["seq"], base64.b64decode(found.get("data", ""))

    async def put(self, bucket: str, key: str, value: bytes, revision: int) -> int:
        headers = {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        msg = await self._inbox.request(f"$KV.{bucket}.{key}", value, headers, 5.0)
        answer = orjson.loads(msg.data)
        if "error" not in answer:
            return int(answer["seq"])
        if answer["error"].get("err_code") == WRONG_LAST_SEQUENCE:
            raise Conflict(f"{bucket}: written by another since it was read")
        raise BusUnavailable(f"JetStream refused: {answer['error'].get('description')}")

    async def pull(self, stream: str, durable: str, handler: DeliveryHandler, concurrency: int) -> NatsPull:
        number = next(self._numbers)
        pull = NatsPull(self.client, self._inbox, number, stream, durable, handler, concurrency)
        self._pulls.append(pull)
        pull.renew(delay=(number % 64) / 64)  # renewals are spread over a second
        pull.deadline = float("inf") if pull.deadline == 0.0 else pull.deadline
        return pull

    async def close(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        with contextlib.suppress(nats.errors.Error, TimeoutError):
            await self.client.flush(timeout=2)
        await self.client.close()


async def connect(settings: NatsSettings, name: str) -> JetStreamBus:
    """Connect service ``name`` to NATS as the settings say."""
    bus = JetStreamBus(leader_reads=settings.nats_replicas > 1)
    await bus.start(settings, name)
    return bus
