"""The small HTTP side of every service: health, readiness, metrics, on IPv6 and IPv4."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .edge import SECURITY_HEADERS, GuardedProtocol

MAX_CONNECTIONS: Final = 2000
"""Beyond these a request gets 503; slow clients are cut long before they are that many (edge.py)."""
Check = Callable[[], str | None]
"""Tells why the service can't be relied on, or None."""


def health_routes(
    service: str, version: str, ready: Check, registry: CollectorRegistry = REGISTRY
) -> list[BaseRoute]:
    """``/health`` and ``/livez`` (the process answers), ``/readyz`` (it can work), ``/metrics``."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "service": service, "version": version})

    async def readyz(_: Request) -> Response:
        why = ready()
        body = {"status": "ready" if why is None else "not ready", "service": service}
        return JSONResponse(body | ({"reason": why} if why else {}), status_code=200 if why is None else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health", health),
        Route("/livez", health),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def plain_app(routes: Sequence[BaseRoute]) -> Starlette:
    """An application of these routes only."""
    return Starlette(routes=routes)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``::`` takes IPv4 too, and machines without IPv6 get plain IPv4.

    Raises OSError when the port is taken or the address is not ours.
    """
    if host in {"::", ""} and socket.has_dualstack_ipv6():
        try:
            return socket.create_server(
                ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=2048
            )
        except OSError as error:
            if error.errno == 98:  # taken: another address family would not help
                raise
    address = "0.0.0.0" if host in {"::", ""} else host  # noqa: S104  # nosec B104  (a container's own network)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.create_server((address, port), family=family, backlog=2048)


class Server(uvicorn.Server):
    """uvicorn inside our loop; signals are the runtime's business, not the server's."""

    def __init__(self, app: object, limit_concurrency: int | None = MAX_CONNECTIONS) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_keep_alive=30,
                http=GuardedProtocol,
                ws="none",
                headers=SECURITY_HEADERS,
                limit_concurrency=limit_concurrency,
                timeout_graceful_shutdown=10,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signal handlers alone: the runtime has its own."""
        yield
