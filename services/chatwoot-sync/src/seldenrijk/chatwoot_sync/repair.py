"""Bringing a conversation in Chatwoot to what the events say: post what is missing, compare the rest."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from seldenrijk.chassis import Conflict, Context, Outcome
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.envelope import Envelope, decode, encode
from seldenrijk.contracts import Event, HandoverRequested, MessageReceived, ReplySent
from seldenrijk.contracts.topology import CHATWOOT_SYNC

from . import delivery
from .chatwoot import Chatwoot
from .handlers import Handlers
from .history import History
from .identity import source_id_of
from .mirror import Mirror
from .rooms import Rooms
from .state import SyncState
from .transport import Refused
from .work import Work

ATTEMPTS: Final = 5
YOUNG: Final = timedelta(seconds=60)
"""Younger events are the running service's business."""


@dataclass
class Findings:
    """What was wrong with one conversation. Counts, and names of things; no personal data."""

    conversation: str
    checked: int = 0
    missing: int = 0
    posted: int = 0
    statuses: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.missing or self.statuses or self.notes)

    def line(self) -> str:
        """One line for the report."""
        if self.clean:
            return f"ok       {self.conversation}  {self.checked} messages"
        told = []
        if self.missing:
            told.append(f"{self.missing} of {self.checked} messages missing, {self.posted} posted")
        if self.statuses:
            told.append(f"{self.statuses} delivery statuses wrong")
        return f"drift    {self.conversation}  {'; '.join([*told, *self.notes])}"


class Repair:
    """Checks and repairs one conversation after the other; ``dry`` only reports."""

    def __init__(
        self,
        bus: Bus,
        history: History,
        chatwoot: Chatwoot,
        rooms: Rooms,
        mirror: Mirror,
        handlers: Handlers,
        key: bytes,
        *,
        dry: bool,
    ) -> None:
        self._bus = bus
        self._history = history
        self._chatwoot = chatwoot
        self._rooms = rooms
        self._mirror = mirror
        self._handlers = handlers
        self._key = key
        self._dry = dry

    async def conversation(self, conversation: str, since: datetime) -> Findings:
        """Compare and repair. Raises Retry, Refused, BusUnavailable; Conflict where the service is at it."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._once(conversation, since)
            except Conflict:
                continue
        return await self._once(conversation, since)

    async def _once(self, conversation: str, since: datetime) -> Findings:
        findings = Findings(conversation)
        ripe = datetime.now(UTC) - YOUNG
        history = self._history.of(conversation, since)
        expected = [p.event async for p in history if key_of(p.event) and p.stored_at <= ripe]
        entry = await self._bus.get(CHATWOOT_SYNC.bucket, conversation)
        stored = decode(entry.value, entry.revision, SyncState) if entry else Envelope(SyncState())
        held = _Stored(self._bus, conversation, stored)
        if not expected:
            return findings
        work = Work(expected[0], self._identified(stored.state, expected), held.context())
        room = work.state.conversation_id if self._dry else await self._rooms.enter(work)
        shown = await self._shown(room, since) if room is not None else {}
        findings.checked = len(expected)
        absent = [event for event in expected if key_of(event) not in shown]
        findings.missing = len(absent)
        if not self._dry:
            for event in absent:
                await self._post(work, event, held)
                findings.posted += 1
        await self._statuses(work, shown, findings)
        if not self._dry:
            work.set(labels=(), contact_attributes={}, conversation_attributes={})
            await self._mirror.describe(work)
            await held.checkpoint(work.state)
        return findings

    def _identified(self, state: SyncState, expected: list[Event]) -> SyncState:
        if state.customer is not None:
            return state
        for event in expected:
            if isinstance(event, MessageReceived):
                source_id = source_id_of(event.customer, event.conversation, self._key)
                return state.model_copy(update={"customer": event.customer, "source_id": source_id})
        return state

    async def _shown(self, room: int, since: datetime) -> dict[str, dict[str, Any]]:
        """Chatwoot's messages since then by our source id."""
        found: dict[str, dict[str, Any]] = {}
        before: int | None = None
        while page := await self._messages(room, before):
            found |= {m["source_id"]: m for m in page if m.get("source_id")}
            if len(page) < 20 or page[0]["created_at"] < since.timestamp():
                break
            before = int(page[0]["id"])
        return found

    async def _messages(self, room: int, before: int | None) -> list[dict[str, Any]]:
        try:
            return await self._chatwoot.messages(room, before)
        except Refused:
            return []

    async def _post(self, work: Work, event: Event, held: "_Stored") -> None:
        posted = {k: v for k, v in work.state.posted.items() if k != key_of(event)}
        outcome = await self._handlers(
            event, work.state.model_copy(update={"posted": posted}), held.context()
        )
        work.state = outcome.state
        await held.checkpoint(work.state)

    async def _statuses(self, work: Work, shown: dict[str, dict[str, Any]], findings: Findings) -> None:
        """Delivery statuses that Chatwoot shows too low (the events' are never lower than the truth)."""
        for sid, entry in work.state.deliveries.items():
            message = shown.get(sid)
            if message is None or not delivery.later(str(message.get("status") or ""), entry.status):
                continue
            findings.statuses += 1
            if not self._dry and work.state.conversation_id is not None:
                await self._mirror.show(work, int(message["id"]), entry.status, None)


class _Stored:
    """The service's record of a conversation, replaced only if the service hasn't done so meanwhile."""

    def __init__(self, bus: Bus, conversation: str, envelope: Envelope[SyncState]) -> None:
        self._bus = bus
        self._conversation = conversation
        self._envelope = envelope

    async def checkpoint(self, outcome: SyncState | Outcome[SyncState]) -> None:
        """Store the state. Raises Conflict."""
        state = outcome.state if isinstance(outcome, Outcome) else outcome
        envelope = self._envelope.with_state(state)
        revision = await self._bus.put(
            CHATWOOT_SYNC.bucket, self._conversation, encode(envelope), self._envelope.revision
        )
        self._envelope = replace(envelope, revision=revision)

    def context(self) -> Context[SyncState]:
        """What a handler gets."""
        return Context(1, datetime.now(UTC), self.checkpoint)


def key_of(event: Event) -> str | None:
    """The source id under which an event stands in Chatwoot; None for events that are no message there."""
    match event:
        case MessageReceived():
            return event.message.message_id
        case ReplySent() if event.chatwoot_message_id is None:
            return event.channel_message_id
        case HandoverRequested():
            return f"note:{event.id}"
        case _:
            return None
