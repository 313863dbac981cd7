"""The cursor: finds what people did in Chatwoot and no webhook told us.

Chatwoot sends each webhook once. So the last active conversations are read now and then, and what is
missing is published under the same ids that the webhook would have given it; any number of replicas
may do so, one of them at a time.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
import structlog

from seldenrijk.chassis import BusUnavailable, Conflict, Retry
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.envelope import decode
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import ConversationReleased, Event
from seldenrijk.contracts.topology import CHATWOOT_SYNC

from . import staff
from .chatwoot import Chatwoot
from .desk import Desk
from .directory import BUCKET, Directory
from .identity import conversation_in
from .metrics import SyncMetrics
from .rooms import last_activity
from .settings import ChatwootSettings
from .state import SyncState
from .transport import Refused

log = structlog.get_logger(__name__)

GRACE: Final = timedelta(seconds=20)
"""Younger things may still come by webhook."""
OVERLAP: Final = timedelta(minutes=5)
"""Looked at again each time: what was too young before, and clocks that differ."""
FIRST_LOOK: Final = timedelta(hours=24)
PAGES: Final = 40
"""Pages of 25 conversations to read at most in one look."""


class Cursor:
    """Looks for missed actions of the staff. ``now`` is the clock, in UTC."""

    def __init__(
        self,
        bus: Bus,
        chatwoot: Chatwoot,
        directory: Directory,
        desk: Desk,
        metrics: SyncMetrics,
        settings: ChatwootSettings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        grace: timedelta = GRACE,
    ) -> None:
        self._bus = bus
        self._chatwoot = chatwoot
        self._directory = directory
        self._desk = desk
        self._metrics = metrics
        self._account = settings.chatwoot_account_id
        self._key = settings.key
        self._interval = settings.chatwoot_poll_seconds
        self._release_on_resolve = settings.chatwoot_release_on_resolve
        self._now = now
        self._grace = grace

    async def run(self) -> None:
        """Look now and then, for ever; does nothing where the interval is 0."""
        while self._interval > 0:
            await asyncio.sleep(self._interval)
            try:
                await self.look()
            except (Retry, Refused, BusUnavailable, Conflict) as error:
                log.info("looked in vain for missed webhooks", reason=str(error))
            except Exception as error:  # noqa: BLE001  (the next look may do; the mirror goes on meanwhile)
                log.error("the cursor stumbled", error=type(error).__name__)

    async def look(self) -> int:
        """One look: how many missed things were published. Raises Retry, BusUnavailable.

        The new position is stored at the end, so a look that was cut short is done again.
        """
        turn = await self._take_turn()
        if turn is None:
            return 0
        revision, since = turn
        reached, found = since, 0
        try:
            started = self._now()
            for shown in await self._active(since - OVERLAP):
                found += await self._inspect(shown, since - OVERLAP)
            reached = started
        finally:
            await self._write(revision, {"since": reached.timestamp(), "until": 0})
        return found

    async def _take_turn(self) -> tuple[int, datetime] | None:
        """Claim this look; None where another replica is at it. The claim ends by itself."""
        entry = await self._bus.get(BUCKET, self._position)
        noted = orjson.loads(entry.value) if entry else {}
        if noted.get("until", 0) > time.time():
            return None
        since = noted.get("since") or (self._now() - FIRST_LOOK).timestamp()
        claim = {"since": since, "until": time.time() + max(30.0, self._interval)}
        try:
            revision = await self._write(entry.revision if entry else 0, claim)
        except Conflict:
            return None
        return revision, datetime.fromtimestamp(since, UTC)

    @property
    def _position(self) -> str:
        return f"cursor.{self._account}"

    async def _write(self, revision: int, value: dict[str, float]) -> int:
        return await self._bus.put(BUCKET, self._position, orjson.dumps(value), revision)

    async def _active(self, since: datetime) -> list[dict[str, Any]]:
        """Conversations with activity since then, the oldest first."""
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES + 1):
            shown = await self._chatwoot.recent_conversations(page)
            fresh = [c for c in shown if changed_at(c) >= since]
            found += fresh
            if not shown or not fresh:
                break
        return found[::-1]

    async def _inspect(self, shown: dict[str, Any], since: datetime) -> int:
        contact = ((shown.get("meta") or {}).get("sender") or {}).get("id")
        conversation = await self._directory.find(int(shown["id"]), contact)
        conversation = conversation or conversation_in(shown, self._key)
        if conversation is None:
            return 0
        state = await self._state(conversation)
        await self._open_late(shown, state)
        found = 0
        for message in await self._written(int(shown["id"]), since):
            if int(message["id"]) not in state.staff_messages:
                found += await self._recover(message, shown, conversation)
        return found + await self._check_holder(shown, conversation, state)

    async def _open_late(self, shown: dict[str, Any], state: SyncState) -> None:
        """Open what a crash left waiting for the customer to be told of a hand-over."""
        waits = state.opening_since is not None and self._now() - state.opening_since > self._grace
        if waits and shown.get("status") == "pending":
            await self._chatwoot.set_status(int(shown["id"]), "open")

    async def _state(self, conversation: str) -> SyncState:
        entry = await self._bus.get(CHATWOOT_SYNC.bucket, conversation)
        return decode(entry.value, entry.revision, SyncState).state if entry else SyncState()

    async def _written(self, conversation_id: int, since: datetime) -> list[dict[str, Any]]:
        """People's messages since then that are old enough to have come by webhook."""
        found: list[dict[str, Any]] = []
        before: int | None = None
        while page := await self._chatwoot.messages(conversation_id, before):
            found = [m for m in page if staff.created_at(m) >= since] + found
            if len(page) < 20 or staff.created_at(page[0]) < since:
                break
            before = int(page[0]["id"])
        ripe = self._now() - self._grace
        return [m for m in found if staff.is_staffs(m) and staff.created_at(m) <= ripe]

    async def _recover(self, message: dict[str, Any], shown: dict[str, Any], conversation: str) -> int:
        if self._now() - staff.created_at(message) > staff.WINDOW:
            await self._desk.stale(int(shown["id"]), int(message["id"]))
            self._metrics.recovered.labels("stale").inc()
            return 0
        events = staff.written(message, conversation, self._account)
        if not await self._publish(events):
            return 0
        log.warning("a message of the staff came without a webhook", message_id=message["id"])
        self._metrics.recovered.labels("message").inc()
        return 1

    async def _check_holder(self, shown: dict[str, Any], conversation: str, state: SyncState) -> int:
        """Publish a change of status that was missed.

        Taken over: as soon as it is seen. Given back: only if the last take-over made it open, which
        the mirror does for every one; a pending conversation that never was open says nothing.
        """
        if not self._missed(shown, conversation, state):
            return 0
        # the listing may be seconds old by now: look at both again, the state first
        state = await self._state(conversation)
        shown = await self._chatwoot.conversation(int(shown["id"]))
        events = self._missed(shown, conversation, state)
        if not events or not await self._publish(tuple(events)):
            return 0
        log.warning("a change of status came without a webhook", status=shown.get("status"))
        self._metrics.recovered.labels("status").inc()
        return 1

    def _missed(self, shown: dict[str, Any], conversation: str, state: SyncState) -> list[Event]:
        """The events by which the bus would learn what Chatwoot shows; none where it knows."""
        events = staff.held(shown, conversation, self._account, self._release_on_resolve)
        if not events or changed_at(shown) > self._now() - self._grace:
            return []
        releases = isinstance(events[0], ConversationReleased)
        if releases:
            return events if state.held_by == "human" and state.shown_open else []
        return events if state.held_by == "bot" and not state.soft_open else []

    async def _publish(self, events: tuple[Event, ...]) -> bool:
        """In order; whether any of them was new to the bus."""
        new = False
        for event in events:
            stored = await self._bus.publish(event_message(CHATWOOT_SYNC.name, event))
            new = new or not stored.duplicate
        return new


def changed_at(shown: dict[str, Any]) -> datetime:
    """When a conversation last changed in any way (UTC)."""
    updated = shown.get("updated_at")
    moment = datetime.fromtimestamp(updated, UTC) if isinstance(updated, int | float) else None
    return max(moment, last_activity(shown)) if moment else last_activity(shown)
