"""The ordered step: one event of one conversation at a time, decided once.

Order of things, and why (docs/adr/0002-state-before-publish.md): load the state, decide, write the
new state together with the outbox, publish, acknowledge. A redelivery finds the decision written and
only publishes again, which deterministic ids make harmless.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

import structlog
from pydantic import BaseModel

from seldenrijk.contracts import BadEvent, Event, parse
from seldenrijk.contracts.topology import ServiceTopology

from . import deadletters, telemetry
from .bus import Bus, Delivery, OutMessage
from .envelope import Envelope, decode, encode, short
from .errors import BusUnavailable, Conflict, Reject, Retry
from .failpoints import Point, failpoint
from .metrics import ChassisMetrics
from .outcome import Context, Handler, Outcome
from .outgoing import messages_of

S = TypeVar("S", bound=BaseModel)
log = structlog.get_logger(__name__)

HEARTBEAT: Final = 1.5
"""Seconds between signs of life for a message in hand; the server redelivers after 5 s without one."""
BUG_DELAYS: Final = (0.2, 1.0, 3.0, 8.0)
"""Waits between attempts at an event that makes a handler fail; after the last it is a dead letter."""
CONFLICT_ATTEMPTS: Final = 5


class Lanes(Generic[S]):
    """Runs a handler over its conversations' events; state and order are kept by the bus."""

    def __init__(
        self,
        bus: Bus,
        topology: ServiceTopology,
        state: type[S],
        handler: Handler[S],
        metrics: ChassisMetrics,
    ) -> None:
        self._bus = bus
        self._topology = topology
        self._state = state
        self._handler = handler
        self._metrics = metrics

    async def __call__(self, delivery: Delivery) -> None:
        """Handle one delivery to its end: acknowledged, put back, or dead."""
        started = time.monotonic()
        name = deadletters.event_name_in(delivery.subject)
        beat = Heartbeat(delivery)
        self._metrics.aged((datetime.now(UTC) - delivery.stored_at).total_seconds())
        try:
            with telemetry.span(f"{self._topology.name} {name}", delivery.headers):
                outcome = await self._decide(delivery, name)
        finally:
            beat.stop()
        self._metrics.finished(name, outcome, time.monotonic() - started)

    async def _decide(self, delivery: Delivery, name: str) -> str:
        try:
            event = parse(delivery.subject, delivery.data)
        except BadEvent as error:
            return await self._give_up(delivery, name, "bad_event", str(error))
        structlog.contextvars.bind_contextvars(conversation=event.conversation, event_id=event.id)
        try:
            result = await self._handle(delivery, event)
            await delivery.ack()
            failpoint(Point.ACK_AFTER)
        except Reject as error:
            return await self._give_up(delivery, name, "rejected", error.reason)
        except Retry as error:
            return await self._again(delivery, name, error)
        except (BusUnavailable, Conflict) as error:
            log.warning("put back", why=str(error), attempt=delivery.attempt)
            return await put_back(delivery, 1.0)
        except Exception as error:  # noqa: BLE001  (a bug must not stop the lane for everybody)
            return await self._stumble(delivery, name, error)
        return result

    async def _handle(self, delivery: Delivery, event: Event) -> str:
        for _ in range(CONFLICT_ATTEMPTS):
            try:
                return await self._attempt(delivery, event)
            except Conflict:
                self._metrics.conflict()
        raise Conflict(f"{self._topology.bucket}: still contended after {CONFLICT_ATTEMPTS} attempts")

    async def _attempt(self, delivery: Delivery, event: Event) -> str:
        envelope = await self._load(event.conversation)
        if envelope.has_reached(delivery):
            if envelope.wrote_last(delivery):
                await publish_all(self._bus, envelope.outbox)
            return "repeated"
        if short(event.id) in envelope.seen:
            return "duplicate"
        failpoint(Point.HANDLE_BEFORE)
        held = _Held(self._bus, self._topology.bucket, event.conversation, envelope)
        context = Context(delivery.attempt, delivery.stored_at, held.checkpoint)
        outcome = await self._handler(event, envelope.state, context)
        if outcome.state == held.envelope.state and not outcome.speaks:
            return "ignored"
        return await self._commit(delivery, event, held, outcome)

    async def _commit(self, delivery: Delivery, event: Event, held: "_Held[S]", outcome: Outcome[S]) -> str:
        outbox = messages_of(self._topology.name, outcome)
        failpoint(Point.STATE_BEFORE)
        await held.write(held.envelope.advanced(outcome.state, delivery, event.id, outbox))
        failpoint(Point.STATE_AFTER)
        await publish_all(self._bus, outbox)
        return "handled"

    async def _load(self, conversation: str) -> Envelope[S]:
        entry = await self._bus.get(self._topology.bucket, conversation)
        if entry is None:
            return Envelope(self._state())
        return decode(entry.value, entry.revision, self._state)

    async def _again(self, delivery: Delivery, name: str, error: Retry) -> str:
        age = (datetime.now(UTC) - delivery.stored_at).total_seconds()
        if age > error.give_up_after:
            return await self._give_up(delivery, name, "expired", error.reason)
        log.info("trying again later", reason=error.reason, after=error.after, attempt=delivery.attempt)
        return await put_back(delivery, error.after)

    async def _stumble(self, delivery: Delivery, name: str, error: Exception) -> str:
        # the message of an unknown error may quote the customer: only its type and place are told
        place = place_of(error)
        if delivery.attempt > len(BUG_DELAYS):
            return await self._give_up(delivery, name, "bug", place)
        log.error("handler failed", error=place, attempt=delivery.attempt)
        return await put_back(delivery, BUG_DELAYS[delivery.attempt - 1])

    async def _give_up(self, delivery: Delivery, name: str, kind: str, reason: str) -> str:
        return await bury(self._bus, self._topology.name, delivery, name, kind, reason, self._metrics)


