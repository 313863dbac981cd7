"""Dead letters through the operators' command, on a real server: found, sent again once, dropped, audited."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from typer.testing import CliRunner

from seldenrijk.chassis import Context, Outcome, Reject
from seldenrijk.chassis.bus import Bus, OutMessage
from seldenrijk.chassis.bus.jetstream import connect
from seldenrijk.chassis.deadletters.__main__ import app
from seldenrijk.chassis.deadletters.choice import Choice, moment
from seldenrijk.chassis.deadletters.store import Letter, opened
from seldenrijk.chassis.lanes import Lanes
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.chassis.testing import NatsServer, nats_server
from seldenrijk.contracts import (
    Customer,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    conversation_of,
    partition_of,
)
from seldenrijk.contracts.topology import ROUTER, STREAM

pytestmark = pytest.mark.integration
CONVERSATION = conversation_of("+31600000001", b"key")


class Nothing(BaseModel):
    count: int = 0


class Desk:
    """A router that rejects until it is repaired, and the command's view of what it gave up."""

    def __init__(self, server: NatsServer, bus: Bus) -> None:
        self.server, self.bus = server, bus
        self.broken = True
        self.handled: list[str] = []

    async def handle(self, event: Event, state: Nothing, context: Context[Nothing]) -> Outcome[Nothing]:
        if isinstance(event, HandoverRequested):
            return Outcome(state)
        if self.broken:
            raise Reject("the understanding is not loaded")
        self.handled.append(event.id)
        return Outcome(Nothing(count=state.count + 1))

    async def open(self) -> None:
        lanes = Lanes(self.bus, ROUTER, Nothing, self.handle, ChassisMetrics("t", CollectorRegistry()))
        await self.bus.pull(STREAM, ROUTER.durable(partition_of(CONVERSATION)), lanes, 10)

    async def receive(self, count: int) -> list[Event]:
        events: list[Event] = []
        for number in range(count):
            sid = os.urandom(16).hex()
            message = Message(message_id=f"SM{sid}", text=f"bericht {number}", received_at=datetime.now(UTC))
            customer = Customer(address="whatsapp:+31600000001")
            event = MessageReceived.of(
                message.message_id, CONVERSATION, customer=customer, business_address="x", message=message
            )
            await self.bus.publish(event_message("gateway", event))
            events.append(event)
        return events

    async def letters(self, handled: bool = True) -> list[Letter]:
        async with opened(NatsSettings(nats_url=self.server.url)) as letters:
            return Choice(handled=handled).of(await letters.all())

    async def buried(self, count: int) -> list[Letter]:
        async with asyncio.timeout(20):
            while len(found := await self.letters()) < count:
                await asyncio.sleep(0.05)
        return found

    async def command(self, *arguments: str) -> str:
        result = await asyncio.to_thread(
            CliRunner().invoke, app, arguments, env={"NATS_URL": self.server.url}
        )
        return result.output + result.stderr


@pytest.fixture
def own_server() -> Iterator[NatsServer]:
    with nats_server() as server:
        yield server


@pytest.fixture
async def desk(own_server: NatsServer) -> AsyncIterator[Desk]:
    bus = await connect(NatsSettings(nats_url=own_server.url), "router")
    desk = Desk(own_server, bus)
    await desk.open()
    yield desk
    await bus.close()


async def test_listed_and_shown_without_anybodys_words(desk: Desk) -> None:
    await desk.receive(2)
    first, _ = await desk.buried(2)
    listed = await desk.command("list")
    assert "2 dead letters" in listed
    assert "the understanding is not loaded" in listed.replace("\n", " ")
    shown = await desk.command("show", str(first.seq))
    assert "bytes (--show-body" in shown
    assert "bericht" not in listed + shown
    assert "bericht 0" in await desk.command("show", str(first.seq), "--show-body")
    assert "0 dead letters" in await desk.command("list", "--service", "gateway")
    assert "no such dead letter" in await desk.command("show", "99999")


