"""A recording said again to the system as it is now, with what has changed."""

import asyncio
import random
import re
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal

from .recordings import Recording, Turn
from .say import SayResult, converse
from .staff import StaffReply, give_back, write_as_staff
from .twilio import customers
from .twilio.inbound import CustomerMessage

if TYPE_CHECKING:
    from .chatwoot.model import Conversation
    from .world import World

REPLY_SECONDS = 20.0
LONGEST_PAUSE = 2.0  # of a burst; between turns the answer is waited for instead
STAFF_SECONDS = 10.0


@dataclass
class Compared:
    """One customer's message then and now; ``reply_diff`` are runs of words, each kept, gone or new."""

    text: str
    kind: str
    was: dict[str, Any]
    now: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    reply_diff: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Run:
    """A replay under way or done, as customer ``customer``."""

    id: str
    recording: str
    name: str
    customer: str
    state: Literal["running", "done", "failed"] = "running"
    rows: list[Compared] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass
class Exchange:
    """Customer's messages up to the answer, and the answer."""

    said: list[Turn] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    staff: list[Turn] = field(default_factory=list)


def exchanges(turns: list[Turn]) -> list[Exchange]:
    """The recording cut after each answer."""
    found = [Exchange()]
    for turn in turns:
        current = found[-1]
        answered = bool(current.replies or current.staff)
        if turn.who == "customer":
            if answered:
                found.append(Exchange())
            found[-1].said.append(turn)
        elif turn.who == "bot":
            current.replies.append(turn.text)
        else:
            current.staff.append(turn)
    return found


def new_run(recording_id: str, recording: Recording) -> Run:
    """A run as a customer that nobody has met yet."""
    number = f"whatsapp:+3168{random.randrange(10**7):07d}"  # nosec B311
    return Run(token_hex(6), recording_id, recording.name, number)


async def replay(world: "World", recording: Recording, run: Run) -> None:
    """Say it all, waiting for each answer; every step and the end are written into the journal."""
    known = any(turn.who == "bot" for turn in recording.turns)
    done = False
    try:
        for exchange in exchanges(recording.turns):
            await _say(world, run, exchange, known)
            for turn in exchange.staff:
                await _as_staff(world, run.customer, turn)
        done = True
    finally:
        run.state = "done" if done else "failed"
        world.journal.add("replay.done", run=run.id, state=run.state, customer=run.customer)


async def _say(world: "World", run: Run, exchange: Exchange, known: bool) -> None:
    if not exchange.said:
        return
    *earlier, last = exchange.said
    for turn in earlier:
        inbound, _ = await customers.send(world, _message(run, turn))
        run.rows.append(Compared(turn.text, turn.kind, _was(turn, None)))
        run.rows[-1].now = {"sid": inbound.sid}
        await asyncio.sleep(min(turn.after, LONGEST_PAUSE))
    row = Compared(last.text, last.kind, _was(last, "\n\n".join(exchange.replies) if known else None))
    run.rows.append(row)
    held = bool(exchange.staff) and not exchange.replies
    result = await converse(world, _message(run, last), 2.0 if held else REPLY_SECONDS)
    _fill_in(world, run)
    row.now |= _now(result)
    row.changed = changes(row.was, row.now)
    row.reply_diff = words(row.was.get("reply"), row.now.get("reply"))
    world.journal.add("replay.step", run=run.id, customer=run.customer, rows=len(run.rows))


def _fill_in(world: "World", run: Run) -> None:
    """What was understood of the earlier messages of a burst is known by now."""
    for row in run.rows:
        if (sid := row.now.pop("sid", None)) is None:
            continue
        for event in world.observer.after_message(sid):
            message = event.data.get("message", {})
            if event.type.startswith("preferences.extracted") and message.get("message_id") == sid:
                row.now = _now(SayResult.of(event))
                row.changed = changes(row.was, row.now)
                break


def _message(run: Run, turn: Turn) -> CustomerMessage:
    return CustomerMessage(
        sender=run.customer.removeprefix("whatsapp:"), kind=turn.kind, text=turn.text, choice=turn.choice,
        location=turn.location, profile_name="Herhaling",
    )  # fmt: skip


def _was(turn: Turn, reply: str | None) -> dict[str, Any]:
    return {"intent": turn.intent, "slots": turn.slots, "reply": reply}


def _now(result: SayResult) -> dict[str, Any]:
    return {
        "intent": result.intent,
        "slots": result.slots,
        "reply": result.reply,
        "outcome": result.outcome,
        "explanation": result.explanation,
    }


def changes(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs: ``intent``, ``slots.<name>``, ``reply``; what was not recorded cannot differ."""
    found = []
    if was["intent"] is not None and was["intent"] != now["intent"]:
        found.append("intent")
    if was["slots"] is not None:
        names = sorted(was["slots"].keys() | now["slots"].keys())
        found += [f"slots.{name}" for name in names if was["slots"].get(name) != now["slots"].get(name)]
    if was["reply"] is not None and was["reply"] != (now["reply"] or ""):
        found.append("reply")
    return found


def words(was: str | None, now: str | None) -> list[tuple[str, str]]:
    """Runs of words with ``same``, ``gone`` or ``new``."""
    old, new = (re.findall(r"\s+|[^\s]+", text or "") for text in (was, now))
    if was is None:
        return [("same", now)] if now else []
    made: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(("same", "".join(old[a:b])))
            continue
        made += [(what, "".join(part)) for what, part in (("gone", old[a:b]), ("new", new[c:d])) if part]
    return made


async def _as_staff(world: "World", customer: str, turn: Turn) -> None:
    """Answer or give back in the inbox, once the mirror has the conversation."""
    async with asyncio.timeout(STAFF_SECONDS):
        while (conversation := _conversation(world, customer)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    if turn.who == "hand_back":
        give_back(world, conversation)
    else:
        write_as_staff(world, conversation, StaffReply(text=turn.text))
    await asyncio.sleep(1.0)  # it has to travel through the webhook and the gateway


def _conversation(world: "World", customer: str) -> "Conversation | None":
    phone = customer.removeprefix("whatsapp:")
    for conversation in world.chatwoot.conversations.values():
        contact = world.chatwoot.contacts.get(conversation.contact_id)
        if contact and contact.phone_number == phone:
            return conversation
    return None
