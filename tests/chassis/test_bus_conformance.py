"""What the chassis relies on, held by the real bus and by its twin in memory alike."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from seldenrijk.chassis import BusUnavailable, Conflict, Timer
from seldenrijk.chassis.bus import Bus, Delivery, OutMessage
from seldenrijk.chassis.bus.names import MSG_ID, due_durable, jobs_durable
from seldenrijk.chassis.outgoing import event_message, job_message, timer_message
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    Event,
    ReplyDue,
    ReplyRequested,
    conversation_of,
    partition_of,
)
from seldenrijk.contracts.topology import RESPONDER, STREAM

pytestmark = pytest.mark.integration


def new_conversation() -> str:
    return conversation_of(os.urandom(8).hex(), b"key")


def taken(conversation: str, ordinal: int = 0) -> Event:
    return ConversationTakenOver.of(conversation, conversation, ordinal=ordinal, by="message")


async def until(check: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not check():
            await asyncio.sleep(0.01)


class Taker:
    """Collects the deliveries of one conversation; everything else is acknowledged and forgotten."""

    def __init__(self, conversation: str, then: Callable[[Delivery], Awaitable[None]] | None = None) -> None:
        self.conversation = conversation
        self.got: list[Delivery] = []
        self._then = then

    async def __call__(self, delivery: Delivery) -> None:
        if not delivery.subject.endswith(self.conversation):
            await delivery.ack()
            return
        self.got.append(delivery)
        await (self._then(delivery) if self._then else delivery.ack())


async def test_publishing_twice_with_one_id_stores_once(bus: Bus) -> None:
    message = event_message("test", taken(new_conversation()))
    first = await bus.publish(message)
    second = await bus.publish(message)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.seq == second.seq


async def test_a_subject_without_a_stream_is_an_error_at_once(bus: Bus) -> None:
    with pytest.raises(BusUnavailable):
        await bus.publish(OutMessage("nowhere.at.all", {MSG_ID: "1"}, b""))


async def test_compare_and_set(bus: Bus) -> None:
    key = new_conversation()
    assert await bus.get("responder-state", key) is None
    first = await bus.put("responder-state", key, b"one", 0)
    with pytest.raises(Conflict):
        await bus.put("responder-state", key, b"other", 0)
    second = await bus.put("responder-state", key, b"two", first)
    with pytest.raises(Conflict):
        await bus.put("responder-state", key, b"three", first)
    entry = await bus.get("responder-state", key)
    assert entry is not None
    assert (entry.value, entry.revision) == (b"two", second)


async def test_a_lane_delivers_one_at_a_time_in_order(bus: Bus) -> None:
    conversation = new_conversation()
    running, most = 0, 0

    async def slowly(delivery: Delivery) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        await delivery.ack()

    taker = Taker(conversation, slowly)
    pull = await bus.pull(STREAM, RESPONDER.durable(partition_of(conversation)), taker, 100)
    sent = [taken(conversation, ordinal=n) for n in range(8)]
    for event in sent:
        await bus.publish(event_message("test", event))
    await until(lambda: len(taker.got) == 8)
    await pull.stop()
    assert [d.headers["ce-id"] for d in taker.got] == [e.id for e in sent]
    assert most == 1


async def test_a_message_put_back_comes_again_before_its_successor(bus: Bus) -> None:
    conversation = new_conversation()

    async def refuse_first(delivery: Delivery) -> None:
        await (delivery.nak(0.2) if len(taker.got) == 1 else delivery.ack())

    taker = Taker(conversation, refuse_first)
    pull = await bus.pull(STREAM, RESPONDER.durable(partition_of(conversation)), taker, 100)
    first, second = taken(conversation), ConversationReleased.of(conversation, conversation)
    await bus.publish(event_message("test", first))
    await bus.publish(event_message("test", second))
    await until(lambda: len(taker.got) == 3)
    await pull.stop()
    assert [(d.headers["ce-id"], d.attempt) for d in taker.got] == [
        (first.id, 1),
        (first.id, 2),
        (second.id, 1),
    ]


async def test_a_paused_pull_leaves_messages_with_the_server(bus: Bus) -> None:
    conversation = new_conversation()
    taker = Taker(conversation)
    job = ReplyRequested.of(conversation, conversation, version=1, messages=())
    pull = await bus.pull(RESPONDER.jobs_stream, jobs_durable(RESPONDER), taker, 10)
    pull.pause()
    await asyncio.sleep(5.2 if type(bus).__name__ == "JetStreamBus" else 0.05)
    await bus.publish(job_message("responder", job))
    await asyncio.sleep(0.3)
    assert taker.got == []
    pull.resume()
    await until(lambda: len(taker.got) == 1)
    await pull.stop()


async def test_jobs_run_at_once_up_to_the_limit(bus: Bus) -> None:
    conversation = new_conversation()
    running, most = 0, 0

    async def slowly(delivery: Delivery) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2)
        running -= 1
        await delivery.ack()

    taker = Taker(conversation, slowly)
    for n in range(6):
        job = ReplyRequested.of(conversation, conversation, ordinal=n, version=n, messages=())
        await bus.publish(job_message("responder", job))
    pull = await bus.pull(RESPONDER.jobs_stream, jobs_durable(RESPONDER), taker, 3)
    await until(lambda: len(taker.got) == 6)
    await pull.stop()
    assert most == 3


async def test_a_later_timer_replaces_the_pending_one(bus: Bus) -> None:
    conversation = new_conversation()
    taker = Taker(conversation)
    pull = await bus.pull(RESPONDER.timers_stream, due_durable(RESPONDER), taker, 10)
    start = datetime.now(UTC)
    for version, delay in ((1, 0.3), (2, 0.6)):
        event = ReplyDue.of(f"{conversation}{version}", conversation, version=version)
        await bus.publish(timer_message("responder", Timer(event, start + timedelta(seconds=delay))))
    await until(lambda: taker.got)
    await asyncio.sleep(0.4)
    await pull.stop()
    assert [ReplyDue.model_validate_json(d.data).version for d in taker.got] == [2]
    assert datetime.now(UTC) - start >= timedelta(seconds=0.6)


async def test_the_latest_message_on_a_subject(bus: Bus) -> None:
    conversation = new_conversation()
    subject = event_message("test", taken(conversation)).subject
    assert await bus.latest(STREAM, subject) is None
    await bus.publish(event_message("test", taken(conversation, ordinal=1)))
    last = await bus.publish(event_message("test", taken(conversation, ordinal=2)))
    found = await bus.latest(STREAM, subject)
    assert found is not None
    assert found[0] == last.seq
