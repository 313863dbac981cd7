"""The truth about what went in and what came out, for checkers of "once and only once"."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from .twilio.model import Message

if TYPE_CHECKING:
    from .world import World


def oracle(world: "World") -> dict[str, Any]:
    """Every inbound sid and every accepted send, oldest first.

    ``sends`` are messages that Twilio accepted, whether or not the sender got the answer; ``attempt`` is
    the id that the sender put into the StatusCallback's query.
    """
    messages = list(world.twilio.messages.values())
    inbound = [_inbound(message) for message in messages if message.direction == "inbound"]
    sends = [_send(message) for message in messages if message.direction != "inbound"]
    return {
        "now": world.clock.now().isoformat(),
        "inbound": inbound,
        "sends": sends,
        "refused": world.twilio.refused,
        "leaked_credentials": world.twilio.leaked_credentials,
        "pending": len(world.tasks),
        "repeated_attempts": repeated(send["attempt"] for send in sends if send["attempt"]),
    }


def _inbound(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "customer": message.customer,
        "time": message.created.isoformat(),
        "body": message.body,
        "kind": message.kind,
        "answers": [line["status"] for line in message.deliveries if "webhook" in line],
    }


def _send(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "to": message.to,
        "body": message.body,
        "media": [item.source_url for item in message.media],
        "time": message.created.isoformat(),
        "attempt": message.attempt,
        "status": message.status,
        "error_code": message.error_code,
        "content_sid": message.content_sid,
        "direction": message.direction,
    }


def repeated(values: Any) -> list[str]:
    """Values that occur more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
