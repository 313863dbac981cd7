"""A running sandbox, something that receives its webhooks, and the vendor's own client against it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from seldenrijk.sandbox.listener import Listener, listening
from seldenrijk.sandbox.testing import Running, running_sandbox


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as opened:
        yield opened


@pytest.fixture
async def sandbox(listener: Listener) -> AsyncIterator[Running]:
    async with running_sandbox(gateway_url=listener.url, public_url="https://dealer.example") as running:
        yield running


class Rewriting(AsyncTwilioHttpClient):
    """Twilio's client, sent to the stand-in instead."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    async def request(self, method: str, url: str, *args: Any, auth: Any = None, **kwargs: Any) -> Any:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        if auth:  # aiohttp deprecates auth=, which Twilio's client still passes
            kwargs["headers"] = (kwargs.get("headers") or {}) | {"Authorization": encode_basic_auth(*auth)}
        return await super().request(method, f"{self.base}{parts.path}{query}", *args, **kwargs)


@pytest.fixture
async def twilio(sandbox: Running) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(Rewriting(sandbox.twilio_url))
        settings = sandbox.world.settings
        yield Client(settings.account_sid, settings.auth_token.get_secret_value(), http_client=http)
