"""Contacts: find, create, change, merge, and their addresses in inboxes."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from .call import Call
from .errors import ChatwootError, invalid, missing
from .model import Contact, ContactInbox

PHONE = re.compile(r"^\+[1-9]\d{1,14}$")
PAGE = 15
UNIQUE = ("phone_number", "identifier", "email")
SEARCHES_PER_MINUTE = 100


def _check(call: Call, contact: Contact | None) -> None:
    phone = call.text("phone_number")
    if phone and not PHONE.match(phone):
        raise invalid("Phone number should be in e164 format", "phone_number")
    for name in UNIQUE:
        value = call.text(name)
        taken = (c for c in call.store.contacts.values() if value and getattr(c, name) == value)
        if any(other is not contact for other in taken):
            label = name.replace("_", " ").capitalize()
            raise invalid(f"{label} has already been taken", name)


def _listing(call: Call, found: list[Contact]) -> dict[str, Any]:
    page = max(1, int(call.request.query_params.get("page", "1")))
    shown = found[(page - 1) * PAGE : page * PAGE]
    present = call.actions.present
    payload = [present.contact(contact) for contact in shown]
    return {"meta": {"count": len(found), "current_page": page}, "payload": payload}


async def index(call: Call) -> Any:
    """GET contacts."""
    return _listing(call, list(call.store.contacts.values()))


async def create(call: Call) -> Any:
    """POST contacts; phone number, e-mail and identifier are unique in the account."""
    inbox = call.store.inboxes.get(int(call.body["inbox_id"])) if "inbox_id" in call.body else None
    _check(call, None)
    contact = Contact(
        id=call.store.next_id("contact"),
        name=call.text("name") or "",
        created=call.store.clock.now(),
        phone_number=call.text("phone_number"),
        identifier=call.text("identifier"),
        email=call.text("email"),
        custom_attributes=dict(call.body.get("custom_attributes") or {}),
        additional_attributes=dict(call.body.get("additional_attributes") or {}),
    )
    call.store.contacts[contact.id] = contact
    link = _link(call, contact, inbox["id"], call.text("source_id")) if inbox else None
    present = call.actions.present
    call.actions.events.plain("contact_created", present.contact_event(contact))
    shown = present.contact_inbox(link) if link else None
    return {"payload": {"contact": present.contact(contact), "contact_inbox": shown}}


async def show(call: Call) -> Any:
    """GET contacts/{id}."""
    return {"payload": call.actions.present.contact(call.store.contact(call.number("id")))}


async def update(call: Call) -> Any:
    """PUT contacts/{id}; attributes are merged."""
    contact = call.store.contact(call.number("id"))
    _check(call, contact)
    for name in ("name", *UNIQUE, "blocked"):
        if name in call.body:
            setattr(contact, name, call.body[name])
    contact.custom_attributes |= call.body.get("custom_attributes") or {}
    contact.additional_attributes |= call.body.get("additional_attributes") or {}
    present = call.actions.present
    event = present.contact_event(contact) | {"changed_attributes": None}
    call.actions.events.plain("contact_updated", event)
    return {"payload": present.contact(contact)}


async def delete(call: Call) -> Any:
    """DELETE contacts/{id}, with its conversations."""
    contact = call.store.contact(call.number("id"))
    _forget(call, contact)
    for conversation in [c for c in call.store.conversations.values() if c.contact_id == contact.id]:
        del call.store.conversations[conversation.id]


def _forget(call: Call, contact: Contact) -> None:
    store = call.store
    del store.contacts[contact.id]
    store.contact_inboxes = [link for link in store.contact_inboxes if link.contact_id != contact.id]


async def search(call: Call) -> Any:
    """GET contacts/search: a part of name, number, e-mail or identifier; 100 a minute."""
    now = call.store.clock.now()
    recent = [moment for moment in call.store.searches if now - moment < timedelta(minutes=1)]
    if len(recent) >= SEARCHES_PER_MINUTE:
        raise ChatwootError(429, {"error": "Retry later"})
    call.store.searches.append(now)
    wanted = call.request.query_params.get("q", "").strip().lower()
    if not wanted:
        raise ChatwootError(422, {"error": "Specify search string with parameter q"})

    def fits(contact: Contact) -> bool:
        values = (contact.name, contact.phone_number, contact.email, contact.identifier)
        return any(wanted in (value or "").lower() for value in values)

    return _listing(call, [contact for contact in call.store.contacts.values() if fits(contact)])


async def filtered(call: Call) -> Any:
    """POST contacts/filter: conditions joined by the query operator of the one before."""
    conditions = call.body.get("payload")
    if not isinstance(conditions, list) or not conditions:
        raise invalid("payload is missing", "payload")
    return _listing(call, [c for c in call.store.contacts.values() if _matches(c, conditions)])


def _matches(contact: Contact, conditions: list[dict[str, Any]]) -> bool:
    result, operator = False, "OR"
    for condition in conditions:
        met = _meets(contact, condition)
        result = (result and met) if operator == "AND" else (result or met)
        operator = str(condition.get("query_operator") or "AND").upper()
    return result


def _meets(contact: Contact, condition: dict[str, Any]) -> bool:
    key = condition.get("attribute_key", "")
    known = hasattr(contact, key) and key not in ("custom_attributes", "additional_attributes")
    value = str((getattr(contact, key) if known else contact.custom_attributes.get(key)) or "").lower()
    wanted = [str(item).lower() for item in condition.get("values", [])]
    if key == "phone_number":
        wanted = [item if item.startswith("+") else f"+{item}" for item in wanted]
    contains = any(item in value for item in wanted)
    operators = {
        "equal_to": value in wanted,
        "not_equal_to": value not in wanted,
        "contains": contains,
        "does_not_contain": not contains,
    }
    return operators.get(str(condition.get("filter_operator")), False)


def _link(call: Call, contact: Contact, inbox_id: int, source_id: str | None) -> ContactInbox:
    source = source_id or str(uuid4())
    for known in call.store.contact_inboxes:
        if (known.inbox_id, known.source_id) == (inbox_id, source):
            if known.contact_id != contact.id:
                raise invalid("Source has already been taken", "source_id")
            return known
    link = ContactInbox(contact.id, inbox_id, source, call.store.clock.now())
    call.store.contact_inboxes.append(link)
    return link


async def create_inbox(call: Call) -> Any:
    """POST contacts/{id}/contact_inboxes."""
    contact = call.store.contact(call.number("id"))
    inbox = call.store.inboxes.get(int(call.body["inbox_id"]))
    return call.actions.present.contact_inbox(_link(call, contact, inbox["id"], call.text("source_id")))


async def contactable(call: Call) -> Any:
    """GET contacts/{id}/contactable_inboxes."""
    contact = call.store.contact(call.number("id"))
    links = [link for link in call.store.contact_inboxes if link.contact_id == contact.id]
    return {"payload": [call.actions.present.contact_inbox(link) for link in links]}


async def conversations(call: Call) -> Any:
    """GET contacts/{id}/conversations, the newest first, twenty at most."""
    contact = call.store.contact(call.number("id"))
    found = [c for c in call.store.conversations.values() if c.contact_id == contact.id]
    newest = sorted(found, key=lambda conversation: conversation.updated, reverse=True)[:20]
    return {"payload": [call.actions.present.conversation(conversation) for conversation in newest]}


async def labels(call: Call) -> Any:
    """GET or POST contacts/{id}/labels; a POST replaces them."""
    contact = call.store.contact(call.number("id"))
    if call.request.method == "POST":
        contact.labels = list(call.body["labels"])
    return {"payload": contact.labels}


async def merge(call: Call) -> Any:
    """POST actions/contact_merge: the base wins, the other one is gone."""
    base = call.store.contact(int(call.body["base_contact_id"]))
    other = call.store.contacts.get(int(call.body["mergee_contact_id"]))
    if other is None:
        raise missing()
    if other is base:
        return call.actions.present.contact(base)
    for conversation in call.store.conversations.values():
        if conversation.contact_id == other.id:
            conversation.contact_id = base.id
    for link in call.store.contact_inboxes:
        if link.contact_id == other.id:
            link.contact_id = base.id
    for name in UNIQUE:
        setattr(base, name, getattr(base, name) or getattr(other, name))
    base.custom_attributes = other.custom_attributes | base.custom_attributes
    base.additional_attributes = other.additional_attributes | base.additional_attributes
    _forget(call, other)
    return call.actions.present.contact(base)
