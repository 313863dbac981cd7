"""The customers' side: what they send goes into the message log and out as a signed webhook."""

import base64
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from .inbound import MEDIA_KINDS, CustomerMessage, Upload, attachments, parameters
from .model import Message, new_sid
from .sender import Outcome

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

SAMPLES = {
    "image": ("foto.jpg", "image/jpeg"),
    "audio": ("spraakbericht.ogg", "audio/ogg"),
    "video": ("video.mp4", "video/mp4"),
    "document": ("kentekenbewijs.pdf", "application/pdf"),
    "contacts": ("contact.vcf", "text/vcard"),
    "sticker": ("sticker.webp", "image/webp"),
}


@cache
def sample(kind: str) -> Upload:
    """A small real file of the kind."""
    name, content_type = SAMPLES[kind]
    data = (files(__package__) / "samples" / name).read_bytes()
    return Upload(content_type=content_type, data=base64.b64encode(data), filename=name)


async def send(world: "World", said: CustomerMessage) -> tuple[Message, Outcome]:
    """Record the message, then deliver the webhook; the outcome is the webhook's."""
    message = record(world, said)
    return message, await deliver(world, message)


def record(world: "World", said: CustomerMessage) -> Message:
    """The message as Twilio has received it, whether or not any webhook ever arrives."""
    store, now = world.twilio, world.clock.now()
    customer = store.customer(said.customer)
    customer.last_inbound = now
    customer.profile_name = said.profile_name or customer.profile_name
    if said.sid and said.sid in store.messages:
        return store.messages[said.sid]
    sid = said.sid or new_sid("MM" if said.kind in MEDIA_KINDS else "SM")
    message = Message(
        sid=sid,
        direction="inbound",
        from_=said.customer,
        to=world.settings.business_number,
        body=said.body,
        status="received",
        created=now,
        updated=now,
        sent=now,
        kind=said.kind,
        reply_to=said.reply_to,
        details=said.details,
        media=attachments(said, sid, sample(said.kind) if said.kind in MEDIA_KINDS else None),
    )
    for item in message.media:
        item.created = now
    settings = world.settings
    message.params = parameters(said, message, settings.account_sid, customer.profile_name, settings.url)
    store.add(message)
    world.journal.add("twilio.inbound", **message.as_dict())
    return message


async def deliver(world: "World", message: Message) -> Outcome:
    """Send (or send again) the webhook of a recorded message."""
    url = world.settings.webhook_signed_url
    about = f"{message.from_} {message.sid} {message.body}"
    outcome = await world.sender.deliver("webhook", url, message.params, about)
    line = {
        "webhook": True,
        "status": outcome.status,
        "tries": outcome.tries,
        "seconds": round(outcome.seconds, 4),
        "error": outcome.error,
    }
    message.deliveries.append(line)
    world.journal.add("twilio.webhook", sid=message.sid, customer=message.from_, **line)
    for text in world.sender.spoken(outcome, message):
        _said_by_twiml(world, message, text)
    return outcome


def _said_by_twiml(world: "World", cause: Message, text: str) -> None:
    now = world.clock.now()
    message = Message(
        sid=new_sid("SM"),
        direction="outbound-reply",
        from_=cause.to,
        to=cause.from_,
        body=text,
        status="delivered",
        created=now,
        updated=now,
        sent=now,
    )
    world.twilio.add(message)
    world.journal.add("twilio.send", **message.as_dict())
