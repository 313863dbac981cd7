"""All events, and how they travel: subject, CloudEvents headers, body."""

from typing import Final

from pydantic import ValidationError

from . import conversations, messages, replies
from .base import Event
from .identity import PARTITIONS, partition_of

EVENTS: Final[tuple[type[Event], ...]] = (
    messages.MessageReceived,
    messages.MessageRouted,
    messages.PreferencesExtracted,
    replies.MessageOverdue,
    replies.ReplyDue,
    replies.ReplyRequested,
    replies.ReplyDrafted,
    replies.ReplyComposed,
    replies.ReplySuppressed,
    replies.ReplySent,
    replies.ReplyFailed,
    replies.ReplyStatus,
    replies.DeliveryDue,
    conversations.HandoverRequested,
    conversations.ConversationTakenOver,
    conversations.ConversationReleased,
    conversations.CustomerOptedOut,
    conversations.CustomerOptedIn,
)
BY_TYPE: Final[dict[str, type[Event]]] = {event.type_name(): event for event in EVENTS}
BY_NAME: Final[dict[str, type[Event]]] = {event.name: event for event in EVENTS}

CE_SPEC_VERSION = "1.0"
TRACEPARENT = "traceparent"
MSG_ID = "Nats-Msg-Id"


class BadEvent(ValueError):  # noqa: N818  (the name that handlers and dead letters speak of)
    """A message on the bus that is no event of ours; ``str()`` says why without quoting its content."""


def subject_of(event: Event) -> str:
    """``<event>.<partition>.<conversation>``, for instance ``message.received.17.c5k2...``."""
    return f"{event.name}.{partition_of(event.conversation)}.{event.conversation}"


def subject_filter(event: type[Event], partition: int) -> str:
    """All conversations' events of this type in one lane."""
    if not 0 <= partition < PARTITIONS:
        raise ValueError(f"partition {partition} is not one of 0 to {PARTITIONS - 1}")
    return f"{event.name}.{partition}.*"


def headers_of(event: Event, source: str, traceparent: str | None = None) -> dict[str, str]:
    """CloudEvents 1.0 attributes in binary mode, the id for deduplication, the trace context."""
    headers = {
        "ce-specversion": CE_SPEC_VERSION,
        "ce-id": event.id,
        "ce-source": f"/seldenrijk/{source}",
        "ce-type": event.type,
        "ce-time": event.time.isoformat(),
        "ce-subject": event.conversation,
        "content-type": "application/json",
        MSG_ID: event.id,
    }
    if traceparent:
        headers[TRACEPARENT] = traceparent
    return headers


def parse(subject: str, data: bytes) -> Event:
    """Read an event from the bus. Raises BadEvent, whose text names what is wrong and where.

    The subject decides the type, so a body can't pose as another event; the ``type`` field
    inside must agree. No part of the content is quoted in the error: it may be personal.
    """
    tokens = subject.split(".")
    if len(tokens) != 4:
        raise BadEvent(f"a subject has four tokens, this one has {len(tokens)}")
    model = BY_NAME.get(f"{tokens[0]}.{tokens[1]}")
    if model is None:
        raise BadEvent("no event of this name")
    try:
        event = model.model_validate_json(data)
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, e["loc"])) or e["type"] for e in error.errors()})[:5])
        raise BadEvent(f"not a {model.type_name()}: {places}") from None
    if tokens[2:] != [str(partition_of(event.conversation)), event.conversation]:
        raise BadEvent("the subject names another conversation or partition than the body")
    return event
