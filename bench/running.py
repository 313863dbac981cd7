"""Servers and peers as processes for one measurement, all ended with it."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from seldenrijk.chassis.testing import NatsServer, free_port
from seldenrijk.sandbox.system import Process

from .machine import PEERS, peers_python, redis_server


class Stage:
    """A folder with processes in it; logs beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ending = contextlib.ExitStack()
        self.processes: dict[str, Process] = {}

    def nats(self, provisioned: bool) -> NatsServer:
        """A nats-server that syncs every write, with or without our streams."""
        server = NatsServer(self.folder, sync="always").start()
        self._ending.callback(server.kill)
        if provisioned:
            server.provision()
        return server

    def redis(self) -> str:
        """A redis-server as the usual design has it; its URL."""
        port = free_port()
        # its defaults: a crash loses what was written since the last snapshot, and that makes it fast
        command = [redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.run("redis", command, {}).wait_for(lambda: connects(port), 15)
        return f"redis://127.0.0.1:{port}/0"

    def peer(self, script: str, env: Mapping[str, str], *arguments: str, name: str | None = None) -> Process:
        """A script of bench/peers under the peers' own Python."""
        command = [peers_python(), str(PEERS / f"{script}.py"), *arguments]
        return self.run(name or script, command, env)

    def run(self, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        """Start a process that is ended with the stage."""
        base = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""), "PYTHONUTF8": "1"}
        process = Process(name, command, base | dict(env), self.folder / f"{name}.log")
        process.start()
        self._ending.callback(process.kill)
        self.processes[name] = process
        return process

    def close(self) -> None:
        """End everything, last started first."""
        self._ending.close()


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """A stage in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = Stage(Path(folder))
        try:
            yield made
        finally:
            made.close()


def connects(port: int) -> bool:
    """Whether something listens on a loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), 0.2):
            return True
    except OSError:
        return False
