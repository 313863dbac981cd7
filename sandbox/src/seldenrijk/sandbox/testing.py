"""The sandbox for tests: really served over HTTP, on a free port, in the running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from .app import create_app
from .settings import SandboxSettings
from .world import World


@dataclass(frozen=True)
class Running:
    """A served sandbox: its address, its inside, and a client for its control API."""

    url: str
    world: World
    api: httpx.AsyncClient

    @property
    def twilio_url(self) -> str:
        """For TWILIO_API_BASE_URL."""
        return f"{self.url}/twilio"

    @property
    def chatwoot_url(self) -> str:
        """For CHATWOOT_BASE_URL."""
        return f"{self.url}/chatwoot"

    @property
    def claude_url(self) -> str:
        """For ANTHROPIC_BASE_URL."""
        return f"{self.url}/claude"


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is spelled out: 40 ms a request
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    return sock


class _Server(uvicorn.Server):
    """A server inside somebody else's program: it leaves the signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take over no signal handler."""
        yield

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ending = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait to be told, instead of looking ten times a second."""
        await self.on_tick(0)
        await self.ending.wait()


@asynccontextmanager
async def served(app: Any, sock: socket.socket) -> AsyncIterator[None]:
    """Serve ``app`` on ``sock`` with uvicorn in this loop until the block ends."""
    config = uvicorn.Config(app, log_level="error", lifespan="on", ws="none", access_log=False)
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.ending.set()
        await task


@asynccontextmanager
async def running_sandbox(**options: Any) -> AsyncIterator[Running]:
    """A running sandbox; ``options`` are fields of SandboxSettings (``gateway_url=...``)."""
    sock = listen()
    port = sock.getsockname()[1]
    settings = SandboxSettings(**({"sent_after": 0.0, "delivered_after": 0.0, "read_after": 0.0} | options))
    settings.port = port
    app = create_app(settings)
    url = f"http://127.0.0.1:{port}"
    async with (
        served(app, sock),
        httpx.AsyncClient(base_url=f"{url}/api", timeout=60) as client,
    ):
        yield Running(url, app.world, client)
