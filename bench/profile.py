"""6. Where the time goes: a sampled profile of each service under load."""

import asyncio
import re
import subprocess
from collections import Counter
from pathlib import Path

import uvloop

from .figures import Result
from .machine import RUN, tool
from .ours import Ours, ours

SERVICES = ("gateway", "router", "extractor", "responder", "chatwoot-sync")
RATE = 15.0
IDLE = re.compile(r"\((threading|concurrent/futures/thread|selectors)\.py|_watch \(chassis/watchdog")
OURS = re.compile(r"\((chassis|contracts|nlu|gateway|router|extractor|responder|chatwoot_sync)/")
AREAS = (
    ("understanding (nlu)", "nlu/"),
    ("composing, stock, claim check", "responder/"),
    ("Twilio's SDK and HTTP client", ("twilio/", "aiohttp/")),
    ("mirror's own code and HTTP client", ("chatwoot_sync/", "httpx/", "httpcore/")),
    ("logging", ("structlog/", "chassis/logs.py")),
    ("tracing", ("opentelemetry/", "chassis/telemetry.py")),
    ("metrics", ("prometheus_client/", "chassis/metrics.py")),
    ("events: models and JSON", ("contracts/", "pydantic/")),
    ("state: models and JSON", "chassis/envelope.py"),
    ("HTTP server", ("uvicorn/", "starlette/", "fastapi/", "chassis/edge.py")),
    ("NATS client", ("nats/", "chassis/bus/")),
    ("lanes and jobs", "chassis/"),
    ("gateway's own code", "gateway/"),
    ("router's own code", "router/"),
    ("extractor's own code", "extractor/"),
)


def area_of(stack: str) -> str:
    """Whose time a sample is: the first area, in the order of the table, that its innermost known "
    "frame is in."""
    for frame in reversed(stack.partition("Runner.run")[2].split(";")):
        place = frame.partition("(")[2]
        for name, marks in AREAS:
            if any(mark in place for mark in ((marks,) if isinstance(marks, str) else marks)):
                return name
    return "event loop, and waiting for a core"


def read(folded: str) -> Counter[str]:
    """Stacks and samples of py-spy's raw format; what only waits is left out."""
    stacks: Counter[str] = Counter()
    for line in folded.splitlines():
        stack, _, number = line.rpartition(" ")
        if stack and not IDLE.search(stack.rpartition(";")[2]):
            stacks[stack] += int(number)
    return stacks


def hottest(stacks: Counter[str], count: int) -> list[tuple[str, float]]:
    """Functions of ours by the share of samples that they are part of."""
    total = sum(stacks.values()) or 1
    inclusive: Counter[str] = Counter()
    for stack, number in stacks.items():
        for frame in {f for f in stack.split(";") if OURS.search(f)}:
            inclusive[re.sub(r":\d+\)", ")", frame)] += number
    return [(frame, number / total) for frame, number in inclusive.most_common(count)]


def run(quick: bool) -> Result:
    """Load the whole system evenly and sample each service in turn."""
    seconds = 5 if quick else 20
    result = Result("profile", "Where the time goes", ["service", "busy, % of a core", "of which"])
    folder = RUN / "bench" / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    with ours() as system:
        uvloop.run(_sampled(system, seconds, folder))
    for service in SERVICES:
        stacks = read((folder / f"{service}.txt").read_text())
        total = sum(stacks.values())
        areas: Counter[str] = Counter()
        for stack, number in stacks.items():
            areas[area_of(stack)] += number
        parts = ", ".join(f"{name} {n / total:.0%}" for name, n in areas.most_common(7))
        result.rows.append([service, f"{total / (seconds * HERTZ):.0%}", parts])
    result.notes.append(
        f"py-spy, {HERTZ} samples a second, each service for {seconds} s at {RATE:g} messages a "
        "second through the "
        "whole chain; a sample counts for the innermost of our areas in its stack. The folded stacks are in "
        ".run/bench/profiles (py-spy's raw format, for any flame graph viewer)."
    )
    return result


HERTZ = 200


async def _sampled(system: Ours, seconds: float, folder: Path) -> None:
    driver = system.driver()
    server = await driver.twilio.serve(system.twilio_port)
    load = asyncio.create_task(driver.paced(RATE, (seconds + 2) * len(SERVICES) + 4))
    await asyncio.sleep(2)
    for service in SERVICES:
        pid = system.system.processes[service].pid
        command = [tool("py-spy"), "record", "-p", str(pid), "-d", str(int(seconds)), "-r", str(HERTZ),
                   "-f", "raw", "-F", "-o", str(folder / f"{service}.txt")]  # fmt: skip
        await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    await load
    server.close()
