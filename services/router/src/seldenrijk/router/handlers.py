"""The router's ordered step: one customer's message becomes an intent, with the memory it needs."""

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
    MessageRouted,
    ReplySent,
    Understanding,
)
from seldenrijk.contracts.messages import HandoverReason
from seldenrijk.contracts.plain import slots_of

from . import rules
from .metrics import RouterMetrics
from .state import RouterState
from .understand import Understander

log = structlog.get_logger(__name__)


class RouterHandler:
    """Implements :class:`seldenrijk.chassis.Handler` for the router."""

    def __init__(self, understander: Understander, metrics: RouterMetrics) -> None:
        self._understander = understander
        self._metrics = metrics

    async def __call__(
        self, event: Event, state: RouterState, context: Context[RouterState]
    ) -> Outcome[RouterState]:
        """Apply one event."""
        match event:
            case MessageReceived():
                if state.knows(event.message.message_id):
                    log.info("message routed before, ignored")
                    return Outcome(state)
                return await self._route(event, state)
            case ReplySent():
                return Outcome(
                    state.with_turn("agent" if event.author == "agent" else "bot", event.text, event.time)
                )
            case ConversationTakenOver():
                return Outcome(state.model_copy(update={"held_by": "human"}))
            case ConversationReleased():
                # the human stretch has ended: start afresh, with what was said in the turns
                return Outcome(state.model_copy(update={"held_by": "bot", "unclear_in_row": 0}))
            case CustomerOptedOut():
                return Outcome(state.model_copy(update={"opted_out": True}))
            case CustomerOptedIn():
                return Outcome(state.model_copy(update={"opted_out": False}))
            case _:
                return Outcome(state)

    async def _route(self, event: MessageReceived, state: RouterState) -> Outcome[RouterState]:
        message = event.message
        understood = await self._understander(message, state.turns, state.slots)
        understanding = understood.understanding
        self._metrics.routed(understanding)
        log.info(
            "🧭 Router Agent",
            intent=understanding.intent,
            confidence=round(understanding.confidence, 3),
            language=understanding.language,
            engine=understanding.engine,
        )
        unclear = rules.counts_as_unclear(understanding, message.kind, message.text)
        in_row = state.unclear_in_row + 1 if unclear else 0
        reason = rules.handover_reason(understanding, in_row, rules.times_asked(message.text, state.turns))
        further, after = self._consent(event, state, understanding)
        if reason is not None and after.held_by == "bot" and not after.opted_out:
            further.append(self._handover(event, understanding, reason))
            in_row = 0
        asked = any(isinstance(e, HandoverRequested) and e.notice for e in further)
        routed = MessageRouted.of(
            event.id,
            event.conversation,
            message=message,
            customer_name=event.customer.profile_name,
            understanding=understanding,
            turns=state.turns,
            first_contact=not state.turns and not state.sids,
            held_by=after.held_by,
            handover_requested=asked,
            proposed_slots=None if understood.proposed is None else slots_of(understood.proposed),
        )
        update = {
            "unclear_in_row": in_row,
            "slots": state.slots | understood.slots,
            "language": understanding.language,
        }
        after = after.model_copy(update=update).with_message(message.message_id)
        after = after.with_turn("customer", message.text or f"[{message.kind}]", message.received_at)
        return Outcome(after, events=(*further, routed))

    def _consent(
        self, event: MessageReceived, state: RouterState, understanding: Understanding
    ) -> tuple[list[Event], RouterState]:
        """STOP ends the right to write; START, or a new question of the customer, gives it back."""
        text = event.message.text
        if rules.opts_out(text, understanding):
            events: list[Event] = []
            if not state.opted_out:
                events.append(
                    CustomerOptedOut.of(event.id, event.conversation, language=understanding.language)
                )
            if rules.asks_about_data(text):
                events.append(self._handover(event, understanding, "opt_out_data", notice=False))
            return events, state.model_copy(update={"opted_out": True})
        if state.opted_out and (
            rules.is_start(text) or understanding.intent not in {"unclear", "general_inquiry"}
        ):
            return [CustomerOptedIn.of(event.id, event.conversation)], state.model_copy(
                update={"opted_out": False}
            )
        return [], state

    @staticmethod
    def _handover(
        event: MessageReceived, understanding: Understanding, reason: HandoverReason, notice: bool = True
    ) -> HandoverRequested:
        return HandoverRequested.of(
            event.id,
            event.conversation,
            reason=reason,
            priority=rules.priority_of(reason),
            summary=f"Vraag van de klant: {understanding.intent}.",
            requested_by="router",
            notice=notice,
            answers=(event.id,) if notice else (),
            language=understanding.language,
            formal=understanding.formal,
        )
