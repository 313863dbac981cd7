"""For tests: an HTTP server that stands where a webhook is sent to and writes down what it gets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .testing import listen, served


@dataclass
class Received:
    """One request that reached the listener."""

    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form; the last of repeated keys."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Listener:
    """An HTTP server that writes down what it gets; ``reply`` if set, else ``answers``, else ``answer``."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    answer: Callable[[], Response] = lambda: Response("<Response/>", media_type="text/xml")
    reply: Callable[[], Awaitable[Response]] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: Request) -> Response:
        """Write down and answer."""
        body = await request.body()
        self.requests.append(Received(str(request.url), dict(request.headers), body))
        self._news.set()
        if self.reply is not None:
            return await self.reply()
        return self.answers.pop(0) if self.answers else self.answer()

    async def until(self, condition: Callable[[list[Received]], Any]) -> None:
        """Wait for a condition on what has come in. Raises TimeoutError after 20 s."""
        async with asyncio.timeout(20):
            while not condition(self.requests):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A listener on a free port."""
    listener = Listener()
    sock = listen()
    listener.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    app = Starlette(routes=[Route("/{rest:path}", listener.handle, methods=["POST"])])
    async with served(app, sock):
        yield listener
