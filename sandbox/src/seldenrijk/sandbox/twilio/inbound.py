"""A customer's message as the parameters of Twilio's webhook."""

import json
from typing import Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from .model import API, MediaItem, Message

Kind = Literal[
    "text", "image", "audio", "video", "document", "location", "contacts", "sticker", "reaction", "button",
    "list_reply",
]  # fmt: skip
MEDIA_KINDS = ("image", "audio", "video", "document", "contacts", "sticker")
E164 = r"^\+[1-9]\d{6,14}$"


class Upload(BaseModel):
    """An attachment that the customer sends; ``data`` is base64."""

    content_type: str
    data: Base64Bytes
    filename: str | None = None


class Place(BaseModel):
    """Degrees, WGS 84."""

    latitude: float = 52.3417
    longitude: float = 5.6206
    address: str | None = None
    label: str | None = None


class Choice(BaseModel):
    """A pressed button or a chosen list item."""

    text: str
    payload: str
    description: str | None = None


class Advertisement(BaseModel):
    """The click-to-WhatsApp ad that a first message came from."""

    body: str = "Onze occasions van deze week"
    headline: str = "Occasions"
    source_id: str = "120200000000000000"
    source_type: str = "ad"
    source_url: str = "https://fb.me/example"
    ctwa_clid: str = "click-id"


class CustomerMessage(BaseModel):
    """What a customer does on the phone. ``sender`` is E.164; ``address`` replaces the whole From value."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: str = Field("+31612345678", alias="from", pattern=E164)
    address: str | None = None
    kind: Kind = "text"
    text: str = Field("", max_length=4_096)
    profile_name: str | None = None
    media: Upload | None = None
    location: Place | None = None
    choice: Choice | None = None
    reply_to: str | None = None
    referral: Advertisement | None = None
    forwarded: bool = False
    sid: str | None = Field(None, pattern=r"^(SM|MM)[0-9a-f]{32}$")
    extra: dict[str, str] = {}

    @property
    def customer(self) -> str:
        """The From value."""
        return self.address or f"whatsapp:{self.sender}"

    @property
    def body(self) -> str:
        """The Body value; a pressed button carries its own text."""
        return self.text or (
            self.choice.text if self.choice and self.kind in ("button", "list_reply") else ""
        )

    @property
    def details(self) -> dict[str, Any]:
        """The place or the choice, for the page and for recordings."""
        found = {"location": self.location, "choice": self.choice}
        if self.kind == "location" and self.location is None:
            found["location"] = Place()
        return {name: value.model_dump() for name, value in found.items() if value is not None}


Pairs = list[tuple[str, str]]


def parameters(said: CustomerMessage, message: Message, account: str, profile: str, base: str) -> Pairs:
    """All parameters of the webhook, in the order in which Twilio tends to send them."""
    number = said.customer.removeprefix("whatsapp:")
    params: Pairs = [
        ("SmsMessageSid", message.sid),
        ("NumMedia", str(len(message.media))),
        ("ProfileName", profile),
        ("MessageType", _message_type(said)),
        ("SmsSid", message.sid),
        ("WaId", number.lstrip("+")),
        ("SmsStatus", "received"),
        ("Body", message.body),
        ("To", message.to),
        ("NumSegments", "1"),
        ("ReferralNumMedia", "0"),
        ("MessageSid", message.sid),
        ("AccountSid", account),
        ("ChannelMetadata", json.dumps(_metadata(profile, number))),
        ("From", message.from_),
        ("ApiVersion", API),
    ]
    if said.forwarded:
        params.append(("Forwarded", "true"))
    if said.reply_to:
        params += [
            ("OriginalRepliedMessageSid", said.reply_to),
            ("OriginalRepliedMessageSender", message.to),
        ]
    params += _media(message, account, base) + _location(said) + _choice(said) + _referral(said)
    return params + list(said.extra.items())


def _message_type(said: CustomerMessage) -> str:
    return {"list_reply": "interactive"}.get(said.kind, said.kind)


def _metadata(profile: str, number: str) -> dict[str, Any]:
    context = {"ProfileName": profile, "WaId": number.lstrip("+")}
    return {"type": "whatsapp", "data": {"context": context}}


def _media(message: Message, account: str, base: str) -> Pairs:
    params: Pairs = []
    for index, item in enumerate(message.media):
        url = f"{base}/twilio/{API}/Accounts/{account}/Messages/{message.sid}/Media/{item.sid}"
        params += [(f"MediaUrl{index}", url), (f"MediaContentType{index}", item.content_type)]
    return params


def _location(said: CustomerMessage) -> Pairs:
    if said.kind != "location":
        return []
    place = said.location or Place()
    params = [("Latitude", str(place.latitude)), ("Longitude", str(place.longitude))]
    return params + [(k, v) for k, v in (("Address", place.address), ("Label", place.label)) if v]


def _choice(said: CustomerMessage) -> Pairs:
    if said.choice is None:
        return []
    if said.kind == "list_reply":
        params = [("ListId", said.choice.payload), ("ListTitle", said.choice.text)]
        return params + ([("ListDescription", said.choice.description)] if said.choice.description else [])
    button = [("ButtonText", said.choice.text), ("ButtonPayload", said.choice.payload)]
    return [*button, ("ButtonType", "REPLY")]


def _referral(said: CustomerMessage) -> Pairs:
    if said.referral is None:
        return []
    ad = said.referral
    return [
        ("ReferralBody", ad.body),
        ("ReferralHeadline", ad.headline),
        ("ReferralSourceId", ad.source_id),
        ("ReferralSourceType", ad.source_type),
        ("ReferralSourceUrl", ad.source_url),
        ("ReferralCtwaClid", ad.ctwa_clid),
    ]


def attachments(said: CustomerMessage, message_sid: str, sample: "Upload | None") -> list[MediaItem]:
    """The media of a message: what was uploaded, else the sample of its kind."""
    upload = said.media or (sample if said.kind in MEDIA_KINDS else None)
    if upload is None:
        return []
    sid = "ME" + message_sid[2:]
    return [MediaItem(sid, message_sid, upload.content_type, upload.data, filename=upload.filename)]
