"""The stock as the responder holds it: refreshed in the background, never worse than the last good one."""

import asyncio
import contextlib
import logging
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from seldenrijk.responder.stock.history import departed, vanished
from seldenrijk.responder.stock.model import Loaded, Problem, Snapshot, StockError
from seldenrijk.responder.stock.sources import Fetched, Source, Version
from seldenrijk.responder.stock.validate import validate

log = logging.getLogger(__name__)

_MANY = 20  # cars; of fewer, half may well be gone at once


class StockRepository:
    """Holds the current `Snapshot` of one source.

    `interval` is seconds between two refreshes; after a failure the next try comes after 2 s, doubled with
    each further failure up to `max_backoff` seconds. `max_bad_share` of bad rows is tolerated. Departed cars
    are remembered for `memory`. `prepare` is called with each new snapshot in a worker thread before it is
    shown to anyone (for a search index). When more than half of a stock vanishes without being called sold,
    the feed is taken for cut off, and believed only when the next try, 2 s later, says the same.
    """

    def __init__(
        self,
        source: Source,
        *,
        interval: float = 60.0,
        max_backoff: float = 300.0,
        max_bad_share: float = 0.5,
        memory: timedelta = timedelta(days=14),
        prepare: Callable[[Snapshot], object] | None = None,
    ) -> None:
        self._source = source
        self._interval = interval
        self._max_backoff = max_backoff
        self._max_bad_share = max_bad_share
        self._memory = memory
        self._prepare = prepare
        self._snapshot = Snapshot()
        self._version: Version | None = None
        self._confirmed: float | None = None
        self._failures = 0
        self._doubted = False
        self._last_error: StockError | None = None
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The current stock; empty before the first good load."""
        return self._snapshot

    @property
    def ready(self) -> bool:
        """Whether a stock was ever loaded."""
        return self._confirmed is not None

    @property
    def age_seconds(self) -> float:
        """Seconds since the source last gave or confirmed this stock; infinite before the first time."""
        return math.inf if self._confirmed is None else monotonic() - self._confirmed

    @property
    def cars(self) -> int:
        """Number of cars that may be offered."""
        return len(self._snapshot.available)

    @property
    def bad_rows(self) -> int:
        """Number of rows skipped in the current stock."""
        return self._snapshot.bad_rows

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong in the rows of the current stock."""
        return self._snapshot.problems

    @property
    def last_error(self) -> StockError | None:
        """Why the latest refresh failed; None after a good one."""
        return self._last_error

    @property
    def failures(self) -> int:
        """Failed refreshes in a row."""
        return self._failures

    async def start(self) -> None:
        """Load once, good or not, then refresh in the background until `stop`."""
        if self._task is not None:
            return
        await self.refresh()
        self._task = asyncio.create_task(self._run(), name="stock-refresh")

    async def stop(self) -> None:
        """Stop refreshing and close the source. The last snapshot stays readable."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._source.close()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._delay())
            await self.refresh()

    def _delay(self) -> float:
        if not self._failures:
            return self._interval
        delay: float = min(2.0 ** min(self._failures, 16), self._max_backoff)
        return delay * random.uniform(0.8, 1.2)  # replicas do not come back all at once

    async def refresh(self) -> bool:
        """Refresh now; False when it failed and the last good stock stays. Never raises StockError."""
        async with self._lock:
            try:
                await self._load()
            except StockError as error:
                self._fail(error)
            except Exception as error:  # noqa: BLE001 - a bug in reading a feed must not end the refreshing
                self._fail(StockError("unreadable", f"unexpected {type(error).__name__}"))
            else:
                self._failures, self._last_error, self._confirmed = 0, None, monotonic()
            return self._last_error is None

    def _fail(self, error: StockError) -> None:
        self._failures += 1
        self._last_error = error
        log.warning("Stock not refreshed, the last good one stays: %s (%s)", error, self._source.name)

    async def _load(self) -> None:
        fetched = await self._source.fetch(self._version)
        if fetched is not None:
            self._snapshot = await asyncio.to_thread(self._next, fetched)
            # Only an accepted feed's version is remembered: a refused one is fetched and refused again.
            self._version = fetched.version
            log.info("Stock loaded: %d cars for sale, %d bad rows", self.cars, self.bad_rows)

    def _doubt(self, loaded: Loaded) -> None:
        share = vanished(self._snapshot, loaded)
        suspicious = share > 0.5 and len(self._snapshot.cars) >= _MANY
        if suspicious and not self._doubted:
            self._doubted = True
            raise StockError("cut-off", f"{share:.0%} of the cars vanished at once; the next try decides")
        self._doubted = False

    def _next(self, fetched: Fetched) -> Snapshot:
        loaded = validate(fetched.rows, self._max_bad_share)
        self._doubt(loaded)
        now = datetime.now(UTC)
        snapshot = Snapshot(
            cars=tuple(car for car in loaded.cars if car.status in ("available", "reserved")),
            loaded_at=now,
            etag=fetched.version.etag,
            problems=loaded.problems,
            departed=departed(self._snapshot, loaded, now, self._memory),
            bad_rows=loaded.bad_rows,
        )
        if self._prepare is not None:
            self._prepare(snapshot)
        return snapshot
