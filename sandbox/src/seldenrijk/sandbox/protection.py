"""What keeps other web pages out: the control API can kill processes, and a browser visits many sites."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .settings import SandboxSettings

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Sandbox": "stand-ins for Twilio, Chatwoot and Claude; never for production",
}


class Protected:
    """Adds the security headers, and refuses what a page of another site makes a browser send.

    On loopback the Host must be a loopback name too: a name that somebody else's DNS points at
    127.0.0.1 would make that somebody's page "the same site".
    """

    def __init__(self, app: ASGIApp, settings: SandboxSettings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if (why := self.objection(Headers(scope=scope))) is not None:
            await JSONResponse({"detail": why}, 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers)

    def objection(self, headers: Headers) -> str | None:
        """Why these headers are refused, or None."""
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        own = urlsplit(self.settings.url).hostname
        if self.settings.host in LOOPBACK and name not in LOOPBACK and name != own:
            return "this sandbox listens on loopback and answers to loopback names only"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return "another site has no business here"
        return None
