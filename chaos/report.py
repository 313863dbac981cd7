"""docs/reliability.md, written from runs."""

import platform
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from .scenario import Result

NOTES: Final = Path(__file__).with_name("notes.md")


@dataclass
class Run:
    """One scenario run with one seed."""

    number: int
    title: str
    weakness: str
    seed: int
    seconds: float = 0.0
    result: Result = field(default_factory=Result)
    counter: Result | None = None

    @property
    def passed(self) -> bool:
        """No problem found, and the counter-proof (if it was run) found one."""
        return not self.result.problems and (self.counter is None or bool(self.counter.problems))


def write(path: Path, runs: list[Run], scale: float) -> None:
    """Write the report of these runs."""
    by_number: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_number[run.number].append(run)
    seeds = sorted({run.seed for run in runs})
    lines = [
        "# Reliability report",
        "",
        f"Written by `python -m chaos` on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"scale {scale:g}, seeds {', '.join(map(str, seeds))}.",
        f"Reproduce: `python -m chaos --scale {scale:g} --seed SEED`, one scenario: `python -m chaos 8`.",
        "",
        "| # | scenario | runs passed | counter-proof: without the protection | found |",
        "|---|---|---|---|---|",
    ]
    for number, found in sorted(by_number.items()):
        passed = sum(not run.result.problems for run in found)
        counters = [run.counter for run in found if run.counter is not None]
        shown = f"{sum(bool(c.problems) for c in counters)} of {len(counters)}" if counters else "not run"
        lines.append(
            f"| {number} | {found[0].title} | {passed} of {len(found)} | {found[0].weakness} | {shown} |"
        )
    lines += ["", "## Figures", ""]
    for number, found in sorted(by_number.items()):
        lines += [f"### {number}. {found[0].title}", ""]
        lines += [line for run in found for line in _details(run)]
    lines.append(NOTES.read_text().strip())
    path.write_text("\n".join(lines) + "\n")


def _details(run: Run) -> list[str]:
    figures = "; ".join(f"{name} {value}" for name, value in run.result.figures.items())
    lines = [f"- seed {run.seed}, {run.seconds:.0f} s: {figures or 'no figures'}"]
    lines += [f"  - **problem:** {problem}" for problem in run.result.problems[:5]]
    if run.counter is not None:
        what = run.counter.problems[0][:160] if run.counter.problems else "**nothing**"
        lines.append(f"  - counter-proof found {len(run.counter.problems)}: {what}")
    return [*lines, ""]
