"""Feeds from a real HTTP server: conditional, slow, huge, truncated, of the wrong type, redirecting."""

import asyncio
import gzip
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import feed, row

from seldenrijk.responder.stock import StockError, StockRepository, source_from
from seldenrijk.responder.stock.feed import FeedSource

pytestmark = pytest.mark.integration


@dataclass
class Server:
    """What the server answers now, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = feed(row("A1"), row("A2"))
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/csv; charset=utf-8"})
    length: int | None = None
    drip: float = 0.0
    etag: str | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def handler_of(state: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append({k.lower(): v for k, v in self.headers.items()} | {"path": self.path})
            unchanged = state.etag is not None and self.headers.get("if-none-match") == state.etag
            self.send_response(304 if unchanged else state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            if state.etag:
                self.send_header("etag", state.etag)
            if unchanged:
                self.end_headers()
                return
            if state.length != -1:
                self.send_header("content-length", str(state.length or len(state.body)))
            self.end_headers()
            self.write()

        def write(self) -> None:
            try:
                for start in range(0, len(state.body), 4096):
                    self.wfile.write(state.body[start : start + 4096])
                    if state.drip and state.stop.wait(state.drip):
                        return
            except OSError:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(state))
    state.url = f"http://127.0.0.1:{http.server_address[1]}/stock"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    state.stop.set()
    http.shutdown()
    http.server_close()
    thread.join()


async def failure(url: str, **options: Any) -> StockError:
    source = FeedSource(url, **options)
    try:
        with pytest.raises(StockError) as error:
            await source.fetch(None)
    finally:
        await source.close()
    return error.value


async def test_a_feed_is_fetched_and_asked_for_again_only_when_changed(server: Server) -> None:
    server.etag = '"v1"'
    repository = StockRepository(source_from(server.url, None))
    assert await repository.refresh()
    first = repository.snapshot
    assert [car.id for car in first.cars] == ["A1", "A2"]
    assert first.etag == '"v1"'
    assert await repository.refresh()
    assert repository.snapshot is first
    assert server.asked[1]["if-none-match"] == '"v1"'
    server.etag, server.body = '"v2"', feed(row("A2"))
    assert await repository.refresh()
    assert [car.id for car in repository.snapshot.cars] == ["A2"]
    await repository.stop()


async def test_last_modified_is_sent_back(server: Server) -> None:
    server.headers["last-modified"] = "Sun, 22 Nov 2026 10:00:00 GMT"
    source = FeedSource(server.url)
    fetched = await source.fetch(None)
    assert fetched is not None
    await source.fetch(fetched.version)
    assert server.asked[1]["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    await source.close()


async def test_without_validators_the_content_tells_whether_it_changed(server: Server) -> None:
    source = FeedSource(server.url)
    fetched = await source.fetch(None)
    assert fetched is not None
    assert await source.fetch(fetched.version) is None
    assert "if-none-match" not in server.asked[1]
    server.body = feed(row("A1"))
    assert await source.fetch(fetched.version) is not None
    await source.close()


async def test_a_refused_feed_does_not_leave_its_etag_behind(server: Server) -> None:
    repository = StockRepository(source_from(server.url, None))
    server.etag = '"good"'
    await repository.refresh()
    server.etag, server.body = '"bad"', feed(row(prijs="x"))
    assert not await repository.refresh()
    assert not await repository.refresh()
    assert server.asked[2]["if-none-match"] == '"good"'
    assert repository.last_error is not None
    assert repository.last_error.kind == "too-many-bad-rows"
    await repository.stop()


@pytest.mark.parametrize(
    ("path", "content_type", "good"),
    [
        ("stock.csv", "text/csv", True),
        ("stock", "text/plain", True),
        ("stock.csv", "application/octet-stream", True),
        ("stock.csv?token=a.json", "", True),
        ("stock.csv", "text/html", False),
        ("stock", "application/pdf", False),
        ("stock", "", False),
    ],
)
async def test_the_type_is_told_by_header_or_suffix(
    server: Server, path: str, content_type: str, good: bool
) -> None:
    server.headers = {"content-type": content_type} if content_type else {}
    url = server.url.replace("/stock", f"/{path}")
    if not good:
        assert (await failure(url)).kind == "wrong-type"
        return
    source = FeedSource(url)
    assert await source.fetch(None) is not None
    await source.close()


async def test_json_by_header(server: Server) -> None:
    server.headers, server.body = {"content-type": "application/vnd.dealer+json"}, b'[{"id": "A1"}]'
    source = FeedSource(server.url)
    fetched = await source.fetch(None)
    assert fetched is not None
    assert fetched.rows[0].cells == {"id": "A1"}
    await source.close()


async def test_a_login_page_under_the_right_type_is_refused(server: Server) -> None:
    server.body = b"<!doctype html><title>Log in</title>"
    assert (await failure(server.url)).kind == "wrong-type"


@pytest.mark.parametrize("status", [204, 401, 403, 404, 410, 429, 500, 503])
async def test_an_error_status_is_refused(server: Server, status: int) -> None:
    server.status, server.body = status, b""
    error = await failure(server.url)
    assert (error.kind, str(status) in error.detail) == ("http-status", True)


async def test_a_304_that_was_not_asked_for_is_refused(server: Server) -> None:
    server.status, server.body = 304, b""
    assert (await failure(server.url)).kind == "http-status"


async def test_a_huge_feed_is_refused_by_its_stated_length(server: Server) -> None:
    server.length = 10_000_000_000
    assert (await failure(server.url, max_bytes=1000)).kind == "too-large"


async def test_a_huge_feed_that_hides_its_length_is_cut_off(server: Server) -> None:
    server.length, server.body = -1, b"x;y\n" * 200_000
    assert (await failure(server.url, max_bytes=10_000)).kind == "too-large"


async def test_a_compressed_feed_counts_unpacked(server: Server) -> None:
    server.headers["content-encoding"] = "gzip"
    server.body = gzip.compress(b"x;y\n" * 500_000)
    assert len(server.body) < 10_000
    assert (await failure(server.url, max_bytes=10_000)).kind == "too-large"
    server.body = gzip.compress(feed(row("A1")))
    source = FeedSource(server.url, max_bytes=10_000)
    assert await source.fetch(None) is not None
    await source.close()


async def test_a_truncated_feed_is_refused(server: Server) -> None:
    server.length = len(server.body) + 100
    assert (await failure(server.url)).kind == "unreachable"


async def test_a_dripping_feed_runs_out_of_time(server: Server) -> None:
    server.body, server.drip = feed(*(row(f"A{n}") for n in range(2000))), 0.05
    assert (await failure(server.url, timeout=0.3)).kind == "timeout"


async def test_a_dead_server_is_unreachable_and_its_address_stays_private(server: Server) -> None:
    error = await failure("http://user:geheim@127.0.0.1:9/stock.csv?token=geheim")
    assert error.kind == "unreachable"
    assert "geheim" not in str(error)
    assert "geheim" not in FeedSource("https://user:geheim@example.org/x.csv?token=geheim").name


async def test_redirects_within_the_scheme_are_followed_a_few_times(server: Server) -> None:
    server.status, server.headers["location"] = 302, "/elsewhere.csv"
    assert (await failure(server.url)).kind == "redirect"
    assert [asked["path"] for asked in server.asked] == ["/stock", *["/elsewhere.csv"] * 3]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/x.csv", "https://127.0.0.1/x.csv", "http://example.org/x.csv"],
)
async def test_redirects_to_elsewhere_are_refused(server: Server, location: str) -> None:
    server.status, server.headers["location"] = 301, location
    assert (await failure(server.url)).kind in ("redirect", "configuration")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x.csv",
        "http://10.0.0.1/x.csv",
        "ftp://example.org/x.csv",
        "gopher://x",
        "https://",
    ],
)
def test_addresses_that_are_no_stock_are_refused(url: str) -> None:
    with pytest.raises(StockError, match="configuration"):
        source_from(url, None)


async def test_the_loop_stays_free_while_a_feed_drips(server: Server) -> None:
    server.body, server.drip = feed(*(row(f"A{n}") for n in range(500))), 0.02
    repository = StockRepository(source_from(server.url, None))
    loading = asyncio.create_task(repository.refresh())
    turns = 0
    while not loading.done():
        await asyncio.sleep(0)
        turns += 1
    assert loading.result()
    assert turns > 10
    assert repository.cars == 500
    await repository.stop()
