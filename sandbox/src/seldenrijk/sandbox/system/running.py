"""Start and stop a whole local system, each part as a process of its own."""

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from seldenrijk.chassis.permissions import authorization
from seldenrijk.chassis.testing import free_port, nats_server_binary
from seldenrijk.contracts.topology import SERVICES

from .control import Control
from .environment import (
    Ports,
    claude_environment,
    environment,
    passwords,
    server_environment,
    trace_environment,
    url,
)
from .processes import Process, StartError, answers

Progress = Callable[[str, str], None]
START_SECONDS = 30.0


class System:
    """nats-server, provisioning, the sandbox and ``replicas`` of each service.

    ``folder`` keeps data and logs (a temporary one when None, removed at the end); ``extra`` are
    environment variables for all services. ``claude`` lets the services ask the stand-in for Claude,
    ``traces`` makes them send their spans to the sandbox, ``control`` lets the page kill services.
    Use as a context manager, or ``start`` and ``stop``.
    """

    def __init__(
        self, folder: Path | None = None, replicas: int = 1, extra: Mapping[str, str] | None = None,
        preferred_ports: bool = False, progress: Progress | None = None, claude: bool = False,
        traces: bool = False, control: bool = False,
    ) -> None:  # fmt: skip
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="seldenrijk-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = Ports.choose(preferred_ports)
        self.replicas = replicas
        self._progress = progress or _quiet
        self.users = passwords()
        self.env = environment(self.ports, secrets.token_hex(16), secrets.token_hex(16))
        self.env |= claude_environment(self.sandbox_url) if claude else {}
        self.env |= trace_environment(self.sandbox_url) if traces else {}
        self.env |= dict(extra or {})
        self.processes: dict[str, Process] = {}
        self.control = Control(self) if control else None

    def __enter__(self) -> "System":
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def sandbox_url(self) -> str:
        """Address of the phone page and the control interface."""
        return url(self.ports["sandbox"])

    def start(self) -> "System":
        """Start everything; returns when all of it is ready. Raises StartError."""
        if self.control:
            self.control.start()
        self._start_nats()
        self._provision()
        self._start_sandbox()
        self._set_up_chatwoot()
        for name in SERVICES:
            for replica in range(self.replicas):
                self._launch(name, replica)
        for name in self.processes:
            if name not in {"nats", "sandbox"}:
                self._wait_for(name)
        return self

    def _wait_for(self, name: str) -> None:
        process = self.processes[name]
        address = process.env["READY_URL"]
        process.wait_for(partial(answers, address), START_SECONDS)
        self._progress(name, address.rpartition("/")[0])

    def nats_config(self) -> str:
        """The server's configuration: synced writes, one user a service with its own permissions."""
        store = (
            f'jetstream {{ store_dir: "{self.folder / "nats"}", sync_interval: always, max_file_store: 8GB }}'
        )
        return f'listen: "127.0.0.1:{self.ports["nats"]}"\nserver_name: local\n{store}\n{authorization()}'

    def _start_nats(self) -> None:
        config = self.folder / "nats.conf"
        config.write_text(self.nats_config())
        env = {"PATH": self.env["PATH"]} | server_environment(self.users)
        process = Process("nats", [nats_server_binary(), "-c", str(config)], env, self.folder / "nats.log")
        self.processes["nats"] = process
        process.start()
        process.wait_for(lambda: _connects(self.ports["nats"]), START_SECONDS)
        self._progress("nats", self.env["NATS_URL"])

    def _provision(self) -> None:
        said = self._command("seldenrijk.chassis.provision", {"NATS_PASSWORD": self.users["provision"]})
        self._progress("provision", said.strip())

    def _set_up_chatwoot(self) -> None:
        """Let chatwoot-sync's own setup prepare the stand-in; it prints the variables to set."""
        said = self._command("seldenrijk.chatwoot_sync.setup", {})
        lines = [line.partition("=") for line in said.splitlines() if line.startswith("CHATWOOT_")]
        self.env |= {name: value for name, _, value in lines}
        self._progress("chatwoot setup", f"inbox {self.env.get('CHATWOOT_INBOX_ID')}")

    def _command(self, module: str, extra: Mapping[str, str]) -> str:
        command = [sys.executable, "-m", module]
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, env=self.env | dict(extra), capture_output=True, text=True, check=False, timeout=60
        )
        if done.returncode != 0:
            raise StartError(f"{module} failed\n{done.stderr}")
        return done.stdout

    def _start_sandbox(self) -> None:
        env = self.env | {
            "PORT": str(self.ports["sandbox"]),
            "NATS_USER": "sandbox",
            "NATS_PASSWORD": self.users["sandbox"],
            "READY_URL": f"{self.sandbox_url}/health",
            "SANDBOX_RECORDINGS": str(self.folder / "recordings"),
        }
        if self.control:
            env |= {"SANDBOX_SYSTEM_URL": self.control.url, "SANDBOX_SYSTEM_TOKEN": self.control.token}
        # the sandbox refuses to run beside addresses of real vendors; ours are its own
        for own in ("TWILIO_API_BASE_URL", "CHATWOOT_BASE_URL"):
            env.pop(own, None)
        self._run("sandbox", ["-m", "seldenrijk.sandbox", "serve"], env)
        self._wait_for("sandbox")

    def _launch(self, service: str, replica: int) -> None:
        port = self.ports[service] if replica == 0 else free_port()
        env = self.env | {
            "PORT": str(port),
            "NATS_PASSWORD": self.users[service],
            "READY_URL": f"{url(port)}/readyz",
        }
        name = service if replica == 0 else f"{service}-{replica + 1}"
        self._run(name, ["-m", f"seldenrijk.{service.replace('-', '_')}"], env)

    def _run(self, name: str, arguments: list[str], env: Mapping[str, str]) -> None:
        self.processes[name] = Process(name, [sys.executable, *arguments], env, self.folder / f"{name}.log")
        self.processes[name].start()

    def restart(self, name: str) -> None:
        """Start a process anew that has ended, and wait until it is ready."""
        process = self.processes[name]
        process.start()
        if (address := process.env.get("READY_URL")) is not None:
            process.wait_for(lambda: answers(address), START_SECONDS)

    def stop(self) -> dict[str, int | None]:
        """Stop everything in reverse order; the exit code of each."""
        if self.control:
            self.control.stop()
            self.control = None
        codes: dict[str, int | None] = {}
        services = [p for n, p in self.processes.items() if n not in {"nats", "sandbox"}]
        for process in services:  # all at once: each drains for itself
            process.terminate()
        for name in reversed(list(self.processes)):
            codes[name] = self.processes[name].stop()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        return codes


def _quiet(_: str, __: str) -> None:
    return


def _connects(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.2):
            return True
    except OSError:
        return False
