"""From Twilio's form to a typed message; parameters that are not known are kept as they are."""

from datetime import UTC, datetime
from typing import Final, get_args

from seldenrijk.contracts import (
    Customer,
    Location,
    Media,
    Message,
    MessageReceived,
    Referral,
    Reply,
    conversation_of,
)
from seldenrijk.contracts.messages import MessageKind

from .channel import Inbound
from .signature import Form

KINDS: Final = frozenset(get_args(MessageKind))
KNOWN: Final = frozenset(
    [
        "MessageSid",
        "SmsSid",
        "SmsMessageSid",
        "AccountSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "NumSegments",
        "ProfileName",
        "WaId",
        "SmsStatus",
        "ApiVersion",
        "MessageType",
        "ReferralNumMedia",
        "Latitude",
        "Longitude",
        "Address",
        "Label",
        "ButtonText",
        "ButtonPayload",
        "ListId",
        "ListTitle",
        "OriginalRepliedMessageSid",
        "OriginalRepliedMessageSender",
    ]
)
ALIASES: Final[dict[str, MessageKind]] = {
    "contact": "contacts",
    "voice": "audio",
    "interactive": "list_reply",
    "list-reply": "list_reply",
    "list": "list_reply",
    "media": "document",
}


class BadForm(ValueError):  # noqa: N818
    """The form is no message; ``str()`` names the parameter that is missing or wrong."""


def message_received(form: Form, key: bytes, now: datetime | None = None) -> MessageReceived:
    """The event for a verified webhook. Raises BadForm."""
    sid, sender = form.get("MessageSid") or form.get("SmsMessageSid"), form.get("From")
    if not sid or not sender:
        raise BadForm("MessageSid and From are needed")
    received = now or datetime.now(UTC)
    try:
        message = Message(
            message_id=sid[:64],
            kind=kind_of(form),
            text=words_of(form),
            media=tuple(media_of(form)),
            location=location_of(form),
            reply_to=reply_of(form),
            referral=referral_of(form),
            payload=form.get("ButtonPayload") or form.get("ListId"),
            received_at=received,
        )
        conversation = conversation_of(sender, key)
    except ValueError:
        raise BadForm("From, a coordinate or a media field is not valid") from None
    return MessageReceived.of(
        sid[:64],
        conversation,
        time=received,
        customer=customer_of(form, sender),
        business_address=form.get("To") or "",
        message=message,
        extra=extra_of(form),
    )


def message_repaired(listed: Inbound, key: bytes, now: datetime) -> MessageReceived:
    """The event for a message of the channel's list: the same id as its webhook's. Raises BadForm.

    ``received_at`` is the channel's time, ``time`` is now. The list knows less than the webhook:
    no profile name, and a location or a button is an empty text of an unknown kind.
    """
    if not listed.message_id or not listed.sender:
        raise BadForm("MessageSid and From are needed")
    kind: MessageKind = "text" if listed.text else "unknown"
    if listed.attachments:
        kind = kind_of_media(listed.attachments[0].content_type)
    number = listed.sender.removeprefix("whatsapp:").strip()
    if not number:
        raise BadForm("From names nobody")
    form = Form([("WaId", number.lstrip("+"))] if number.startswith("+") else [])
    return MessageReceived.of(
        listed.message_id[:64],
        conversation_of(listed.sender, key),
        time=now,
        customer=customer_of(form, listed.sender),
        business_address=listed.recipient,
        message=Message(
            message_id=listed.message_id[:64],
            kind=kind,
            text=listed.text,
            media=tuple(Media(url=a.url, content_type=a.content_type) for a in listed.attachments),
            received_at=listed.sent,
        ),
        source="repair",
    )


def customer_of(form: Form, sender: str) -> Customer:
    """Who wrote; a sender that is no phone number is a business-scoped user id."""
    bare = sender.removeprefix("whatsapp:")
    phone = bare if bare.startswith("+") and bare[1:].isdigit() else None
    name = form.get("ProfileName")
    return Customer(
        address=sender[:200],
        phone=phone,
        bsuid=None if phone else bare[:128],
        wa_id=form.get("WaId"),
        profile_name=name[:200] if name else None,
    )


def words_of(form: Form) -> str:
    """The customer's words: the body, or what the button or list entry said."""
    return form.get("Body") or form.get("ButtonText") or form.get("ListTitle") or ""


def kind_of(form: Form) -> MessageKind:
    """What kind of message it is: as Twilio says, else by what came with it."""
    stated = (form.get("MessageType") or "").lower()
    if (alias := ALIASES.get(stated)) is not None:
        return _list_or_button(form) if alias == "list_reply" else alias
    if stated in KINDS:
        return stated  # type: ignore[return-value]  # it is one of the literal's values
    if form.get("Latitude") and form.get("Longitude"):
        return "location"
    if form.get("ListId") or form.get("ButtonPayload") or form.get("ButtonText"):
        return _list_or_button(form)
    if small_number(form.get("NumMedia")):
        return kind_of_media(form.get("MediaContentType0") or "")
    return "text" if words_of(form) or not stated else "unknown"


def small_number(text: str | None) -> int | None:
    """A number of at most nine plain digits, or None (``str.isdigit`` takes more than ``int`` does)."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdigit() else None


def _list_or_button(form: Form) -> MessageKind:
    return "list_reply" if form.get("ListId") else "button"


def kind_of_media(content_type: str) -> MessageKind:
    """The kind of an attachment by its media type."""
    main, _, sub = content_type.partition("/")
    if main == "image":
        return "sticker" if sub == "webp" else "image"
    if main == "audio":
        return "audio"
    if main == "video":
        return "video"
    return "contacts" if sub in {"vcard", "x-vcard"} else "document"


def media_of(form: Form) -> list[Media]:
    """Attachments; WhatsApp sends one a message, Twilio's form allows ten."""
    found = []
    for n in range(min(small_number(form.get("NumMedia")) or 0, 10)):
        if url := form.get(f"MediaUrl{n}"):
            kind = form.get(f"MediaContentType{n}") or "application/octet-stream"
            found.append(Media(url=url, content_type=kind, filename=form.get("MediaFilename") or None))
    return found


def location_of(form: Form) -> Location | None:
    """The place that was shared, if any."""
    latitude, longitude = form.get("Latitude"), form.get("Longitude")
    if not latitude or not longitude:
        return None
    return Location.model_validate(
        {
            "latitude": latitude,
            "longitude": longitude,
            "address": form.get("Address"),
            "label": form.get("Label"),
        }
    )


def reply_of(form: Form) -> Reply | None:
    """The earlier message that this one answers to, if any."""
    sid = form.get("OriginalRepliedMessageSid")
    return Reply(message_id=sid, sender=form.get("OriginalRepliedMessageSender")) if sid else None


def referral_of(form: Form) -> Referral | None:
    """The advertisement that led here, if any."""
    if not (form.get("ReferralSourceUrl") or form.get("ReferralSourceId")):
        return None
    return Referral(
        source_url=form.get("ReferralSourceUrl"),
        source_id=form.get("ReferralSourceId"),
        source_type=form.get("ReferralSourceType"),
        headline=form.get("ReferralHeadline"),
        body=form.get("ReferralBody"),
    )


def extra_of(form: Form) -> dict[str, str]:
    """Parameters without a place of their own, as they came ("parameters are added without notice")."""
    found: dict[str, str] = {}
    for name in form:
        if (
            name not in KNOWN
            and not name.startswith(("MediaUrl", "MediaContentType", "Referral"))
            and len(found) < 50
        ):
            found[name[:100]] = (form.get(name) or "")[:2000]
    return found
