"""What happened, in order, for the page and for whoever asks: bounded, with live subscribers."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

KEEP = 5_000
QUEUE = 2_000


@dataclass(frozen=True)
class Entry:
    """One line of the journal. ``seq`` grows by one; ``at`` is real time (ISO 8601, UTC)."""

    seq: int
    at: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Journal:
    """Keeps the newest entries and hands each new one to every subscriber."""

    def __init__(self, keep: int = KEEP) -> None:
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._queues: set[asyncio.Queue[Entry]] = set()
        self.seq = 0

    def add(self, kind: str, /, **data: Any) -> Entry:
        """Write a line. A subscriber that is too slow loses its oldest lines, never blocks us."""
        self.seq += 1
        entry = Entry(self.seq, datetime.now(UTC).isoformat(timespec="milliseconds"), kind, data)
        self._entries.append(entry)
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(entry)
        return entry

    def since(self, seq: int) -> list[Entry]:
        """Entries after ``seq``, oldest first."""
        return [entry for entry in self._entries if entry.seq > seq]

    def clear(self) -> None:
        """Forget the past; numbering goes on."""
        self._entries.clear()

    @contextmanager
    def _subscribed(self) -> Any:
        queue: asyncio.Queue[Entry] = asyncio.Queue(QUEUE)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def follow(self, after: int | None = None, heartbeat: float = 15.0) -> AsyncIterator[Entry | None]:
        """Entries after ``after`` and then each new one; None every ``heartbeat`` seconds of silence."""
        with self._subscribed() as queue:
            for entry in self.since(self.seq if after is None else after):
                yield entry
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), heartbeat)
                except TimeoutError:
                    yield None
