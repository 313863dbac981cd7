"""Our system as processes, with this benchmark standing in for Twilio."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx

from seldenrijk.chassis.testing import free_port
from seldenrijk.sandbox.system import System

from .flow import Driver
from .webhooks import TEXT

AT_ONCE = {
    "QUIET_SECONDS": "0",
    "QUIET_FRAGMENT_SECONDS": "0",
    "LOG_LEVEL": "WARNING",
    "SANDBOX_VALIDATE": "0",
    "REPAIR_INTERVAL_SECONDS": "0",
}


@dataclass
class Ours:
    """A running system and where its Twilio is expected."""

    system: System
    twilio_port: int

    def driver(self, first: int = 0, texts: Sequence[str] = (TEXT,)) -> Driver:
        """To write to it as customers (numbers from ``first`` on)."""
        system = self.system
        token = system.env["TWILIO_AUTH_TOKEN"]
        return Driver(system.ports["gateway"], self.twilio_port, token, texts, first)

    def stop_mirror(self, sandbox: bool = True) -> None:
        """End what isn't on the way from the webhook to the answer: the staff's mirror (and the sandbox)."""
        ends = ("chatwoot-sync", "sandbox") if sandbox else ("chatwoot-sync",)
        for name in [n for n in self.system.processes if n.startswith(ends)]:
            self.system.processes[name].stop()


@contextlib.contextmanager
def ours(
    replicas: int = 1,
    extra: Mapping[str, str] | None = None,
    kind: type[System] = System,
    claude: bool = False,
) -> Iterator[Ours]:
    """Start the whole system without quiet period and language model, unless told otherwise.

    With ``claude`` the sandbox's stand-in for Claude is used; its delays are planned at ``/claude/faults``.
    """
    port = free_port()
    env = AT_ONCE | {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}"} | dict(extra or {})
    system = kind(replicas=replicas, extra=env)
    if claude:
        system.env |= {"ANTHROPIC_BASE_URL": f"{system.sandbox_url}/claude", "ANTHROPIC_API_KEY": "bench"}
    with system:
        yield Ours(system, port)


def plan_delay(system: System, purpose: str, seconds: float, spread: float) -> None:
    """Make the stand-in for Claude take its time: log-normal around ``seconds``, fixed when ``spread`` is 0."""
    fault = {"kind": "latency", "purpose": purpose, "seconds": seconds, "spread": spread}
    fault["distribution"] = "lognormal" if spread else "fixed"
    answer = httpx.post(f"{system.sandbox_url}/claude/faults", json=fault, trust_env=False)
    answer.raise_for_status()
