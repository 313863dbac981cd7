"""The local system with parts that can be broken: other commands, other settings, other servers."""

import sys
from collections.abc import Mapping
from pathlib import Path

from seldenrijk.contracts.topology import SERVICES
from seldenrijk.sandbox.system import System
from seldenrijk.sandbox.system.processes import answers

ROOT = Path(__file__).parents[1]
FAST = {
    "QUIET_SECONDS": "0",
    "QUIET_FRAGMENT_SECONDS": "0",
    "QUIET_CAP_SECONDS": "0",
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "json",
    "REPLY_WATCHDOG_SECONDS": "45",
    "REPAIR_INTERVAL_SECONDS": "4",
    "REPAIR_SETTLE_SECONDS": "3",
    "SANDBOX_SENT_AFTER": "0",
    "SANDBOX_DELIVERED_AFTER": "0",
    "SANDBOX_READ_AFTER": "0",
    "SANDBOX_CHATWOOT_SEED": "1",
    "CLAUDE_BREAKER_SECONDS": "5",
}


class ChaosSystem(System):
    """A system whose services can be started anew with something taken from them (``chaos.weak``)."""

    def __init__(self, extra: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
        self.nats_text: str | None = None
        super().__init__(folder=folder, extra=FAST | {"PYTHONPATH": str(ROOT)} | dict(extra or {}))

    def password(self, user: str) -> str:
        """NATS password of a user of this run."""
        return self.users[user]

    def nats_config(self) -> str:
        """The usual configuration, unless a scenario brings its own."""
        return self.nats_text or super().nats_config()

    @staticmethod
    def command(service: str, weak: str | None) -> list[str]:
        """How to start a service; ``weak`` names what is taken from it."""
        module = f"seldenrijk.{service.replace('-', '_')}"
        return [sys.executable, "-m", *(["chaos.weak", weak, module] if weak else [module])]

    def again(
        self, name: str, weak: str | None = None, env: Mapping[str, str] | None = None, kill: bool = False
    ) -> None:
        """End a service and start it anew, changed. Waits until it is ready."""
        process = self.processes[name]
        if process.alive:
            process.kill() if kill else process.stop()
        service = next(
            s for s in SERVICES if name == s or (name.startswith(f"{s}-") and name[len(s) + 1 :].isdigit())
        )
        process.command = self.command(service, weak)
        process.env = process.env | dict(env or {})
        process.start()
        process.wait_for(lambda: answers(process.env["READY_URL"]), 40)

    def replica(self, service: str, weak: str | None = None) -> str:
        """One process more of a service; its name."""
        number = sum(n == service or n.startswith(f"{service}-") for n in self.processes)
        name = f"{service}-{number + 1}"
        self._launch(service, number)
        if weak:
            self.again(name, weak)
        self._wait_for(name)
        return name
