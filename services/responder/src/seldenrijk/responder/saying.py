"""What the ordered step says: events made of a draft and the conversation's state. Pure functions."""

from seldenrijk.contracts import Event, HandoverRequested, ReplyComposed, ReplyDrafted, ReplySuppressed
from seldenrijk.contracts.replies import SuppressionReason

from .state import ResponderState


def reply(draft: ReplyDrafted, state: ResponderState, answers: tuple[str, ...]) -> ReplyComposed:
    """The reply that a draft becomes."""
    return ReplyComposed.of(
        draft.id,
        draft.conversation,
        author="bot",
        text=draft.text or "",
        answers=answers,
        language=state.language,
        offered=draft.offered,
        claims=draft.claims,
        considered=draft.considered,
        engine=draft.engine,
        model_use=draft.model_use,
        lead=state.lead,
        preferences=state.preferences,
        appointment_request=draft.appointment_request,
    )


def after(state: ResponderState, draft: ReplyDrafted) -> ResponderState:
    """The state once a draft has been said: what was offered, and how long there was no emoji."""
    emoji = any(0x1F300 <= ord(char) <= 0x1FAFF or 0x2600 <= ord(char) <= 0x27BF for char in draft.text or "")
    update = {
        "introduced": True,
        "offered": draft.offered or state.offered,
        "slots_offered": draft.slots_offered,
        "replies_without_emoji": 0 if emoji else state.replies_without_emoji + 1,
    }
    return state.model_copy(update=update)


def request_for_person(
    draft: ReplyDrafted, state: ResponderState, answers: tuple[str, ...]
) -> HandoverRequested | None:
    """The request that a colleague looks, where the draft needs one; an appointment always does."""
    reason = draft.handover or ("other" if draft.appointment_request else None)
    if reason is None:
        return None
    return HandoverRequested.of(
        draft.id,
        draft.conversation,
        reason=reason,
        priority="high" if draft.appointment_request else "medium",
        requested_by="responder",
        summary=draft.appointment_request or "De assistent vraagt een collega om mee te kijken.",
        notice=False,
        answers=answers,
        language=state.language,
        formal=state.formal,
    )


def notice(request: HandoverRequested, state: ResponderState, text: str) -> ReplyComposed:
    """What the customer is told of a hand-over."""
    return ReplyComposed.of(
        request.id,
        request.conversation,
        author="bot",
        purpose="handover_notice",
        text=text,
        answers=request.answers,
        language=request.language,
        lead=state.lead,
        preferences=state.preferences,
    )


def silence(event: Event, reason: SuppressionReason, answers: tuple[str, ...]) -> ReplySuppressed:
    """The record that nothing is said about these messages, and why."""
    return ReplySuppressed.of(event.id, event.conversation, reason=reason, answers=answers)
