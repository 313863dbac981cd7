"""The HTTP server's limits, over real sockets: large heads, slow clients, wrong lengths, no banner."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from seldenrijk.chassis import edge
from seldenrijk.chassis.http import Server, health_routes, listen, plain_app


async def echo(request: Request) -> Response:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("gone")


async def fails(_: Request) -> Response:
    raise ZeroDivisionError("a secret")


class Served:
    def __init__(self, port: int) -> None:
        self.port = port

    async def say(self, *chunks: bytes, pause: float = 0.0, close: bool = False) -> bytes:
        """Send the chunks with pauses in between; what comes back until the server closes or is silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        got = b""
        try:
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(pause)
            if close:
                writer.write_eof()
            async with asyncio.timeout(3):
                while part := await reader.read(65536):
                    got += part
                    if got.endswith(b"\r\n\r\n") or (b"\r\n\r\n" in got and b"close" not in got):
                        break
        except (ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()
        return got


@pytest.fixture
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(edge, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.3)
    routes = health_routes("test", "0", lambda: None, CollectorRegistry())
    app = plain_app([*routes, Route("/echo", echo, methods=["POST"]), Route("/fails", fails)])
    sock = listen("127.0.0.1", 0)
    server = Server(app)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    while not server.started:
        await asyncio.sleep(0.005)
    yield Served(sock.getsockname()[1])
    server.should_exit = True
    await task


def post(length: int, body: bytes, more: bytes = b"") -> bytes:
    return b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n%s\r\n%s" % (length, more, body)


async def test_usual_requests_on_one_connection(served: Served) -> None:
    got = await served.say(post(5, b"hello") + post(3, b"abc", b"connection: close\r\n"))
    assert got.count(b"200 OK") == 2
    assert got.endswith(b"3")


async def test_security_headers_and_no_banner(served: Served) -> None:
    got = (await served.say(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).lower()
    assert b"x-content-type-options: nosniff" in got
    assert b"content-security-policy: default-src 'none'" in got
    assert b"server:" not in got


async def test_an_error_shows_nothing_of_its_inside(served: Served) -> None:
    got = await served.say(b"GET /fails HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert b" 500 " in got
    assert b"secret" not in got
    assert b"Traceback" not in got


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /health HTTP/1.1\r\nx: " + b"a" * 200_000, b"431"),
        (b"GET /health HTTP/1.1\r\n" + b"x: y\r\n" * 200 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 30_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"NONSENSE\r\n\r\n", b"400"),
        (b"GET /health HTTP/9.9\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\ncontent-length: -1\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ],
)
async def test_heads_that_are_refused(served: Served, head: bytes, status: bytes) -> None:
    got = await served.say(head)
    assert got.split(b" ", 2)[1] == status


async def test_slow_heads_and_bodies_get_408(served: Served) -> None:
    for chunks in (
        [b"GET /hea", b"lth HT"],
        [post(100, b"only some")],
        [b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"],
    ):
        assert (await served.say(*chunks, pause=0.1)).startswith(b"HTTP/1.1 408 ")


async def test_silent_connections_are_cut(served: Served) -> None:
    assert b" 408 " in await served.say()


async def test_hundreds_of_slow_sockets_do_not_keep_others_waiting(served: Served) -> None:
    slow = [asyncio.create_task(served.say(b"POST /echo HTTP/1.1\r\nhost: x\r\n")) for _ in range(300)]
    await asyncio.sleep(0.05)
    got = await served.say(post(2, b"ok", b"connection: close\r\n"))
    assert b"200 OK" in got
    assert all(b" 408 " in answer or not answer for answer in await asyncio.gather(*slow))


async def test_chunked_bodies_are_taken(served: Served) -> None:
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    got = await served.say(head + b"5\r\nhello\r\n", b"0\r\n\r\n")
    assert got.endswith(b"5")


async def test_a_body_longer_than_announced_is_not_a_second_request(served: Served) -> None:
    got = await served.say(post(2, b"okGARBAGE GARBAGE\r\n\r\n"))
    assert got.count(b"200 OK") <= 1
