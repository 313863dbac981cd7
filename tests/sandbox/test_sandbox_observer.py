"""Looking on at a real event bus, read-only, also after it was away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest

from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts import (
    Customer,
    Event,
    Message,
    MessageReceived,
    conversation_of,
    headers_of,
    subject_of,
)
from seldenrijk.contracts.topology import FAMILIES, STREAM
from seldenrijk.sandbox.journal import Journal
from seldenrijk.sandbox.observer import CONVERSATIONS_KEPT, BusEvent, Observer, read

TO = "whatsapp:+31612345678"
TRACE = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"


def received(sid: str, text: str = "hallo", address: str = TO) -> MessageReceived:
    from datetime import UTC, datetime

    return MessageReceived.of(
        sid,
        conversation_of(address, b"key"),
        customer=Customer(address=address),
        business_address="whatsapp:+31850000000",
        message=Message(message_id=sid, text=text, received_at=datetime.now(UTC)),
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    running = NatsServer(tmp_path).start()
    yield running
    running.kill()


@pytest.fixture
async def observer(server: NatsServer) -> AsyncIterator[Observer]:
    looking = Observer(Journal())
    task = asyncio.create_task(looking.run(server.url))
    yield looking
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def publish(server: NatsServer, *events: Event, create: bool = False) -> None:
    client = await nats.connect(server.url)
    js = client.jetstream()
    if create:
        await js.add_stream(name=STREAM, subjects=[f"{family}.>" for family in FAMILIES])
    for event in events:
        await js.publish(subject_of(event), event.to_json(), headers=headers_of(event, "gateway", TRACE))
    await client.close()


async def until(observer: Observer, sid: str) -> list[BusEvent]:
    async with asyncio.timeout(30):
        while not (events := observer.after_message(sid)):
            await observer.wait(0.2)
    return events


async def connected(observer: Observer) -> None:
    async with asyncio.timeout(30):
        async for entry in observer.journal.follow(0):
            if entry is not None and entry.kind == "bus.connected":
                return


@pytest.mark.integration
async def test_events_are_seen_by_conversation(server: NatsServer, observer: Observer) -> None:
    await publish(server, received("SM0"), create=True)
    await connected(observer)
    await publish(server, received("SM1"), received("SM2"))
    (second,) = await until(observer, "SM2")
    first, _ = observer.after_message("SM1")
    assert (first.type, first.source, first.trace) == ("message.received.v1", "gateway", "ab" * 16)
    assert [event.data["message"]["message_id"] for event in (first, second)] == ["SM1", "SM2"]
    assert observer.after_message("SM0") == [], "what was said before it looked on stays unseen"
    assert observer.conversations() == {first.conversation: TO}


@pytest.mark.integration
async def test_the_bus_goes_away_and_comes_back(server: NatsServer, observer: Observer) -> None:
    await publish(server, create=True)
    await connected(observer)
    await publish(server, received("SM1"))
    await until(observer, "SM1")
    server.kill()
    server.start()
    await publish(server, received("SM2"), received("SM3"))
    await until(observer, "SM3")
    assert observer.after_message("SM2"), "what was said while it was away is seen too"


def test_garbage_is_no_event() -> None:
    assert read("message.received.1.c1", None, b"\xff{") is None
    assert read("message.received.1.c1", None, b"[]") is None
    assert read("message", None, b"{}") is None
    event = read("message.received.1.c1", {"traceparent": "nonsense"}, b'{"id": "1"}')
    assert event is not None
    assert (event.type, event.trace, event.conversation) == ("message.received", None, "c1")


async def test_memory_is_bounded_and_repeats_are_dropped() -> None:
    observer = Observer(Journal())
    for number in range(CONVERSATIONS_KEPT + 5):
        await observer.add(BusEvent(str(number), "reply.due.v1", "", f"c{number}", "", None, {}))
    await observer.add(BusEvent("x", "reply.due.v1", "", "c9", "", None, {}))
    await observer.add(BusEvent("x", "reply.due.v1", "", "c9", "", None, {}))
    assert len(observer.conversations()) == CONVERSATIONS_KEPT
    assert len(observer.events("c9")) == 2
    observer.clear()
    assert observer.conversations() == {}
