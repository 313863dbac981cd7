"""The database's health as the deployment's check asks for it."""

from pathlib import Path

import httpx
import pytest

from seldenrijk.responder.health import DatabaseHealth
from seldenrijk.responder.settings import ResponderSettings
from seldenrijk.responder.stock import FileSource, StockRepository, sample


async def asked(stock: StockRepository, configured: bool) -> tuple[int, str]:
    app = DatabaseHealth(stock, configured).app([])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        answer = await client.get("/api/health/db")
    return answer.status_code, answer.json()["status"]


async def test_without_a_database_there_is_nothing_to_check() -> None:
    assert await asked(StockRepository(sample()), False) == (404, "not configured")


async def test_it_is_well_once_it_has_been_read() -> None:
    stock = StockRepository(sample())
    assert await asked(stock, True) == (503, "failing")
    await stock.refresh()
    assert await asked(stock, True) == (200, "ok")


async def test_it_is_not_when_the_last_read_failed(tmp_path: Path) -> None:
    stock = StockRepository(FileSource(tmp_path / "missing.csv"))
    await stock.refresh()
    assert await asked(stock, True) == (503, "failing")


@pytest.mark.parametrize(
    ("stock_url", "database_url", "expected"),
    [(None, None, False), (None, "postgresql://x/y", True), ("stock.csv", "postgresql://x/y", False),
     ("postgresql://x/y", None, True)],
)  # fmt: skip
def test_when_the_stock_is_a_databases(
    stock_url: str | None, database_url: str | None, expected: bool
) -> None:
    settings = ResponderSettings.model_validate({"stock_url": stock_url, "database_url": database_url})
    assert settings.reads_database is expected
