"""Which of a customer's addresses is the one that the conversation's pseudonym was made of."""

import re
from collections.abc import Mapping
from typing import Any, Final

from seldenrijk.contracts import Customer, conversation_of

PREFIX: Final = "whatsapp:"
PHONE: Final = re.compile(r"^\+[1-9]\d{1,14}$")
"""What Chatwoot takes for a phone number."""


def source_id_of(customer: Customer, conversation: str, key: bytes) -> str:
    """The address under which the customer stands in Chatwoot's inbox: ``whatsapp:+31...`` or a BSUID.

    It is the one whose pseudonym is ``conversation``, so that a webhook leads back to it.
    """
    for candidate in (customer.address, customer.bsuid, customer.phone, customer.wa_id):
        if candidate and conversation_of(candidate, key) == conversation:
            return PREFIX + candidate.removeprefix(PREFIX)
    return PREFIX + customer.address.removeprefix(PREFIX)


def phone_of(customer: Customer) -> str | None:
    """The phone number in the form that Chatwoot accepts, or None."""
    for candidate in (customer.phone, customer.address.removeprefix(PREFIX)):
        if candidate and PHONE.match(candidate):
            return candidate
    return None


def belongs_to(conversation: Mapping[str, Any], customer: Customer, source_id: str) -> bool:
    """Whether a conversation that Chatwoot shows is this customer's.

    After a restored backup the ids that we know may stand for somebody else. Where Chatwoot shows
    nothing that could prove either, the id is believed.
    """
    sender = (conversation.get("meta") or {}).get("sender") or {}
    shown = {sender.get("phone_number"), sender.get("identifier"), _source_id_in(conversation)} - {None, ""}
    return not shown or bool(shown & {phone_of(customer), source_id})


def _source_id_in(conversation: Mapping[str, Any]) -> str | None:
    if (link := conversation.get("contact_inbox")) is not None:
        return str(link.get("source_id"))
    for message in conversation.get("messages") or []:
        link = (message.get("conversation") or {}).get("contact_inbox") or {}
        if link.get("source_id"):
            return str(link["source_id"])
    return None


def conversation_in(shown: Mapping[str, Any], key: bytes) -> str | None:
    """The pseudonym of the customer whose conversation Chatwoot shows; None where it can't be told.

    The inbox's own address comes first; a conversation that the staff began has a random one there,
    so the contact's phone number and identifier are the next witnesses.
    """
    sender = (shown.get("meta") or {}).get("sender") or {}
    source_id = _source_id_in(shown)
    for candidate in (source_id, sender.get("identifier")):
        if candidate and candidate.startswith(PREFIX) and len(candidate) > len(PREFIX):
            return conversation_of(candidate, key)
    phone = sender.get("phone_number")
    return conversation_of(phone, key) if phone and PHONE.match(phone) else None
