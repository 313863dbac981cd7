"""A gateway's outside over HTTPS, with knobs to misbehave: for the checks' own tests."""

import contextlib
import http.server
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy_support import ROOT

sys.path.insert(0, str(ROOT / "deploy" / "checks"))
from front import make_certificate


@dataclass
class Knobs:
    """Statuses by method and path, and a delay in seconds."""

    statuses: dict[str, int] = field(default_factory=dict)
    delay: float = 0.0
    seen: list[str] = field(default_factory=list)

    def status(self, method: str, path: str) -> int:
        usual = {"GET /health": 200, "GET /api/webhooks/twilio": 405, "POST /api/webhooks/twilio": 401}
        key = f"{method} {path}"
        return self.statuses.get(key, usual.get(key, 404))


@contextlib.contextmanager
def outside(folder: Path, days: int = 60) -> Iterator[tuple[str, Path, Knobs]]:
    """Address, certificate and knobs of a running one."""
    knobs = Knobs()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            time.sleep(knobs.delay)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            knobs.seen.append(f"{self.command} {self.path}")
            self.send_response(knobs.status(self.command, self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            return

    certificate, key = make_certificate(folder, days)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}", certificate, knobs
    finally:
        server.shutdown()
        server.server_close()
