"""The checker: what went in, what came out, and whether everything in between can be explained.

A message is explained when it was answered, handed to a person, or when the reason why not is
recorded. Lost, sent twice, or out of order is a problem; an empty list of problems is "ok".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from seldenrijk.contracts import (
    Event,
    HandoverRequested,
    MessageReceived,
    ReplyComposed,
    ReplyFailed,
    ReplySuppressed,
    derived_id,
)

MAX_PARTS, MAX_TRIES = 12, 40
UNDELIVERED = frozenset({"failed", "undelivered", "canceled"})


@dataclass
class Evidence:
    """What the fake Twilio and the bus have recorded. ``events`` with their sequences, in order."""

    inbound: list[dict[str, Any]]
    sends: list[dict[str, Any]]
    events: list[tuple[int, Event]]
    dead: list[tuple[str, str, str]] = field(default_factory=list)
    """Conversation, service and kind of each dead letter."""


@dataclass
class Verdict:
    """Figures and problems."""

    inbound: int = 0
    answered: int = 0
    handed_over: int = 0
    suppressed: int = 0
    refused: int = 0
    sends: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing twice, order kept."""
        return not (self.lost or self.twice or self.disorder)

    @property
    def problems(self) -> list[str]:
        """All of them, the kind first."""
        kinds = (("lost", self.lost), ("twice", self.twice), ("disorder", self.disorder))
        return [f"{kind}: {what}" for kind, found in kinds for what in found]

    def figures(self) -> dict[str, int]:
        """For the report."""
        return {
            "inbound": self.inbound, "answered": self.answered, "handed over": self.handed_over,
            "suppressed with reason": self.suppressed, "refused at the edge": self.refused,
            "sends": self.sends, "lost": len(self.lost), "twice": len(self.twice),
            "out of order": len(self.disorder),
        }  # fmt: skip


class Index:
    """The events by what they say about messages and replies."""

    def __init__(self, events: Iterable[tuple[int, Event]]) -> None:
        self.received: dict[str, tuple[str, str]] = {}
        self.place: dict[str, int] = {}
        self.replies: dict[str, ReplyComposed] = {}
        self.order: dict[str, int] = {}
        self.why: dict[str, set[str]] = defaultdict(set)
        for seq, event in events:
            match event:
                case MessageReceived() if event.message.message_id not in self.received:
                    self.received[event.message.message_id] = (event.id, event.conversation)
                    self.place[event.id] = seq
                case ReplyComposed():
                    self.replies[event.id] = event
                    self.order.setdefault(event.id, seq)
                case ReplySuppressed():
                    self._because("suppressed", event.answers)
                case HandoverRequested():
                    self._because("handed_over", event.answers)
                case ReplyFailed():
                    self._because("failed", event.answers)
                case _:
                    pass

    def _because(self, why: str, answers: Iterable[str]) -> None:
        for answer in answers:
            self.why[answer].add(why)

    def attempts(self) -> dict[str, tuple[str, int]]:
        """Attempt id in the status callback -> reply and part (the ids are deterministic)."""
        found = {}
        for reply_id, reply in self.replies.items():
            parts = min(MAX_PARTS, 1 + len(reply.text) // 700 + len(reply.media))
            for part in range(parts):
                for number in range(1, MAX_TRIES + 1):
                    found[derived_id(reply_id, "attempt", f"{part}/{number}")] = (reply_id, part)
        return found


def check(evidence: Evidence, every: bool = True) -> Verdict:
    """Judge. ``every``: also what Twilio got no 2xx for must have been dealt with (by the repair)."""
    index = Index(evidence.events)
    verdict = Verdict(inbound=len(evidence.inbound), sends=len(evidence.sends))
    sent = _sent(evidence, index, verdict)
    answered_by: dict[str, set[str]] = defaultdict(set)
    for reply_id in {reply_id for reply_id, _ in sent}:
        for answer in index.replies[reply_id].answers:
            answered_by[answer].add(reply_id)
    dead = {conversation for conversation, _, _ in evidence.dead}
    for message in evidence.inbound:
        _explain(message, index, answered_by, dead, every, verdict)
    verdict.twice += _answered_twice(index, answered_by)
    verdict.disorder += list(_disorder(sent, index))
    return verdict


def _sent(evidence: Evidence, index: Index, verdict: Verdict) -> list[tuple[str, int]]:
    """Reply and part of every accepted send, in Twilio's order; repetitions are noted."""
    attempts = index.attempts()
    delivered: Counter[tuple[str, int]] = Counter()
    found = []
    for send in evidence.sends:
        what = attempts.get(send["attempt"] or "")
        if what is None:
            verdict.twice.append(f"a send {send['sid']} that no reply asked for")
            continue
        found.append(what)
        delivered[what] += send["status"] not in UNDELIVERED
    verdict.twice += [f"part {part} of reply {reply} sent {n} times"
                      for (reply, part), n in delivered.items() if n > 1]  # fmt: skip
    return found


def _explain(
    message: dict[str, Any], index: Index, answered_by: dict[str, set[str]], dead: set[str], every: bool,
    verdict: Verdict,
) -> None:  # fmt: skip
    accepted = any(status and 200 <= status < 300 for status in message["answers"])
    known = index.received.get(message["sid"])
    if known is None:
        if accepted or every:
            verdict.lost.append(f"{message['sid']} ({'2xx' if accepted else 'never accepted'}) not stored")
        else:
            verdict.refused += 1
        return
    event_id, conversation = known
    why = index.why.get(event_id, set())
    if answered_by.get(event_id):
        verdict.answered += 1
    elif "handed_over" in why or conversation in dead:
        verdict.handed_over += 1
    elif why:
        verdict.suppressed += 1
    else:
        verdict.lost.append(f"{message['sid']} stored, never answered nor explained")


def _answered_twice(index: Index, answered_by: dict[str, set[str]]) -> Iterator[str]:
    for event_id, replies in answered_by.items():
        answers = [r for r in replies if index.replies[r].purpose == "answer"]
        if len(answers) > 1:
            yield f"message {event_id} answered by {len(answers)} replies"


def _disorder(sent: list[tuple[str, int]], index: Index) -> Iterator[str]:
    """Replies of a conversation leave in the order in which they were composed, and answer in order."""
    last: dict[str, tuple[int, int]] = {}
    newest: dict[str, int] = {}
    for reply_id, part in sent:
        reply = index.replies[reply_id]
        here = (index.order[reply_id], part)
        if here < last.get(reply.conversation, here):
            yield f"reply {reply_id} left after a later one"
        last[reply.conversation] = here
        places = [index.place[a] for a in reply.answers if a in index.place]
        if reply.purpose != "answer" or not places:
            continue
        if min(places) < newest.get(reply.conversation, 0):
            yield f"reply {reply_id} answers an older message than the one before it"
        newest[reply.conversation] = max(places)
