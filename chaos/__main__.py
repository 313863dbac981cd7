"""``python -m chaos``: break the running system on purpose, judge, and write down what came of it."""

import asyncio
import secrets
import sys
import time
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from . import scenarios as _  # noqa: F401  (registers them)
from .report import Run, keep, kept, write
from .scenario import SCENARIOS, Result, Scenario, Work
from .world import World, running

console = Console(highlight=False, soft_wrap=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
RECORD = Path(__file__).parents[1] / ".run" / "chaos.jsonl"
"""Every run that was done here; the report is written from it."""
LIMIT = 1500.0
"""Seconds after which a scenario counts as failed (at full scale 3,600)."""


@app.command()
def main(
    numbers: Annotated[list[int] | None, typer.Argument(help="Scenarios by number; default: all")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Those that finish within ten minutes together")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Repeat a run's choices")] = None,
    scale: Annotated[float, typer.Option(help="1: the full figures; default: a small part of them")] = 0.03,
    counter: Annotated[bool, typer.Option(help="Run the counter-proofs, too")] = True,
    rounds: Annotated[int, typer.Option(help="That many times, with different seeds")] = 1,
    report: Annotated[Path | None, typer.Option(help="Write a report of all recorded runs here")] = None,
) -> None:
    """Run scenarios; exit code 1 when one fails, or when a counter-proof finds nothing."""
    unknown = set(numbers or ()) - set(SCENARIOS)
    if unknown:
        raise typer.BadParameter(f"no scenario {sorted(unknown)}; there are {sorted(SCENARIOS)}")
    chosen = [s for n, s in sorted(SCENARIOS.items()) if (numbers and n in numbers) or not numbers]
    chosen = [s for s in chosen if s.quick or not quick]
    runs: list[Run] = []
    for _round in range(rounds):
        number = seed if seed is not None and rounds == 1 else secrets.randbelow(10**6)
        console.print(f"[bold]seed {number}[/] · scale {scale:g} · {len(chosen)} scenarios")
        runs += asyncio.run(_all(chosen, number, scale, counter))
    if report is not None:
        write(report, kept(RECORD))
    failed = sum(not run.passed for run in runs)
    console.print(f"{len(runs) - failed} of {len(runs)} passed")
    sys.exit(1 if failed else 0)


async def _all(chosen: list[Scenario], seed: int, scale: float, counter: bool) -> list[Run]:
    runs = [await _one(s, None, seed, scale, counter) for s in chosen if s.alone]
    shared = [s for s in chosen if not s.alone]
    while shared:
        async with running(seed) as world:
            while shared:
                runs.append(await _one(shared.pop(0), world, seed, scale, counter))
                if not runs[-1].passed:
                    break  # what a failure leaves behind shall not blame the next one
    return sorted(runs, key=lambda run: run.number)


async def _one(scenario: Scenario, world: World | None, seed: int, scale: float, counter: bool) -> Run:
    started = time.monotonic()
    console.print(f"[bold]{scenario.number:>2}[/] {scenario.title}")
    if world is None:
        world = World.__new__(World)
        world.seed = seed
    import random  # noqa: PLC0415

    world.dice = random.Random(seed * 100 + scenario.number)
    run = Run(scenario.number, scenario.title, scenario.weakness, seed, scale)
    run.result = await _guarded(scenario.run, world, scale)
    run.seconds = time.monotonic() - started
    verdict = "[green]passed[/]" if not run.result.problems else f"[red]{run.result.problems[:5]}[/]"
    console.print(f"   {verdict} in {run.seconds:.0f} s  {run.result.figures}")
    if counter and scenario.counter is not None:
        run.counter = await _guarded(scenario.counter, world, scale)
        found = run.counter.problems
        told = f"found: {found[0][:120]}" if found else f"[red]found nothing[/] {run.counter.figures}"
        console.print(f"   counter-proof ({scenario.weakness}): {told}")
        if any(p.startswith("error: ") for p in found):
            run.counter.problems = []
    keep(RECORD, run)
    return run


async def _guarded(work: Work, world: World, scale: float) -> Result:
    try:
        async with asyncio.timeout(LIMIT if scale < 0.5 else 3600.0):
            return await work(world, scale)
    except Exception as error:  # noqa: BLE001  (a scenario that breaks is a failed scenario)
        traceback.print_exc(limit=-4)
        return Result({}, [f"error: {type(error).__name__}: {error}"])


if __name__ == "__main__":
    app()
