"""Runs scripts, many customers at once: one system for all scripts that share stock and dealer file."""

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from seldenrijk.sandbox.system import System

from .calendar import Calendar, read_dealer
from .judge import Fault, judge
from .play import Played, Player
from .script import FOLDER, Script
from .text import read_stock
from .tomlwriter import dumps
from .watch import Watcher

ROOT = Path(__file__).parent.parent
DEALER = ROOT / "deploy" / "dealer.toml"
AT_ONCE = 20
"""Conversations at the same time: enough to keep two cores busy with waiting customers, not with queues."""
Mind = Literal["builtin", "stand-in", "claude"]


@dataclass
class Verdict:
    """A played script and its faults."""

    played: Played
    faults: list[Fault]

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return not self.faults


@dataclass
class Run:
    """All verdicts with the circumstances."""

    mind: Mind
    started: datetime
    verdicts: list[Verdict] = field(default_factory=list)
    seconds: float = 0.0


def run(scripts: list[Script], mind: Mind, tell: Callable[[Verdict], None]) -> Run:
    """Play all scripts and judge them; ``tell`` hears of each as it ends."""
    result, began = Run(mind, datetime.now(UTC)), time.monotonic()
    groups: dict[str, list[Script]] = defaultdict(list)
    for script in scripts:
        groups[json.dumps([script.stock, script.dealer], sort_keys=True, default=str)].append(script)
    for group in groups.values():
        result.verdicts += _group(group, mind, tell)
    order = {script.name: n for n, script in enumerate(scripts)}
    result.verdicts.sort(key=lambda verdict: order[verdict.played.script.name])
    result.seconds = time.monotonic() - began
    return result


def _group(scripts: list[Script], mind: Mind, tell: Callable[[Verdict], None]) -> list[Verdict]:
    with tempfile.TemporaryDirectory(prefix="evals-") as name:
        folder = Path(name)
        stock = folder / "stock.csv"
        shutil.copyfile(_stock(scripts[0]), stock)
        dealer = _merged(read_dealer(DEALER), scripts[0].dealer)
        (folder / "dealer.toml").write_text(dumps(dealer), "utf-8")
        extra = {
            "STOCK_URL": str(stock),
            "STOCK_REFRESH_SECONDS": "1",
            "DEALER_FILE": str(folder / "dealer.toml"),
            "LOG_LEVEL": "WARNING",
        } | _mind(mind)
        with System(extra=extra, claude=mind == "stand-in") as system:
            calendar = Calendar(dealer, datetime.now(UTC))
            return asyncio.run(_played(system.sandbox_url, scripts, stock, calendar, tell))


def _stock(script: Script) -> Path:
    if script.stock is not None:
        return FOLDER / script.stock
    return Path(str(files("seldenrijk.responder") / "data" / "stock.csv"))


def _mind(mind: Mind) -> dict[str, str]:
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    return {"ANTHROPIC_API_KEY": key} if mind == "claude" and key else {}


async def _played(
    url: str, scripts: list[Script], stock: Path, calendar: Calendar, tell: Callable[[Verdict], None]
) -> list[Verdict]:
    cars, limit = read_stock(stock), asyncio.Semaphore(AT_ONCE)
    async with Watcher(url) as watcher:
        player = Player(url, watcher, calendar, stock)

        async def one(script: Script) -> Verdict:
            async with limit:
                played = await player.play(script)
            verdict = Verdict(played, judge(played, cars, calendar))
            tell(verdict)
            return verdict

        # the longest first, so that no long one is left alone at the end
        ordered = sorted(scripts, key=lambda script: -len(script.turns))
        try:
            return list(await asyncio.gather(*(one(script) for script in ordered)))
        finally:
            await player.http.aclose()


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """``changes`` laid over ``base``, table by table."""
    merged = dict(base)
    for name, value in changes.items():
        below = merged.get(name)
        merged[name] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
