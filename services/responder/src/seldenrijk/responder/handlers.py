"""The responder's ordered step: when to answer, whether a draft still holds, and what is then said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import structlog

from seldenrijk.chassis import Context, Outcome, Timer
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
    ReplyDrafted,
    ReplyDue,
    ReplyRequested,
    ReplySent,
    UnansweredMessage,
    derived_id,
)
from seldenrijk.contracts.messages import HandoverReason, Language
from seldenrijk.contracts.replies import SuppressionReason

from . import saying
from .metrics import ResponderMetrics
from .state import ResponderState
from .timing import Quiet

log = structlog.get_logger(__name__)
NOTICE_PAUSE: Final = timedelta(seconds=20)
"""Within this time one notice answers a burst that asks for a person more than once."""
Result = Outcome[ResponderState]


class Notices(Protocol):
    """The fixed messages: told when a person takes over, when the customer opts out or in again."""

    def handover(
        self, reason: HandoverReason, language: Language, formal: bool | None, introduce: bool
    ) -> str:
        """One honest sentence, inside and outside opening hours."""
        ...

    def opted_out(self, language: Language, formal: bool | None) -> str:
        """The one confirmation of an opt-out."""
        ...


class ResponderHandler:
    """Implements :class:`seldenrijk.chassis.Handler` for the responder."""

    def __init__(
        self,
        quiet: Quiet,
        notices: Notices,
        metrics: ResponderMetrics,
        overtaken_cap: float,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._quiet = quiet
        self._notices = notices
        self._metrics = metrics
        self._cap = timedelta(seconds=overtaken_cap)
        self._clock = clock

    async def __call__(self, event: Event, state: ResponderState, context: Context[ResponderState]) -> Result:
        """Apply one event."""
        match event:
            case PreferencesExtracted():
                return self._message(event, state)
            case ReplyDue():
                return self._due(event, state)
            case ReplyDrafted():
                return self._drafted(event, state)
            case HandoverRequested() if event.notice:
                return self._handover(event, state)
            case ReplySent(author="agent"):
                return Outcome(state.model_copy(update={"introduced": True}))
            case ConversationTakenOver():
                return self._silence(event, state.model_copy(update={"taken_over": True}), "taken_over")
            case ConversationReleased():
                return Outcome(state.model_copy(update={"taken_over": False}))
            case CustomerOptedOut():
                return Outcome(state.model_copy(update={"opted_out": True}))
            case CustomerOptedIn():
                return Outcome(state.model_copy(update={"opted_out": False}))
            case _:
                return Outcome(state)

    def _message(self, event: PreferencesExtracted, state: ResponderState) -> Result:
        """A message was understood: remember it, and wait a moment for what may follow."""
        new = state.model_copy(
            update={
                "preferences": event.preferences,
                "lead": event.lead,
                "turns": event.turns,
                "customer_name": event.customer_name or state.customer_name,
                "language": event.understanding.language,
                "formal": event.understanding.formal
                if event.understanding.formal is not None
                else state.formal,
                "introduced": state.introduced and not event.first_contact,
            }
        )
        message_event = derived_id(event.message.message_id, MessageReceived.type_name())
        if event.understanding.intent == "opt_out":
            return self._confirm_opt_out(event, new, message_event)
        if event.handover_requested:
            return Outcome(new)  # the notice answers it
        if state.taken_over or event.held_by == "human":
            return self._suppressed(event, new, "taken_over", (message_event,))
        if state.opted_out:
            return self._suppressed(event, new, "opted_out", (message_event,))
        return self._wait(event, new, message_event)

    def _wait(self, event: PreferencesExtracted, state: ResponderState, message_event: str) -> Result:
        unanswered = UnansweredMessage(
            event_id=message_event,
            message=event.message,
            understanding=event.understanding,
            slots=event.slots,
        )
        now = self._clock()
        since = state.waiting_since if state.waiting and state.waiting_since else now
        update = {
            "version": state.version + 1,
            "waiting": (*state.waiting, unanswered)[-20:],
            "waiting_since": since,
        }
        new = state.model_copy(update=update)
        due = ReplyDue.of(event.id, event.conversation, version=new.version)
        at = self._quiet.due(event.message, event.understanding, since, now, len(new.waiting))
        if at <= now:
            return self._request(due, new)
        return Outcome(new, timers=(Timer(due, at, key="reply"),))

    def _confirm_opt_out(
        self, event: PreferencesExtracted, state: ResponderState, message_event: str
    ) -> Result:
        """One confirmation, then silence."""
        if state.opted_out and state.last_notice and self._clock() - state.last_notice < timedelta(days=1):
            return self._suppressed(event, state, "opted_out", (message_event,))
        text = self._notices.opted_out(event.understanding.language, event.understanding.formal)
        reply = ReplyComposed.of(
            event.id,
            event.conversation,
            author="bot",
            purpose="opt_out_confirmation",
            text=text,
            answers=(message_event, *(m.event_id for m in state.waiting)),
            language=event.understanding.language,
        )
        update = {"opted_out": True, "waiting": (), "waiting_since": None, "last_notice": self._clock()}
        return Outcome(state.model_copy(update=update), events=(reply,))

    def _due(self, event: ReplyDue, state: ResponderState) -> Result:
        if event.version != state.version or not state.waiting or state.taken_over:
            return Outcome(state)
        return self._request(event, state)

    def _request(self, due: ReplyDue, state: ResponderState) -> Result:
        """Ask for the reply: a job, because it may take seconds."""
        job = ReplyRequested.of(
            due.id,
            due.conversation,
            version=state.version,
            messages=state.waiting,
            preferences=state.preferences,
            turns=state.turns,
            offered=state.offered,
            slots_offered=state.slots_offered,
            customer_name=state.customer_name,
            language=state.language,
            formal=state.formal,
            first_contact=not state.introduced,
            lead=state.lead,
            replies_without_emoji=state.replies_without_emoji,
        )
        return Outcome(state, jobs=(job,))

    def _drafted(self, event: ReplyDrafted, state: ResponderState) -> Result:
        """The job came back: does its answer still hold?"""
        covered = {m.event_id for m in state.waiting} & set(event.answers)
        if state.taken_over or state.opted_out or not covered:
            self._metrics.drafted(event, "overtaken")
            return Outcome(state)
        if event.version != state.version and not self._waited_enough(state):
            self._metrics.drafted(event, "overtaken")
            return Outcome(state)  # the newer message's own answer will cover this one
        rest = tuple(m for m in state.waiting if m.event_id not in covered)
        update = {"waiting": rest, "waiting_since": self._clock() if rest else None}
        answers = tuple(m.event_id for m in state.waiting if m.event_id in covered)
        return self._say(event, state.model_copy(update=update), answers)

    def _waited_enough(self, state: ResponderState) -> bool:
        return state.waiting_since is not None and self._clock() - state.waiting_since > self._cap

    def _say(self, event: ReplyDrafted, state: ResponderState, answers: tuple[str, ...]) -> Result:
        events: list[Event] = []
        if (request := saying.request_for_person(event, state, answers)) is not None:
            self._metrics.handovers.labels(request.reason).inc()
            events.append(request)
        if not event.text:
            self._metrics.drafted(event, "silent")
            return Outcome(state, events=(*events, saying.silence(event, "no_answer_needed", answers)))
        self._metrics.drafted(event, "used")
        events.append(saying.reply(event, state, answers))
        return Outcome(saying.after(state, event), events=tuple(events))

    def _handover(self, event: HandoverRequested, state: ResponderState) -> Result:
        """Tell the customer, once for a burst, that a person will look at it."""
        self._metrics.handovers.labels(event.reason).inc()
        if state.taken_over or state.opted_out:
            reason: SuppressionReason = "taken_over" if state.taken_over else "opted_out"
            return self._suppressed(event, state, reason, event.answers)
        if state.last_notice is not None and self._clock() - state.last_notice < NOTICE_PAUSE:
            return self._suppressed(event, state, "no_answer_needed", event.answers)
        covered = set(event.answers)
        waiting = tuple(m for m in state.waiting if m.event_id not in covered)
        text = self._notices.handover(event.reason, event.language, event.formal, not state.introduced)
        reply = saying.notice(event, state, text)
        update = {"waiting": waiting, "introduced": True, "last_notice": self._clock()}
        return Outcome(state.model_copy(update=update), events=(reply,))

    def _silence(self, event: Event, state: ResponderState, reason: SuppressionReason) -> Result:
        """Nothing more is said about what is waiting; that is recorded."""
        if not state.waiting:
            return Outcome(state)
        answers = tuple(m.event_id for m in state.waiting)
        emptied = state.model_copy(update={"waiting": (), "waiting_since": None})
        return self._suppressed(event, emptied, reason, answers)

    @staticmethod
    def _suppressed(
        event: Event, state: ResponderState, reason: SuppressionReason, answers: tuple[str, ...]
    ) -> Result:
        return Outcome(state, events=(saying.silence(event, reason, answers),))
