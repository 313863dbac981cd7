"""Feeds from a real HTTP server: fetched, asked for again, of the right and the wrong type."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_feed_server import Server, serving
from stock_support import feed, row

from seldenrijk.responder.stock import StockError, StockRepository, source_from
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
