"""Delivery: from a composed reply to Twilio's acceptance, at most once, in order, behind the fences."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from seldenrijk.chassis import Context, Timer
from seldenrijk.chassis.failpoints import Point, failpoint
from seldenrijk.contracts import (
    CustomerOptedOut,
    DeliveryDue,
    Event,
    HandoverRequested,
    ReplyFailed,
    ReplySent,
    ReplySuppressed,
)
from seldenrijk.contracts.replies import SuppressionReason

from .channel import Accepted, Channel, Outgoing, Refused, Sent, Unknown, rule_for
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


@dataclass
class Effects:
    """What a handling wants to happen; collected on the way."""

    events: list[Event] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)


class Delivery:
    """Drives a conversation's ledger; all decisions that involve Twilio are here."""

    def __init__(
        self,
        channel: Channel,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        template: str | None = None,
    ) -> None:
        self._channel = channel
        self._metrics = metrics
        self._clock = clock
        self._template = template

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
                await self._send(state, entry, part, cause, context, effects)
        state.tidy()

    def _passes(self, state: GatewayState, entry: Entry, part: Part, cause: Event, effects: Effects) -> bool:
        """The fences, in the conversation's own order, just before sending."""
        staff = entry.author == "agent"
        told = entry.purpose in {"opt_out_confirmation", "opt_in_confirmation"}
        if not staff and state.taken_over:
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
        self,
        state: GatewayState,
        entry: Entry,
        part: Part,
        cause: Event,
        context: Context[GatewayState],
        effects: Effects,
    ) -> None:
        begin(entry, part, self._clock())
        await context.checkpoint(state.model_copy(deep=True))
        failpoint(Point.SEND_BEFORE)
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
        self._apply(state, entry, part, result, cause, effects)

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
        effects.events.append(
            ReplySent.of(
                entry.reply_id,
                cause.conversation,
                ordinal=f"sent/{number}",
                reply_id=entry.reply_id,
                author=entry.author,
                purpose=entry.purpose,
                text=part.text,
                media=(part.media,) if part.media else (),
                answers=entry.answers,
                channel_message_id=sid,
                part=number,
                parts=len(entry.parts),
                chatwoot_message_id=entry.chatwoot_message_id,
            )
        )
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
        if again and part.tries < MAX_TRIES:
            wait = result.retry_after or BACKOFF[min(part.tries, len(BACKOFF)) - 1]
            part.status, part.sid = "planned", None
            entry.retry_at = self._clock() + timedelta(seconds=wait)
            effects.timers.append(self._due(entry, "send", part.tries, entry.retry_at, cause))
            self._metrics.sends.labels(entry.author, "postponed").inc()
            log.warning("Twilio asked for patience", code=result.code, wait=wait, tries=part.tries)
            return
        part.status, part.code = "rejected", result.code
        self._fail(state, entry, result.code, cause, effects)
        if rule.action == "suppress":
            state.blocked = True
            effects.events.append(CustomerOptedOut.of(entry.reply_id, cause.conversation, source="channel"))

    def _unknown(self, entry: Entry, part: Part, result: Unknown, cause: Event, effects: Effects) -> None:
        part.status = "unknown"
        entry.checks = 0
        at = self._clock() + timedelta(seconds=CHECKS[0])
        effects.timers.append(self._due(entry, "reconcile", 0, at, cause))
        self._metrics.sends.labels(entry.author, "unknown").inc()
        log.warning("a reply's fate is unknown, looking for it", why=result.why, reply_id=entry.reply_id)

    async def reconcile(self, state: GatewayState, entry: Entry, cause: Event, effects: Effects) -> None:
        """Look for an unknown part in Twilio's list; after the last look a person gets it."""
        for part in [p for p in entry.parts if p.status == "unknown"]:
            if (sid := await self._find(state, part)) is not None:
                self.accepted(state, entry, part, sid, cause, effects)
            elif entry.checks + 1 < len(CHECKS):
                entry.checks += 1
                at = self._clock() + timedelta(seconds=CHECKS[entry.checks])
                effects.timers.append(self._due(entry, "reconcile", entry.checks, at, cause))
            else:
                self._give_to_person(state, entry, cause, effects)

    async def _find(self, state: GatewayState, part: Part) -> str | None:
        if state.address is None or part.started is None:
            return None
        known = {p.sid for e in state.entries for p in e.parts if p.sid}
        listed = await self._channel.sent_to(state.address, part.started) or []
        return next(
            (
                m.channel_message_id
                for m in listed
                if m.text == part.text and m.channel_message_id not in known
            ),
            None,
        )

    def _give_to_person(self, state: GatewayState, entry: Entry, cause: Event, effects: Effects) -> None:
        entry.closed = True
        state.answered(entry.answers)
        reason = "Onzeker of dit bericht de klant heeft bereikt: Twilio gaf geen antwoord."
        effects.events.append(self._failed(entry, None, reason, cause, uncertain=True))
        effects.events.append(
            self._handover(entry, "uncertain_delivery", f"{reason} Het is niet opnieuw verstuurd.", cause)
        )

    def _fail(self, state: GatewayState, entry: Entry, code: int, cause: Event, effects: Effects) -> None:
        entry.closed = True
        state.answered(entry.answers)
        rule = rule_for(code)
        effects.events.append(self._failed(entry, code, rule.reason_nl, cause))
        self._metrics.sends.labels(entry.author, "rejected").inc()
        level = log.error if rule.action == "alert" else log.warning
        level("a reply could not be delivered", code=code, action=rule.action)
        if entry.author != "agent" and rule.action != "suppress":
            why = "window_closed" if code == WINDOW_CLOSED else "undeliverable"
            effects.events.append(self._handover(entry, why, rule.reason_nl, cause))

    def _suppress(
        self, state: GatewayState, entry: Entry, reason: SuppressionReason, cause: Event, effects: Effects
    ) -> None:
        entry.closed = True
        state.answered(entry.answers)
        effects.events.append(
            ReplySuppressed.of(
                entry.reply_id,
                cause.conversation,
                reply_id=entry.reply_id,
                author=entry.author,
                reason=reason,
                answers=entry.answers,
                chatwoot_message_id=entry.chatwoot_message_id,
            )
        )
        self._metrics.sends.labels(entry.author, "suppressed").inc()

    @staticmethod
    def _failed(
        entry: Entry, code: int | None, reason: str, cause: Event, uncertain: bool = False
    ) -> ReplyFailed:
        return ReplyFailed.of(
            entry.reply_id,
            cause.conversation,
            reply_id=entry.reply_id,
            author=entry.author,
            code=code,
            reason_nl=reason,
            uncertain=uncertain,
            text=text_of(entry),
            answers=entry.answers,
            chatwoot_message_id=entry.chatwoot_message_id,
        )

    @staticmethod
    def _handover(entry: Entry, reason: str, summary: str, cause: Event) -> HandoverRequested:
        return HandoverRequested.of(
            entry.reply_id,
            cause.conversation,
            reason=reason,
            priority="high",
            summary=summary,
            requested_by="gateway",
            notice=False,
            answers=entry.answers,
        )

    @staticmethod
    def _due(entry: Entry, action: str, number: int, at: datetime, cause: Event) -> Timer:
        event = DeliveryDue.of(
            entry.reply_id,
            cause.conversation,
            ordinal=f"{action}/{number}/{at.isoformat()}",
            reply_id=entry.reply_id,
            action=action,
            attempt=number,
        )
        return Timer(event, at, key=f"{action}-{entry.reply_id}")
