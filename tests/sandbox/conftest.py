"""A running sandbox, something that receives its webhooks, and the vendor's own client against it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
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


class Chatwoot:
    """The account's API with one of the two tokens."""

    def __init__(self, sandbox: Running, client: httpx.AsyncClient, token: str) -> None:
        self.sandbox, self.client, self.token = sandbox, client, token

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"api_access_token": self.token} if self.token else {}
        return await self.client.request(method, f"/api/v1/accounts/1{path}", headers=headers, **options)

    async def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = await self.call(method, path, json=body, **options)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def open(self, phone: str = "+31612345678", **fields: Any) -> dict[str, Any]:
        """A contact with a conversation in the seeded inbox."""
        source = f"whatsapp:{phone}"
        made = await self.ok("POST", "/contacts", {"inbox_id": 1, "name": "Klant", "phone_number": phone})
        contact = made["payload"]["contact"]["id"]
        link = {"inbox_id": 1, "source_id": source}
        await self.ok("POST", f"/contacts/{contact}/contact_inboxes", link)
        body = {"source_id": source, "inbox_id": 1, "contact_id": contact} | fields
        return await self.ok("POST", "/conversations", body)

    async def write(self, conversation: int, content: str = "hallo", **fields: Any) -> dict[str, Any]:
        body = {"content": content, "message_type": "outgoing"} | fields
        return await self.ok("POST", f"/conversations/{conversation}/messages", body)


@pytest.fixture
async def staff(sandbox: Running) -> AsyncIterator[Chatwoot]:
    """Chatwoot with the user's token."""
    async with httpx.AsyncClient(base_url=sandbox.chatwoot_url) as client:
        yield Chatwoot(sandbox, client, "sandbox-user-token")


@pytest.fixture
async def bot(sandbox: Running, staff: Chatwoot) -> Chatwoot:
    """Chatwoot with the agent bot's token."""
    return Chatwoot(sandbox, staff.client, "sandbox-bot-token")


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
