"""docs/reliability.md, written from runs."""

import platform
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from .scenario import Result

NOTES: Final = Path(__file__).with_name("notes.md")


@dataclass
class Run:
    """One scenario run with one seed."""

    number: int
    title: str
    weakness: str
    seed: int
    scale: float = 1.0
    seconds: float = 0.0
    result: Result = field(default_factory=Result)
    counter: Result | None = None

    @property
    def passed(self) -> bool:
        """No problem found, and the counter-proof (if it was run) found one."""
        return not self.result.problems and (self.counter is None or bool(self.counter.problems))


def keep(path: Path, run: Run) -> None:
    """Add a run to the record, one JSON line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(orjson.dumps(asdict(run), option=orjson.OPT_NON_STR_KEYS) + b"\n")


def kept(path: Path) -> list[Run]:
    """All recorded runs."""
    runs = []
    for line in path.read_bytes().splitlines():
        raw = orjson.loads(line)
        counter = raw.pop("counter")
        result = Result(**raw.pop("result"))
        runs.append(Run(**raw, result=result, counter=Result(**counter) if counter else None))
    return runs


def write(path: Path, runs: list[Run]) -> None:
    """Write the report of these runs."""
    by_number: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_number[run.number].append(run)
    seeds = sorted({run.seed for run in runs})
    scales = sorted({run.scale for run in runs})
    lines = [
        "# Reliability report",
        "",
        f"Written by `python -m chaos` on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"scale {', '.join(f'{s:g}' for s in scales)}, seeds {', '.join(map(str, seeds))}.",
        "Reproduce: `make chaos`, one scenario: `make chaos S=8`, with a seed: `python -m chaos 8 --seed 7`,",
        "the part that runs in CI: `python -m chaos --quick`; the full figures: `python -m chaos --scale 1`.",
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
    lines = [f"- seed {run.seed}, scale {run.scale:g}, {run.seconds:.0f} s: {figures or 'no figures'}"]
    lines += [f"  - **problem:** {problem}" for problem in run.result.problems[:5]]
    if run.counter is not None:
        what = run.counter.problems[0][:160] if run.counter.problems else "**nothing**"
        lines.append(f"  - counter-proof found {len(run.counter.problems)}: {what}")
    return [*lines, ""]
