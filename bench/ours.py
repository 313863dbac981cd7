"""Our system as processes, with this benchmark standing in for Twilio."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seldenrijk.chassis.testing import free_port
from seldenrijk.sandbox.system import System

from .flow import Driver

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

    def driver(self, first: int = 0) -> Driver:
        """To write to it as customers (numbers from ``first`` on)."""
        system = self.system
        return Driver(
            system.ports["gateway"], self.twilio_port, system.env["TWILIO_AUTH_TOKEN"], first=first
        )

    def stop_mirror(self) -> None:
        """End what isn't on the way from the webhook to the answer: the staff's mirror and the sandbox."""
        for name in [n for n in self.system.processes if n.startswith(("chatwoot-sync", "sandbox"))]:
            self.system.processes[name].stop()


@contextlib.contextmanager
def ours(
    replicas: int = 1, extra: Mapping[str, str] | None = None, kind: type[System] = System
) -> Iterator[Ours]:
    """Start the whole system without quiet period and language model, unless ``extra`` says otherwise."""
    port = free_port()
    env = AT_ONCE | {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}"} | dict(extra or {})
    with kind(replicas=replicas, extra=env) as system:
        yield Ours(system, port)