async def test_sent_again_once_however_often_it_is_asked_for(desk: Desk) -> None:
    events = await desk.receive(3)
    await desk.buried(3)
    desk.broken = False
    assert "3 would be sent again; nothing was done" in await desk.command("retry")
    assert desk.handled == []
    assert "3 sent again" in await desk.command("retry", "--yes")
    assert "0 sent again" in await desk.command("retry", "--yes")
    await settled(lambda: len(desk.handled) == 3)
    assert desk.handled == [e.id for e in events]
    assert "0 dead letters" in await desk.command("list")
    assert "3 dead letters" in await desk.command("list", "--all")


async def test_a_retry_that_was_interrupted_before_its_record_publishes_nothing_twice(desk: Desk) -> None:
    await desk.receive(1)
    [letter] = await desk.buried(1)
    desk.broken = False
    async with opened(NatsSettings(nats_url=desk.server.url)) as letters:
        assert await letters.retry(letter) == "sent"
        assert await letters.retry(letter) == "known"
    await settled(lambda: desk.handled)
    assert len(desk.handled) == 1


async def test_what_fails_again_is_another_letter(desk: Desk) -> None:
    await desk.receive(1)
    [first] = await desk.buried(1)
    assert "1 sent again" in await desk.command("retry", str(first.seq))
    second = (await desk.buried(2))[-1]
    assert second.id != first.id
    assert second.handled is None
    desk.broken = False
    assert "1 sent again" in await desk.command("retry", second.id[:12])
    await settled(lambda: desk.handled)


async def test_dropped_for_good_and_on_record(desk: Desk) -> None:
    await desk.receive(2)
    first, second = await desk.buried(2)
    assert "2 would be dropped" in await desk.command("drop", "--conversation", CONVERSATION)
    assert "1 dropped" in await desk.command("drop", str(first.seq))
    assert [x.seq for x in await desk.letters()] == [second.seq]
    assert "1 dropped" in await desk.command("drop", "--reason", "UNDERSTANDING", "--yes")
    assert await desk.letters() == []


async def test_a_thousand_twice_interrupted_by_kill_9(desk: Desk) -> None:
    async with asyncio.timeout(60):
        await desk.receive(300)
    await desk.buried(300)
    desk.broken = False
    command = [sys.executable, "-m", "seldenrijk.chassis.deadletters", "retry", "--yes"]
    env = os.environ | {"NATS_URL": desk.server.url}
    for _ in range(2):
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
        before = len(desk.handled)
        while process.poll() is None and len(desk.handled) < before + 40:
            await asyncio.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for _ in range(2):
        await desk.command("retry", "--yes")
    await settled(lambda: len(set(desk.handled)) == 300)
    assert len(desk.handled) == 300


async def test_a_subject_that_no_stream_takes_stays_a_letter(desk: Desk) -> None:
    headers = {"Dead-Service": "router", "Dead-Subject": "nowhere.at.all", "Nats-Msg-Id": "x"}
    await desk.bus.publish(OutMessage(f"dead.router.{CONVERSATION}", headers, b"{}"))
    assert "1 refused" in await desk.command("retry", "--yes")
    assert [x.handled for x in await desk.letters()] == [None]


def test_times() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert moment("2h", now) == now - timedelta(hours=2)
    assert moment("2026-11-22T10:00") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="Invalid"):
        moment("yesterday")


def test_without_nats_one_line_says_so() -> None:
    result = CliRunner().invoke(app, ["list"], env={"NATS_URL": "nats://127.0.0.1:9"})
    assert result.exit_code == 2
    assert "ERROR NATS" in result.stderr
    assert "Traceback" not in result.output


async def settled(done: object) -> None:
    started = time.monotonic()
    while not done():  # type: ignore[operator]
        assert time.monotonic() - started < 30
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
