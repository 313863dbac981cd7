"""Say something as a customer, wait for the answer, and tell how it came about."""

import asyncio
import time
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .observer import BusEvent
from .twilio import customers
from .twilio.inbound import E164, CustomerMessage
from .twilio.model import Message

if TYPE_CHECKING:
    from .world import World

QUIET_WITHOUT_BUS = 0.4  # nothing tells how many parts a reply has, so a pause ends it
QUIET_WITH_BUS = 3.0
FACTS_SECONDS = 2.0
SINGLE = ("make", "model", "fuel_type", "transmission", "body_type", "color")

Outcome = Literal["answered", "handed_over", "silent", "no_answer", "not_running", "refused"]


class SayRequest(BaseModel):
    """What to say, as whom, and how long to wait (seconds)."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    text: str = Field(min_length=1, max_length=4_096)
    sender: str = Field("+31612345678", alias="from", pattern=E164)
    timeout: float = Field(15.0, gt=0, le=600)


class SayResult(BaseModel):
    """The answer and how it came about; ``explanation`` is for people."""

    reply: str | None = None
    intent: str | None = None
    confidence: float | None = None
    slots: dict[str, Any] = {}
    latency_ms: int | None = None
    trace: str | None = None
    outcome: Outcome = "answered"
    explanation: str = ""

    @classmethod
    def of(cls, extracted: BusEvent) -> "SayResult":
        """What ``preferences.extracted`` tells, of a message that got no reply of its own."""
        understanding = extracted.data.get("understanding", {})
        return cls(
            intent=understanding.get("intent"),
            confidence=understanding.get("confidence"),
            slots=plain_slots(extracted.data.get("slots", {})),
            trace=extracted.trace,
        )


async def say(world: "World", request: SayRequest) -> SayResult:
    """Send the signed webhook and wait for what comes back."""
    return await converse(world, CustomerMessage(sender=request.sender, text=request.text), request.timeout)


async def converse(world: "World", said: CustomerMessage, timeout: float) -> SayResult:
    """The same for a message of any kind."""
    started = time.monotonic()
    inbound, outcome = await customers.send(world, said)
    if outcome.status is None:
        text = f"nothing answers at {world.settings.webhook_target}: start the system with `make demo`"
        return SayResult(outcome="not_running", explanation=text)
    if outcome.status >= 400:
        text = f"the gateway refused the webhook with {outcome.status}: is its TWILIO_AUTH_TOKEN the same?"
        return SayResult(outcome="refused", explanation=text)
    parts, seconds = await _replies(world, inbound, started + timeout)
    await _facts(world, inbound.sid, started + timeout + FACTS_SECONDS)
    return _result(world, inbound.sid, parts, seconds - started, timeout)


async def _replies(world: "World", inbound: Message, deadline: float) -> tuple[list[Message], float]:
    """Messages to the customer since then, and when (monotonic) the first of them was accepted."""
    count, first, changed = 0, deadline, time.monotonic()
    while True:
        found = _since(world, inbound)
        now = time.monotonic()
        if len(found) > count:
            first = first if count else now
            count, changed = len(found), now
        if found and _complete(world, inbound.sid, found, now - changed):
            break
        if now > deadline or (not found and _silenced(world, inbound.sid)):
            break
        await asyncio.sleep(0.02)
    return found, first


def _since(world: "World", inbound: Message) -> list[Message]:
    newer = takewhile(lambda message: message.sid != inbound.sid, reversed(world.twilio.messages.values()))
    return [message for message in newer if message.to == inbound.from_][::-1]


def _silenced(world: "World", sid: str) -> bool:
    """Somebody decided that this message gets no reply."""
    event = _of(world.observer.after_message(sid), "reply.suppressed")
    return event is not None and event.data.get("reason") != "superseded"


def _complete(world: "World", sid: str, found: list[Message], quiet: float) -> bool:
    if not world.observer.connected:
        return quiet > QUIET_WITHOUT_BUS
    sids = {message.sid for message in found}
    for event in world.observer.after_message(sid):
        ours = event.type.startswith("reply.sent") and event.data.get("channel_message_id") in sids
        if ours and event.data.get("part", 1) >= event.data.get("parts", 1):
            return True
    return quiet > QUIET_WITH_BUS


async def _facts(world: "World", sid: str, deadline: float) -> None:
    """The answer may be here before the bus has shown how it came about: wait a moment for that."""
    while world.observer.connected and time.monotonic() < deadline:
        if _of(world.observer.after_message(sid), "preferences.extracted", sid):
            return
        await world.observer.wait(min(0.2, max(0.01, deadline - time.monotonic())))


def _of(events: list[BusEvent], name: str, sid: str | None = None) -> BusEvent | None:
    for event in events:
        message = event.data.get("message")
        right = sid is None or (isinstance(message, dict) and message.get("message_id") == sid)
        if event.type.startswith(name + ".") and right:
            return event
    return None


def _result(world: "World", sid: str, parts: list[Message], seconds: float, timeout: float) -> SayResult:
    events = world.observer.after_message(sid)
    routed = _of(events, "message.routed", sid)
    extracted = _of(events, "preferences.extracted", sid)
    understanding = routed.data.get("understanding", {}) if routed else {}
    outcome, why = _verdict(events, bool(parts), timeout, world.observer.connected)
    return SayResult(
        reply="\n\n".join(message.body for message in parts) or None,
        intent=understanding.get("intent"),
        confidence=understanding.get("confidence"),
        slots=plain_slots(extracted.data.get("slots", {})) if extracted else {},
        latency_ms=round(seconds * 1000) if parts else None,
        trace=events[0].trace if events else None,
        outcome=outcome,
        explanation=why,
    )


def _verdict(events: list[BusEvent], answered: bool, timeout: float, bus: bool) -> tuple[Outcome, str]:
    handover = _of(events, "handover.requested")
    if handover:
        return "handed_over", f"handed over to a person: {handover.data.get('reason', 'no reason given')}"
    if answered:
        return "answered", ""
    suppressed = _of(events, "reply.suppressed")
    if suppressed:
        return "silent", f"no reply on purpose: {suppressed.data.get('reason', 'no reason given')}"
    last = f"; the last event was {events[-1].type}" if events else ""
    hint = last if bus else "; the event bus can't be seen (NATS_URL), so there is nothing to tell why"
    return "no_answer", f"no reply within {timeout:g} s{hint}"


def plain_slots(slots: dict[str, Any]) -> dict[str, Any]:
    """Slots as people write them: only what was said, one value instead of a list of one."""
    plain: dict[str, Any] = {}
    for name, given in slots.items():
        value: Any = plain_slots(given) if isinstance(given, dict) else given
        if value is None or value in ({}, [], ()):
            continue
        alone = name in SINGLE and isinstance(value, list | tuple) and len(value) == 1
        plain[name] = value[0] if alone else value
    return plain
