"""The ordered step: decided once, published always, put back or buried when it must be."""

import os
from collections.abc import AsyncIterator, Callable

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from seldenrijk.chassis import Context, Outcome, Reject, Retry
from seldenrijk.chassis.bus import OutMessage, Stored
from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.chassis.envelope import decode
from seldenrijk.chassis.errors import BusUnavailable, Conflict
from seldenrijk.chassis.lanes import Lanes
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import (
    ConversationTakenOver,
    Event,
    HandoverRequested,
    ReplySuppressed,
    conversation_of,
    parse,
    partition_of,
)
from seldenrijk.contracts.topology import DEAD_STREAM, RESPONDER, STREAM


class Counting(BaseModel):
    count: int = 0


class Fixture:
    """A lane of the responder over a bus in memory, with a handler that each test chooses."""

    def __init__(self, bus: MemoryBus) -> None:
        self.bus = bus
        self.conversation = conversation_of(os.urandom(8).hex(), b"key")
        self.calls: list[Event] = []
        self.behaviour: Callable[[Event, Counting], Outcome[Counting]] = self.count_and_say

    def count_and_say(self, event: Event, state: Counting) -> Outcome[Counting]:
        said = ReplySuppressed.of(event.id, event.conversation, reason="empty")
        return Outcome(Counting(count=state.count + 1), events=(said,))

    async def handle(self, event: Event, state: Counting, context: Context[Counting]) -> Outcome[Counting]:
        if isinstance(event, HandoverRequested):
            return Outcome(state)
        self.calls.append(event)
        return self.behaviour(event, state)

    async def open(self) -> None:
        lanes = Lanes(self.bus, RESPONDER, Counting, self.handle, ChassisMetrics("test", CollectorRegistry()))
        durable = RESPONDER.durable(partition_of(self.conversation))
        await self.bus.pull(STREAM, durable, lanes, 100)

    async def publish(self, ordinal: int = 0) -> Event:
        event = ConversationTakenOver.of(self.conversation, self.conversation, ordinal=ordinal, by="message")
        await self.bus.publish(event_message("test", event))
        return event

    async def state(self) -> Counting:
        entry = await self.bus.get(RESPONDER.bucket, self.conversation)
        return decode(entry.value, entry.revision, Counting).state if entry else Counting()

    def said(self) -> list[Event]:
        events = [parse(m.subject, m.data) for m in self.bus.messages()]
        return [e for e in events if isinstance(e, ReplySuppressed | HandoverRequested)]

    def dead(self) -> list[OutMessage]:
        return self.bus.messages(DEAD_STREAM)


@pytest.fixture
async def lane() -> AsyncIterator[Fixture]:
    bus = MemoryBus()
    yield Fixture(bus)
    await bus.close()


async def settle(lane: Fixture, done: Callable[[], object]) -> None:
    import asyncio

    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)


async def test_an_event_is_decided_once_and_its_events_are_published(lane: Fixture) -> None:
    await lane.open()
    await lane.publish()
    await settle(lane, lane.said)
    assert (await lane.state()).count == 1
    assert len(lane.said()) == 1


async def test_a_redelivery_after_a_lost_publish_says_the_same_and_decides_nothing(lane: Fixture) -> None:
    class Flaky(MemoryBus):
        failures = 2

        async def publish(self, message: OutMessage, wait: float = 5.0) -> Stored:
            if message.subject.startswith("reply.") and self.failures:
                self.failures -= 1
                raise BusUnavailable("no answer from NATS within 5 s")
            return await super().publish(message, wait)

    lane.bus = Flaky()
    await lane.open()
    await lane.publish()
    await settle(lane, lane.said)
    assert len(lane.calls) == 1
    assert (await lane.state()).count == 1
    assert len(lane.said()) == 1


async def test_the_same_event_long_after_the_window_is_dropped(lane: Fixture) -> None:
    await lane.open()
    event = await lane.publish()
    await settle(lane, lane.said)
    lane.bus._ids.clear()
    await lane.bus.publish(event_message("test", event))
    await lane.publish(ordinal=2)
    await settle(lane, lambda: len(lane.said()) == 2)
    assert (await lane.state()).count == 2


async def test_a_contended_state_is_decided_again_on_what_is_there(lane: Fixture) -> None:
    class Contended(MemoryBus):
        conflicts = 3

        async def put(self, bucket: str, key: str, value: bytes, revision: int) -> int:
            if self.conflicts:
                self.conflicts -= 1
                raise Conflict("written by another")
            return await super().put(bucket, key, value, revision)

    lane.bus = Contended()
    await lane.open()
    await lane.publish()
    await settle(lane, lane.said)
    assert (await lane.state()).count == 1


async def test_retry_comes_again_and_keeps_the_order(lane: Fixture) -> None:
    def not_yet(event: Event, state: Counting) -> Outcome[Counting]:
        if len(lane.calls) < 3:
            raise Retry("not yet", after=0.02)
        return lane.count_and_say(event, state)

    lane.behaviour = not_yet
    await lane.open()
    first, second = await lane.publish(1), await lane.publish(2)
    await settle(lane, lambda: len(lane.said()) == 2)
    assert [e.id for e in lane.calls] == [first.id] * 3 + [second.id]


