"""The stock in a real PostgreSQL, started here: migrations, reading, limits, failures."""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import car

from seldenrijk.responder.stock import StockError, StockRepository, source_from, validate
from seldenrijk.responder.stock.__main__ import main
from seldenrijk.responder.stock.database import PostgresSource, migrate, migrations

pytestmark = pytest.mark.integration

INSERT = """INSERT INTO stock_cars
(id, make, model, year, mileage, price, fuel_type, transmission, features, status)
VALUES (%s, 'Volkswagen', 'Golf', 2018, 90000, 15000, 'benzine', 'automaat', %s, %s)"""


class Cluster:
    """A PostgreSQL of its own, on a socket in a temporary directory; not run as root, which it refuses."""

    def __init__(self) -> None:
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
        found = shutil.which("pg_ctl")
        assert versions or found, "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        self.bin = versions[-1] if versions else Path(str(found)).parent
        self.home = Path(tempfile.mkdtemp(prefix="stock-pg-"))
        self.user: list[str] = []
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.home, account.pw_uid, account.pw_gid)
            ids = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}")
            self.user = ["setpriv", *ids, "--clear-groups", "--"]

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.user, str(self.bin / program), "-D", str(self.home / "data"), *arguments]
        subprocess.run(command, check=True, cwd=self.home, stdout=subprocess.DEVNULL, timeout=100)

    def start(self) -> None:
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.home} -c fsync=off"
        self.run("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.home)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.home}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
async def empty(cluster: Cluster) -> str:
    name = f"stock_{uuid4().hex[:8]}"
    async with await psycopg.AsyncConnection.connect(cluster.url("postgres"), autocommit=True) as connection:
        await connection.execute(f"CREATE DATABASE {name}".encode())
    return cluster.url(name)


@pytest.fixture
async def url(empty: str) -> AsyncIterator[str]:
    await migrate(empty)
    yield empty


async def execute(url: str, sql: str, *parameters: Any) -> list[Any]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(sql.encode(), parameters or None)
        return await cursor.fetchall() if cursor.description else []


async def test_migrations_apply_once_in_order(empty: str) -> None:
    assert list(migrations()) == [1, 2]
    assert await migrate(empty) == [1, 2]
    assert await migrate(empty) == []
    assert await execute(empty, "SELECT version FROM stock_schema_version ORDER BY version") == [(1,), (2,)]


async def test_two_migrations_at_once_do_not_meet(empty: str) -> None:
    assert sorted(await asyncio.gather(migrate(empty), migrate(empty), migrate(empty))) == [[], [], [1, 2]]


async def test_a_half_migrated_database_is_completed(empty: str) -> None:
    await migrate(empty)
    await execute(empty, "DELETE FROM stock_schema_version WHERE version = 2")
    await execute(empty, "DROP INDEX stock_cars_status")
    assert await migrate(empty) == [2]


async def test_rows_become_cars(url: str) -> None:
    await execute(url, INSERT, "A2", ["trekhaak", "airco"], "available")
    await execute(url, INSERT, "A1", [], "reserved")
    source = source_from(None, url)
    fetched = await source.fetch(None)
    assert fetched is not None
    plain = {"body_type": None, "color": None, "seats": None, "doors": None, "transmission": "automaat"}
    assert validate(fetched.rows).cars == (
        car("A1", **plain, status="reserved"),
        car("A2", **plain, features=("airco", "trekhaak")),
    )
    assert await source.fetch(fetched.version) is None


async def test_a_sold_car_leaves_with_the_next_refresh_and_a_lost_database_keeps_the_stock(url: str) -> None:
    await execute(url, INSERT, "A1", [], "available")
    await execute(url, INSERT, "A2", [], "available")
    repository = StockRepository(PostgresSource(url))
    assert await repository.refresh()
    await execute(url, "UPDATE stock_cars SET status = 'sold' WHERE id = 'A1'")
    assert await repository.refresh()
    assert [c.id for c in repository.snapshot.cars] == ["A2"]
    assert [c.id for c in repository.snapshot.sold] == ["A1"]
    await execute(url, "ALTER TABLE stock_cars RENAME TO elsewhere")
    assert not await repository.refresh()
    assert str(repository.last_error) == "database: there is no table stock_cars: run the migration"
    assert [c.id for c in repository.snapshot.cars] == ["A2"]


async def test_a_change_stamps_the_row(url: str) -> None:
    await execute(url, INSERT, "A1", [], "available")
    await execute(url, "UPDATE stock_cars SET updated_at = '2000-01-01', price = 14000")
    assert await execute(url, "SELECT updated_at > '2020-01-01' FROM stock_cars") == [(True,)]


async def test_an_emptied_table_is_refused(url: str) -> None:
    with pytest.raises(StockError) as error:
        fetched = await PostgresSource(url).fetch(None)
        assert fetched is not None
        validate(fetched.rows)
    assert error.value.kind == "empty"


async def test_a_view_with_the_dealers_own_columns_will_do(empty: str) -> None:
    view = """CREATE VIEW stock_cars AS SELECT 7 AS id, 'vw' AS merk, 'GOLF' AS model,
    date '2018-05-01' AS datum_eerste_toelating, 90000.0::numeric AS kmstand, 15000::numeric(9, 2) AS prijs,
    'Benzine' AS brandstof,
    'Automaat' AS transmissie, true AS trekhaak, false AS verkocht, 'Jan' AS verkoper"""
    await execute(empty, view)
    fetched = await PostgresSource(empty).fetch(None)
    assert fetched is not None
    (found,) = validate(fetched.rows).cars
    assert (found.id, found.make, found.model, found.year) == ("7", "Volkswagen", "Golf", 2018)
    assert (found.price, found.features, found.status) == (15000, ("trekhaak",), "available")


async def test_a_slow_query_is_stopped_by_the_server_itself(empty: str) -> None:
    await execute(empty, "CREATE VIEW stock_cars AS SELECT 'A' || pg_sleep(30)::text AS id")
    with pytest.raises(StockError) as error:
        await PostgresSource(empty, timeout=1.0).fetch(None)
    assert error.value.kind == "timeout"
    running = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        " AND query LIKE '%stock_cars ORDER%'"
    )
    assert await execute(empty, running) == [(0,)]


