"""Delivery: from a composed reply to Twilio's acceptance, at most once, in order, behind the fences."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from seldenrijk.chassis import BusUnavailable, Context, Outcome, Timer
from seldenrijk.chassis.failpoints import Point, failpoint
from seldenrijk.contracts import CustomerOptedOut, Event
from seldenrijk.contracts.messages import HandoverReason
from seldenrijk.contracts.replies import SuppressionReason

from . import records
from .breaker import Breaker
from .channel import NOT_CONNECTED, Accepted, Channel, Outgoing, Refused, Sent, Unknown, rule_for
from .fence import Fence, NoFence
from .ledger import Entry, GatewayState, Part, begin, text_of
from .metrics import GatewayMetrics

log = structlog.get_logger(__name__)

WINDOW: Final = timedelta(hours=24)
"""WhatsApp lets a business write freely for 24 hours after the customer's last message (error 63016)."""
BACKOFF: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
MAX_TRIES: Final = 12
CHECKS: Final = (4.0, 15.0, 60.0, 300.0)
"""Seconds after which an unknown send is looked for; the list at Twilio lags behind a little."""
WINDOW_CLOSED: Final = 63016
STALE: Final = 3.0
"""Seconds from the ledger's entry to the send after which this process may no longer be the only one at
work on it: it was paused, and the server redelivers after 5 s without a sign of life."""
NOT_NOW: Final = 15.0
"""Seconds until a reply that met an open breaker or a silent bus is tried again."""


@dataclass
class Effects:
    """What a handling wants to happen; collected on the way."""

    events: list[Event] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)

    def with_state(self, state: GatewayState) -> Outcome[GatewayState]:
        """What is decided so far."""
        return Outcome(state, events=tuple(self.events), timers=tuple(self.timers))


