"""The service as its own process, with a real nats-server and the sandbox's Chatwoot over HTTP."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from seldenrijk.chassis.bus.jetstream import JetStreamBus, connect
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.chassis.testing import NatsServer, free_port, nats_server
from seldenrijk.chatwoot_sync.webhook import PATH
from seldenrijk.contracts import Event, ReplyComposed, parse, partition_of
from seldenrijk.contracts.topology import STREAM
from seldenrijk.sandbox.testing import Running, running_sandbox

from .conftest import KEY, PHONE, SECRET, conversation, received, sent, until

pytestmark = pytest.mark.integration
AGENTS_WORD = f"reply.composed.{partition_of(conversation())}.{conversation()}"


@pytest.fixture(scope="module")
def server() -> Iterator[NatsServer]:
    with nats_server() as running:
        yield running


class Process:
    """One run of the service."""

    def __init__(self, port: int, env: dict[str, str]) -> None:
        self.port = port
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("CHATWOOT_")} | env
        self.output = b""
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self, **more: str) -> None:
        """Start and wait until it is ready."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "seldenrijk.chatwoot_sync", env=self.env | more,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        await until(self.ready, 60)

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        async for line in self._process.stdout:
            self.output += line

    async def ready(self) -> bool:
        """Whether /readyz says so."""
        assert self._process is not None and self._process.returncode is None, self.output.decode()
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200
            except httpx.TransportError:
                return False

    async def ended(self) -> int:
        """Its exit code."""
        assert self._process is not None and self._reading is not None
        code = await asyncio.wait_for(self._process.wait(), 60)
        await self._reading
        return code

    async def stop(self) -> int:
        """SIGTERM and its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self.ended()


class Setting:
    """Sandbox, bus and the process's environment."""

    def __init__(self, sandbox: Running, bus: JetStreamBus, process: Process) -> None:
        self.sandbox, self.bus, self.process = sandbox, bus, process

    async def publish(self, *events: Event) -> None:
        for event in events:
            await self.bus.publish(event_message("gateway", event))

    def shown(self) -> Any:
        """Our customer's conversation in Chatwoot; other tests' events may have opened others."""
        every = self.sandbox.world.chatwoot.conversations.values()
        return next((c for c in every if c.source_id == f"whatsapp:{PHONE}"), None)

    def texts(self) -> list[Any]:
        shown = self.shown()
        return [m.content for m in shown.messages if m.message_type != 2] if shown else []


@asynccontextmanager
async def setting(server: NatsServer, **env: str) -> AsyncIterator[Setting]:
    port = free_port()
    own = f"http://127.0.0.1:{port}"
    bus = await connect(NatsSettings(nats_url=server.url), "gateway")
    async with running_sandbox(chatwoot_webhook_url=own + PATH, chatwoot_webhook_secrets=SECRET) as sandbox:
        wanted = {
            "NATS_URL": server.url,
            "PORT": str(port),
            "CHATWOOT_BASE_URL": sandbox.chatwoot_url,
            "CHATWOOT_API_KEY": "sandbox-user-token",
            "CHATWOOT_BOT_TOKEN": "sandbox-bot-token",
            "CHATWOOT_INBOX_ID": "1",
            "CHATWOOT_WEBHOOK_SECRETS": SECRET,
            "IDENTITY_KEY": KEY,
        }
        process = Process(port, {k: v for k, v in (wanted | env).items() if v})
        try:
            yield Setting(sandbox, bus, process)
        finally:
            await process.stop()
            await bus.close()


async def test_both_directions_in_a_process_that_is_killed_in_between(server: NatsServer) -> None:
    async with setting(server) as here:
        await here.process.start(FAILPOINT="send.after")
        await here.publish(received("Hallo", 1), sent("Dag!", "SMp1"), received("Nog iets", 2))
        assert await here.process.ended() == -signal.SIGKILL, (
            "killed after the first POST, before its id was stored"
        )
        await here.process.start()
        await until(lambda: len(here.texts()) == 3, 60)
        assert here.texts() == ["Hallo", "Dag!", "Nog iets"]

        path = f"/chatwoot/conversations/{here.shown().id}/reply"
        await here.sandbox.api.post(path, json={"text": "Met Kees"})
        found: list[tuple[int, bytes]] = []

        async def arrived() -> bool:
            entry = await here.bus.latest(STREAM, AGENTS_WORD)
            if entry:
                found.append(entry)
            return bool(entry)

        await until(arrived, 30)
        reply = parse(AGENTS_WORD, found[-1][1])
        assert isinstance(reply, ReplyComposed)
        assert (reply.text, reply.author) == ("Met Kees", "agent")
        assert await here.process.stop() == 0
        output = here.process.output.decode()
        assert "+31612345678" not in output and "Hallo" not in output
        assert "Traceback" not in output


async def test_without_chatwoot_it_starts_says_so_once_and_consumes(server: NatsServer) -> None:
    async with setting(server, CHATWOOT_API_KEY="", CHATWOOT_INBOX_ID="") as here:
        await here.process.start(LOG_FORMAT="json")
        await here.publish(received("Hallo", 9, "+31600000009"))
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"http://127.0.0.1:{here.process.port}{PATH}", content=b"{}")
        assert answer.status_code == 401
        assert await here.process.stop() == 0
        assert here.process.output.count(b"not configured") == 1
        assert here.texts() == []


async def test_a_half_configured_service_says_what_is_missing(server: NatsServer) -> None:
    async with setting(server, CHATWOOT_INBOX_ID="", IDENTITY_KEY="") as here:
        with pytest.raises(AssertionError, match="CHATWOOT_INBOX_ID, IDENTITY_KEY"):
            await here.process.start()
        assert await here.process.ended() == 2
