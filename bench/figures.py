"""Percentiles, ratios with spread, and lines that a person reads."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie (nearest rank). NaN when there is none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def summary(values: Sequence[float], unit: str = "ms") -> str:
    """p50, p95 and p99 in one line."""
    parts = (
        f"{name} {percentile(values, share):.1f}"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return ", ".join(parts) + f" {unit} (n={len(values)})"


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median and range: ``0.81 (0.77 to 0.84)``; one value stands alone."""
    if not values:
        return "none"
    middle = f"{statistics.median(values):,.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours divided by theirs, run by run: neighbours in time share the machine's noise."""
    return [a / b for a, b in zip(ours, theirs, strict=True) if b]


@dataclass(frozen=True)
class Target:
    """What must hold, what was measured, and whether it held."""

    says: str
    measured: str
    held: bool


@dataclass
class Result:
    """One measurement: a table, targets, and what must be known to read them."""

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def target(self, says: str, values: Sequence[float], limit: float, at_least: bool = True) -> None:
        """Judge the median of ``values`` against a limit."""
        middle = statistics.median(values) if values else float("nan")
        held = middle >= limit if at_least else middle <= limit
        self.targets.append(Target(says, spread(values), held))

    def markdown(self) -> str:
        """Table, targets and notes."""
        lines = [_row(self.columns), _row(["---"] * len(self.columns)), *map(_row, self.rows)]
        if self.targets:
            lines += ["", _row(["target", "measured", "held"]), _row(["---"] * 3)]
            lines += [_row([t.says, t.measured, "yes" if t.held else "**no**"]) for t in self.targets]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)])

    def text(self) -> str:
        """The same for a terminal: columns aligned."""
        table = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in table) for i in range(len(self.columns))]
        lines = [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]
        lines += [f"  {'held  ' if t.held else 'MISSED'} {t.says}: {t.measured}" for t in self.targets]
        return "\n".join([f"\n== {self.title}", *lines, *(f"  {note}" for note in self.notes)])

    def as_dict(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Result":
        """Read what was kept."""
        return cls(**{**kept, "targets": [Target(**t) for t in kept["targets"]]})


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