async def test_rejected_events_are_buried_and_a_person_is_asked(lane: Fixture) -> None:
    def never(event: Event, state: Counting) -> Outcome[Counting]:
        raise Reject("makes no sense")

    lane.behaviour = never
    await lane.open()
    event = await lane.publish()
    await settle(lane, lane.dead)
    [letter] = lane.dead()
    assert letter.headers["Dead-Reason"] == "makes no sense"
    assert letter.headers["Dead-Kind"] == "rejected"
    assert letter.headers["Dead-Service"] == "responder"
    assert letter.headers["ce-id"] == event.id
    assert letter.data == event.to_json()
    [request] = lane.said()
    assert isinstance(request, HandoverRequested)
    assert request.reason == "processing_error"


async def test_an_expired_retry_is_buried(lane: Fixture) -> None:
    def never(event: Event, state: Counting) -> Outcome[Counting]:
        raise Retry("for ever", after=0.01, give_up_after=0.05)

    lane.behaviour = never
    await lane.open()
    await lane.publish()
    await settle(lane, lane.dead)
    assert lane.dead()[0].headers["Dead-Kind"] == "expired"


async def test_a_bug_is_tried_again_and_then_buried_without_quoting_anyone(
    lane: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seldenrijk.chassis.lanes.BUG_DELAYS", (0.01, 0.01))

    def broken(event: Event, state: Counting) -> Outcome[Counting]:
        raise ZeroDivisionError("the customer wrote: my number is +31612345678")

    lane.behaviour = broken
    await lane.open()
    await lane.publish()
    await settle(lane, lane.dead)
    [letter] = lane.dead()
    assert len(lane.calls) == 3
    assert letter.headers["Dead-Kind"] == "bug"
    assert "ZeroDivisionError in broken" in letter.headers["Dead-Reason"]
    assert "31612345678" not in str(letter.headers)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'{"type":"reply.due.v1"}', b"null"])
async def test_garbage_is_buried_and_stops_nobody(lane: Fixture, body: bytes) -> None:
    await lane.open()
    good = ConversationTakenOver.of("x", lane.conversation, by="message")
    subject = event_message("test", good).subject
    await lane.bus.publish(OutMessage(subject, {}, body))
    await lane.publish()
    await settle(lane, lambda: len(lane.calls) == 1)
    [letter] = lane.dead()
    assert letter.headers["Dead-Kind"] == "bad_event"
    assert letter.headers["Dead-Subject"] == subject
    assert letter.data == body


async def test_a_checkpoint_is_seen_by_the_next_attempt(lane: Fixture) -> None:
    async def crash_after_checkpoint(
        event: Event, state: Counting, context: Context[Counting]
    ) -> Outcome[Counting]:
        lane.calls.append(event)
        if state.count == 0:
            await context.checkpoint(Counting(count=7))
            raise Retry("crashed here", after=0.01)
        return Outcome(Counting(count=state.count + 1))

    lane.handle = crash_after_checkpoint  # type: ignore[method-assign]
    await lane.open()
    await lane.publish()
    await settle(lane, lambda: len(lane.calls) == 2)
    assert (await lane.state()).count == 8


async def test_what_was_said_before_a_checkpoint_survives_a_crash_after_it(lane: Fixture) -> None:
    async def crash_after_checkpoint(
        event: Event, state: Counting, context: Context[Counting]
    ) -> Outcome[Counting]:
        lane.calls.append(event)
        if state.count == 0:
            said = ReplySuppressed.of(event.id, event.conversation, reason="empty")
            await context.checkpoint(Outcome(Counting(count=7), events=(said,)))
            raise Retry("crashed here", after=0.01)
        return Outcome(state)

    lane.handle = crash_after_checkpoint  # type: ignore[method-assign]
    await lane.open()
    await lane.publish()
    await settle(lane, lambda: len(lane.calls) == 2)
    assert len(lane.said()) == 1
    entry = await lane.bus.get(RESPONDER.bucket, lane.conversation)
    assert entry is not None
    assert decode(entry.value, entry.revision, Counting).pending == ()


async def test_a_conversation_that_fails_again_and_again_holds_up_its_lane_only_once(
    lane: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seldenrijk.chassis.lanes.BUG_DELAYS", (0.01, 0.01))

    def broken(event: Event, state: Counting) -> Outcome[Counting]:
        raise ZeroDivisionError

    lane.behaviour = broken
    await lane.open()
    for ordinal in range(5):
        await lane.publish(ordinal)
    await settle(lane, lambda: len(lane.dead()) == 5)
    assert len(lane.calls) == 3 + 4


async def test_a_redriven_event_is_handled_by_the_service_it_is_meant_for_alone(lane: Fixture) -> None:
    await lane.open()
    event = ConversationTakenOver.of("x", lane.conversation, by="message")
    message = event_message("test", event)
    for service, id_ in (("router", "a"), ("responder", "b"), ("responder", "c")):
        headers = message.headers | {"Redrive-For": service, "Nats-Msg-Id": id_}
        await lane.bus.publish(OutMessage(message.subject, headers, message.data))
    await settle(lane, lane.said)
    assert [e.id for e in lane.calls] == [event.id]


async def test_what_changes_nothing_is_not_written(lane: Fixture) -> None:
    lane.behaviour = lambda _, state: Outcome(state)
    await lane.open()
    await lane.publish()
    await settle(lane, lambda: lane.calls)
    assert await lane.bus.get(RESPONDER.bucket, lane.conversation) is None
