"""The one application: vendors by path prefix, the control API, the phone page."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from .chatwoot import api as chatwoot_api
from .control import control_app
from .guard import offer_abort
from .protection import Protected
from .settings import SandboxSettings
from .spans import collector
from .twilio import api as twilio_api
from .world import World

log = logging.getLogger(__name__)
CLAUDE = "seldenrijk.sandbox.claude"


class Sandbox(Starlette):
    """Starlette that knows how to cut a connection and carries its world."""

    def __init__(self, world: World, **options: Any) -> None:
        super().__init__(**options)
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the means to cut the connection at hand."""
        offer_abort(scope, send)
        await super().__call__(scope, receive, send)


def create_app(settings: SandboxSettings | None = None) -> Sandbox:
    """The sandbox as an ASGI application. Raises pydantic.ValidationError beside a real vendor."""
    world = World(settings or SandboxSettings())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        log.warning("this is a SANDBOX: stand-ins for Twilio and Chatwoot, never for production")
        world.start()
        yield
        await world.stop()

    protected = Middleware(Protected, world.settings)
    return Sandbox(world, routes=_routes(world), middleware=[protected], lifespan=lifespan)


def _routes(world: World) -> list[BaseRoute]:
    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "sandbox": True})

    routes: list[BaseRoute] = [
        Route("/health", health),
        Mount("/twilio", twilio_api.create_app(world)),
        Mount("/chatwoot", chatwoot_api.create_app(world)),
        Mount("/api", control_app(world)),
        Mount("/otlp", collector(world)),
    ]
    if (claude := _claude(world)) is not None:
        routes.append(Mount("/claude", claude))
    # mounted at the root, so last: it takes every path that nobody else took
    page = StaticFiles(packages=[(__package__ or "", "static")], html=True)
    return [*routes, Mount("/", page)]


def _claude(world: World) -> ASGIApp | None:
    """The stand-in for the Messages API, where it is installed."""
    if find_spec(CLAUDE) is None:
        return None
    app: Any = import_module(CLAUDE).create_app(seed=world.settings.seed)
    world.on_reset.append(app.faults.clear)
    app.tell = world.journal.add
    return cast(ASGIApp, app)
