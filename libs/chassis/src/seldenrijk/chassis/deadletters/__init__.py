"""Dead letters: what could not be handled, with why, where, who, and how often it was tried."""

import re
from datetime import UTC, datetime

from seldenrijk.chassis import telemetry
from seldenrijk.chassis.bus import Delivery, OutMessage
from seldenrijk.chassis.bus.names import MSG_ID, dead_subject
from seldenrijk.contracts import (
    BY_NAME,
    BadEvent,
    Event,
    HandoverRequested,
    MessageReceived,
    MessageRouted,
    PreferencesExtracted,
    ReplyComposed,
    ReplyDrafted,
    ReplyRequested,
    derived_id,
    headers_of,
    parse,
    subject_of,
)
from seldenrijk.contracts.base import CONVERSATION_PATTERN
from seldenrijk.contracts.topology import CHATWOOT_SYNC

_LEADING_TO_A_REPLY = frozenset(
    event.name for event in (MessageReceived, MessageRouted, PreferencesExtracted, ReplyRequested)
)
_CONVERSATION = re.compile(CONVERSATION_PATTERN)


def conversation_in(subject: str) -> str | None:
    """The conversation that a subject names, or None."""
    last = subject.rpartition(".")[2]
    return last if _CONVERSATION.match(last) else None


def event_name_in(subject: str) -> str:
    """The event that a subject names, if it is one of ours; else ``unknown`` (labels stay bounded)."""
    tokens = subject.split(".")
    for start in (0, 2):
        name = ".".join(tokens[start : start + 2])
        if name in BY_NAME:
            return name
    return "unknown"


def messages_in(delivery: Delivery) -> tuple[str, ...]:
    """Ids of the customer's messages that would have been answered because of this event."""
    try:
        start = 2 if delivery.subject.startswith(("job.", "due.")) else 0
        event = parse(delivery.subject.split(".", start)[-1], delivery.data)
    except BadEvent:
        return ()
    match event:
        case MessageReceived():
            return (event.id,)
        case MessageRouted() | PreferencesExtracted():
            return (derived_id(event.message.message_id, MessageReceived.type_name()),)
        case ReplyRequested():
            return tuple(m.event_id for m in event.messages)
        case ReplyDrafted() | ReplyComposed():
            return event.answers
        case _:
            return ()


def letter(service: str, delivery: Delivery, kind: str, reason: str) -> OutMessage:
    """The dead letter for a delivery: its body and headers as they were, and what happened to it.

    ``kind`` is bad_event, rejected, bug or expired. The id is deterministic: one letter for each
    service and stored message, however often the giving up is repeated.
    """
    headers = {
        k: v for k, v in delivery.headers.items() if k not in {MSG_ID, "Nats-Expected-Last-Subject-Sequence"}
    }
    headers |= {
        "Dead-Service": service,
        "Dead-Kind": kind,
        "Dead-Reason": reason.replace("\n", " ")[:400],
        "Dead-Stream": delivery.stream,
        "Dead-Seq": str(delivery.seq),
        "Dead-Subject": delivery.subject,
        "Dead-Attempts": str(delivery.attempt),
        "Dead-Time": datetime.now(UTC).isoformat(),
        MSG_ID: derived_id(f"{delivery.stream}/{delivery.seq}", "dead", service),
    }
    if (trace := telemetry.trace_id()) is not None:
        headers["Dead-Trace"] = trace
    if (original := delivery.headers.get(MSG_ID)) is not None:
        headers["Dead-Msg-Id"] = original
    return OutMessage(
        dead_subject(service, conversation_in(delivery.subject) or "unknown"), headers, delivery.data
    )


def handover(service: str, delivery: Delivery) -> OutMessage | None:
    """The request that a person looks after the customer whose event died; None where that makes no sense."""
    conversation = conversation_in(delivery.subject)
    name = event_name_in(delivery.subject)
    if conversation is None or name in {"unknown", HandoverRequested.name}:
        return None
    # a message that could not be mirrored is answered all the same: the customer notices nothing
    answering = service != CHATWOOT_SYNC.name
    event: Event = HandoverRequested.of(
        f"{delivery.stream}/{delivery.seq}",
        conversation,
        ordinal=service,
        reason="processing_error",
        priority="high",
        summary=f"Een bericht kon niet automatisch worden verwerkt ({service}).",
        requested_by=service,
        notice=answering and name in _LEADING_TO_A_REPLY,
        answers=messages_in(delivery) if answering else (),
    )
    return OutMessage(subject_of(event), headers_of(event, service, telemetry.traceparent()), event.to_json())
