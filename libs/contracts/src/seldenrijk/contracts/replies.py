"""Events of a reply: due, asked for, drafted, composed, sent, failed, its status at the channel."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from .base import Event, Part
from .messages import HandoverReason, Language, Lead, Media, Message, Turn, Understanding
from .slots import Slots

Author = Literal["bot", "agent", "system"]
DeliveryStatus = Literal[
    "accepted", "scheduled", "queued", "sending", "sent",
    "delivered", "read", "failed", "undelivered", "canceled",
]  # fmt: skip
SuppressionReason = Literal[
    "taken_over", "opted_out", "superseded", "window_closed", "duplicate", "no_answer_needed", "empty",
]  # fmt: skip
Purpose = Literal["answer", "handover_notice", "opt_out_confirmation", "opt_in_confirmation", "staff"]


class OfferedCar(Part):
    """A car as it was offered: enough to understand "die tweede" or "de witte" later."""

    id: str
    title: str
    make: str
    model: str
    color: str | None = None
    price: int
    year: int
    mileage: int
    fuel_type: str | None = None
    transmission: str | None = None
    url: str | None = None


class ModelUse(Part):
    """What a language model's call cost. Tokens are counts, ``cost`` is US dollars."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float = 0.0
    latency_ms: int = 0


class Claim(Part):
    """A statement in a text and the fact that proves it (None: nothing does)."""

    kind: str
    text: str
    fact: str | None = None


class ReplyDue(Event):
    """The customer has been quiet long enough. ``version`` counts the messages seen by then."""

    name: ClassVar[str] = "reply.due"
    type: Literal["reply.due.v1"] = "reply.due.v1"
    version: int


class UnansweredMessage(Part):
    """A message that the coming reply must answer, with what was understood of it."""

    event_id: str
    message: Message
    understanding: Understanding
    slots: Slots = Slots()


class ReplyRequested(Event):
    """A job: write the reply to these messages. ``version`` is the state that it is based on."""

    name: ClassVar[str] = "reply.requested"
    type: Literal["reply.requested.v1"] = "reply.requested.v1"
    version: int
    messages: tuple[UnansweredMessage, ...]
    preferences: Slots = Slots()
    turns: tuple[Turn, ...] = ()
    offered: tuple[OfferedCar, ...] = ()
    slots_offered: tuple[str, ...] = ()
    customer_name: str | None = None
    language: Language = "nl"
    formal: bool | None = None
    first_contact: bool = False
    lead: Lead = Lead()
    replies_without_emoji: int = 3
    deadline: AwareDatetime | None = None


class ReplyDrafted(Event):
    """The job's answer: a checked text for ``version``, or None where nothing should be said."""

    name: ClassVar[str] = "reply.drafted"
    type: Literal["reply.drafted.v1"] = "reply.drafted.v1"
    version: int
    answers: tuple[str, ...] = ()
    text: str | None
    offered: tuple[OfferedCar, ...] = ()
    slots_offered: tuple[str, ...] = ()
    handover: HandoverReason | None = None
    claims: tuple[Claim, ...] = ()
    rejected: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    engine: Literal["builtin", "claude"] = "builtin"
    model_use: tuple[ModelUse, ...] = ()
    appointment_request: str | None = None


class ReplyComposed(Event):
    """A text to deliver. Its id is the reply's id wherever it is spoken of later.

    ``answers`` are the ids of the ``message.received`` events that it answers; ``answers_up_to``
    is the channel's time of the newest of them, so that a stale reply can be fenced.
    """

    name: ClassVar[str] = "reply.composed"
    type: Literal["reply.composed.v1"] = "reply.composed.v1"
    author: Author
    purpose: Purpose = "answer"
    text: str = Field(default="", max_length=20_000)
    media: tuple[Media, ...] = ()
    answers: tuple[str, ...] = ()
    language: Language = "nl"
    offered: tuple[OfferedCar, ...] = ()
    claims: tuple[Claim, ...] = ()
    considered: tuple[str, ...] = ()
    engine: Literal["builtin", "claude", "person"] = "builtin"
    model_use: tuple[ModelUse, ...] = ()
    lead: Lead = Lead()
    preferences: Slots = Slots()
    appointment_request: str | None = None
    chatwoot_message_id: int | None = None
    expires_at: AwareDatetime | None = None


class ReplySuppressed(Event):
    """A reply, or the need for one, ended without sending; the reason is recorded."""

    name: ClassVar[str] = "reply.suppressed"
    type: Literal["reply.suppressed.v1"] = "reply.suppressed.v1"
    reply_id: str | None = None
    author: Author = "bot"
    reason: SuppressionReason
    answers: tuple[str, ...] = ()
    chatwoot_message_id: int | None = None


class ReplySent(Event):
    """The channel has accepted one part of a reply. ``channel_message_id`` is Twilio's MessageSid."""

    name: ClassVar[str] = "reply.sent"
    type: Literal["reply.sent.v1"] = "reply.sent.v1"
    reply_id: str
    author: Author
    purpose: Purpose = "answer"
    text: str = ""
    media: tuple[Media, ...] = ()
    answers: tuple[str, ...] = ()
    channel_message_id: str
    part: int = 1
    parts: int = 1
    offered: tuple[OfferedCar, ...] = ()
    chatwoot_message_id: int | None = None


class ReplyFailed(Event):
    """A reply will not be delivered (``uncertain`` False) or nobody can know (True).

    ``code`` is the channel's error code; ``reason_nl`` is for the staff.
    """

    name: ClassVar[str] = "reply.failed"
    type: Literal["reply.failed.v1"] = "reply.failed.v1"
    reply_id: str
    author: Author
    code: int | None = None
    reason_nl: str
    uncertain: bool = False
    text: str = ""
    answers: tuple[str, ...] = ()
    chatwoot_message_id: int | None = None


class ReplyStatus(Event):
    """The channel's report on a message of ours. ``attempt`` is the id in the StatusCallback's query."""

    name: ClassVar[str] = "reply.status"
    type: Literal["reply.status.v1"] = "reply.status.v1"
    channel_message_id: str
    status: DeliveryStatus
    error_code: int | None = None
    attempt: str | None = None


class DeliveryDue(Event):
    """A planned second look at a reply: send what was refused for now, or find out what became of it."""

    name: ClassVar[str] = "reply.delivery_due"
    type: Literal["reply.delivery_due.v1"] = "reply.delivery_due.v1"
    reply_id: str
    action: Literal["send", "reconcile"]
    attempt: int = 1


class MessageOverdue(Event):
    """The watchdog: a message that is a minute old; if nothing answered or explained it, a person gets it."""

    name: ClassVar[str] = "message.overdue"
    type: Literal["message.overdue.v1"] = "message.overdue.v1"
    message_event_id: str
    received_at: AwareDatetime
