"""Claude's reading of a file of messages, for the same scorer that judges the offline engine."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .client import ClaudeClient
from .merge import merge_understanding
from .proposal import UnderstandingProposal
from .result import Result

Row = dict[str, Any]
AT_ONCE = 8


@dataclass
class Report:
    """How the calls went and what they cost (US dollars)."""

    reasons: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    cost: float = 0.0
    latencies_ms: list[int] = field(default_factory=list)

    def add(self, result: Result[UnderstandingProposal]) -> None:
        """Count one call."""
        self.reasons[result.reason] += 1
        self.dropped.update(result.dropped)
        self.latencies_ms.append(result.latency_ms)
        self.cost += result.use.cost if result.use else 0.0

    def __str__(self) -> str:
        times = sorted(self.latencies_ms) or [0]
        median, slow = times[len(times) // 2], times[int(len(times) * 0.95)]
        reasons = " ".join(f"{reason}={count}" for reason, count in self.reasons.most_common())
        dropped = " ".join(f"{name}={count}" for name, count in self.dropped.most_common()) or "none"
        return (
            f"calls: {reasons or 'none'}\ndropped fields: {dropped}\n"
            f"latency p50 {median} ms, p95 {slow} ms\ncost ${self.cost:.4f}"
        )


async def predict(
    client: ClaudeClient, rows: list[Row], engine: Mapping[str, Row], threshold: float
) -> tuple[list[Row], Report]:
    """Predictions in the order of ``rows``, which have ``id``, ``text`` and optionally ``context``.

    With ``engine`` (its predictions by id) it is done as the services do: Claude is asked only where the
    engine's confidence is below ``threshold``; then its intent counts, and its slots fill the gaps.
    """
    report, gate = Report(), asyncio.Semaphore(AT_ONCE)
    now = datetime.now(UTC)

    async def one(row: Row) -> Row:
        offline = engine.get(row["id"], {})
        if offline.get("confidence", 0.0) >= threshold:
            return offline
        async with gate:
            result = await client.understand(
                row["text"], row.get("context") or (), known=offline.get("slots"), at=now
            )
        report.add(result)
        return _merged(row, offline, result.value, now.year)

    return list(await asyncio.gather(*map(one, rows))), report


def _merged(row: Row, offline: Row, proposal: UnderstandingProposal | None, year: int) -> Row:
    fallback = {"intent": offline.get("intent", "unclear"), "confidence": offline.get("confidence", 0.0)}
    intent = proposal.intent if proposal and proposal.intent else fallback["intent"]
    slots = merge_understanding(offline.get("slots", {}), proposal, text=row["text"], year=year)
    return {"id": row["id"], "intent": intent, "slots": slots, "confidence": fallback["confidence"]}


def read_rows(path: Path) -> list[Row]:
    """The JSON lines of a file. Raises OSError and ValueError."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write JSON lines. Raises OSError."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
