"""The HTTP connection's own limits: uvicorn has none for headers and none for slow clients.

A request's head may take HEAD_BYTES and HEAD_SECONDS, its body BODY_SECONDS; whoever is slower gets
408, whoever is larger 431, and the connection is closed. What the application is in the middle of
is not interrupted: only waiting for the client is timed.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES: Final = 32 * 1024
"""Twilio's requests have heads below 2 KB; proxies in between add some."""
HEADERS: Final = 100
HEAD_SECONDS: Final = 10.0
BODY_SECONDS: Final = 10.0
"""Twilio itself gives up after 15 s in all."""
SECURITY_HEADERS: Final = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
]


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol within limits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self._reading_head = False
        self._head_bytes = 0
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection on which nothing is asked for is cut like a slow one."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head; a head that goes on and on is refused."""
        if self._refused:
            return
        if self._reading_head:
            self._head_bytes += len(data)
        elif self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._expect_head()
            self._head_bytes = len(data)
        super().data_received(data)
        if self._reading_head and self._head_bytes > HEAD_BYTES:
            self._refuse(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count."""
        super().on_header(name, value)
        if len(self.headers) > HEADERS or len(value) > HEAD_BYTES:
            self._refuse(431)

    def on_url(self, url: bytes) -> None:
        """Measure."""
        super().on_url(url)
        if len(self.url) > HEAD_BYTES // 2:
            self._refuse(414)

    def on_headers_complete(self) -> None:
        """The head is there in time; now the body."""
        self._reading_head = False
        if self._refused:
            return
        self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Nothing is kept of a request that was refused."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete: from here on the client waits for us."""
        self._wait(None)
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Not after a refusal."""
        if not self._refused:
            self._refuse(400)

    def _expect_head(self) -> None:
        self._reading_head = True
        self._head_bytes = 0
        self._wait(HEAD_SECONDS)

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_slow) if seconds else None

    def _too_slow(self) -> None:
        self._timer = None
        self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Answer shortly and close, unless an answer has begun already."""
        if self._refused:
            return
        self._refused = True
        self._wait(None)
        begun = self.cycle is not None and not self.cycle.response_complete and self.cycle.response_started
        if not self.transport.is_closing():
            if not begun:
                head = (STATUS_LINE[status], b"connection: close\r\ncontent-length: 0\r\n\r\n")
                self.transport.write(b"".join(head))
            self.transport.close()
