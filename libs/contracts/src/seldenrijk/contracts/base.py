"""What every event has in common: an immutable body, deterministic ids, a conversation."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import NAMESPACE_URL, uuid5

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

NAMESPACE = uuid5(NAMESPACE_URL, "https://seldenrijk.nl/events")
ID_PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
CONVERSATION_PATTERN = r"^c[a-z2-7]{26}$"


def derived_id(cause: str, type_: str, ordinal: int | str = 0) -> str:
    """Id of the event that ``cause`` brings about: the same work done twice gives the same id.

    A UUIDv5 (RFC 9562) of the cause's id, the new event's type and an ordinal.
    """
    return str(uuid5(NAMESPACE, f"{cause}/{type_}/{ordinal}"))


class Part(BaseModel):
    """A value inside an event: frozen; unknown fields of a newer writer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Part):
    """Base of all events.

    ``id`` is also the ``Nats-Msg-Id``; ``conversation`` is the pseudonym that
    :func:`seldenrijk.contracts.identity.conversation_of` makes; ``cause`` is the id of the event
    (or the vendor's message) that brought this one about.
    """

    name: ClassVar[str]

    type: str
    id: str = Field(pattern=ID_PATTERN)
    time: AwareDatetime
    conversation: str = Field(pattern=CONVERSATION_PATTERN)
    cause: str = Field(min_length=1, max_length=200)

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type with its version, for instance ``message.received.v1``."""
        return str(cls.model_fields["type"].default)

    @classmethod
    def of(cls, cause: str, conversation: str, *, ordinal: int | str = 0, **fields: Any) -> Self:
        """Make the event that ``cause`` brings about, with its deterministic id, now."""
        fields.setdefault("time", datetime.now(UTC))
        id_ = derived_id(cause, cls.type_name(), ordinal)
        return cls(id=id_, cause=cause, conversation=conversation, **fields)

    def to_json(self) -> bytes:
        """The event as a JSON body (UTF-8)."""
        return orjson.dumps(self.model_dump(mode="json"))
