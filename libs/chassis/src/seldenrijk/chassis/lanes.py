"""The ordered step: one event of one conversation at a time, decided once.

Order of things, and why (docs/adr/0002-state-before-publish.md): load the state, decide, write the
new state together with the outbox, publish, acknowledge. A redelivery finds the decision written and
only publishes again, which deterministic ids make harmless.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

import structlog
from pydantic import BaseModel

from seldenrijk.contracts import BadEvent, Event, parse
from seldenrijk.contracts.topology import ServiceTopology

from . import deadletters, telemetry
from .bus import Bus, Delivery
from .bus.names import REDRIVE_FOR
from .ending import BUG_DELAYS, Heartbeat, Quarantine, bury, place_of, publish_all, put_back
from .envelope import Envelope, decode, encode, short
from .errors import BusUnavailable, Conflict, Reject, Retry
from .failpoints import Point, failpoint
from .metrics import ChassisMetrics
from .outcome import Context, Handler, Outcome
from .outgoing import messages_of

S = TypeVar("S", bound=BaseModel)
log = structlog.get_logger(__name__)

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
        self._quarantine = Quarantine()

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
        if delivery.headers.get(REDRIVE_FOR, self._topology.name) != self._topology.name:
            await delivery.ack()  # a dead letter of another service comes again: this one has had it
            return "redriven"
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
        if envelope.pending:  # said before the checkpoint of an attempt that was cut short
            await publish_all(self._bus, envelope.pending)
        held = _Held(self._bus, self._topology, event.conversation, envelope)
        context = Context(delivery.attempt, delivery.stored_at, held.checkpoint, delivery.seq)
        outcome = await self._handler(event, envelope.state, context)
        if outcome.state == held.envelope.state and not outcome.speaks and not held.envelope.pending:
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
        conversation = deadletters.conversation_in(delivery.subject)
        if delivery.attempt > len(BUG_DELAYS) or self._quarantine.holds(conversation):
            self._quarantine.add(conversation)
            return await self._give_up(delivery, name, "bug", place)
        log.error("handler failed", error=place, attempt=delivery.attempt)
        return await put_back(delivery, BUG_DELAYS[delivery.attempt - 1])

    async def _give_up(self, delivery: Delivery, name: str, kind: str, reason: str) -> str:
        return await bury(self._bus, self._topology.name, delivery, name, kind, reason, self._metrics)


class _Held(Generic[S]):
    """The record while a handler works on it: checkpoints move it on without finishing the event."""

    def __init__(self, bus: Bus, topology: ServiceTopology, key: str, envelope: Envelope[S]) -> None:
        self._bus = bus
        self._topology = topology
        self._key = key
        self.envelope = envelope

    async def checkpoint(self, so_far: S | Outcome[S]) -> None:
        """Save the state now, and what is to be said so far; the event itself stays unfinished."""
        outcome = so_far if isinstance(so_far, Outcome) else Outcome(so_far)
        failpoint(Point.CHECKPOINT_BEFORE)
        await self.write(self.envelope.with_state(outcome.state, messages_of(self._topology.name, outcome)))
        failpoint(Point.CHECKPOINT_AFTER)

    async def write(self, envelope: Envelope[S]) -> None:
        """Replace what is stored, if nobody else has meanwhile. Raises Conflict."""
        value = encode(envelope)
        revision = await self._bus.put(self._topology.bucket, self._key, value, self.envelope.revision)
        self.envelope = replace(envelope, revision=revision)
