"""What chatwoot-sync remembers of a conversation: Chatwoot's ids, the ledger, what it last showed."""

from datetime import datetime
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from seldenrijk.contracts import Customer, Lead, OfferedCar, Slots, Understanding

LEDGER_LIMIT: Final = 200
"""Messages remembered for each conversation: repetitions are minutes old, not hundreds of messages."""

K = TypeVar("K")
V = TypeVar("V")


class Posted(BaseModel):
    """A message of ours in Chatwoot; ``id`` is None from the intention until Chatwoot has answered."""

    model_config = ConfigDict(frozen=True)

    planned_at: datetime
    id: int | None = None


class Shown(BaseModel):
    """A part of a reply: the Chatwoot message that stands for it, and its status at the channel."""

    model_config = ConfigDict(frozen=True)

    message_id: int
    status: str = "sent"


class SyncState(BaseModel):
    """A conversation as it stands in Chatwoot. ``conversation_id`` is Chatwoot's display id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    customer: Customer | None = None
    source_id: str | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    checked_at: datetime | None = None
    posted: dict[str, Posted] = {}
    deliveries: dict[str, Shown] = {}
    early: dict[str, str] = {}
    staff_messages: dict[int, datetime] = {}
    held_by: Literal["bot", "human"] = "bot"
    handed_over: bool = False
    soft_open: bool = False
    shown_open: bool = False
    opening_since: datetime | None = None
    notice_id: str | None = None
    understanding: Understanding | None = None
    preferences: Slots = Slots()
    lead: Lead = Lead()
    offered: tuple[OfferedCar, ...] = ()
    appointment_request: str | None = None
    do_not_contact: bool = False
    labels: tuple[str, ...] = ()
    contact_attributes: dict[str, Any] = {}
    conversation_attributes: dict[str, Any] = {}

    def forgotten(self) -> "SyncState":
        """Without Chatwoot's ids of contact and conversation, and without what was shown there."""
        return self.model_copy(
            update={
                "contact_id": None,
                "conversation_id": None,
                "checked_at": None,
                "labels": (),
                "contact_attributes": {},
                "conversation_attributes": {},
            }
        )


def newest(entries: dict[K, V], limit: int = LEDGER_LIMIT) -> dict[K, V]:
    """The last ``limit`` entries, in order."""
    surplus = len(entries) - limit
    return entries if surplus <= 0 else dict(list(entries.items())[surplus:])
