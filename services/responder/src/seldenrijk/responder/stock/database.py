"""The stock in PostgreSQL: a read-only query under a time limit, and the migrations."""

import asyncio
import re
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row

from seldenrijk.responder.stock.model import StockError
from seldenrijk.responder.stock.rows import Row
from seldenrijk.responder.stock.sources import Fetched, Version, digest

MAX_ROWS = 50_000
_LOCK = 7_302_118  # any constant: migrations of several starting replicas wait for each other
_QUERY = "SELECT * FROM stock_cars ORDER BY id LIMIT %s"


class PostgresSource:
    """Table or view `stock_cars`. A view may carry the dealer's own column names, as a feed may."""

    name = "database"

    def __init__(self, database_url: str, *, timeout: float = 20.0, max_rows: int = MAX_ROWS) -> None:
        self._url = database_url
        self._timeout = timeout
        self._max_rows = max_rows

    async def fetch(self, known: Version | None) -> Fetched | None:
        """Read all rows, or None when they are those of `known`. Raises StockError."""
        try:
            async with asyncio.timeout(self._timeout):
                rows = await self._rows()
        except TimeoutError:
            raise StockError("timeout", f"the database took longer than {self._timeout:g} s") from None
        except psycopg.Error as error:
            raise _failure(error) from None
        if len(rows) > self._max_rows:
            raise StockError("too-large", f"the stock has more than {self._max_rows} rows")
        return await asyncio.to_thread(_fetched, rows, known)

    async def _rows(self) -> list[dict[str, Any]]:
        # One connection a refresh: nothing to keep alive for a query a minute. No prepared
        # statements and no start-up options, so that it works through a connection pooler.
        connection = await psycopg.AsyncConnection.connect(
            self._url, connect_timeout=5, row_factory=dict_row, prepare_threshold=None
        )
        async with connection:
            await connection.set_read_only(True)
            limit = max(1, int(self._timeout * 800))  # ms: the server stops before the client gives up
            await connection.execute("SELECT set_config('statement_timeout', %s, true)", (str(limit),))
            cursor = await connection.execute(_QUERY, (self._max_rows + 1,))
            return await cursor.fetchall()

    async def close(self) -> None:
        """Nothing is held between two readings."""


def _fetched(rows: list[dict[str, Any]], known: Version | None) -> Fetched | None:
    version = Version(etag=digest(repr(rows).encode()))
    if version == known:
        return None
    return Fetched([Row(number, cells) for number, cells in enumerate(rows, start=1)], version)


def _failure(error: psycopg.Error) -> StockError:
    """Name the failure by its SQLSTATE: messages of the driver may hold the address or a row."""
    if isinstance(error, psycopg.errors.QueryCanceled):
        return StockError("timeout", "the database cancelled the query at its time limit")
    if isinstance(error, psycopg.errors.UndefinedTable):
        return StockError("database", "there is no table stock_cars: run the migration")
    return StockError(
        "database", f"the database failed ({type(error).__name__}, {error.sqlstate or 'no connection'})"
    )


def migrations() -> dict[int, str]:
    """SQL of each version of the schema, in order."""
    text = files("seldenrijk.responder.stock").joinpath("schema.sql").read_text("utf-8")
    parts = re.split(r"^-- version (\d+):.*$", text, flags=re.MULTILINE)[1:]
    return {int(number): sql for number, sql in zip(parts[::2], parts[1::2], strict=True)}


async def migrate(database_url: str) -> list[int]:
    """Bring the schema up to date; returns the versions applied now. Safe to run twice or by two at once.

    Raises StockError.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(database_url, connect_timeout=10)
        async with connection:
            return await _apply(connection)
    except psycopg.Error as error:
        raise _failure(error) from None


async def _apply(connection: psycopg.AsyncConnection[Any]) -> list[int]:
    applied = []
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS stock_schema_version"
        " (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    cursor = await connection.execute("SELECT coalesce(max(version), 0) FROM stock_schema_version")
    current = (await cursor.fetchone() or (0,))[0]
    for version, sql in migrations().items():
        if version > current:
            async with connection.transaction():
                # The text is the package's own file; without parameters it may hold several statements.
                await connection.execute(sql.encode())
                await connection.execute("INSERT INTO stock_schema_version (version) VALUES (%s)", (version,))
            applied.append(version)
    return applied
