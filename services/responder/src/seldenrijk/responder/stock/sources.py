"""Where the stock comes from: the port, files, and the choice by configuration."""

import asyncio
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from seldenrijk.responder.stock.model import StockError
from seldenrijk.responder.stock.rows import Format, Row, read_rows

MAX_BYTES = 20_000_000
"""Largest feed in bytes; 2,000 cars with long equipment lists are about 2 MB."""
DIGEST = "sha256:"
"""Marks a version that is ours, not the server's."""


@dataclass(frozen=True)
class Version:
    """What identifies a version of a feed, to ask for it only when it changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A feed as it came in, read into rows."""

    rows: list[Row]
    version: Version


class Source(Protocol):
    """The port: one feed of rows. `name` may be logged, so it holds neither credentials nor a query."""

    name: str

    async def fetch(self, known: Version | None) -> Fetched | None:
        """Fetch the feed; None when it still is the version `known`. Raises StockError."""

    async def close(self) -> None:
        """Give back what the source holds."""


def digest(body: bytes) -> str:
    """Identify content where the source has no version of its own."""
    return DIGEST + hashlib.sha256(body).hexdigest()[:32]


def format_of(path: str) -> Format | None:
    """Format by the suffix of a path."""
    suffix = PurePosixPath(path).suffix.casefold()
    return {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".json": "json"}.get(suffix)  # type: ignore[return-value]


class FileSource:
    """A CSV or JSON file on disk or in the package, read in a worker thread."""

    def __init__(self, path: Path | Traversable, max_bytes: int = MAX_BYTES) -> None:
        self.name = f"file {path.name}"
        self.path = path
        self._max_bytes = max_bytes
        fmt = format_of(path.name)
        if fmt is None:
            raise StockError("configuration", "the stock file must end in .csv or .json")
        self._format: Format = fmt

    async def fetch(self, known: Version | None) -> Fetched | None:
        """Read the file; its version is a hash of its content. Raises StockError."""
        return await asyncio.to_thread(self._read, known)

    def _read(self, known: Version | None) -> Fetched | None:
        try:
            with self.path.open("rb") as file:
                body = file.read(self._max_bytes + 1)
        except OSError as error:
            raise StockError(
                "unreachable", f"the stock file cannot be read ({type(error).__name__})"
            ) from None
        if len(body) > self._max_bytes:
            raise StockError("too-large", f"the stock file is larger than {self._max_bytes} bytes")
        version = Version(etag=digest(body))
        return None if version == known else Fetched(read_rows(body, self._format), version)

    async def close(self) -> None:
        """Nothing is held."""


def sample() -> FileSource:
    """The packaged sample, for the demo."""
    return FileSource(files("seldenrijk.responder").joinpath("data", "stock.csv"))


def source_from(
    stock_url: str | None, database_url: str | None, *, max_bytes: int = MAX_BYTES, timeout: float = 20.0
) -> Source:
    """Choose the source: STOCK_URL if set, else PostgreSQL at DATABASE_URL, else the packaged sample.

    STOCK_URL is a path, a file:// or https:// address (http:// for the machine itself only), or a
    postgresql:// one. `timeout` is seconds for one whole fetch. Raises StockError for anything else.
    """
    address = (stock_url or "").strip() or (database_url or "").strip()
    if not address:
        return sample()
    scheme = urlsplit(address).scheme.casefold() if "://" in address else ""
    if scheme in ("postgres", "postgresql"):
        from seldenrijk.responder.stock.database import PostgresSource  # noqa: PLC0415 - only who uses it loads it

        return PostgresSource(address, timeout=timeout)
    if scheme in ("http", "https"):
        from seldenrijk.responder.stock.feed import FeedSource  # noqa: PLC0415 - likewise

        return FeedSource(address, max_bytes=max_bytes, timeout=timeout)
    if scheme == "file":
        return FileSource(_path_of(address), max_bytes)
    if scheme or not (stock_url or "").strip():
        raise StockError("configuration", "this kind of address cannot be a stock")
    return FileSource(Path(address), max_bytes)


def _path_of(address: str) -> Path:
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost"):
        raise StockError("configuration", "a file:// address of another machine cannot be read")
    return Path(url2pathname(parts.path))