class _Held(Generic[S]):
    """The record while a handler works on it: checkpoints move it on without finishing the event."""

    def __init__(self, bus: Bus, bucket: str, key: str, envelope: Envelope[S]) -> None:
        self._bus = bus
        self._bucket = bucket
        self._key = key
        self.envelope = envelope

    async def checkpoint(self, state: S) -> None:
        """Save ``state`` now; the event itself stays unfinished."""
        failpoint(Point.CHECKPOINT_BEFORE)
        await self.write(self.envelope.with_state(state))
        failpoint(Point.CHECKPOINT_AFTER)

    async def write(self, envelope: Envelope[S]) -> None:
        """Replace what is stored, if nobody else has meanwhile. Raises Conflict."""
        revision = await self._bus.put(self._bucket, self._key, encode(envelope), self.envelope.revision)
        self.envelope = Envelope(
            envelope.state, revision, envelope.seq, envelope.stored_at, envelope.outbox, envelope.seen
        )


class Heartbeat:
    """Tells the server that a message is still being worked on, without a task of its own."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(HEARTBEAT, self._beat)
        self._sending: asyncio.Task[None] | None = None

    def _beat(self) -> None:
        self._sending = self._loop.create_task(self._send())
        self._timer = self._loop.call_later(HEARTBEAT, self._beat)

    async def _send(self) -> None:
        try:
            await self._delivery.progress()
        except Exception as error:  # noqa: BLE001  (a missed beat only means a redelivery)
            log.debug("heartbeat not sent", error=type(error).__name__)

    def stop(self) -> None:
        """No more beats."""
        self._timer.cancel()


async def publish_all(bus: Bus, messages: Iterable[OutMessage]) -> None:
    """Publish in order, wait for every confirmation. Raises BusUnavailable."""
    failpoint(Point.PUBLISH_BEFORE)
    pending = list(messages)
    if len(pending) == 1:
        await bus.publish(pending[0])
    elif pending:
        await asyncio.gather(*(bus.publish(message) for message in pending))
    failpoint(Point.PUBLISH_AFTER)


async def put_back(delivery: Delivery, delay: float) -> str:
    """Have it delivered again after ``delay`` seconds; failing that, the server does so itself."""
    await _quietly(lambda: delivery.nak(delay))
    return "put_back"


async def bury(
    bus: Bus, service: str, delivery: Delivery, name: str, kind: str, reason: str, metrics: ChassisMetrics
) -> str:
    """Store the dead letter, hand the customer to a person, move on."""
    letters = [deadletters.letter(service, delivery, kind, reason)]
    if (request := deadletters.handover(service, delivery)) is not None:
        letters.append(request)
    try:
        await publish_all(bus, letters)
    except BusUnavailable:
        return await put_back(delivery, 2.0)
    log.error("dead letter", kind=kind, reason=reason, event_name=name, attempts=delivery.attempt)
    metrics.dead(name, kind)
    await delivery.ack()
    return "dead"


async def _quietly(action: Callable[[], Awaitable[None]]) -> None:
    try:
        await action()
    except Exception as error:  # noqa: BLE001
        log.warning("could not put a message back", error=type(error).__name__)


def place_of(error: Exception) -> str:
    """An error's type and where it was raised; its message is left out, it may quote a customer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return (
        f"{type(error).__name__} in {code.co_name} ({code.co_filename.rpartition('/')[2]}:{trace.tb_lineno})"
    )
