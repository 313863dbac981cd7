"""What the stand-in remembers: messages, media, customers."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal

from seldenrijk.sandbox.clock import rfc2822

from .errors import MESSAGES

Direction = Literal["inbound", "outbound-api", "outbound-reply"]
API = "2010-04-01"


@dataclass
class MediaItem:
    """An attachment. ``content`` is kept for inbound ones; outbound ones are known by ``source_url``."""

    sid: str
    message_sid: str
    content_type: str
    content: bytes = b""
    source_url: str | None = None
    created: datetime | None = None
    filename: str | None = None


@dataclass
class Customer:
    """A phone on the other side. Times are the stand-in's clock."""

    address: str
    profile_name: str = "Klant"
    last_inbound: datetime | None = None
    joined: bool = True
    opted_out: bool = False
    blocked: bool = False
    offline: bool = False
    read_receipts: bool = True
    typing: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "address": self.address,
            "profile_name": self.profile_name,
            "last_inbound": self.last_inbound.isoformat() if self.last_inbound else None,
            "joined": self.joined,
            "opted_out": self.opted_out,
            "blocked": self.blocked,
            "offline": self.offline,
            "read_receipts": self.read_receipts,
        }


@dataclass
class Message:
    """A message of either direction."""

    sid: str
    direction: Direction
    from_: str
    to: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    media: list[MediaItem] = field(default_factory=list)
    error_code: int | None = None
    status_callback: str | None = None
    attempt: str | None = None
    content_sid: str | None = None
    messaging_service_sid: str | None = None
    kind: str = "text"
    reply_to: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    params: list[tuple[str, str]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def customer(self) -> str:
        """The customer's address, whichever side wrote."""
        return self.from_ if self.direction == "inbound" else self.to

    def as_api(self, account: str) -> dict[str, Any]:
        """The resource as Twilio's API shows it."""
        uri = f"/{API}/Accounts/{account}/Messages/{self.sid}"
        return {
            "account_sid": account,
            "api_version": API,
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": rfc2822(self.sent),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": MESSAGES.get(self.error_code) if self.error_code else None,
            "from": self.from_,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def as_dict(self) -> dict[str, Any]:
        """For the page and the control API."""
        return {
            "sid": self.sid,
            "direction": self.direction,
            "customer": self.customer,
            "from": self.from_,
            "to": self.to,
            "body": self.body,
            "kind": self.kind,
            "reply_to": self.reply_to,
            "details": self.details,
            "status": self.status,
            "error_code": self.error_code,
            "error_message": MESSAGES.get(self.error_code) if self.error_code else None,
            "time": self.created.isoformat(timespec="milliseconds"),
            "attempt": self.attempt,
            "content_sid": self.content_sid,
            "media": [
                {
                    "sid": item.sid,
                    "content_type": item.content_type,
                    "filename": item.filename,
                    "url": item.source_url or f"/api/media/{item.message_sid}/{item.sid}",
                }
                for item in self.media
            ],
            "deliveries": self.deliveries,
        }


def new_sid(prefix: str) -> str:
    """A Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + token_hex(16)
