"""Messages of a conversation: page through, post, mark, delete."""

from typing import Any

from starlette.responses import Response

from .call import Call, Upload
from .errors import ChatwootError, invalid, missing
from .model import INCOMING, OUTGOING, Actor, Attachment, ChatMessage

LATEST, AFTER, BETWEEN = 20, 100, 1_000
CONTENT_LIMIT = 150_000


async def index(call: Call) -> Any:
    """GET messages: the latest 20, 20 before an id, 100 after one, 1000 between two; oldest first."""
    conversation, query = call.conversation, call.request.query_params
    before, after = _id(query.get("before")), _id(query.get("after"))
    messages = conversation.messages
    if after and before:
        found = [m for m in messages if after <= m.id < before][:BETWEEN]
    elif before:
        found = [m for m in messages if m.id < before][-LATEST:]
    elif after:
        found = [m for m in messages if m.id > after][:AFTER]
    else:
        found = messages[-LATEST:]
    present = call.actions.present
    contact = call.store.contacts.get(conversation.contact_id)
    meta = {
        "labels": conversation.labels,
        "additional_attributes": conversation.additional_attributes,
        "contact": present.contact(contact, inboxes=False) if contact else None,
        "assignee": present.meta(conversation, rest=True)["assignee"],
        "agent_last_seen_at": None,
        "assignee_last_seen_at": None,
    }
    return {"meta": meta, "payload": [present.message(message) for message in found]}


def _id(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdigit():
        raise invalid(f"{text} is no message id", "before")
    return int(text)


async def create(call: Call) -> Any:
    """POST messages, as JSON or with files; incoming only in API inboxes."""
    conversation, body = call.conversation, call.body
    inbox = call.store.inboxes.get(conversation.inbox_id)
    incoming = body.get("message_type") == "incoming"
    if incoming and inbox["channel_type"] != "Channel::Api":
        raise ChatwootError(422, {"error": "Incoming messages are only allowed in Api inboxes"})
    content = call.text("content")
    if content and len(content) > CONTENT_LIMIT:
        raise invalid("Content is too long (maximum is 150000 characters)", "content")
    sender = call.actor
    if incoming:
        contact = call.store.contact(conversation.contact_id)
        sender = Actor("contact", contact.id, contact.name)
    message = ChatMessage(
        id=call.store.next_id("message"),
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        content=content,
        message_type=INCOMING if incoming else OUTGOING,
        created=call.store.clock.now(),
        sender=sender,
        private=bool(body.get("private")),
        content_type=body.get("content_type") or "text",
        content_attributes=dict(body.get("content_attributes") or {}),
        source_id=call.text("source_id"),
        echo_id=call.text("echo_id"),
    )
    message.attachments = [attach(call, upload) for upload in call.files]
    return call.actions.present.message(call.actions.add_message(message))


def attach(call: Call, upload: Upload) -> Attachment:
    """Keep a file."""
    kind = upload.content_type.split("/")[0]
    return Attachment(
        id=call.store.next_id("attachment"),
        file_type=kind if kind in ("image", "audio", "video") else "file",
        content_type=upload.content_type,
        filename=upload.filename,
        size=len(upload.data),
        token=call.store.keep_blob(upload.content_type, upload.data),
    )


async def update(call: Call) -> Any:
    """PATCH messages/{id}: the delivery status, in API inboxes only."""
    conversation = call.conversation
    if call.store.inboxes.get(conversation.inbox_id)["channel_type"] != "Channel::Api":
        raise ChatwootError(403, {"error": "Message status update is only allowed for API inboxes"})
    message = call.store.message(conversation, call.number("message"))
    status = call.body.get("status")
    if status not in ("sent", "delivered", "read", "failed"):
        raise invalid("status is invalid", "status")
    call.actions.set_message_status(message, status, call.text("external_error"))
    return call.actions.present.message(message)


async def delete(call: Call) -> Any:
    """DELETE messages/{id}."""
    call.actions.delete_message(call.store.message(call.conversation, call.number("message")))


async def blob(call: Call) -> Any:
    """A file's bytes, by its unguessable address."""
    found = call.store.blobs.get(call.request.path_params["token"])
    if found is None:
        raise missing()
    return Response(found[1], media_type=found[0])
