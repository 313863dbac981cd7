"""Missed webhooks: Chatwoot tells each thing once, so what nobody heard is looked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chatwoot_sync.breaker import Breaker
from seldenrijk.chatwoot_sync.cursor import Cursor
from seldenrijk.chatwoot_sync.desk import Desk
from seldenrijk.chatwoot_sync.directory import Directory
from seldenrijk.chatwoot_sync.metrics import SyncMetrics
from seldenrijk.chatwoot_sync.parts import client
from seldenrijk.contracts import ConversationReleased, ConversationTakenOver, HandoverRequested, ReplyComposed

from .conftest import System, conversation, received, until


class Looking:
    """A cursor over the running system, whose clock can be moved."""

    def __init__(self, system: System, http: httpx.AsyncClient, *, grace: float = 0.0) -> None:
        self.system = system
        metrics = SyncMetrics(CollectorRegistry())
        chatwoot = client(system.settings, http, Breaker(), metrics)
        self.cursor = Cursor(
            system.bus, chatwoot, Directory(system.bus, 1), Desk(chatwoot), metrics, system.settings,
            now=system.sandbox.world.clock.now, grace=timedelta(seconds=grace),
        )  # fmt: skip

    async def look(self) -> int:
        found = await self.cursor.look()
        await self.system.quiet()
        return found


@pytest.fixture
async def http() -> Any:
    async with httpx.AsyncClient() as opened:
        yield opened


async def deaf(system: System) -> None:
    """From here on no webhook arrives."""
    await system.fault(operation="webhook", kind="drop")


async def begun(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await deaf(system)


async def test_an_agents_message_without_a_webhook_is_sent_once(
    system: System, http: httpx.AsyncClient
) -> None:
    await begun(system)
    await system.act("reply", text="Hoort u mij?")
    looking = Looking(system, http)
    assert await looking.look() == 1
    (reply,) = system.heard(ReplyComposed)
    assert (reply.text, reply.conversation, reply.author) == ("Hoort u mij?", conversation(), "agent")
    assert system.heard(ConversationTakenOver)[0].by == "message"
    assert [await looking.look() for _ in range(3)] == [0, 0, 0]
    assert len(system.heard(ReplyComposed)) == 1


async def test_what_came_by_webhook_is_not_found_again(system: System, http: httpx.AsyncClient) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="Ik ben er")
    await system.quiet()
    assert await Looking(system, http).look() == 0
    assert len(system.heard(ReplyComposed)) == 1


async def test_a_young_message_may_still_come_by_itself(system: System, http: httpx.AsyncClient) -> None:
    await begun(system)
    await system.act("reply", text="net geschreven")
    looking = Looking(system, http, grace=20)
    assert await looking.look() == 0
    system.sandbox.world.clock.advance(30)
    assert await looking.look() == 1


async def test_private_notes_and_our_own_are_never_found(system: System, http: httpx.AsyncClient) -> None:
    await begun(system)
    await system.act("reply", text="intern", private=True)
    await system.publish(
        HandoverRequested.of("h1", conversation(), reason="human_request", requested_by="router")
    )
    await system.quiet()
    await Looking(system, http).look()
    assert system.heard(ReplyComposed) == []


async def test_a_stale_message_is_not_sent_and_the_agent_is_told(
    system: System, http: httpx.AsyncClient
) -> None:
    await begun(system)
    looking = Looking(system, http)
    await looking.look()
    await system.act("reply", text="gisteren geschreven")
    system.sandbox.world.clock.advance(25 * 3600)
    assert await looking.look() == 0
    message, note = system.messages()[1:]
    assert (message.status, note.private) == ("failed", True)
    assert "24 uur" in note.content
    assert system.heard(ReplyComposed) == []
    assert await looking.look() == 0
    assert len(system.messages()) == 3


async def test_many_messages_in_many_conversations(system: System, http: httpx.AsyncClient) -> None:
    phones = [f"+3162000{n:04d}" for n in range(3)]
    for n, phone in enumerate(phones):
        await system.publish(received("Hallo", n + 1, phone))
    await system.quiet()
    await deaf(system)
    for id_ in (1, 2, 3):
        for n in range(25 if id_ == 1 else 1):
            await system.act("reply", id_, text=f"{id_}.{n}")
    assert await Looking(system, http).look() == 27
    assert len({e.conversation for e in system.heard(ReplyComposed)}) == 3
    first = [e.text for e in system.heard(ReplyComposed) if e.text.startswith("1.")]
    assert first == [f"1.{n}" for n in range(25)]


async def test_a_missed_take_over_and_hand_back_are_noticed(system: System, http: httpx.AsyncClient) -> None:
    await begun(system)
    looking = Looking(system, http)
    await system.act("status", status="open")
    assert await looking.look() == 1
    assert [e.by for e in system.heard(ConversationTakenOver)] == ["status"]
    assert (await system.state()).held_by == "human"
    assert await looking.look() == 0
    await system.act("hand-back")
    assert await looking.look() == 1
    assert len(system.heard(ConversationReleased)) == 1
    assert (await system.state()).held_by == "bot"
    assert await looking.look() == 0


async def test_what_a_crash_left_unopened_is_opened(http: httpx.AsyncClient) -> None:
    from .conftest import running_system

    async with running_system(chatwoot_notice_seconds=60) as system:
        await system.publish(
            received("Hallo"),
            HandoverRequested.of("h1", conversation(), reason="human_request", requested_by="router"),
        )
        await system.quiet()
        looking = Looking(system, http, grace=20)
        await looking.look()
        assert system.sandbox.world.chatwoot.conversations[1].status == "pending"
        system.sandbox.world.clock.advance(30)
        await looking.look()
        assert system.sandbox.world.chatwoot.conversations[1].status == "open"
        await system.quiet()
        assert (await system.state()).held_by == "human"


async def test_several_replicas_look_one_at_a_time(system: System, http: httpx.AsyncClient) -> None:
    await begun(system)
    await system.act("reply", text="een")
    lookers = [Looking(system, http) for _ in range(4)]
    assert sum([await looker.look() for looker in lookers]) == 1
    assert len(system.heard(ReplyComposed)) == 1


async def test_it_runs_by_itself_and_survives_trouble(http: httpx.AsyncClient) -> None:
    from .conftest import running_system

    async with running_system(chatwoot_poll_seconds=0.05) as system:
        await begun(system)
        await system.fault(operation="conversations.list", kind="status", status=422, times=2)
        await system.act("reply", text="Hoort u mij?")
        system.sandbox.world.chatwoot.conversations[1].messages[-1].created = datetime.now(UTC) - timedelta(
            seconds=60
        )
        await until(lambda: system.heard(ReplyComposed))
