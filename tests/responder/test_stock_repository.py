"""The stock stays as good as the last good feed, and sold cars leave at once."""

import asyncio
import math
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import feed, row

from seldenrijk.responder.stock import FileSource, Snapshot, StockRepository


class Stock:
    """A repository over a file that the test rewrites."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.path = path
        self.repository = StockRepository(FileSource(path), **options)

    async def write(self, *rows: dict[str, str]) -> bool:
        self.path.write_bytes(feed(*rows))
        return await self.repository.refresh()

    async def write_raw(self, body: bytes) -> bool:
        self.path.write_bytes(body)
        return await self.repository.refresh()

    def ids(self) -> list[str]:
        return [car.id for car in self.repository.snapshot.cars]


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path / "stock.csv")


async def test_before_the_first_good_load_there_is_no_stock_and_no_claim_of_one(stock: Stock) -> None:
    repository = stock.repository
    assert not await repository.refresh()
    assert repository.snapshot.cars == ()
    assert (repository.ready, repository.age_seconds, repository.cars) == (False, math.inf, 0)
    assert repository.last_error is not None
    assert repository.last_error.kind == "unreachable"
    assert str(stock.path.parent) not in str(repository.last_error)


async def test_a_good_load_tells_its_figures(stock: Stock) -> None:
    assert await stock.write(row("A1"), row("A2", status="gereserveerd"), row("A3"), row("A4", prijs="x"))
    repository = stock.repository
    assert stock.ids() == ["A1", "A2", "A3"]
    assert (repository.cars, repository.bad_rows, len(repository.problems)) == (2, 1, 1)
    assert repository.age_seconds < 60
    assert repository.last_error is None
    assert repository.snapshot.loaded_at is not None
    assert repository.snapshot.etag


@pytest.mark.parametrize(
    "body",
    [
        b"",
        feed(),
        feed(row("A1", prijs="x"), row("A2", prijs="x"), row("A3")),
        b"<html></html>",
        b"\x00\xff\x00",
    ],
)
async def test_a_broken_or_empty_feed_keeps_the_last_good_stock(stock: Stock, body: bytes) -> None:
    await stock.write(row("A1"), row("A2"))
    before = stock.repository.snapshot
    assert not await stock.write_raw(body)
    assert stock.repository.snapshot is before
    assert stock.repository.failures == 1
    assert await stock.write(row("A2"))
    assert stock.ids() == ["A2"]
    assert (stock.repository.failures, stock.repository.last_error) == (0, None)


async def test_an_unchanged_feed_is_confirmed_without_a_new_snapshot(stock: Stock) -> None:
    await stock.write(row("A1"))
    before = stock.repository.snapshot
    assert await stock.repository.refresh()
    assert stock.repository.snapshot is before


async def test_a_refused_feed_is_refused_every_time(stock: Stock) -> None:
    await stock.write(row("A1"))
    assert not await stock.write_raw(feed())
    assert not await stock.repository.refresh()
    assert stock.repository.failures == 2


async def test_a_sold_car_leaves_at_once_and_is_remembered_as_sold(stock: Stock) -> None:
    await stock.write(row("A1"), row("A2"))
    await stock.write(row("A1", status="verkocht"), row("A2"))
    snapshot = stock.repository.snapshot
    assert stock.ids() == ["A2"]
    assert [(car.id, car.status) for car in snapshot.sold] == [("A1", "sold")]
    await stock.write(row("A2", kmstand="90.001 km"))
    assert [car.id for car in stock.repository.snapshot.sold] == ["A1"]
    assert stock.repository.snapshot.by_id["A1"].status == "sold"


async def test_a_sold_car_whose_row_lost_its_price_is_sold_with_the_facts_known_before(stock: Stock) -> None:
    await stock.write(row("A1"), row("A2"))
    assert await stock.write(row("A1", prijs="", status="verkocht"), row("A2"))
    assert [(car.id, car.price, car.status) for car in stock.repository.snapshot.sold] == [
        ("A1", 15000, "sold")
    ]


async def test_a_car_that_vanishes_is_withdrawn_not_called_sold(stock: Stock) -> None:
    await stock.write(row("A1"), row("A2"))
    await stock.write(row("A2"))
    snapshot = stock.repository.snapshot
    assert snapshot.sold == ()
    assert [(car.id, car.status) for car in snapshot.withdrawn] == [("A1", "withdrawn")]
    await stock.write(row("A1"), row("A2"))
    assert stock.repository.snapshot.departed == ()


async def test_a_car_whose_row_turned_bad_is_neither_for_sale_nor_gone(stock: Stock) -> None:
    await stock.write(row("A1"), row("A2"))
    await stock.write(row("A1", prijs="x"), row("A2"))
    assert stock.ids() == ["A2"]
    assert stock.repository.snapshot.departed == ()


async def test_a_feed_that_lost_most_cars_is_believed_the_second_time(stock: Stock) -> None:
    rows = [row(f"A{n}") for n in range(30)]
    await stock.write(*rows)
    assert not await stock.write(*rows[:14])
    assert stock.repository.last_error is not None
    assert stock.repository.last_error.kind == "cut-off"
    assert len(stock.ids()) == 30
    assert await stock.write(*rows[1:])
    assert not await stock.write(*rows[:14])
    assert await stock.repository.refresh()
    assert len(stock.ids()) == 14


async def test_a_feed_that_calls_most_cars_sold_is_believed_at_once(stock: Stock) -> None:
    rows = [row(f"A{n}") for n in range(30)]
    await stock.write(*rows)
    assert await stock.write(rows[0], *(cells | {"status": "verkocht"} for cells in rows[1:]))
    assert stock.ids() == ["A0"]


async def test_departed_cars_are_forgotten_in_the_end(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock.csv", memory=timedelta(0))
    await stock.write(row("A1"), row("A2"))
    await stock.write(row("A2"))
    await stock.write(row("A2", kmstand="1"))
    assert stock.repository.snapshot.departed == ()


async def test_it_refreshes_in_the_background_and_stops_cleanly(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock.csv", interval=0.02)
    stock.path.write_bytes(feed(row("A1")))
    before = asyncio.all_tasks()
    await stock.repository.start()
    await stock.repository.start()
    assert stock.ids() == ["A1"]
    stock.path.write_bytes(feed(row("A1"), row("A2")))
    while len(stock.ids()) < 2:
        await asyncio.sleep(0.01)
    await stock.repository.stop()
    assert asyncio.all_tasks() == before
    assert stock.ids() == ["A1", "A2"]
    await stock.repository.stop()


async def test_it_starts_without_a_stock_and_finds_it_later(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock.csv", interval=0.02, max_backoff=0.02)
    await stock.repository.start()
    assert not stock.repository.ready
    stock.path.write_bytes(feed(row("A1")))
    while not stock.repository.ready:
        await asyncio.sleep(0.01)
    await stock.repository.stop()


async def test_failures_wait_longer_each_time_up_to_a_bound(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "none.csv", interval=60.0, max_backoff=30.0)
    assert stock.repository._delay() == 60.0
    delays = []
    for _ in range(8):
        await stock.repository.refresh()
        delays.append(stock.repository._delay())
    assert delays[0] <= 2.4
    assert delays[2] > delays[0]
    assert all(delay <= 36.0 for delay in delays)


async def test_a_snapshot_is_prepared_off_the_event_loop_before_it_is_seen(tmp_path: Path) -> None:
    seen: list[tuple[Snapshot, bool]] = []

    def prepare(snapshot: Snapshot) -> None:
        seen.append((snapshot, threading.current_thread() is threading.main_thread()))

    stock = Stock(tmp_path / "stock.csv", prepare=prepare)
    await stock.write(row("A1"))
    assert seen == [(stock.repository.snapshot, False)]


async def test_a_bug_in_reading_does_not_end_the_refreshing(tmp_path: Path) -> None:
    def prepare(snapshot: Snapshot) -> None:
        raise KeyError("06-12345678")

    stock = Stock(tmp_path / "stock.csv", prepare=prepare)
    assert not await stock.write(row("A1"))
    assert str(stock.repository.last_error) == "unreadable: unexpected KeyError"
