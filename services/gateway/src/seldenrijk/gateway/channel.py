"""The port to a WhatsApp channel, and what may come of sending: accepted, refused, unknown."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal, Protocol

NOT_CONNECTED: Final = -1
"""Stands for an error code where no connection was made, so nothing was sent."""
Action = Literal["retry", "retry_once", "never", "suppress", "alert", "wait"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. ``attempt`` comes back in every status callback of it."""

    address: str
    text: str
    attempt: str
    media_url: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel has it, under this id."""

    channel_message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel has certainly not sent it. ``retry_after`` seconds, where it asked for patience."""

    code: int
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether it was sent (no answer, or an error after the request went out)."""

    why: str


Sent = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Listed:
    """A message in the channel's own list."""

    channel_message_id: str
    text: str
    status: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with an inbound message: its address at the channel and its media type."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message in the channel's own list."""

    message_id: str
    sender: str
    recipient: str
    text: str
    sent: datetime
    attachments: tuple[Attachment, ...] = ()


class Channel(Protocol):
    """A WhatsApp channel."""

    async def send(self, message: Outgoing) -> Sent:
        """Hand over one message. Never raises for what the channel does; never tries twice."""
        ...

    async def sent_to(self, address: str, since: datetime) -> list[Listed] | None:
        """Messages of ours to an address, newest first; None when the list can't be had now."""
        ...

    async def inbound(self, since: datetime, until: datetime) -> list[Inbound] | None:
        """Customers' messages of a stretch of time; None when the list can't be had now."""
        ...

    async def reachable(self) -> bool:
        """Whether the channel answers at all; asked without consequences for anybody."""
        ...

    async def typing(self, channel_message_id: str) -> None:
        """Show that an answer is being written. Best effort."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """What to do about an error code, and how to tell the staff."""

    action: Action
    reason_nl: str


@cache
def error_rules() -> dict[int, ErrorRule]:
    """The error table (errors.toml)."""
    raw = tomllib.loads(files(__package__).joinpath("errors.toml").read_text())
    return {int(code): ErrorRule(rule["action"], rule["reason_nl"]) for code, rule in raw.items()}


def rule_for(code: int | None) -> ErrorRule:
    """The rule for a code; unknown ones are permanent and are shown with their number."""
    found = error_rules().get(code or 0)
    return found or ErrorRule(
        "never", f"Het bericht kon niet worden bezorgd (foutcode {code or 'onbekend'})."
    )
