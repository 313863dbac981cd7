"""The customer's contact and conversation in Chatwoot: found, adopted, or made."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from seldenrijk.contracts import Customer

from .chatwoot import Chatwoot, Json
from .directory import Directory
from .identity import belongs_to, phone_of
from .transport import Missing, Refused
from .work import Work

log = structlog.get_logger(__name__)

RECHECK: Final = timedelta(minutes=10)
"""How long known ids are believed between two messages of the customer."""


class Rooms:
    """Keeps a conversation's place in Chatwoot. ``now`` is the clock, in UTC."""

    def __init__(
        self,
        chatwoot: Chatwoot,
        directory: Directory,
        reopen_days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._chatwoot = chatwoot
        self._directory = directory
        self._reopen = timedelta(days=reopen_days)
        self._now = now

    async def enter(self, work: Work, *, customer_wrote: bool = False) -> int | None:
        """The conversation's id in Chatwoot; None where nothing is known of the customer.

        A message of the customer reopens a resolved conversation (as pending: it is the assistant's)
        or, when that one is too old, begins a new one. Raises Retry, Refused.
        """
        state = work.state
        if state.customer is None or state.source_id is None:
            return None
        if state.conversation_id is not None and not customer_wrote and self._fresh(work):
            return state.conversation_id
        if state.conversation_id is not None and await self._still_there(work, customer_wrote):
            work.set(checked_at=self._now())
            return work.state.conversation_id
        found = await self._settle(work, state.customer, state.source_id, customer_wrote)
        await self._directory.remember(found, work.event.conversation, work.state.contact_id)
        return found

    def _fresh(self, work: Work) -> bool:
        checked = work.state.checked_at
        return checked is not None and self._now() - checked < RECHECK

    async def _still_there(self, work: Work, customer_wrote: bool) -> bool:
        """Whether the known conversation is still the customer's and may be written in."""
        state = work.state
        assert state.conversation_id is not None  # noqa: S101  # nosec B101  (asked by the caller)
        assert state.customer is not None and state.source_id is not None  # noqa: S101  # nosec B101
        try:
            shown = await self._chatwoot.conversation(state.conversation_id)
        except Missing:
            log.warning("the conversation is gone from Chatwoot; looking for another")
            work.state = state.forgotten()
            return False
        if not belongs_to(shown, state.customer, state.source_id):
            log.error("Chatwoot's id now stands for somebody else; looking the customer up again")
            work.state = state.forgotten()
            return False
        if customer_wrote and shown.get("status") == "resolved":
            return await self._reopened(work, shown)
        return True

    async def _reopened(self, work: Work, shown: Json) -> bool:
        """Reopen a resolved conversation as the assistant's, unless it is too old."""
        if self._now() - last_activity(shown) > self._reopen:
            work.set(conversation_id=None, labels=(), conversation_attributes={}, handed_over=False)
            return False
        await self._chatwoot.set_status(int(shown["id"]), "pending")
        work.set(handed_over=False)
        return True

    async def _settle(self, work: Work, customer: Customer, source_id: str, customer_wrote: bool) -> int:
        contact = await self._contact(customer, source_id)
        contact_id = int(contact["id"])
        work.set(contact_id=contact_id, checked_at=self._now())
        theirs = await self._chatwoot.conversations_of(contact_id)
        latest = max(theirs, key=lambda c: (c.get("status") != "resolved", last_activity(c)), default=None)
        if latest is not None and (latest.get("status") != "resolved" or not customer_wrote):
            work.set(conversation_id=int(latest["id"]))
            return int(latest["id"])
        if latest is not None and await self._reopened(work, latest):
            work.set(conversation_id=int(latest["id"]))
            return int(latest["id"])
        made = await self._chatwoot.create_conversation(contact_id, await self._address(contact, source_id))
        work.set(conversation_id=made, labels=(), conversation_attributes={}, handed_over=False)
        return made

    async def _address(self, contact: Json, source_id: str) -> str:
        """The contact's address in our inbox: ours, unless it belongs to another contact there."""
        links = contact.get("contact_inboxes") or []
        theirs = [str(e["source_id"]) for e in links if e["inbox"]["id"] == self._chatwoot.inbox_id]
        if source_id in theirs:
            return source_id
        try:
            return await self._chatwoot.link_contact(int(contact["id"]), source_id)
        except Missing:
            raise
        except Refused as error:
            # staff changed or merged contacts: the conversation is found again by its id
            log.error("the customer's address stands with another contact", status=error.status)
            return theirs[0] if theirs else await self._chatwoot.link_contact(int(contact["id"]), None)

    async def _contact(self, customer: Customer, source_id: str) -> Json:
        if (known := await self._look_up(customer, source_id)) is not None:
            await self._name(known, customer)
            return known
        try:
            return await self._chatwoot.create_contact(contact_fields(customer, source_id))
        except Refused as error:
            # somebody else has the number or was quicker: adopt whoever that is
            if (known := await self._look_up(customer, source_id)) is not None:
                return known
            log.error("Chatwoot refuses the contact", status=error.status, fields=error.fields)
            return await self._chatwoot.create_contact({"name": name_of(customer), "identifier": source_id})

    async def _look_up(self, customer: Customer, source_id: str) -> Json | None:
        phone = phone_of(customer)
        found = await self._chatwoot.contacts_by("phone_number", phone) if phone else []
        found = found or await self._chatwoot.contacts_by("identifier", source_id)
        return min(found, key=lambda c: int(c["id"]), default=None)

    async def _name(self, contact: Json, customer: Customer) -> None:
        """Give a nameless contact the name of the customer's profile; a name that staff gave stays."""
        unnamed = contact.get("name") in {None, "", contact.get("phone_number"), contact.get("identifier")}
        if unnamed and customer.profile_name:
            await self._chatwoot.update_contact(int(contact["id"]), {"name": customer.profile_name})


def name_of(customer: Customer) -> str:
    """What the staff see as the customer's name."""
    return customer.profile_name or phone_of(customer) or "WhatsApp-klant"


def contact_fields(customer: Customer, source_id: str) -> Json:
    """A new contact; its place in the inbox gets our address from the start."""
    fields: dict[str, Any] = {"name": name_of(customer), "identifier": source_id, "source_id": source_id}
    if phone := phone_of(customer):
        fields["phone_number"] = phone
    return fields


def last_activity(shown: Json) -> datetime:
    """When something last happened in a conversation (UTC)."""
    for field in ("last_activity_at", "timestamp", "created_at"):
        if shown.get(field):
            return datetime.fromtimestamp(float(shown[field]), UTC)
    return datetime.fromtimestamp(0, UTC)
