"""What the stand-in remembers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

Status = Literal["open", "resolved", "pending", "snoozed"]
Priority = Literal["urgent", "high", "medium", "low"]
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = 0, 1, 2, 3
TYPE_NAMES = ("incoming", "outgoing", "activity", "template")


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a user (staff), the agent bot, or a contact."""

    kind: Literal["user", "agent_bot", "contact"]
    id: int
    name: str
    role: str = "agent"


@dataclass
class Contact:
    """A customer as the staff know them."""

    id: int
    name: str
    created: datetime
    phone_number: str | None = None
    identifier: str | None = None
    email: str | None = None
    blocked: bool = False
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    last_activity: datetime | None = None


@dataclass
class ContactInbox:
    """A contact's address in an inbox; (inbox, source) is unique."""

    contact_id: int
    inbox_id: int
    source_id: str
    created: datetime


@dataclass
class Attachment:
    """A file of a message; its bytes are kept under ``token``."""

    id: int
    file_type: str
    content_type: str
    filename: str
    size: int
    token: str


@dataclass
class ChatMessage:
    """A line of a conversation. ``message_type`` is 0 in, 1 out, 2 activity, 3 template."""

    id: int
    conversation_id: int
    inbox_id: int
    content: str | None
    message_type: int
    created: datetime
    sender: Actor | None = None
    private: bool = False
    status: str = "sent"
    content_type: str = "text"
    content_attributes: dict[str, Any] = field(default_factory=dict)
    source_id: str | None = None
    echo_id: str | None = None
    attachments: list[Attachment] = field(default_factory=list)


@dataclass
class Conversation:
    """``id`` is the display id, the only one that the API shows."""

    id: int
    contact_id: int
    inbox_id: int
    source_id: str
    created: datetime
    updated: datetime
    status: Status = "open"
    priority: Priority | None = None
    assignee_id: int | None = None
    agent_bot_id: int | None = None
    team_id: int | None = None
    labels: list[str] = field(default_factory=list)
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    messages: list[ChatMessage] = field(default_factory=list)
    waiting_since: datetime | None = None
    first_reply: datetime | None = None
    snoozed_until: int | None = None
    uuid: str = field(default_factory=lambda: str(uuid4()))

    @property
    def last_incoming(self) -> datetime | None:
        """When the customer wrote last."""
        return next((m.created for m in reversed(self.messages) if m.message_type == INCOMING), None)
