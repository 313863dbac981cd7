"""What lanes and jobs do with a delivery: keep it alive, publish, put back, bury."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import structlog

from . import deadletters
from .bus import Bus, Delivery, OutMessage
from .errors import BusUnavailable
from .failpoints import Point, failpoint
from .metrics import ChassisMetrics

log = structlog.get_logger(__name__)

HEARTBEAT: Final = 1.5
"""Seconds between signs of life for a message in hand; the server redelivers after 5 s without one."""
BUG_DELAYS: Final = (0.1, 0.5, 2.0)
"""Waits between attempts at an event that makes a handler fail; after the last it is a dead letter."""
QUARANTINE: Final = 60.0
"""Seconds for which a conversation that has just had a dead letter gets no second attempts at failing
events: its lane is shared with other customers, and they wait meanwhile."""
QUARANTINED: Final = 1000


class Quarantine:
    """Conversations whose events make a handler fail at the moment; bounded, in this process only."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def holds(self, conversation: str | None) -> bool:
        """Whether a failing event of this conversation is given up at once."""
        return conversation is not None and self._until.get(conversation, 0.0) > time.monotonic()

    def add(self, conversation: str | None) -> None:
        """An event of this conversation has just been given up."""
        if conversation is not None:
            self._until[conversation] = time.monotonic() + QUARANTINE
            self._until.move_to_end(conversation)
            if len(self._until) > QUARANTINED:
                self._until.popitem(last=False)


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
