"""Feeds that a real HTTP server spoils: errors, huge, truncated, slow, redirecting."""

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_feed_server import Server, serving
from stock_support import feed, row

from seldenrijk.responder.stock import StockError, source_from
from seldenrijk.responder.stock.feed import FeedSource

pytestmark = pytest.mark.integration


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


async def failure(url: str, **options: Any) -> StockError:
    source = FeedSource(url, **options)
    try:
        with pytest.raises(StockError) as error:
            await source.fetch(None)
    finally:
        await source.close()
    return error.value


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
