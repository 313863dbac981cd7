"""The gateway's ordered step: what each event means for the conversation's ledger."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from seldenrijk.chassis import Context, Outcome, Timer
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    CustomerOptedIn,
    CustomerOptedOut,
    DeliveryDue,
    Event,
    HandoverRequested,
    MessageOverdue,
    MessageReceived,
    ReplyComposed,
    ReplyStatus,
    ReplySuppressed,
)

from .breaker import Breaker
from .channel import Channel, Refused
from .delivery import Delivery, Effects
from .fence import Fence
from .ledger import RANKS, TERMINAL, GatewayState, entry_for, newer
from .metrics import GatewayMetrics
from .reconcile import Reconciler

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


class GatewayHandler:
    """Implements :class:`seldenrijk.chassis.Handler` for the gateway."""

    def __init__(
        self, channel: Channel, metrics: GatewayMetrics, watchdog_seconds: float = 60.0,
        template: str | None = None, clock: Callable[[], datetime] = utc_now, fence: Fence | None = None,
        breaker: Breaker | None = None,
    ) -> None:  # fmt: skip
        self._channel = channel
        self._metrics = metrics
        self._watchdog = timedelta(seconds=watchdog_seconds)
        self._clock = clock
        self._delivery = Delivery(channel, metrics, clock, template, fence, breaker)
        self._reconciler = Reconciler(channel, self._delivery, clock)
        self._typing: set[asyncio.Task[None]] = set()

    async def __call__(
        self, event: Event, state: GatewayState, context: Context[GatewayState]
    ) -> Outcome[GatewayState]:
        """Apply one event. The state handed in is left as it was; a changed copy is returned."""
        state = state.model_copy(deep=True)
        effects = Effects()
        self._delivery.recover(state, event, effects)
        match event:
            case MessageReceived():
                self._received(event, state, effects)
            case MessageOverdue():
                self._overdue(event, state, effects)
            case ReplyStatus():
                self._status(event, state, effects)
            case ReplyComposed() if state.entry(event.id) is None:
                state.entries.append(entry_for(event))
            case DeliveryDue(action="reconcile") if (entry := state.entry(event.reply_id)) is not None:
                await self._reconciler.look(state, entry, event, effects)
            case DeliveryDue() if (entry := state.entry(event.reply_id)) is not None:
                entry.retry_at = None
            case _:
                self._conversation(event, state)
        await self._delivery.drive(state, event, context, effects)
        return effects.with_state(state)

    def _received(self, event: MessageReceived, state: GatewayState, effects: Effects) -> None:
        if state.met(event.message.message_id):
            log.info("message met before, ignored")
            return
        state.address = event.customer.address
        state.blocked = False
        if state.last_inbound is None or event.message.received_at > state.last_inbound:
            state.last_inbound = event.message.received_at
        state.unanswered[event.id] = event.message.received_at
        overdue = MessageOverdue.of(
            event.id, event.conversation, message_event_id=event.id, received_at=event.message.received_at
        )
        # from now on, not from its receipt: what was repaired or queued for long still gets its minute
        effects.timers.append(Timer(overdue, self._clock() + self._watchdog, key=event.id))
        if not state.taken_over and not state.opted_out:
            self._show_typing(event.message.message_id)

    def _show_typing(self, message_id: str) -> None:
        if len(self._typing) < 32:  # decoration never piles up
            task = asyncio.create_task(self._channel.typing(message_id))
            self._typing.add(task)
            task.add_done_callback(self._typing.discard)

    def _overdue(self, event: MessageOverdue, state: GatewayState, effects: Effects) -> None:
        if state.unanswered.pop(event.message_event_id, None) is None:
            return
        self._metrics.unanswered.inc()
        log.error("a message stayed unanswered, a person gets it", event_id=event.message_event_id)
        effects.events.append(
            HandoverRequested.of(
                event.id, event.conversation, reason="unanswered", priority="high", requested_by="gateway",
                summary="De assistent heeft dit bericht niet op tijd beantwoord.",
                answers=(event.message_event_id,), notice=not state.taken_over,
            )
        )  # fmt: skip

    def _status(self, event: ReplyStatus, state: GatewayState, effects: Effects) -> None:
        found = state.part_of(event.attempt, event.channel_message_id)
        if found is None:
            return
        entry, part = found
        if part.status in {"sending", "unknown"}:
            self._delivery.accepted(state, entry, part, event.channel_message_id, event, effects)
        if part.sid != event.channel_message_id or not newer(part, event.status):
            return
        if event.status in TERMINAL:
            entry.closed = False
            refusal = Refused(code=event.error_code or 30008)
            self._delivery.refused(state, entry, part, refusal, event, effects)
        else:
            part.rank = RANKS[event.status]

    @staticmethod
    def _conversation(event: Event, state: GatewayState) -> None:
        match event:
            case ConversationTakenOver():
                state.taken_over, state.taken_by = True, event.by
            case ConversationReleased():
                state.taken_over, state.taken_by = False, None
            case CustomerOptedOut():
                state.opted_out = True
            case CustomerOptedIn():
                state.opted_out = state.blocked = False
            case ReplySuppressed() | HandoverRequested():
                state.answered(event.answers)
            case _:
                pass
