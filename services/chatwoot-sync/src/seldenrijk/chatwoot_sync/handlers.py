"""The ordered step: one event of one conversation, mirrored to its end or tried again."""

from collections.abc import Awaitable
from typing import Final

import structlog

from seldenrijk.chassis import Context, Outcome
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    CustomerOptedIn,
    CustomerOptedOut,
    Event,
    HandoverRequested,
    MessageReceived,
    PreferencesExtracted,
    ReplyComposed,
    ReplyFailed,
    ReplySent,
    ReplyStatus,
    ReplySuppressed,
)

from .breaker import Breaker
from .control import Control
from .metrics import SyncMetrics
from .mirror import Mirror
from .state import SyncState
from .transport import Missing, Refused, Uncertain
from .work import Work

log = structlog.get_logger(__name__)

STUMBLES: Final = 40
"""Attempts at one event, each seconds apart, before it counts as something that Chatwoot can't take."""


class Handlers:
    """Takes every event that chatwoot-sync reads; what Chatwoot refuses for good is told and passed by."""

    def __init__(self, mirror: Mirror, control: Control, breaker: Breaker, metrics: SyncMetrics) -> None:
        self._mirror = mirror
        self._control = control
        self._breaker = breaker
        self._metrics = metrics

    async def __call__(
        self, event: Event, state: SyncState, context: Context[SyncState]
    ) -> Outcome[SyncState]:
        """Mirror one event. Raises Retry while Chatwoot can't be used."""
        work = Work(event, state, context)
        try:
            try:
                await self._step(work, event)
            except Missing:
                # deleted by staff, or a Chatwoot that came back from a backup: look everything up anew
                work.state = work.state.forgotten()
                await self._step(work, event)
            await self._control.after(work, event)
        except Refused as error:
            self._pass_by(event, str(error))
        except Uncertain as error:
            # Chatwoot stumbles over this one thing while everything else works: it must not hold up
            # the others for ever, and reconcile can show it later
            if context.attempt <= STUMBLES or not self._breaker.works_for_others:
                raise
            self._pass_by(event, error.reason)
        return Outcome(work.state, events=tuple(work.events))

    def _pass_by(self, event: Event, reason: str) -> None:
        log.error("not mirrored", reason=reason, event_name=event.name)
        self._metrics.skipped.labels(event.name).inc()

    def _step(self, work: Work, event: Event) -> Awaitable[None]:
        match event:
            case MessageReceived():
                return self._mirror.received(work, event)
            case PreferencesExtracted():
                return self._mirror.understood(work, event)
            case ReplyComposed():
                return self._mirror.composed(work, event)
            case ReplySent():
                return self._mirror.sent(work, event)
            case ReplyStatus():
                return self._mirror.status(work, event)
            case ReplyFailed():
                return self._mirror.failed(work, event)
            case ReplySuppressed():
                return self._mirror.suppressed(work, event)
            case HandoverRequested():
                return self._control.handover(work, event)
            case ConversationTakenOver():
                return self._control.taken_over(work, event)
            case ConversationReleased():
                return self._control.released(work, event)
            case CustomerOptedOut() | CustomerOptedIn():
                return self._mirror.opted(work, event)
            case _:
                return nothing()


async def nothing() -> None:
    """Nothing to show: the event only passes through."""


async def only_consume(event: Event, state: SyncState, context: Context[SyncState]) -> Outcome[SyncState]:
    """Without a configured Chatwoot: take the event and leave the state as it is."""
    del event, context
    return Outcome(state)
