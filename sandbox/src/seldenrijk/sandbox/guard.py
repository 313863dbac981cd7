"""Around every vendor operation: planned faults, cut connections, the request log."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import REQUEST_KINDS, Fault, Vendor

if TYPE_CHECKING:
    from .world import World

ABORT = "sandbox.abort"
BODY_LIMIT = 30 * 1024 * 1024
Handler = Callable[[Request], Awaitable[Response]]
ErrorBody = Callable[[int, int | None], Response]


def offer_abort(scope: Scope, send: Send) -> None:
    """Remember how to cut this connection; only a real server (uvicorn) has a transport to cut."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        scope[ABORT] = transport.abort


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection without an answer. Raises ConnectionAbortedError where there is no socket."""
    abort = scope.get(ABORT)
    if abort is None:
        raise ConnectionAbortedError("the sandbox cut the connection")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when it is larger than anything a vendor takes."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks)
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > BODY_LIMIT:
            return None
        if not message.get("more_body"):
            return b"".join(chunks)


class Guarded:
    """One vendor operation as an ASGI application, subject to the planned faults."""

    def __init__(
        self, world: "World", vendor: Vendor, operation: str, app: ASGIApp, error: ErrorBody
    ) -> None:
        self.world, self.vendor, self.operation, self.app, self.error = world, vendor, operation, app, error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await self.error(413, None)(scope, receive, send)
            return
        hit = self._hits(scope, body)
        await self.world.faults.delays(hit)
        await self._act(hit, scope, receive, send, body)

    def _hits(self, scope: Scope, body: bytes) -> list[Fault]:
        about = scope["path"] + " " + unquote_plus(scope["query_string"].decode("latin-1"))
        about += " " + unquote_plus(body[:20_000].decode("utf-8", "replace"))
        hit = self.world.faults.take(self.vendor, self.operation, REQUEST_KINDS, about)
        for fault in hit:
            self.world.journal.add(
                "fault.hit", vendor=self.vendor, operation=self.operation, kind=fault.kind, fault=fault.id,
                label=fault.label,
            )  # fmt: skip
        return hit

    async def _act(self, hit: list[Fault], scope: Scope, receive: Receive, send: Send, body: bytes) -> None:
        first = next((fault for fault in hit if fault.kind != "delay"), None)
        replay = _replaying(body, receive)
        if first is None:
            await self.app(scope, replay, send)
            return
        if first.kind == "lost" or first.after:
            await self.app(scope, replay, _swallow)
        if first.kind in ("reset", "lost"):
            await cut(scope, receive)
            return
        await self._failure(first)(scope, receive, send)

    def _failure(self, fault: Fault) -> Response:
        status = fault.status
        if fault.kind == "code":
            status = {20003: 401, 20404: 404, 20429: 429}.get(fault.code or 0, 400)
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else None
        if fault.body is not None:
            return Response(fault.body, status, headers, "text/html")
        response = self.error(status, fault.code)
        response.headers.update(headers or {})
        return response


def endpoint(handler: Handler) -> ASGIApp:
    """A request handler as an ASGI application."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)

    return app


def _replaying(body: bytes, receive: Receive) -> Receive:
    done = False

    async def replay() -> Message:
        nonlocal done
        if done:
            return await receive()
        done = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _swallow(_: Message) -> None:
    """An answer that nobody gets."""
