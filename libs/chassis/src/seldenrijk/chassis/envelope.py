"""What is stored for a conversation: the state, how far it has come, and what it still has to say.

State, outbox and reached position are one value, written by one compare-and-set. So after a crash
either all of a decision is there or nothing of it, and a redelivery only repeats the publishing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import orjson
from pydantic import BaseModel

from .bus import Delivery, OutMessage

S = TypeVar("S", bound=BaseModel)
SEEN_LIMIT = 64
"""Ids of handled events kept for each conversation: catches repetitions older than the bus's window."""


@dataclass(frozen=True, slots=True)
class Envelope(Generic[S]):
    """A conversation's record in a service. ``revision`` 0 means: not stored yet.

    ``outbox`` is what the event at ``seq`` has to say; ``pending`` what an unfinished event had to say
    before its last checkpoint.
    """

    state: S
    revision: int = 0
    seq: int = 0
    stored_at: float = 0.0
    outbox: tuple[OutMessage, ...] = ()
    seen: tuple[str, ...] = field(default=())
    pending: tuple[OutMessage, ...] = ()

    def has_reached(self, delivery: Delivery) -> bool:
        """Whether this event's decision is already written.

        The storage time is compared too: in a stream that was made anew the sequences start again.
        """
        return delivery.seq <= self.seq and delivery.stored_at.timestamp() <= self.stored_at

    def wrote_last(self, delivery: Delivery) -> bool:
        """Whether the outbox belongs to this very event."""
        return delivery.seq == self.seq and self.has_reached(delivery)

    def advanced(
        self, state: S, delivery: Delivery, event_id: str, outbox: Iterable[OutMessage]
    ) -> "Envelope[S]":
        """The record after a decision on ``delivery``."""
        return Envelope(
            state=state,
            revision=self.revision,
            seq=delivery.seq,
            stored_at=delivery.stored_at.timestamp(),
            outbox=tuple(outbox),
            seen=(*self.seen, short(event_id))[-SEEN_LIMIT:],
        )

    def with_state(self, state: S, pending: Iterable[OutMessage] = ()) -> "Envelope[S]":
        """The record with another state and what was to be said by then (a checkpoint)."""
        return replace(self, state=state, pending=tuple(pending))


def short(event_id: str) -> str:
    """The first 64 bits of an event's id: enough to know it again within one conversation."""
    return event_id.replace("-", "")[:16]


def encode(envelope: Envelope[S]) -> bytes:
    """As JSON; defaults are left out of the state, so that idle conversations stay small."""
    record = {
        "seq": envelope.seq,
        "at": envelope.stored_at,
        "seen": envelope.seen,
        "outbox": _messages(envelope.outbox),
        "state": orjson.Fragment(envelope.state.model_dump_json(exclude_defaults=True)),
    }
    return orjson.dumps(record | ({"pending": _messages(envelope.pending)} if envelope.pending else {}))


def _messages(messages: Iterable[OutMessage]) -> list[list[object]]:
    return [[m.subject, m.headers, m.data.decode()] for m in messages]


def decode(value: bytes, revision: int, model: type[S]) -> Envelope[S]:
    """Read a stored record. Raises ValueError (pydantic's or orjson's) when it isn't one."""
    raw = orjson.loads(value)
    return Envelope(
        state=model.model_validate(raw["state"]),
        revision=revision,
        seq=raw["seq"],
        stored_at=raw["at"],
        outbox=tuple(OutMessage(s, h, d.encode()) for s, h, d in raw["outbox"]),
        seen=tuple(raw["seen"]),
        pending=tuple(OutMessage(s, h, d.encode()) for s, h, d in raw.get("pending", ())),
    )
