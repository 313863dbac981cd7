"""Files as a source, and the choice of a source by configuration."""

import json
from pathlib import Path

import pytest

from seldenrijk.responder.stock import FileSource, StockError, sample, source_from
from seldenrijk.responder.stock.database import PostgresSource

ROWS = [{"id": "A1", "merk": "VW", "model": "Golf"}]


async def test_json_and_csv_by_path_and_by_file_address(tmp_path: Path) -> None:
    (tmp_path / "stock.json").write_text(json.dumps(ROWS))
    (tmp_path / "my stock.csv").write_text("id;merk;model\nA1;VW;Golf\n")
    for address in ("stock.json", "my stock.csv"):
        for source in (
            source_from(str(tmp_path / address), None),
            source_from((tmp_path / address).as_uri(), None),
        ):
            fetched = await source.fetch(None)
            assert fetched is not None
            assert [dict(row.cells) for row in fetched.rows] == ROWS
            assert await source.fetch(fetched.version) is None
            await source.close()


async def test_the_sample_is_the_default() -> None:
    for empty in (None, "", "  "):
        source = source_from(empty, empty)
        assert source.name == sample().name == "file stock.csv"


def test_the_database_is_used_when_there_is_no_feed() -> None:
    assert isinstance(source_from(None, "postgresql://u:p@h/db"), PostgresSource)
    assert isinstance(source_from("postgres://u:p@h/db", None), PostgresSource)
    assert isinstance(source_from("stock.csv", "postgresql://u:p@h/db"), FileSource)


@pytest.mark.parametrize(
    ("stock_url", "database_url"),
    [
        ("stock.xlsx", None),
        ("file://other/stock.csv", None),
        ("s3://bucket/stock.csv", None),
        (None, "mysql://h/db"),
    ],
)
def test_what_cannot_be_a_stock_is_refused_at_the_start(
    stock_url: str | None, database_url: str | None
) -> None:
    with pytest.raises(StockError, match="configuration"):
        source_from(stock_url, database_url)


async def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_bytes(b"x" * 101)
    with pytest.raises(StockError, match="too-large"):
        await FileSource(tmp_path / "stock.csv", max_bytes=100).fetch(None)


async def test_a_directory_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").mkdir()
    with pytest.raises(StockError, match="unreachable"):
        await FileSource(tmp_path / "stock.csv").fetch(None)
