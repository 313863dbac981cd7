"""Processes of a local system: started, watched, stopped by pid; their output kept in a file each."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx


class StartError(RuntimeError):
    """A process did not become ready; the text ends with the last lines of its log."""


class Process:
    """One process and its log file."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.command = list(command)
        self.env = dict(env)
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None
        self._asked = False

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the one who started it."""
        self._asked = False
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603  # nosec B603  (our own commands)
                self.command,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._running.pid if self.alive and self._running else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.poll() is None

    @property
    def code(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._running.poll() if self._running else None

    def wait_for(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until it is ready. Raises StartError when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise StartError(f"{self.name} ended with exit code {self.code}\n{self.tail()}")
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} is not ready after {seconds:g} s\n{self.tail()}")
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self._running is not None and self.alive:
            self._running.send_signal(number)

    def terminate(self) -> None:
        """Ask it to stop, once; a second SIGTERM would cut its draining short."""
        if not self._asked:
            self._asked = True
            self.signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL and wait."""
        self.signal(signal.SIGKILL)
        self.wait(10)

    def stop(self, seconds: float = 30.0) -> int | None:
        """SIGTERM, wait, SIGKILL if it must be; returns the exit code."""
        self.terminate()
        if self.wait(seconds) is None:
            self.kill()
        return self.code

    def wait(self, seconds: float) -> int | None:
        """Wait for its end; the exit code, or None when it still runs."""
        if self._running is None:
            return None
        try:
            return self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def answers(address: str) -> bool:
    """Whether an address answers 200."""
    try:
        return httpx.get(address, timeout=1.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
