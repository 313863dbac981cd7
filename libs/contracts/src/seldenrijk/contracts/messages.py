"""Events of a customer's message: received at the edge, routed, its preferences extracted."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from .base import Event, Part
from .slots import Slots

MessageKind = Literal[
    "text", "image", "audio", "video", "document", "location", "contacts",
    "sticker", "reaction", "button", "list_reply", "unknown",
]  # fmt: skip
Intent = Literal[
    "car_inquiry", "price_question", "financing_inquiry", "appointment_request", "trade_in_inquiry",
    "service_inquiry", "showroom_info", "complaint", "human_request", "opt_out", "general_inquiry", "unclear",
]  # fmt: skip
Language = Literal["nl", "en", "de"]
Priority = Literal["low", "medium", "high", "urgent"]
HandoverReason = Literal[
    "complaint", "human_request", "legal", "financing_problem", "dispute", "unclear", "repeated",
    "ungrounded", "undeliverable", "uncertain_delivery", "unanswered", "window_closed", "processing_error",
    "media", "opt_out_data", "after_hours", "other",
]  # fmt: skip
Urgency = Literal["high", "medium", "low"]


class Customer(Part):
    """Who wrote: the channel address to answer to, and what the channel tells about them.

    ``address`` is the channel's own form (``whatsapp:+31612345678``); ``phone`` is E.164 or None
    for customers known only by a business-scoped user id (``bsuid``).
    """

    address: str
    phone: str | None = None
    bsuid: str | None = None
    wa_id: str | None = None
    profile_name: str | None = None


class Media(Part):
    """An attachment at the vendor: fetched with the vendor's credentials, from its own origin only."""

    url: str
    content_type: str = "application/octet-stream"
    filename: str | None = None


class Location(Part):
    """A place that the customer shared. Degrees, WGS 84."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    address: str | None = None
    label: str | None = None


class Reply(Part):
    """The earlier message that this one answers to, by the channel's id."""

    message_id: str
    sender: str | None = None


class Referral(Part):
    """The advertisement that the customer came from (click-to-WhatsApp)."""

    source_url: str | None = None
    source_id: str | None = None
    source_type: str | None = None
    headline: str | None = None
    body: str | None = None


class Message(Part):
    """A customer's message, typed; ``text`` holds the words that go with any kind."""

    message_id: str
    kind: MessageKind = "text"
    text: str = ""
    media: tuple[Media, ...] = ()
    location: Location | None = None
    reply_to: Reply | None = None
    referral: Referral | None = None
    payload: str | None = None
    received_at: AwareDatetime


class Turn(Part):
    """One line of the conversation so far. ``text`` is cut at 600 characters."""

    role: Literal["customer", "bot", "agent"]
    text: str
    at: AwareDatetime


class MessageReceived(Event):
    """A customer's message has been verified and stored. Caused by the channel's message id."""

    name: ClassVar[str] = "message.received"
    type: Literal["message.received.v1"] = "message.received.v1"
    channel: Literal["twilio", "waha"] = "twilio"
    customer: Customer
    business_address: str
    message: Message
    extra: dict[str, str] = Field(default_factory=dict)
    source: Literal["webhook", "repair"] = "webhook"


class Evidence(Part):
    """Which characters of the message gave a value, and why."""

    start: int
    end: int
    field: str
    value: str
    why: str = ""


class Understanding(Part):
    """What the message asks for. ``confidence`` is calibrated, 0 to 1."""

    intent: Intent
    secondary: tuple[Intent, ...] = ()
    confidence: float = Field(ge=0, le=1)
    language: Language = "nl"
    priority: Priority = "low"
    needs_human: bool = False
    human_reason: HandoverReason | None = None
    formal: bool | None = None
    urgency: Urgency | None = None
    engine: Literal["offline", "claude"] = "offline"


class MessageRouted(Event):
    """The intent is known. Carries the turns so far, without this message.

    ``proposed_slots`` are a language model's, where it was asked already: it isn't asked again.
    """

    name: ClassVar[str] = "message.routed"
    type: Literal["message.routed.v1"] = "message.routed.v1"
    message: Message
    customer_name: str | None = None
    understanding: Understanding
    turns: tuple[Turn, ...] = ()
    first_contact: bool = False
    held_by: Literal["bot", "human"] = "bot"
    handover_requested: bool = False
    proposed_slots: Slots | None = None


class Lead(Part):
    """How promising the conversation is. ``score`` 0 to 100 and never falls within a search."""

    score: int = Field(default=0, ge=0, le=100)
    quality: Literal["hot", "warm", "lukewarm", "cold"] = "cold"
    stage: Literal["first-contact", "information-gathering", "comparing", "ready-to-buy"] = "first-contact"
    signals: tuple[str, ...] = ()


class PreferencesExtracted(Event):
    """What the customer wants, of this message (``slots``) and over the conversation (``preferences``)."""

    name: ClassVar[str] = "preferences.extracted"
    type: Literal["preferences.extracted.v1"] = "preferences.extracted.v1"
    message: Message
    customer_name: str | None = None
    understanding: Understanding
    turns: tuple[Turn, ...] = ()
    first_contact: bool = False
    held_by: Literal["bot", "human"] = "bot"
    handover_requested: bool = False
    slots: Slots = Slots()
    preferences: Slots = Slots()
    cleared: tuple[str, ...] = ()
    new_search: bool = False
    evidence: tuple[Evidence, ...] = ()
    engine: Literal["offline", "claude"] = "offline"
    lead: Lead = Lead()
