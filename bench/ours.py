"""Our system as processes, with this benchmark standing in for Twilio."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seldenrijk.chassis.testing import free_port
from seldenrijk.sandbox.system import System

from .claude import Claude
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
    claude: Claude | None = None
    claude_port: int | None = None

    def driver(self, first: int = 0, texts: Sequence[str] = (TEXT,)) -> Driver:
        """To write to it as customers (numbers from ``first`` on)."""
        system = self.system
        token = system.env["TWILIO_AUTH_TOKEN"]
        driver = Driver(system.ports["gateway"], self.twilio_port, token, texts, first)
        driver.claude, driver.claude_port = self.claude, self.claude_port
        return driver

    def stop_mirror(self) -> None:
        """End what isn't on the way from the webhook to the answer: the staff's mirror and the sandbox."""
        ends = ("chatwoot-sync", "sandbox")
        for name in [n for n in self.system.processes if n.startswith(ends)]:
            self.system.processes[name].stop()


@contextlib.contextmanager
def ours(
    replicas: int = 1,
    extra: Mapping[str, str] | None = None,
    kind: type[System] = System,
    claude: Claude | None = None,
) -> Iterator[Ours]:
    """Start the whole system without quiet period and language model, unless told otherwise."""
    port, claude_port = free_port(), free_port()
    env = AT_ONCE | {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}"}
    if claude is not None:
        env |= {"ANTHROPIC_BASE_URL": f"http://127.0.0.1:{claude_port}", "ANTHROPIC_API_KEY": "bench"}
    with kind(replicas=replicas, extra=env | dict(extra or {})) as system:
        yield Ours(system, port, claude, claude_port)
