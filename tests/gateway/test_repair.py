"""Inbound repair: what never reached the webhook is published once, whoever looks and however often."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.contracts import MessageReceived, parse
from seldenrijk.gateway.channel import Attachment, Inbound
from seldenrijk.gateway.inbound import message_received
from seldenrijk.gateway.metrics import GatewayMetrics
from seldenrijk.gateway.repair import BUCKET, KEY, Repair
from seldenrijk.gateway.signature import Form
from seldenrijk.gateway.testing import FakeChannel

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = b"a key of sixteen or more"


def listed(number: int, age: timedelta, text: str = "hallo", **more: object) -> Inbound:
    fields = {"sender": "whatsapp:+31612345678", "recipient": "whatsapp:+31850000000"} | more
    return Inbound(message_id=f"SM{number:032x}", text=text, sent=NOW - age, **fields)  # type: ignore[arg-type]


class World:
    def __init__(self) -> None:
        self.now = NOW
        self.bus = MemoryBus()
        self.channel = FakeChannel()

    def repair(self, interval: float = 300.0) -> Repair:
        metrics = GatewayMetrics(CollectorRegistry())
        return Repair(self.bus, self.channel, SECRET, metrics, interval, clock=lambda: self.now)

    def received(self) -> list[MessageReceived]:
        events = [parse(m.subject, m.data) for m in self.bus.messages()]
        return [e for e in events if isinstance(e, MessageReceived)]


@pytest.fixture
def world() -> World:
    return World()


async def test_a_missed_message_is_published_with_twilios_time(world: World) -> None:
    world.channel.received = [listed(1, timedelta(minutes=5))]
    assert await world.repair().once() == 1
    [event] = world.received()
    assert event.source == "repair"
    assert event.message.received_at == NOW - timedelta(minutes=5)
    assert event.time == NOW
    assert event.customer.phone == "+31612345678"


async def test_its_id_is_the_webhooks(world: World) -> None:
    message = listed(1, timedelta(minutes=5))
    form = Form([("MessageSid", message.message_id), ("From", message.sender), ("Body", "hallo")])
    world.channel.received = [message]
    await world.repair().once()
    assert world.received()[0].id == message_received(form, SECRET, NOW).id


async def test_several_replicas_and_repetitions_publish_once(world: World) -> None:
    world.channel.received = [listed(n, timedelta(minutes=5 + n)) for n in range(5)]
    found = 0
    for _ in range(4):
        found += await world.repair().once()
        world.now += timedelta(minutes=6)
    assert found == 5
    assert len(world.received()) == 5


async def test_oldest_first(world: World) -> None:
    world.channel.received = [listed(n, timedelta(minutes=2 + n)) for n in range(8)]
    await world.repair().once()
    times = [e.message.received_at for e in world.received()]
    assert times == sorted(times)


async def test_a_fresh_message_is_left_to_its_webhook(world: World) -> None:
    world.channel.received = [listed(1, timedelta(seconds=10))]
    assert await world.repair().once() == 0
    world.now += timedelta(minutes=10)
    assert await world.repair().once() == 1


async def test_an_outage_of_days_is_repaired_from_the_cursor_on(world: World) -> None:
    await world.repair().once()
    world.now += timedelta(days=9)
    late = [listed(n, timedelta(hours=-20 * n - 1)) for n in range(10)]
    world.channel.received = late
    assert await world.repair().once() == 10
    assert [e.message.message_id for e in world.received()] == [m.message_id for m in late]


async def test_the_cursor_stays_where_the_list_failed(world: World) -> None:
    await world.repair().once()
    world.now += timedelta(minutes=20)
    world.channel.received = None
    assert await world.repair().once() == 0
    world.now += timedelta(days=2)
    world.channel.received = [listed(1, timedelta(minutes=-10))]
    assert await world.repair().once() == 1


async def test_a_first_start_does_not_answer_last_weeks_messages(world: World) -> None:
    world.channel.received = [listed(1, timedelta(days=7)), listed(2, timedelta(minutes=3))]
    assert await world.repair().once() == 1


async def test_a_replica_that_comes_right_after_another_leaves_it(world: World) -> None:
    await world.repair().once()
    world.channel.received = [listed(1, timedelta(minutes=5))]
    assert await world.repair().once() == 0


async def test_an_unreadable_cursor_is_replaced(world: World) -> None:
    await world.bus.put(BUCKET, KEY, b"nonsense", 0)
    world.channel.received = [listed(1, timedelta(minutes=5))]
    assert await world.repair().once() == 1


async def test_attachments_and_nothing_but_attachments(world: World) -> None:
    photo = Attachment("https://api.twilio.com/media/ME1", "image/jpeg")
    world.channel.received = [
        listed(1, timedelta(minutes=5), text="", attachments=(photo,)),
        listed(2, timedelta(minutes=4), text=""),
        listed(3, timedelta(minutes=3), sender=""),
    ]
    assert await world.repair().once() == 2
    first, second = world.received()
    assert (first.message.kind, first.message.media[0].url) == ("image", photo.url)
    assert second.message.kind == "unknown"


async def test_zero_means_never(world: World) -> None:
    world.channel.received = [listed(1, timedelta(minutes=5))]
    await world.repair(interval=0).run()
    assert world.received() == []
