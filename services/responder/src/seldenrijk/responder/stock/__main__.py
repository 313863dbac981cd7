"""Look at the stock from the command line: migrate the database, check a feed, show the cars."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.model import Loaded, StockError
from seldenrijk.responder.stock.sources import source_from
from seldenrijk.responder.stock.validate import validate
from seldenrijk.responder.stock.words import squash


def parser() -> argparse.ArgumentParser:
    """Build the command line."""
    top = argparse.ArgumentParser(
        prog="python -m seldenrijk.responder.stock",
        description=__doc__,
        epilog="Without STOCK_URL and DATABASE_URL the packaged sample is used. "
        "Exit status: 0 good, 1 the stock is refused or out of reach, 2 wrong use.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    migrate = commands.add_parser("migrate", help="create or update the tables in DATABASE_URL")
    check = commands.add_parser("check", help="read the stock once and report every bad row")
    show = commands.add_parser("show", help="list the cars")
    for sub in (migrate, check, show):
        sub.add_argument(
            "--database-url", default=os.environ.get("DATABASE_URL"), help="default: $DATABASE_URL"
        )
    for sub in (check, show):
        sub.add_argument("--stock-url", default=os.environ.get("STOCK_URL"), help="default: $STOCK_URL")
    check.add_argument(
        "--max-bad-share", type=float, default=0.5, help="refuse above this share of bad rows (0.5)"
    )
    check.add_argument("--strict", action="store_true", help="exit with 1 when any row is bad")
    show.add_argument("--make", help="only this make")
    show.add_argument("--limit", type=int, default=50, help="at most so many cars (50)")
    return top


async def read(stock_url: str | None, database_url: str | None, max_bad_share: float = 1.0) -> Loaded:
    """Read and validate the stock once. Raises StockError."""
    source = source_from(stock_url, database_url)
    try:
        fetched = await source.fetch(None)
    finally:
        await source.close()
    if fetched is None:
        raise StockError("unreadable", "the source gave no rows")
    return validate(fetched.rows, max_bad_share)


def migrate(database_url: str | None) -> int:
    """Apply the migrations; returns the exit status."""
    from seldenrijk.responder.stock.database import migrate as apply  # noqa: PLC0415 - the driver only when needed

    if not database_url:
        print("DATABASE_URL is not set", file=sys.stderr)
        return 2
    done = asyncio.run(apply(database_url))
    print(f"applied: {', '.join(map(str, done))}" if done else "already up to date")
    return 0


def check(loaded: Loaded, strict: bool) -> int:
    """Print counts and problems; returns the exit status."""
    counts = {
        s: sum(c.status == s for c in loaded.cars) for s in ("available", "reserved", "sold", "withdrawn")
    }
    print(f"{loaded.rows} rows, {len(loaded.cars)} cars, {loaded.bad_rows} bad rows")
    print(", ".join(f"{count} {status}" for status, count in counts.items()))
    for problem in loaded.problems:
        print(f"  {problem}")
    return 1 if strict and loaded.bad_rows else 0


def show(cars: Sequence[Car], make: str | None, limit: int) -> int:
    """Print cars, one a line; returns the exit status."""
    chosen = [car for car in cars if not make or squash(car.make) == squash(make)]
    for car in chosen[: max(0, limit)]:
        name = f"{car.make} {car.model} {car.version or ''}".strip()
        print(
            f"{car.id:<10} {name[:44]:<44} {car.year} {car.mileage:>7} km  € {car.price:>6}  "
            f"{car.fuel_type:<15} {car.transmission:<14} {car.status}"
        )
    print(f"{len(chosen)} cars")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser().parse_args(arguments)
    try:
        if options.command == "migrate":
            return migrate(options.database_url)
        if options.command == "check":
            loaded = asyncio.run(read(options.stock_url, options.database_url, options.max_bad_share))
            return check(loaded, options.strict)
        loaded = asyncio.run(read(options.stock_url, options.database_url))
        return show(loaded.cars, options.make, options.limit)
    except StockError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
