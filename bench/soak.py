"""5e. Memory over ten minutes of even load."""

import asyncio
import os
from pathlib import Path
from statistics import median

import uvloop

from .figures import Result, summary
from .ours import Ours, ours

RATE = 5.0
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
FLAT = 1.10


def resident(pid: int) -> float:
    """Megabytes of memory in use by a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB


async def _soaked(system: Ours, seconds: float, every: float) -> tuple[dict[str, list[float]], list[float]]:
    driver = system.driver()
    server = await driver.twilio.serve(system.twilio_port)
    load = asyncio.create_task(driver.paced(RATE, seconds))
    found: dict[str, list[float]] = {}
    while not load.done():
        for name, process in system.system.processes.items():
            if process.pid is not None:
                found.setdefault(name, []).append(resident(process.pid))
        await asyncio.wait({load}, timeout=every)
    server.close()
    return found, load.result()


def run(quick: bool) -> Result:
    """Sample the resident memory of each process; compare the second fifth with the last."""
    seconds = 25.0 if quick else 600.0
    with ours() as system:
        found, latencies = uvloop.run(_soaked(system, seconds, seconds / 100))
    result = Result("soak", "Memory", ["process", "second fifth MB", "last fifth MB", "growth"])
    for name, values in found.items():
        fifth = max(1, len(values) // 5)
        early, late = median(values[fifth : 2 * fifth]), median(values[-fifth:])
        result.rows.append([name, f"{early:.0f}", f"{late:.0f}", f"{late / early - 1:+.1%}"])
        if name not in ("nats", "sandbox"):
            result.target(f"{name}: flat (at most {FLAT - 1:.0%} more)", [late / early], FLAT, at_least=False)
    result.notes.append(
        f"{seconds:g} s at {RATE:g} messages a second, all five services; webhook to acceptance "
        f"{summary(latencies)}. "
        "nats-server's grows with the streams' index and its caches, the sandbox keeps everything on purpose."
    )
    return result