class Delivery:
    """Drives a conversation's ledger; all decisions that involve Twilio are here."""

    def __init__(
        self, channel: Channel, metrics: GatewayMetrics, clock: Callable[[], datetime],
        template: str | None = None, fence: Fence | None = None, breaker: Breaker | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._channel = channel
        self._metrics = metrics
        self._clock = clock
        self._template = template
        self._fence = fence or NoFence()
        self._breaker = breaker or Breaker(channel)
        self._ticks = ticks

    def recover(self, state: GatewayState, cause: Event, effects: Effects) -> None:
        """A part that is still ``sending`` when its lane is entered anew: the process died over it."""
        for entry in state.entries:
            for part in entry.parts:
                if part.status == "sending":
                    self._unknown(entry, part, Unknown("crash while sending"), cause, effects)

    async def drive(
        self, state: GatewayState, cause: Event, context: Context[GatewayState], effects: Effects
    ) -> None:
        """Send what may be sent now, oldest first; an entry that must wait holds back the later ones."""
        for entry in list(state.entries):
            while (part := entry.next_part()) is not None:
                if entry.retry_at is not None and entry.retry_at > self._clock():
                    return
                if not self._passes(state, entry, part, cause, effects):
                    break
                async with self._breaker.sending() as allowed:
                    if allowed:
                        await self._send(state, entry, part, cause, context, effects)
                    else:
                        self._later(entry, part, NOT_NOW, cause, effects)
        state.tidy()

    def _passes(self, state: GatewayState, entry: Entry, part: Part, cause: Event, effects: Effects) -> bool:
        """The fences, in the conversation's own order, just before sending."""
        staff = entry.author == "agent"
        told = entry.purpose in {"opt_out_confirmation", "opt_in_confirmation"}
        # the status is opened by our own hand-over: its notice is the last thing that is said
        last_words = entry.purpose == "handover_notice" and state.taken_by == "status"
        if not staff and state.taken_over and not last_words:
            self._suppress(state, entry, "taken_over", cause, effects)
        elif (state.opted_out or state.blocked) and not told and not staff:
            self._suppress(state, entry, "opted_out", cause, effects)
        elif not text_of(entry).strip() and all(p.media is None for p in entry.parts):
            self._suppress(state, entry, "empty", cause, effects)
        elif state.address is None or self._window_closed(state, entry, part):
            self._fail(state, entry, WINDOW_CLOSED, cause, effects)
        else:
            return True
        return False

    def _window_closed(self, state: GatewayState, entry: Entry, part: Part) -> bool:
        now = self._clock()
        if entry.expires_at is not None and now > entry.expires_at:
            return True
        closed = state.last_inbound is None or now - state.last_inbound > WINDOW
        return closed and not (self._template and entry.author != "agent" and part is entry.parts[0])

    async def _send(
        self, state: GatewayState, entry: Entry, part: Part, cause: Event, context: Context[GatewayState],
        effects: Effects,
    ) -> None:  # fmt: skip
        started = self._ticks()
        begin(entry, part, self._clock())
        await context.checkpoint(effects.with_state(state.model_copy(deep=True)))
        failpoint(Point.SEND_BEFORE)
        if not await self._still_ours(state, entry, part, cause, context, effects):
            return
        if self._ticks() - started > STALE:
            # written before anything else: a Conflict here means that another process has gone on
            part.status = "planned"
            await context.checkpoint(effects.with_state(state.model_copy(deep=True)))
            log.warning("was held up before sending, looking again")
            return
        closed = state.last_inbound is None or self._clock() - state.last_inbound > WINDOW
        result = await self._channel.send(
            Outgoing(
                address=state.address or "",
                text=part.text,
                attempt=part.attempt or "",
                media_url=part.media.url if part.media else None,
                template=self._template if closed else None,
            )
        )
        failpoint(Point.SEND_AFTER)
        self._breaker.note(result)
        self._apply(state, entry, part, result, cause, effects)

    async def _still_ours(
        self, state: GatewayState, entry: Entry, part: Part, cause: Event, context: Context[GatewayState],
        effects: Effects,
    ) -> bool:  # fmt: skip
        """Whether no person has taken over meanwhile, behind this event in the stream."""
        if entry.author == "agent":
            return True
        try:
            last_words = entry.purpose == "handover_notice"
            taken = await self._fence.taken_over(cause.conversation, context.seq, last_words)
        except BusUnavailable:
            part.status = "planned"
            self._later(entry, part, NOT_NOW, cause, effects)
            return False
        if taken:
            part.status = "planned"
            self._suppress(state, entry, "taken_over", cause, effects)
        return not taken

    def _apply(
        self, state: GatewayState, entry: Entry, part: Part, result: Sent, cause: Event, effects: Effects
    ) -> None:
        if isinstance(result, Accepted):
            self.accepted(state, entry, part, result.channel_message_id, cause, effects)
        elif isinstance(result, Refused):
            self.refused(state, entry, part, result, cause, effects)
        else:
            self._unknown(entry, part, result, cause, effects)

    def accepted(
        self, state: GatewayState, entry: Entry, part: Part, sid: str, cause: Event, effects: Effects
    ) -> None:
        """Twilio has the part (its answer, a callback or its list says so)."""
        part.status, part.sid = "sent", sid
        number = entry.parts.index(part) + 1
        effects.events.append(records.sent(entry, part, sid, cause.conversation))
        state.answered(entry.answers)
        self._metrics.sends.labels(entry.author, "sent").inc()
        if entry.author == "bot" and number == 1 and state.last_inbound is not None:
            self._metrics.reply_seconds.observe((self._clock() - state.last_inbound).total_seconds())
        log.info("✅ WhatsApp response sent", author=entry.author, part=number, parts=len(entry.parts))

    def refused(
        self, state: GatewayState, entry: Entry, part: Part, result: Refused, cause: Event, effects: Effects
    ) -> None:
        """Twilio did not send it: later, or never, as the error table says."""
        rule = rule_for(result.code)
        self._metrics.twilio_errors.labels(str(result.code), rule.action).inc()
        again = rule.action == "retry" or (rule.action == "retry_once" and part.tries < 2)
        if again and (part.tries < MAX_TRIES or result.code == NOT_CONNECTED):
            wait = result.retry_after or BACKOFF[min(part.tries, len(BACKOFF)) - 1]
            self._later(entry, part, wait, cause, effects)
            log.warning("Twilio asked for patience", code=result.code, wait=wait, tries=part.tries)
            return
        part.status, part.code = "rejected", result.code
        self._fail(state, entry, result.code, cause, effects)
        if rule.action == "suppress":
            state.blocked = True
            effects.events.append(CustomerOptedOut.of(entry.reply_id, cause.conversation, source="channel"))

    def _later(self, entry: Entry, part: Part, wait: float, cause: Event, effects: Effects) -> None:
        part.status, part.sid = "planned", None
        entry.retry_at = self._clock() + timedelta(seconds=wait)
        effects.timers.append(records.due(entry, "send", part.tries, entry.retry_at, cause.conversation))
        self._metrics.sends.labels(entry.author, "postponed").inc()

    def _unknown(self, entry: Entry, part: Part, result: Unknown, cause: Event, effects: Effects) -> None:
        part.status = "unknown"
        entry.checks = 0
        at = self._clock() + timedelta(seconds=CHECKS[0])
        effects.timers.append(records.due(entry, "reconcile", 0, at, cause.conversation))
        self._metrics.sends.labels(entry.author, "unknown").inc()
        log.warning("a reply's fate is unknown, looking for it", why=result.why, reply_id=entry.reply_id)

    def _fail(self, state: GatewayState, entry: Entry, code: int, cause: Event, effects: Effects) -> None:
        entry.closed = True
        state.answered(entry.answers)
        rule = rule_for(code)
        effects.events.append(records.failed(entry, code, rule.reason_nl, cause.conversation))
        self._metrics.sends.labels(entry.author, "rejected").inc()
        level = log.error if rule.action == "alert" else log.warning
        level("a reply could not be delivered", code=code, action=rule.action)
        if entry.author != "agent" and rule.action != "suppress":
            why: HandoverReason = "window_closed" if code == WINDOW_CLOSED else "undeliverable"
            effects.events.append(records.handover(entry, why, rule.reason_nl, cause.conversation))

    def _suppress(
        self, state: GatewayState, entry: Entry, reason: SuppressionReason, cause: Event, effects: Effects
    ) -> None:
        entry.closed = True
        state.answered(entry.answers)
        effects.events.append(records.suppressed(entry, reason, cause.conversation))
        self._metrics.sends.labels(entry.author, "suppressed").inc()
