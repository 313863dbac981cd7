"""A small local control of a running system, for the phone page: look at processes, kill one."""

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from seldenrijk.contracts.topology import SERVICES

from .processes import StartError, answers

if TYPE_CHECKING:
    from .running import System

MAX_SECONDS = 60.0


class Control:
    """Serves ``GET /processes`` and ``POST /processes/{name}/kill`` on loopback to whoever has the token."""

    def __init__(self, system: "System") -> None:
        self.system = system
        self.token = secrets.token_urlsafe(32)
        self.killed: dict[str, int] = {}
        self.restarting: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, name="control", daemon=True).start()

    def stop(self) -> None:
        """End serving."""
        self._server.shutdown()
        self._server.server_close()

    def processes(self) -> list[dict[str, Any]]:
        """Every process: its name, whether it is alive and ready, whether it may be killed."""
        return [
            {
                "name": name,
                "alive": process.alive,
                "ready": process.alive and answers(process.env.get("READY_URL", "")),
                "kills": self.killed.get(name, 0),
                "service": _is_service(name),
            }
            for name, process in list(self.system.processes.items())
        ]

    def kill(self, name: str, seconds: float) -> None:
        """SIGKILL now, a fresh start after so many seconds. Raises KeyError where nobody has this name."""
        process = self.system.processes[name]
        if not _is_service(name):
            raise KeyError(name)
        self.restarting.add(name)
        self.killed[name] = self.killed.get(name, 0) + 1
        process.kill()
        threading.Thread(target=self._again, args=(name, seconds), daemon=True).start()

    def _again(self, name: str, seconds: float) -> None:
        time.sleep(min(seconds, MAX_SECONDS))
        try:
            self.system.restart(name)
        except StartError as error:
            print(f"{name} did not come back: {error}")  # noqa: T201
        finally:
            self.restarting.discard(name)


def _is_service(name: str) -> bool:
    return any(name == service or name.startswith(f"{service}-") for service in SERVICES)


def _handler(control: Control) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """Look at the processes."""
            if self._allowed() and self.path == "/processes":
                self._answer(200, {"processes": control.processes()})

        def do_POST(self) -> None:
            """Kill one."""
            if not self._allowed():
                return
            length = min(int(self.headers.get("Content-Length") or 0), 10_000)
            asked = json.loads(self.rfile.read(length) or b"{}")
            name = self.path.removeprefix("/processes/").removesuffix("/kill")
            try:
                control.kill(name, float(asked.get("seconds", 2.0)))
            except KeyError:
                self._answer(404, {"detail": "no such service"})
            else:
                self._answer(202, {"killed": name})

        def _allowed(self) -> bool:
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            right = secrets.compare_digest(given.encode(), control.token.encode())
            if not right:
                self._answer(401, {"detail": "the token of this run is needed"})
            return right

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: the console belongs to the demo."""

    return Handler
