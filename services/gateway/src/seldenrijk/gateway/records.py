"""The events that tell what became of a reply; every id follows from the reply's."""

from datetime import datetime

from seldenrijk.chassis import Timer
from seldenrijk.contracts import (
    DeliveryDue,
    HandoverRequested,
    ReplyFailed,
    ReplySent,
    ReplySuppressed,
)
from seldenrijk.contracts.messages import HandoverReason
from seldenrijk.contracts.replies import SuppressionReason

from .ledger import Entry, Part, text_of


def sent(entry: Entry, part: Part, sid: str, conversation: str) -> ReplySent:
    """The channel has accepted this part."""
    number = entry.parts.index(part) + 1
    return ReplySent.of(
        entry.reply_id,
        conversation,
        ordinal=f"sent/{number}",
        reply_id=entry.reply_id,
        author=entry.author,
        purpose=entry.purpose,
        text=part.text,
        media=(part.media,) if part.media else (),
        answers=entry.answers,
        channel_message_id=sid,
        part=number,
        parts=len(entry.parts),
        chatwoot_message_id=entry.chatwoot_message_id,
    )


def failed(
    entry: Entry, code: int | None, reason: str, conversation: str, uncertain: bool = False
) -> ReplyFailed:
    """The reply will not be delivered, or (``uncertain``) nobody can know."""
    return ReplyFailed.of(
        entry.reply_id,
        conversation,
        reply_id=entry.reply_id,
        author=entry.author,
        code=code,
        reason_nl=reason,
        uncertain=uncertain,
        text=text_of(entry),
        answers=entry.answers,
        chatwoot_message_id=entry.chatwoot_message_id,
    )


def suppressed(entry: Entry, reason: SuppressionReason, conversation: str) -> ReplySuppressed:
    """The reply is not sent, and why."""
    return ReplySuppressed.of(
        entry.reply_id,
        conversation,
        reply_id=entry.reply_id,
        author=entry.author,
        reason=reason,
        answers=entry.answers,
        chatwoot_message_id=entry.chatwoot_message_id,
    )


def handover(entry: Entry, reason: HandoverReason, summary: str, conversation: str) -> HandoverRequested:
    """A person must look at it."""
    return HandoverRequested.of(
        entry.reply_id,
        conversation,
        reason=reason,
        priority="high",
        summary=summary,
        requested_by="gateway",
        notice=False,
        answers=entry.answers,
    )


def due(entry: Entry, action: str, number: int, at: datetime, conversation: str) -> Timer:
    """A planned second look at a reply."""
    event = DeliveryDue.of(
        entry.reply_id,
        conversation,
        ordinal=f"{action}/{number}/{at.isoformat()}",
        reply_id=entry.reply_id,
        action=action,
        attempt=number,
    )
    return Timer(event, at, key=f"{action}-{entry.reply_id}")
