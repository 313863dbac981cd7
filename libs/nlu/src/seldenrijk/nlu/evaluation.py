"""Measures the engine: the scorer's report, a table of its confidence, its speed."""

import json
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from seldenrijk.nlu.engine import understand, warm_up
from seldenrijk.nlu.scoring import Report, score

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.001)


@dataclass(frozen=True, slots=True)
class Measured:
    """A scored set: the report, (confidence, right) per row, and milliseconds per message."""

    report: Report
    confidence: list[tuple[float, bool]]
    millis: list[float]

    @property
    def sure(self) -> tuple[float, float]:
        """Return the share of rows answered with 0.9 or more, and the share of those that is right."""
        sure = [right for confidence, right in self.confidence if confidence >= 0.9]
        return len(sure) / max(1, len(self.confidence)), sum(sure) / max(1, len(sure))


def predictions(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Answer rows of id, text and context."""
    for row in rows:
        found = understand(row["text"], row.get("context"))
        yield {
            "id": row["id"], "intent": found.intent, "slots": found.slots, "confidence": found.confidence,
            "secondary": list(found.secondary), "language": found.language,
        }  # fmt: skip


def measure(rows: Sequence[Mapping[str, Any]]) -> Measured:
    """Answer and score labelled rows, one by one, timing each."""
    warm_up()
    answers: dict[str, Mapping[str, Any]] = {}
    millis: list[float] = []
    for row in rows:
        began = time.perf_counter()
        answer = next(predictions([row]))
        millis.append((time.perf_counter() - began) * 1000)
        answers[str(row["id"])] = answer
    confidence = [
        (answers[str(row["id"])]["confidence"], _is_right(row, answers[str(row["id"])]["intent"]))
        for row in rows
    ]
    return Measured(score(rows, answers), confidence, millis)


def _is_right(row: Mapping[str, Any], intent: str) -> bool:
    return intent == row["intent"] or intent in row.get("also_ok", ())


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[tuple[str, int, float, float]]:
    """Return, per range of confidence: its name, the rows, the mean confidence and the share right."""
    table: list[tuple[str, int, float, float]] = []
    for low, high in pairwise(BINS):
        inside = [(confidence, right) for confidence, right in pairs if low <= confidence < high]
        if inside:
            mean = statistics.fmean(confidence for confidence, _ in inside)
            table.append(
                (
                    f"{low:.2f}-{min(high, 1.0):.2f}",
                    len(inside),
                    mean,
                    sum(r for _, r in inside) / len(inside),
                )
            )
    return table


def read_rows(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Read rows of JSON; returns the good ones and one sentence for each bad line."""
    rows: list[dict[str, Any]] = []
    errors: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_checked(json.loads(line)))
        except (ValueError, RecursionError) as error:
            errors.append(f"line {number}: {error}")
    return rows, errors


def _checked(row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValueError("expected an object with id, text and context")
    if "id" not in row:
        raise ValueError("no id")
    if not isinstance(row.get("text"), str):
        raise ValueError("no text")
    context = row.get("context")
    if context is not None and not (
        isinstance(context, list) and all(isinstance(turn, dict) for turn in context)
    ):
        raise ValueError("context must be null or a list of turns")
    return row
