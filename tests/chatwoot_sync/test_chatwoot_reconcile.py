"""Reconcile: what the events say and Chatwoot doesn't show is found, told, and put right once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis.bus.jetstream import JetStreamBus, connect
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.chassis.testing import NatsServer, nats_server
from seldenrijk.chatwoot_sync.history import StreamHistory
from seldenrijk.chatwoot_sync.metrics import SyncMetrics
from seldenrijk.chatwoot_sync.parts import Parts, assemble
from seldenrijk.chatwoot_sync.reconcile import findings, moment, pseudonym
from seldenrijk.chatwoot_sync.repair import Findings
from seldenrijk.chatwoot_sync.settings import ChatwootSettings
from seldenrijk.contracts import Event, HandoverRequested, ReplyStatus
from seldenrijk.sandbox.testing import Running, running_sandbox

from .conftest import KEY, PHONE, conversation, received, sent

pytestmark = pytest.mark.integration
OTHER = "+31687654321"


@pytest.fixture
def server() -> Iterator[NatsServer]:
    with nats_server() as running:
        yield running


@dataclass
class Place:
    """Events on a real bus, a Chatwoot, and no running service."""

    bus: JetStreamBus
    sandbox: Running
    settings: ChatwootSettings
    parts: Parts

    async def publish(self, *events: Event) -> None:
        for event in events:
            await self.bus.publish(event_message("gateway", event))

    async def reconcile(
        self, name: str | None = None, *, since: datetime | None = None, dry: bool = False
    ) -> list[Findings]:
        history = StreamHistory(self.bus.client)
        about = {"conversation": name, "since": since, "dry": dry}
        return [f async for f in findings(self.bus, history, self.parts, self.settings, **about)]

    def texts(self, id_: int = 1) -> list[str]:
        shown = self.sandbox.world.chatwoot.conversations[id_].messages
        return [str(m.content) for m in shown if m.message_type != 2]


@pytest.fixture
async def place(server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr("seldenrijk.chatwoot_sync.repair.YOUNG", timedelta(seconds=-5))
    bus = await connect(NatsSettings(nats_url=server.url), "chatwoot-sync")
    async with running_sandbox() as sandbox, httpx.AsyncClient() as http:
        settings = ChatwootSettings(
            nats_url=server.url,
            chatwoot_base_url=sandbox.chatwoot_url,
            chatwoot_api_key="sandbox-user-token",
            chatwoot_bot_token="sandbox-bot-token",
            chatwoot_inbox_id=1,
            identity_key=KEY,
        )
        parts = assemble(settings, bus, http, SyncMetrics(CollectorRegistry()))
        yield Place(bus, sandbox, settings, parts)
    await bus.close()


async def test_a_conversation_that_was_never_mirrored_is_built_from_its_events(place: Place) -> None:
    await place.publish(
        received("Hallo"),
        sent("Dag!", "SMb1"),
        HandoverRequested.of("h1", conversation(), reason="human_request", requested_by="router"),
        received("van een ander", 7, OTHER),
    )
    (dry,) = await place.reconcile(conversation(), dry=True)
    assert (dry.missing, dry.posted, dry.clean) == (3, 0, False)
    assert place.sandbox.world.chatwoot.conversations == {}

    (found,) = await place.reconcile(conversation())
    assert (found.checked, found.missing, found.posted) == (3, 3, 3)
    assert place.texts()[:2] == ["Hallo", "Dag!"] and len(place.texts()) == 3
    (again,) = await place.reconcile("1")
    assert again.clean and again.line().startswith("ok")
    assert len(place.texts()) == 3


async def test_all_who_wrote_since_are_looked_at(place: Place) -> None:
    await place.publish(received("een"), received("twee", 2, OTHER), received("drie", 3))
    found = await place.reconcile(since=datetime.now(UTC) - timedelta(hours=1))
    assert {f.conversation: f.missing for f in found} == {conversation(PHONE): 2, conversation(OTHER): 1}
    assert await place.reconcile(since=datetime.now(UTC) + timedelta(hours=1)) == []


async def test_a_message_that_somebody_deleted_is_restored_and_a_status_put_right(place: Place) -> None:
    status = ReplyStatus.of("s1", conversation(), channel_message_id="SMb1", status="delivered")
    await place.publish(received("Hallo"), sent("Dag!", "SMb1"), status)
    await place.reconcile(conversation())
    shown = place.sandbox.world.chatwoot.conversations[1].messages
    shown[:] = [m for m in shown if m.content != "Hallo"]
    (found,) = await place.reconcile(conversation())
    assert (found.missing, found.posted) == (1, 1)
    assert sorted(place.texts()) == ["Dag!", "Hallo"]
    assert "1 of 2 messages missing, 1 posted" in found.line()


def test_points_in_time() -> None:
    for text, back in (("90m", 5400), ("6h", 21600), ("2d", 172800)):
        assert abs((datetime.now(UTC) - moment(text)).total_seconds() - back) < 60
    assert moment("2026-11-20T10:00:00+01:00").isoformat() == "2026-11-20T10:00:00+01:00"
    assert moment("2026-11-20").tzinfo is not None
    with pytest.raises(ValueError):
        moment("yesterday")


async def test_unknown_conversations_are_told(place: Place) -> None:
    for text in ("99", "x", "whatsapp:+31612345678"):
        with pytest.raises(ValueError):
            await pseudonym(place.bus, 1, text)


async def run(place: Place, *arguments: str, **env: str) -> tuple[int, str]:
    wanted = {
        "NATS_URL": place.settings.nats_url,
        "CHATWOOT_BASE_URL": place.sandbox.chatwoot_url,
        "CHATWOOT_API_KEY": "sandbox-user-token",
        "CHATWOOT_INBOX_ID": "1",
        "IDENTITY_KEY": KEY,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "seldenrijk.chatwoot_sync.reconcile", *arguments,
        env={"PATH": os.environ["PATH"]} | wanted | env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_the_command(place: Place) -> None:
    await place.publish(received("Hallo"))
    code, told = await run(place, "--since", "1h", "--dry-run")
    assert code == 0 and "1 conversations checked, 0 differ" in told
    for arguments, env, words in (
        ((), {}, "--conversation or --since"),
        (("--since", "soon"), {}, "soon"),
        (("--conversation", "99"), {}, "99"),
        (("--since", "1h"), {"CHATWOOT_API_KEY": ""}, "CHATWOOT_API_KEY"),
    ):
        code, told = await run(place, *arguments, **env)
        assert code == 2 and words in told and "Traceback" not in told
