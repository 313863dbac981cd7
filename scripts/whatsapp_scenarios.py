"""Play the owner's acceptance scenarios and judge them: message, intent, extraction, reply, seconds."""

import os
import random
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from seldenrijk.sandbox.system import StartError, System

console = Console(highlight=False, width=int(os.environ.get("COLUMNS", "140")))
SECONDS = 10.0
"""Longest wait for a reply, the quiet period included (the owner's target is 3 to 5 s)."""


@dataclass(frozen=True)
class Scenario:
    """A message and what must come of it; ``mentions`` are alternatives, one of them must be in the reply."""

    text: str
    intent: str
    slots: dict[str, Any]
    mentions: tuple[str, ...]


SCENARIOS = (
    Scenario(
        "Hallo, ik zoek een Volkswagen Golf",
        "car_inquiry",
        {"make": "Volkswagen", "model": "Golf"},
        ("golf",),
    ),
    Scenario(
        "Ik wil graag een auto kopen tussen 20k en 30k",
        "price_question",
        {"min_price": 20000, "max_price": 30000},
        ("€ 2",),
    ),
    Scenario("Wat zijn de mogelijkheden voor financiering?", "financing_inquiry", {}, ("financier",)),
    Scenario(
        "Kan ik een afspraak maken voor een proefrit?",
        "appointment_request",
        {"appointment": {"kind": "proefrit"}},
        ("proefrit",),
    ),
    Scenario(
        "Zoek een diesel SUV met automaat onder de 150000 km",
        "car_inquiry",
        {"fuel_type": "diesel", "body_type": "SUV", "transmission": "automaat", "max_mileage": 150000},
        ("diesel",),
    ),
)


def faults(scenario: Scenario, result: dict[str, Any]) -> list[str]:
    """What is wrong with a result; nothing when it passed."""
    reply = result["reply"]
    if not reply:
        return [f"no reply: {result.get('explanation', '')}".strip()]
    wrong = []
    if result["intent"] != scenario.intent:
        wrong.append(f"intent {scenario.intent} expected")
    if result["slots"] != scenario.slots:
        wrong.append(f"extraction {scenario.slots} expected")
    if not any(word in reply.lower() for word in scenario.mentions):
        wrong.append(f"reply mentions none of {', '.join(scenario.mentions)}")
    if result["latency_ms"] > SECONDS * 1000:
        wrong.append(f"slower than {SECONDS:g} s")
    return wrong


def play(base: str) -> int:
    """Play all scenarios, each as a customer of its own, and print the table."""
    table = Table(title="WhatsApp end to end", show_lines=True)
    for column in ("message", "intent", "extraction", "reply", "seconds", "verdict"):
        table.add_column(column, overflow="fold", max_width=60 if column == "reply" else 30)
    failed = 0
    for scenario in SCENARIOS:
        sender = f"+316{random.randrange(10**8):08d}"
        body = {"text": scenario.text, "from": sender, "timeout": SECONDS + 10}
        answer = httpx.post(f"{base}/api/say", json=body, timeout=60, trust_env=False)
        result: dict[str, Any] = answer.raise_for_status().json()
        wrong = faults(scenario, result)
        failed += bool(wrong)
        verdict = "[red]FAIL[/] " + "; ".join(wrong) if wrong else "[green]PASS[/]"
        seconds = f"{result['latency_ms'] / 1000:.1f}" if result["latency_ms"] else "-"
        table.add_row(
            scenario.text,
            str(result["intent"]),
            str(result["slots"]),
            result["reply"] or "-",
            seconds,
            verdict,
        )
    console.print(table)
    console.print(f"Passed: {len(SCENARIOS) - failed} / {len(SCENARIOS)}")
    return 1 if failed else 0


def running(base: str) -> bool:
    """Whether a sandbox answers there."""
    try:
        return httpx.get(f"{base}/health", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def local() -> int:
    """Use the system that runs on this machine, or start one for the time being."""
    base = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8090").rstrip("/")
    started: AbstractContextManager[Any] = nullcontext()
    if not running(base):
        console.print("no system runs on this machine: starting one for this test")
        system = System(Path(".run/e2e"))
        base, started = system.sandbox_url, system
    try:
        with started:
            return play(base)
    except StartError as error:
        console.print(f"[red]not started:[/] {error}")
        return 2


def compose() -> int:
    """Use the sandbox of the compose system."""
    base = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8090").rstrip("/")
    if not running(base):
        console.print(f"nothing answers at {base}: docker compose --profile sandbox up --wait")
        return 2
    return play(base)


def staging() -> int:
    """Guide a person with a phone; the verdicts are read from the router's metrics."""
    base = os.environ.get("METRICS_URL", "").rstrip("/")
    if not base or not sys.stdin.isatty():
        console.print("staging needs a person at a terminal and METRICS_URL (the router's address)")
        return 2
    failed = 0
    for number, scenario in enumerate(SCENARIOS, 1):
        before = counted(base, scenario.intent)
        console.print(f"\n{number}. Send on WhatsApp: [bold]{scenario.text}[/]")
        console.input("   press Enter when the answer has arrived ")
        seen = counted(base, scenario.intent) > before
        good = seen and console.input("   is the answer right? [y/n] ").strip().lower().startswith(("y", "j"))
        console.print("   [green]PASS[/]" if good else f"   [red]FAIL[/] intent counted: {seen}")
        failed += not good
    console.print(f"Passed: {len(SCENARIOS) - failed} / {len(SCENARIOS)}")
    return 1 if failed else 0


def counted(base: str, intent: str) -> float:
    """How often the router has counted an intent."""
    text = httpx.get(f"{base}/metrics", timeout=10).raise_for_status().text
    lines = (line for line in text.splitlines() if line.startswith("seldenrijk_intents_total{"))
    return sum(float(line.rpartition(" ")[2]) for line in lines if f'intent="{intent}"' in line)


if __name__ == "__main__":
    sys.exit({"local": local, "compose": compose, "staging": staging}[sys.argv[1]]())
