"""What becomes of an accepted message: its statuses, and the callbacks that report them."""

import asyncio
from typing import TYPE_CHECKING

from seldenrijk.sandbox.faults import Fault

from .model import Message

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

API_VERSION = "2010-04-01"


async def progress(world: "World", message: Message, failing: Fault | None) -> None:
    """Bring a queued message to its end, reporting each step to its StatusCallback."""
    code = failing.code if failing else _refusal(world, message)
    settings = world.settings
    await asyncio.sleep(settings.sent_after)
    if code is not None:
        message.error_code = code
        await report(world, message, "failed" if failing and failing.after else "undelivered")
        return
    await report(world, message, "sent")
    customer = world.twilio.customer(message.to)
    if customer.offline:
        return
    await asyncio.sleep(settings.delivered_after)
    await report(world, message, "delivered")
    if customer.read_receipts:
        await asyncio.sleep(settings.read_after)
        await report(world, message, "read")


def _refusal(world: "World", message: Message) -> int | None:
    """The error that WhatsApp itself would report later on."""
    customer = world.twilio.customer(message.to)
    if customer.blocked:
        return 63014
    closed = world.settings.enforce_window and not world.twilio.window_open(message.to)
    return 63016 if closed and message.content_sid is None else None


async def report(world: "World", message: Message, status: str) -> None:
    """Set the status and post the callback; the next step does not wait for a slow or lost one."""
    message.status = status
    message.updated = world.clock.now()
    if status == "sent":
        message.sent = message.updated
    world.journal.add(
        "twilio.status", sid=message.sid, customer=message.customer, status=status, code=message.error_code
    )
    if message.status_callback:
        posting = _post(world, message, status, message.status_callback)
        await asyncio.wait({world.tasks.start(posting)}, timeout=0.5)


async def _post(world: "World", message: Message, status: str, url: str) -> None:
    params = callback_params(message, world.settings.account_sid, status)
    outcome = await world.sender.deliver("callback", url, params, f"{message.customer} {status}")
    message.deliveries.append({"callback": status, "status": outcome.status, "error": outcome.error})
    if outcome.status is None or outcome.status >= 400:
        what = f"status callback {status} answered {outcome.status or outcome.error}"
        world.twilio.note(11200, what, message.sid)


def callback_params(message: Message, account: str, status: str) -> list[tuple[str, str]]:
    """The form of a WhatsApp status callback."""
    params = [
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("AccountSid", account),
        ("From", message.from_),
        ("To", message.to),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("ApiVersion", API_VERSION),
        ("ChannelPrefix", "whatsapp"),
        ("ChannelInstallSid", "XE" + "0" * 32),
    ]
    if status == "read":
        params.append(("EventType", "READ"))
    if status in ("failed", "undelivered") and message.error_code:
        params += [("ErrorCode", str(message.error_code)), ("ChannelStatusMessage", "Message not delivered")]
    return params
