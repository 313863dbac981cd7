"""Slow calls beside the lanes: a shared work queue, many at once, results back as events."""

import time
from datetime import UTC, datetime

import structlog

from seldenrijk.contracts import BY_NAME, BadEvent, Event, parse
from seldenrijk.contracts.topology import ServiceTopology

from . import deadletters, telemetry
from .bus import Bus, Delivery
from .ending import BUG_DELAYS, Heartbeat, bury, place_of, publish_all, put_back
from .errors import BusUnavailable, Reject, Retry
from .failpoints import Point, failpoint
from .metrics import ChassisMetrics
from .outcome import JobHandler
from .outgoing import event_message

log = structlog.get_logger(__name__)


class Jobs:
    """Runs a job handler over the service's work queue."""

    def __init__(
        self, bus: Bus, topology: ServiceTopology, handler: JobHandler, metrics: ChassisMetrics
    ) -> None:
        self._bus = bus
        self._topology = topology
        self._handler = handler
        self._metrics = metrics

    async def __call__(self, delivery: Delivery) -> None:
        """Do one job to its end."""
        started = time.monotonic()
        name = deadletters.event_name_in(delivery.subject)
        beat = Heartbeat(delivery)
        gauge = self._metrics.in_flight.labels(self._topology.name, "job")
        gauge.inc()
        try:
            with telemetry.span(f"{self._topology.name} {name}", delivery.headers):
                outcome = await self._do(delivery, name)
        finally:
            beat.stop()
            gauge.dec()
        self._metrics.finished(name, outcome, time.monotonic() - started)

    async def _do(self, delivery: Delivery, name: str) -> str:
        try:
            job = parse(delivery.subject.split(".", 2)[2], delivery.data)
            structlog.contextvars.bind_contextvars(conversation=job.conversation, event_id=job.id)
            failpoint(Point.JOB_BEFORE)
            events = await self._handler(job)
            failpoint(Point.JOB_PUBLISH_BEFORE)
            await publish_all(self._bus, [event_message(self._topology.name, e) for e in events])
            failpoint(Point.JOB_PUBLISH_AFTER)
            await delivery.ack()
        except (BadEvent, Reject) as error:
            kind = "rejected" if isinstance(error, Reject) else "bad_event"
            return await self._bury(delivery, name, kind, str(error))
        except Retry as error:
            expired = (datetime.now(UTC) - delivery.stored_at).total_seconds() > error.give_up_after
            if expired:
                return await self._bury(delivery, name, "expired", error.reason)
            return await put_back(delivery, error.after)
        except BusUnavailable:
            return await put_back(delivery, 1.0)
        except Exception as error:  # noqa: BLE001  (a bug must not end the queue)
            log.error("job failed", error=place_of(error), attempt=delivery.attempt)
            if delivery.attempt > len(BUG_DELAYS):
                return await self._bury(delivery, name, "bug", place_of(error))
            return await put_back(delivery, BUG_DELAYS[delivery.attempt - 1])
        return "handled"

    async def _bury(self, delivery: Delivery, name: str, kind: str, reason: str) -> str:
        return await bury(self._bus, self._topology.name, delivery, name, kind, reason, self._metrics)


class DueTimers:
    """Forwards what has fallen due from the service's timer stream into the conversations' stream."""

    def __init__(self, bus: Bus, topology: ServiceTopology, metrics: ChassisMetrics) -> None:
        self._bus = bus
        self._topology = topology
        self._metrics = metrics

    async def __call__(self, delivery: Delivery) -> None:
        """Forward one event; its own id makes a second forwarding harmless."""
        name = deadletters.event_name_in(delivery.subject)
        try:
            event = self._read(delivery)
        except BadEvent as error:
            await bury(self._bus, self._topology.name, delivery, name, "bad_event", str(error), self._metrics)
            return
        with telemetry.span(f"{self._topology.name} due {name}", delivery.headers):
            try:
                failpoint(Point.TIMER_FORWARD_BEFORE)
                await publish_all(self._bus, [event_message(self._topology.name, event)])
                failpoint(Point.TIMER_FORWARD_AFTER)
            except BusUnavailable:
                await put_back(delivery, 1.0)
                return
        self._note_lateness(delivery)
        await delivery.ack()

    def _read(self, delivery: Delivery) -> Event:
        event = parse(delivery.subject.split(".", 2)[2], delivery.data)
        if BY_NAME[event.name] not in self._topology.timers:
            raise BadEvent("this event is no timer of this service")
        return event

    def _note_lateness(self, delivery: Delivery) -> None:
        if (due := delivery.headers.get("due-at")) is not None:
            late = (datetime.now(UTC) - datetime.fromisoformat(due)).total_seconds()
            self._metrics.timer_lateness.labels(self._topology.name).observe(max(0.0, late))


class StrayWatch:
    """Reads every subject of the stream and dead-letters what no service will ever read."""

    def __init__(self, bus: Bus, topology: ServiceTopology, metrics: ChassisMetrics) -> None:
        self._bus = bus
        self._topology = topology
        self._metrics = metrics

    async def __call__(self, delivery: Delivery) -> None:
        """Pass an event on its proper subject; bury anything else."""
        tokens = delivery.subject.split(".")
        known = len(tokens) == 4 and f"{tokens[0]}.{tokens[1]}" in BY_NAME
        if known and tokens[2].isdigit() and str(int(tokens[2])) == tokens[2] and int(tokens[2]) < 64:
            await delivery.ack()
            return
        await bury(
            self._bus, self._topology.name, delivery, "unknown", "bad_event", "no service reads this subject",
            self._metrics,
        )  # fmt: skip
