"""How long a customer waits after a burst, with a slow Claude and with one that is down."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

import httpx

from seldenrijk.sandbox.system import System

from .watch import Watcher, moment, settled

TEXTS = (
    ("Hallo, ik zoek een Volkswagen Golf", "automaat graag, tot 20.000 euro"),
    ("Hebben jullie een diesel SUV met trekhaak?",),
    ("hoi", "ik wil iets zuinigs voor in de stad", "budget is een mille of tien"),
    ("Wat zijn de mogelijkheden voor financiering?",),
    ("Kan ik zaterdag een proefrit maken in de Polo?",),
    ("mn bakkie is op, iets leuks dat lekker zit voor 7 ruggen oid?",),
)
PAUSE = 0.5
LIMITS = {"slow": 4.0, "down": 2.0}
CALLS = 2.0


@dataclass
class Waits:
    """Seconds from each burst's last message to the first part of its reply, and the model calls made."""

    seconds: list[float]
    unanswered: int
    calls: int
    messages: int
    understanding: int

    def at(self, share: float) -> float:
        """The wait that ``share`` (0 to 1) of the bursts stay within."""
        ordered = sorted(self.seconds)
        return (
            ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
            if ordered
            else float("nan")
        )


def measure(rate: float, seconds: float) -> int:
    """Measure both cases and print them; exit code 1 when a limit was missed."""
    missed = False
    for name, faults in (
        ("slow", [{"kind": "latency", "purpose": "understand", "seconds": 0.4},
                  {"kind": "latency", "purpose": "write", "seconds": 1.8}]),
        ("down", [{"kind": "overloaded"}]),
    ):  # fmt: skip
        found = _case(faults, rate, seconds)
        per_message = found.calls / max(1, found.messages)
        held = (
            found.at(0.95) < LIMITS[name]
            and not found.unanswered
            and (name == "down" or per_message <= CALLS)
        )
        missed = missed or not held
        verdict = "held" if held else "MISSED"
        sys.stdout.write(f"Claude {name}: {_told(found, rate, per_message, LIMITS[name])}: {verdict}\n")
        sys.stdout.flush()
    return 1 if missed else 0


def _told(found: Waits, rate: float, calls: float, limit: float) -> str:
    p50, p95, worst = (f"{found.at(share):.2f} s" for share in (0.5, 0.95, 1))
    within = f"p50 {p50}, p95 {p95} (limit {limit:g} s), worst {worst}"
    return (
        f"{rate:g} messages a second, {len(found.seconds)} replies to {found.messages} messages; {within}; "
        f"{calls:.2f} calls for an answered message (limit {CALLS:g}; {found.understanding} to understand, "
        f"{found.calls - found.understanding} to write); {found.unanswered} unanswered; "
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def _case(faults: list[dict[str, Any]], rate: float, seconds: float) -> Waits:
    with System(claude=True, extra={"LOG_LEVEL": "WARNING"}) as system:
        return asyncio.run(_offered(system.sandbox_url, faults, rate, seconds))


async def _offered(url: str, faults: list[dict[str, Any]], rate: float, seconds: float) -> Waits:
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http, Watcher(url) as watcher:
        for fault in faults:
            (await http.post("/claude/faults", json=fault)).raise_for_status()
        per_burst = sum(map(len, TEXTS)) / len(TEXTS)
        bursts = int(rate * seconds / per_burst)
        started = time.monotonic()

        async def one(number: int) -> tuple[int, float | None]:
            await asyncio.sleep(max(0.0, started + number * per_burst / rate - time.monotonic()))
            return await _burst(http, watcher, number)

        answers = await asyncio.gather(*(one(n) for n in range(bursts)))
        calls = (await http.get("/claude/requests")).json()
        waits = [wait for _, wait in answers if wait is not None]
        understanding = sum(call["purpose"] == "understand" for call in calls)
        messages = sum(count for count, _ in answers)
        return Waits(waits, len(answers) - len(waits), len(calls), messages, understanding)


async def _burst(http: httpx.AsyncClient, watcher: Watcher, number: int) -> tuple[int, float | None]:
    """Write a burst as a new customer; how many messages, and the wait for the reply."""
    sender = f"+3167{number:07d}"
    seen = watcher.of(f"whatsapp:{sender}")
    sids: list[str] = []
    last = time.time()
    for text in TEXTS[number % len(TEXTS)]:
        if sids:
            await asyncio.sleep(PAUSE)
        last = time.time()
        answer = await http.post("/api/customers/send", json={"from": sender, "text": text})
        sids.append(answer.raise_for_status().json()["sid"])
    await watcher.until(lambda: settled(seen, sids), 30)
    return len(sids), moment(seen.sends[-1]) - last if seen.sends else None
