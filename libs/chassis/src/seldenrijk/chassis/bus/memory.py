"""The bus in memory: the same promises without a server, for tests of handlers and services.

It passes the same conformance suite as the real one (tests/chassis/test_bus_conformance.py).
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from seldenrijk.chassis.errors import BusUnavailable, Conflict
from seldenrijk.chassis.provision import consumers
from seldenrijk.contracts.topology import DEAD_STREAM, FAMILIES, SERVICES, STREAM

from .names import MSG_ID, SCHEDULE, SCHEDULE_TARGET, matches
from .port import DeliveryHandler, Entry, Headers, OutMessage, Stored


@dataclass
class _Message:
    subject: str
    headers: Headers
    data: bytes
    stream: str
    seq: int
    stored_at: datetime


@dataclass
class _Consumer:
    filters: tuple[str, ...]
    max_ack_pending: int
    position: int = 0
    redeliver: list[tuple[float, int]] = field(default_factory=list)
    pending: dict[int, float] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)


class MemoryDelivery:
    """A delivery of the bus in memory."""

    def __init__(self, message: _Message, attempt: int, finish: Callable[[int, float | None], None]) -> None:
        self.subject, self.headers, self.data = message.subject, message.headers, message.data
        self.stream, self.seq, self.stored_at = message.stream, message.seq, message.stored_at
        self.attempt = attempt
        self._finish = finish

    async def ack(self) -> None:
        self._finish(self.seq, None)

    async def nak(self, delay: float) -> None:
        self._finish(self.seq, delay)

    async def progress(self) -> None:
        return


class MemoryPull:
    """Feeds one handler from one consumer."""

    def __init__(
        self, bus: "MemoryBus", stream: str, consumer: _Consumer, handler: DeliveryHandler, n: int
    ) -> None:
        self._bus, self._stream, self._consumer, self._handler, self._limit = (
            bus,
            stream,
            consumer,
            handler,
            n,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._active = True

    def pump(self) -> None:
        """Start handling whatever may be delivered now."""
        while self._active and len(self._tasks) < self._limit:
            message = self._bus.next_for(self._stream, self._consumer)
            if message is None:
                return
            self._consumer.attempts[message.seq] = attempt = self._consumer.attempts.get(message.seq, 0) + 1
            delivery = MemoryDelivery(message, attempt, self._finish)
            task = asyncio.create_task(self._run(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def _run(self, delivery: MemoryDelivery) -> None:
        await self._handler(delivery)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.pump()

    def _finish(self, seq: int, delay: float | None) -> None:
        if self._consumer.pending.pop(seq, None) is None:
            return
        if delay is not None:
            loop = asyncio.get_running_loop()
            heapq.heappush(self._consumer.redeliver, (loop.time() + delay, seq))
            # a reservation in max_ack_pending, as JetStream keeps one for a nak with delay
            self._consumer.pending[seq] = -1.0
            loop.call_later(delay, self._bus.pump)
        self._bus.pump()

    def pause(self) -> None:
        self._active = False

    def resume(self) -> None:
        self._active = True
        self.pump()

    async def stop(self) -> None:
        self._active = False
        if self._tasks:
            await asyncio.wait(self._tasks)


class MemoryBus:
    """Implements :class:`seldenrijk.chassis.bus.Bus` with dictionaries; one process, nothing kept."""

    healthy: str | None = None

    def __init__(self) -> None:
        self._streams: dict[str, dict[int, _Message]] = {}
        self._ids: dict[str, dict[str, int]] = {}
        self._numbers: dict[str, count[int]] = {}
        self._kv: dict[tuple[str, str], Entry] = {}
        self._revisions = count(1)
        self._consumers: dict[tuple[str, str], _Consumer] = {}
        self._pulls: list[MemoryPull] = []
        self._schedules: dict[str, asyncio.TimerHandle] = {}
        for service in SERVICES.values():
            for wanted in consumers(service):
                config = wanted.config
                filters = tuple(config.get("filter_subjects") or [config.get("filter_subject", ">")])
                self._consumers[wanted.stream, config["durable_name"]] = _Consumer(
                    filters, config["max_ack_pending"]
                )

    def _stream_of(self, subject: str) -> str:
        first, _, rest = subject.partition(".")
        if first in FAMILIES:
            return STREAM
        owner = SERVICES.get(rest.partition(".")[0])
        if owner and first == "job" and owner.jobs:
            return owner.jobs_stream
        if owner and first in {"timer", "due"} and owner.timers:
            return owner.timers_stream
        if first == "dead":
            return DEAD_STREAM
        raise BusUnavailable("no stream or bucket listens on this subject (is it provisioned?)")

    async def publish(self, message: OutMessage, wait: float = 5.0) -> Stored:
        stream = self._stream_of(message.subject)
        ids = self._ids.setdefault(stream, {})
        msg_id = message.headers.get(MSG_ID)
        if msg_id is not None and msg_id in ids:
            return Stored(stream, ids[msg_id], duplicate=True)
        seq = next(self._numbers.setdefault(stream, count(1)))
        if msg_id is not None:
            ids[msg_id] = seq
        if SCHEDULE in message.headers:
            self._schedule(message)
        else:
            self._store(stream, seq, message)
        return Stored(stream, seq)

    def _store(self, stream: str, seq: int, message: OutMessage) -> None:
        stored = _Message(
            message.subject, dict(message.headers), message.data, stream, seq, datetime.now(UTC)
        )
        self._streams.setdefault(stream, {})[seq] = stored
        asyncio.get_running_loop().call_soon(self.pump)

    def _schedule(self, message: OutMessage) -> None:
        if (pending := self._schedules.pop(message.subject, None)) is not None:
            pending.cancel()
        at = datetime.fromisoformat(message.headers[SCHEDULE].removeprefix("@at "))
        delay = max(0.0, (at - datetime.now(UTC)).total_seconds())
        target = message.headers[SCHEDULE_TARGET]
        headers = {k: v for k, v in message.headers.items() if k not in {SCHEDULE, SCHEDULE_TARGET, MSG_ID}}
        due = OutMessage(target, headers, message.data)
        self._schedules[message.subject] = asyncio.get_running_loop().call_later(
            delay, self._fire, message.subject, due
        )

    def _fire(self, schedule: str, due: OutMessage) -> None:
        self._schedules.pop(schedule, None)
        stream = self._stream_of(due.subject)
        self._store(stream, next(self._numbers[stream]), due)

    async def get(self, bucket: str, key: str) -> Entry | None:
        return self._kv.get((bucket, key))

    async def put(self, bucket: str, key: str, value: bytes, revision: int) -> int:
        current = self._kv.get((bucket, key))
        if (current.revision if current else 0) != revision:
            raise Conflict(f"{bucket}: written by another since it was read")
        self._kv[bucket, key] = Entry(value, next(self._revisions))
        return self._kv[bucket, key].revision

    async def latest(self, stream: str, subject: str) -> tuple[int, bytes] | None:
        found = [m for m in self._streams.get(stream, {}).values() if m.subject == subject]
        return (found[-1].seq, found[-1].data) if found else None

    def messages(self, stream: str = STREAM) -> list[OutMessage]:
        """Everything stored in a stream, oldest first (for tests)."""
        return [OutMessage(m.subject, m.headers, m.data) for m in self._streams.get(stream, {}).values()]

    async def pull(self, stream: str, durable: str, handler: DeliveryHandler, concurrency: int) -> MemoryPull:
        consumer = self._consumers.get((stream, durable))
        if consumer is None:
            raise BusUnavailable(f"{stream} has no consumer {durable} (is it provisioned?)")
        pull = MemoryPull(self, stream, consumer, handler, concurrency)
        self._pulls.append(pull)
        pull.pump()
        return pull

    def pump(self) -> None:
        """Let every pull take what it may."""
        for pull in self._pulls:
            pull.pump()

    def next_for(self, stream: str, consumer: _Consumer) -> _Message | None:
        """The next message that a consumer may deliver now, marked as pending."""
        now = asyncio.get_running_loop().time()
        if consumer.redeliver and consumer.redeliver[0][0] <= now:
            seq = heapq.heappop(consumer.redeliver)[1]
            consumer.pending[seq] = now
            return self._streams[stream][seq]
        if len(consumer.pending) >= consumer.max_ack_pending:
            return None
        for seq, message in self._streams.get(stream, {}).items():
            if seq > consumer.position and any(matches(f, message.subject) for f in consumer.filters):
                consumer.position = seq
                consumer.pending[seq] = now
                return message
        return None

    async def close(self) -> None:
        for handle in self._schedules.values():
            handle.cancel()
        for pull in self._pulls:
            await pull.stop()
