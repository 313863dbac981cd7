"""Inbound repair: messages that never reached the webhook are found in Twilio's list and published.

Without a fallback URL Twilio gives a message up after 15 seconds; its list still has it. So at the
start and every REPAIR_INTERVAL_SECONDS the list is read from a cursor on, and every message in it
is published under its deterministic id: those that the webhook has published are known to the bus
(for an hour) and to the lanes (for the conversation's last hundred), the others are the missed ones.

Times: a repaired message keeps the time at which Twilio had it, so the 24-hour window is judged
rightly. Younger than 24 hours it is answered, late; older ones run into the closed window and so
go to a person (or get the template). Several replicas may run this: the cursor is written by
compare-and-set, and a second publish of the same message is the first one.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from pydantic import AwareDatetime, BaseModel, ValidationError

from seldenrijk.chassis import BusUnavailable, Conflict
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import MessageReceived

from .channel import Channel, Inbound
from .inbound import BadForm, message_repaired
from .metrics import GatewayMetrics

log = structlog.get_logger(__name__)

BUCKET: Final = "gateway-sids"
KEY: Final = "inbound-cursor"
OVERLAP: Final = timedelta(minutes=15)
"""Looked at again each time: clocks differ, and a list may lag behind."""
STEP: Final = timedelta(hours=6)
"""The list is read in pieces, so a long outage neither fills the memory nor starts from the beginning."""
RETENTION: Final = timedelta(days=395)
"""Twilio keeps messages for thirteen months."""


class Cursor(BaseModel):
    """Everything before ``until`` has been looked at, last at ``checked``."""

    until: AwareDatetime
    checked: AwareDatetime


class Repair:
    """Reads the channel's list of inbound messages and publishes what is missing."""

    def __init__(
        self,
        bus: Bus,
        channel: Channel,
        key: bytes,
        metrics: GatewayMetrics,
        interval: float,
        settle: float = 60.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bus = bus
        self._channel = channel
        self._key = key
        self._metrics = metrics
        self._interval = interval
        # younger messages may still be on their way through the webhook, which knows more about them
        self._settle = timedelta(seconds=settle)
        self._clock = clock

    async def run(self) -> None:
        """Repair now and then until cancelled; returns at once where the interval is 0."""
        while self._interval > 0:
            try:
                await self.once()
            except (BusUnavailable, Conflict) as error:
                log.warning("inbound repair put off", why=str(error))
            except Exception as error:  # noqa: BLE001  (one bad pass must not end the repairing)
                log.error("inbound repair failed", error=type(error).__name__)
            # replicas that started together drift apart
            await asyncio.sleep(self._interval * random.uniform(0.9, 1.1))  # nosec B311

    async def once(self) -> int:
        """One pass; how many messages were missing. Raises BusUnavailable, Conflict."""
        now = self._clock()
        entry = await self._bus.get(BUCKET, KEY)
        revision = entry.revision if entry else 0
        cursor = _read(entry.value) if entry else None
        if cursor is None:
            cursor = Cursor(until=now - OVERLAP, checked=now - timedelta(days=1))
        if now - cursor.checked < timedelta(seconds=self._interval / 2):
            return 0  # another replica has just been here
        found = 0
        start = max(cursor.until - OVERLAP, now - RETENTION)
        while start < now - self._settle:
            end = min(start + STEP, now - self._settle)
            missing = await self._window(start, end)
            if missing is None:
                return found
            found += missing
            cursor = Cursor(until=max(end, cursor.until), checked=now)
            revision = await self._bus.put(BUCKET, KEY, cursor.model_dump_json().encode(), revision)
            start = end
        self._metrics.repair_checked.set(now.timestamp())
        return found

    async def _window(self, start: datetime, end: datetime) -> int | None:
        """Publish what is missing of a stretch of time, oldest first; None when the list can't be had."""
        listed = await self._channel.inbound(start, end)
        if listed is None:
            return None
        missing = 0
        for message in sorted(listed, key=lambda m: m.sent):
            missing += await self._publish(message)
        return missing

    async def _publish(self, message: Inbound) -> bool:
        try:
            event: MessageReceived = message_repaired(message, self._key, self._clock())
        except BadForm as error:
            log.error("a listed message can't be read", why=str(error), message_id=message.message_id)
            return False
        stored = await self._bus.publish(event_message("gateway", event), 10.0)
        if stored.duplicate:
            return False
        self._metrics.repaired.inc()
        log.warning(
            "a message that never reached the webhook was found in Twilio's list",
            event_id=event.id,
            late_seconds=round((self._clock() - message.sent).total_seconds()),
        )
        return True


def _read(value: bytes) -> Cursor | None:
    try:
        return Cursor.model_validate_json(value)
    except ValidationError:
        return None
