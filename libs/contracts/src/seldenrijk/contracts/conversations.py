"""Events of the conversation itself: who holds it, and whether the customer wants to be written to."""

from typing import ClassVar, Literal

from .base import Event
from .messages import HandoverReason, Language, Priority


class HandoverRequested(Event):
    """A person must look at this conversation. ``notice`` says whether the customer still has to be told."""

    name: ClassVar[str] = "handover.requested"
    type: Literal["handover.requested.v1"] = "handover.requested.v1"
    reason: HandoverReason
    priority: Priority = "medium"
    summary: str = ""
    requested_by: str
    notice: bool = True
    answers: tuple[str, ...] = ()
    language: Language = "nl"
    formal: bool | None = None


class ConversationTakenOver(Event):
    """A person holds the conversation; the assistant is silent from here on."""

    name: ClassVar[str] = "conversation.taken_over"
    type: Literal["conversation.taken_over.v1"] = "conversation.taken_over.v1"
    by: Literal["message", "assignment", "status"]
    agent_id: int | None = None


class ConversationReleased(Event):
    """The conversation is the assistant's again."""

    name: ClassVar[str] = "conversation.released"
    type: Literal["conversation.released.v1"] = "conversation.released.v1"
    by: Literal["status", "assignment", "staff"] = "status"


class CustomerOptedOut(Event):
    """The customer wants no more messages (own words, or the channel says so)."""

    name: ClassVar[str] = "customer.opted_out"
    type: Literal["customer.opted_out.v1"] = "customer.opted_out.v1"
    source: Literal["message", "channel"] = "message"
    language: Language = "nl"


class CustomerOptedIn(Event):
    """The customer wants to be written to again (START, or a new question)."""

    name: ClassVar[str] = "customer.opted_in"
    type: Literal["customer.opted_in.v1"] = "customer.opted_in.v1"
    source: Literal["message", "channel"] = "message"