async def test_reading_cannot_write(empty: str) -> None:
    await execute(empty, "CREATE TABLE seen (at timestamptz)")
    function = (
        "CREATE FUNCTION spy() RETURNS text LANGUAGE sql AS 'INSERT INTO seen VALUES (now()) RETURNING ''A'''"
    )
    await execute(empty, function)
    await execute(empty, "CREATE VIEW stock_cars AS SELECT spy() AS id")
    with pytest.raises(StockError, match="ReadOnlySqlTransaction"):
        await PostgresSource(empty).fetch(None)
    assert await execute(empty, "SELECT count(*) FROM seen") == [(0,)]


async def test_too_many_rows_are_refused(url: str) -> None:
    for n in range(3):
        await execute(url, INSERT, f"A{n}", [], "available")
    with pytest.raises(StockError, match="too-large"):
        await PostgresSource(url, max_rows=2).fetch(None)


async def test_an_unreachable_database_tells_no_secret() -> None:
    for call in (
        PostgresSource("postgresql://u:geheim@127.0.0.1:9/db").fetch(None),
        migrate("postgresql://u:geheim@127.0.0.1:9/db"),
    ):
        with pytest.raises(StockError) as error:
            await call
        assert error.value.kind == "database"
        assert "geheim" not in str(error.value)
        assert error.value.__cause__ is None


def test_the_command_line_migrates_and_reads(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"stock_{uuid4().hex[:8]}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = cluster.url(name)
    assert main(["check", "--database-url", url, "--stock-url", ""]) == 1
    assert "run the migration" in capsys.readouterr().err
    assert main(["migrate", "--database-url", url]) == 0
    assert main(["migrate", "--database-url", url]) == 0
    assert capsys.readouterr().out == "applied: 1, 2\nalready up to date\n"
    with psycopg.connect(url) as connection:
        connection.execute(INSERT, ("A1", ["airco"], "available"))
    assert main(["show", "--database-url", url, "--stock-url", ""]) == 0
    assert "A1         Volkswagen Golf" in capsys.readouterr().out
