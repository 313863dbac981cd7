"""What a person did in Chatwoot, as events for the bus. Pure functions over the webhook's JSON.

Ids come from Chatwoot's own ids and times, so a repetition, a second webhook or the cursor's find of
the same thing makes the same events.
"""

import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    Event,
    Media,
    ReplyComposed,
)

from .markdown import whatsapp

WINDOW: Final = timedelta(hours=24)
"""WhatsApp's window: an agent's message older than this can't answer what the customer wrote."""
MAX_TEXT: Final = 20_000
STATUS_EVENTS: Final = frozenset(
    {"conversation_status_changed", "conversation_opened", "conversation_resolved"}
)
FALLBACK_TYPES: Final = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4"}
Shown = Mapping[str, Any]


def is_staffs(message: Shown) -> bool:
    """Whether a message is a person's words to the customer, and not ours, private, or a template.

    Takes the webhook's form (type by name) and the API's (type by number). What has a ``source_id``
    was mirrored by us, whoever's token did it.
    """
    sender = message.get("sender") or {}
    attributes = message.get("content_attributes") or {}
    return (
        message.get("message_type") in {"outgoing", 1}
        and not message.get("private")
        and str(sender.get("type", "")).lower() == "user"
        and not message.get("source_id")
        and not attributes.get("deleted")
        and not attributes.get("automation_rule_id")
    )


def was_deleted(message: Shown) -> bool:
    """Whether this is a person's message to the customer that has been deleted in Chatwoot."""
    attributes = dict(message.get("content_attributes") or {})
    return bool(attributes.pop("deleted", False)) and is_staffs({**message, "content_attributes": attributes})


def created_at(message: Shown) -> datetime:
    """When a message was written (webhooks say it in ISO form, the API in epoch seconds); UTC."""
    value = message.get("created_at")
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.now(UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def cause_of(account: int, message_id: int) -> str:
    """The cause that a message's events name."""
    return f"chatwoot/{account}/{message_id}"


def written(message: Shown, conversation: str, account: int) -> tuple[Event, ...]:
    """A person's message: it takes the conversation over, and goes to the customer.

    Without text and attachments (or with more text than a reply may have) it only takes over.
    """
    message_id = int(message["id"])
    cause, at = cause_of(account, message_id), created_at(message)
    agent = (message.get("sender") or {}).get("id")
    taken = ConversationTakenOver.of(cause, conversation, by="message", agent_id=agent)
    content = str(message.get("content") or "")
    if len(content) > 2 * MAX_TEXT:
        return (taken,)
    text = whatsapp(content)
    media = media_of(message)
    if not (text or media) or len(text) > MAX_TEXT:
        return (taken,)
    reply = ReplyComposed.of(
        cause,
        conversation,
        author="agent",
        purpose="staff",
        engine="person",
        text=text,
        media=media,
        chatwoot_message_id=message_id,
        expires_at=at + WINDOW,
    )
    return taken, reply


def media_of(message: Shown) -> tuple[Media, ...]:
    """A message's attachments, at the addresses where Chatwoot serves them."""
    found = []
    for attachment in message.get("attachments") or []:
        url = attachment.get("data_url")
        if not url:
            continue
        filename = urlsplit(url).path.rpartition("/")[2] or None
        guessed = mimetypes.guess_type(filename or "")[0]
        fallback = FALLBACK_TYPES.get(str(attachment.get("file_type")), "application/octet-stream")
        found.append(Media(url=url, content_type=guessed or fallback, filename=filename))
    return tuple(found)


def control(
    name: str, shown: Shown, conversation: str, account: int, release_on_resolve: bool
) -> tuple[Event, ...]:
    """Status and assignment: who holds the conversation now.

    ``name`` is the webhook's event, ``shown`` the conversation in it.
    """
    changed = changes(shown)
    events: list[Event] = []
    if name in STATUS_EVENTS or "status" in changed or (name == "conversation_created"):
        events += held(
            shown, conversation, account, release_on_resolve, created=name == "conversation_created"
        )
    if name == "conversation_updated" and changed & {"assignee_id", "assignee"}:
        events += assigned(shown, conversation, account)
    return tuple(events)


def held(
    shown: Shown, conversation: str, account: int, release_on_resolve: bool, *, created: bool = False
) -> list[Event]:
    """What a conversation's status says about who holds it. A new pending one says nothing."""
    status = shown.get("status")
    cause = f"chatwoot/{account}/conversation/{shown['id']}/{status}/{moment(shown)}"
    if status in {"open", "snoozed"}:
        agent = assignee(shown)
        return [ConversationTakenOver.of(cause, conversation, by="status", agent_id=agent)]
    if not created and (status == "pending" or (status == "resolved" and release_on_resolve)):
        return [ConversationReleased.of(cause, conversation, by="status")]
    return []


def assigned(shown: Shown, conversation: str, account: int) -> list[Event]:
    """A person was given the conversation, or it was taken from them while it is the assistant's."""
    agent = assignee(shown)
    cause = f"chatwoot/{account}/conversation/{shown['id']}/assignee/{agent}/{moment(shown)}"
    if agent is not None:
        return [ConversationTakenOver.of(cause, conversation, by="assignment", agent_id=agent)]
    if shown.get("status") == "pending":
        return [ConversationReleased.of(cause, conversation, by="assignment")]
    return []


def assignee(shown: Shown) -> int | None:
    """The person who has the conversation; None for nobody and for a bot."""
    meta = shown.get("meta") or {}
    found = meta.get("assignee") or {}
    kind = meta.get("assignee_type") or found.get("type") or "User"
    return int(found["id"]) if found.get("id") and str(kind).lower() == "user" else None


def changes(shown: Shown) -> set[str]:
    """Names of the attributes that a webhook says have changed."""
    listed = shown.get("changed_attributes")
    entries = listed if isinstance(listed, list) else []
    return {name for entry in entries if isinstance(entry, dict) for name in entry}


def moment(shown: Shown) -> str:
    """When the conversation was last changed, in milliseconds: tells one change from the next."""
    value = shown.get("updated_at") or shown.get("timestamp") or 0
    try:
        return f"{float(value):.3f}"
    except (TypeError, ValueError):
        return str(value)[:40]
