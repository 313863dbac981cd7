"""HTTP at both ends of a system under load, lean enough to leave the cores to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import count
from typing import cast
from urllib.parse import parse_qs

import httptools


class Connection(asyncio.Protocol):
    """A keep-alive connection for one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[int] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(self._parser.get_status_code())
        self._parser = httptools.HttpResponseParser(self)

    @property
    def usable(self) -> bool:
        """Whether the server still listens."""
        return self._transport is not None and not self._transport.is_closing()

    async def send(self, request: bytes) -> int:
        """Write a request, wait for the whole answer; its status."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting


class Pool:
    """As many connections to one server as asked for; those that break are made anew."""

    def __init__(self, port: int, size: int) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[Connection | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)

    async def send(self, request: bytes) -> int:
        """Send on a free connection; waits for one."""
        connection = await self._free.get()
        try:
            if connection is None or not connection.usable:  # servers close what has been idle for 5 s
                loop = asyncio.get_running_loop()
                _, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
            return await connection.send(request)
        except OSError:
            connection = None
            raise
        finally:
            self._free.put_nowait(connection)


Accepted = Callable[[str], None]


class _TwilioProtocol(asyncio.Protocol):
    def __init__(self, twilio: "Twilio") -> None:
        self._twilio = twilio
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        form = parse_qs(b"".join(self._body).decode())
        self._body = []
        sid = self._twilio.accept(form.get("To", [""])[0].removeprefix("whatsapp:"))
        answer = b'{"sid": "%s", "status": "queued"}' % sid.encode()
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % len(answer) + answer)


class Twilio:
    """Accepts every message at once and remembers when; ``expect`` waits for a customer's first answer."""

    def __init__(self) -> None:
        self.accepted: dict[str, list[float]] = {}
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._numbers = count(1)

    def accept(self, to: str) -> str:
        """Note a message; its new sid."""
        now = time.perf_counter()
        self.accepted.setdefault(to, []).append(now)
        future = self._waiting.pop(to, None)
        if future is not None and not future.done():
            future.set_result(now)
        return f"SM{next(self._numbers):032x}"

    def expect(self, number: str) -> Awaitable[float]:
        """When the next message to this customer is accepted."""
        self._waiting[number] = asyncio.get_running_loop().create_future()
        return self._waiting[number]

    async def serve(self, port: int) -> asyncio.Server:
        """Listen on loopback."""
        return await asyncio.get_running_loop().create_server(
            lambda: _TwilioProtocol(self), "127.0.0.1", port
        )


async def saturate(
    port: int, requests: Iterable[bytes], connections: int, seconds: float, warm_up: float = 1.0
) -> tuple[float, list[float]]:
    """Requests a second with all connections busy, and each request's milliseconds, after the warm-up.

    Raises AssertionError when one isn't answered 2xx.
    """
    pool = Pool(port, connections)
    source = iter(requests)
    begun = time.perf_counter()
    times: list[float] = []
    ends: list[float] = []

    async def busy() -> None:
        while (started := time.perf_counter()) < begun + warm_up + seconds:
            status = await pool.send(next(source))
            assert 200 <= status < 300, f"answered {status}"
            if started >= begun + warm_up:
                ends.append(time.perf_counter())
                times.append((ends[-1] - started) * 1000)

    await asyncio.gather(*(busy() for _ in range(connections)))
    return len(times) / (max(ends) - begun - warm_up), times
