"""The ledger of replies: what was planned, what is being sent, what became of it.

It is the gateway's state of a conversation. ``sending`` is on disk before Twilio is called, so a
crash in between is seen afterwards as ``unknown`` and never repeated blindly.
"""

from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel

from seldenrijk.contracts import Media, ReplyComposed, derived_id
from seldenrijk.contracts.replies import Author, Purpose

from .split import split

PartStatus = Literal["planned", "sending", "sent", "rejected", "unknown"]
SIDS: Final = 100
"""Inbound message ids remembered: a webhook or a repair that comes again weeks later is known."""
KEPT: Final = 20
"""Finished replies remembered for each conversation (status callbacks come within days)."""
OPEN: Final[frozenset[PartStatus]] = frozenset({"planned", "sending", "unknown"})
RANKS: Final = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "read": 5,
}
TERMINAL: Final = frozenset({"failed", "undelivered", "canceled"})


class Part(BaseModel):
    """One message of a reply. ``tries`` counts attempts; each has an id of its own."""

    text: str = ""
    media: Media | None = None
    status: PartStatus = "planned"
    attempt: str | None = None
    tries: int = 0
    started: AwareDatetime | None = None
    sid: str | None = None
    rank: int = -1
    code: int | None = None


class Entry(BaseModel):
    """One reply and its parts, in order. ``retry_at``: Twilio asked for patience until then."""

    reply_id: str
    author: Author
    purpose: Purpose = "answer"
    answers: tuple[str, ...] = ()
    chatwoot_message_id: int | None = None
    expires_at: AwareDatetime | None = None
    parts: list[Part]
    retry_at: AwareDatetime | None = None
    checks: int = 0
    closed: bool = False

    def next_part(self) -> Part | None:
        """The part to send now: the first that isn't accepted yet, unless its fate is unknown."""
        if self.closed:
            return None
        waiting = next((p for p in self.parts if p.status != "sent"), None)
        return waiting if waiting is not None and waiting.status == "planned" else None

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be done."""
        return self.closed or all(p.status == "sent" for p in self.parts)


class GatewayState(BaseModel):
    """What the gateway remembers of a conversation."""

    address: str | None = None
    last_inbound: AwareDatetime | None = None
    taken_over: bool = False
    taken_by: Literal["message", "assignment", "status"] | None = None
    opted_out: bool = False
    blocked: bool = False
    sids: tuple[str, ...] = ()
    unanswered: dict[str, AwareDatetime] = {}
    entries: list[Entry] = []

    def entry(self, reply_id: str) -> Entry | None:
        """A reply by its id."""
        return next((e for e in self.entries if e.reply_id == reply_id), None)

    def part_of(self, attempt: str | None, sid: str) -> tuple[Entry, Part] | None:
        """The part that a status report speaks of."""
        for entry in self.entries:
            for part in entry.parts:
                if (attempt and part.attempt == attempt) or part.sid == sid:
                    return entry, part
        return None

    def met(self, message_id: str) -> bool:
        """Whether this message has been here before; from now on it has."""
        short = message_id[-16:]
        if short in self.sids:
            return True
        self.sids = (*self.sids, short)[-SIDS:]
        return False

    def answered(self, ids: tuple[str, ...]) -> None:
        """These messages need no watchdog any more."""
        for id_ in ids:
            self.unanswered.pop(id_, None)

    def tidy(self) -> None:
        """Forget old finished replies and what the watchdog can't need any more."""
        finished = [e for e in self.entries if e.settled]
        for entry in finished[:-KEPT]:
            self.entries.remove(entry)
        for id_ in list(self.unanswered)[:-50]:
            del self.unanswered[id_]


def entry_for(event: ReplyComposed) -> Entry:
    """Plan a reply: its text in parts that fit, then its attachments; the first carries a short text."""
    parts = [Part(text=piece) for piece in split(event.text)]
    for media in event.media:
        alone = len(parts) == 1 and parts[0].media is None
        if alone:
            parts[0].media = media
        else:
            parts.append(Part(media=media))
    return Entry(
        reply_id=event.id,
        author=event.author,
        purpose=event.purpose,
        answers=event.answers,
        chatwoot_message_id=event.chatwoot_message_id,
        expires_at=event.expires_at,
        parts=parts,
    )


def begin(entry: Entry, part: Part, now: datetime) -> None:
    """Mark a part as being sent, under a new attempt id."""
    part.tries += 1
    part.status = "sending"
    part.started = now
    part.attempt = derived_id(entry.reply_id, "attempt", f"{entry.parts.index(part)}/{part.tries}")


def text_of(entry: Entry) -> str:
    """The whole text of a reply."""
    return "\n".join(part.text for part in entry.parts if part.text)


def newer(part: Part, status: str) -> bool:
    """Whether a reported status is news: ranks only rise, and a failure is final."""
    if status in TERMINAL:
        return part.rank < RANKS["read"] and part.status != "rejected"
    return RANKS.get(status, -1) > part.rank and part.status != "rejected"
