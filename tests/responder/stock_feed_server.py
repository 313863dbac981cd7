"""A real HTTP server on the machine itself that gives a stock feed in good and bad ways."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stock_support import feed, row


@dataclass
class Server:
    """What the server answers now, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = feed(row("A1"), row("A2"))
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/csv; charset=utf-8"})
    length: int | None = None
    drip: float = 0.0
    etag: str | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def handler_of(state: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append({k.lower(): v for k, v in self.headers.items()} | {"path": self.path})
            unchanged = state.etag is not None and self.headers.get("if-none-match") == state.etag
            self.send_response(304 if unchanged else state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            if state.etag:
                self.send_header("etag", state.etag)
            if unchanged:
                self.end_headers()
                return
            if state.length != -1:
                self.send_header("content-length", str(state.length or len(state.body)))
            self.end_headers()
            self.write()

        def write(self) -> None:
            try:
                for start in range(0, len(state.body), 4096):
                    self.wfile.write(state.body[start : start + 4096])
                    if state.drip and state.stop.wait(state.drip):
                        return
            except OSError:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server in a thread for the length of a test."""
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(state))
    state.url = f"http://127.0.0.1:{http.server_address[1]}/stock"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    state.stop.set()
    http.shutdown()
    http.server_close()
    thread.join()
