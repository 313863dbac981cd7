"""The stand-in served over HTTP in this loop, and clients for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from prometheus_client import CollectorRegistry

from seldenrijk.claude import CarFact, ClaudeClient, ClaudeSettings, Rules, WriteRequest
from seldenrijk.sandbox.claude import ClaudeStandIn, create_app
from seldenrijk.sandbox.claude_faults import FaultSpec
from seldenrijk.sandbox.testing import listen, served

# a busy machine is no failure
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

KEY = "sk-ant-test-key-never-logged"


@dataclass
class Api:
    """A served stand-in."""

    url: str
    app: ClaudeStandIn
    registries: list[CollectorRegistry] = field(default_factory=list)

    def plan(self, kind: str, **fields: Any) -> None:
        self.app.faults.add(FaultSpec.model_validate({"kind": kind} | fields))

    def calm(self) -> None:
        self.app.faults.clear()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [noted["body"] for noted in self.app.requests]

    def value(self, name: str, **labels: str) -> float:
        """A metric of the newest client, 0 where it has not been touched."""
        return self.registries[-1].get_sample_value(name, labels) or 0.0


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    app = create_app(api_key=KEY)
    sock = listen()
    async with served(app, sock):
        yield Api(f"http://127.0.0.1:{sock.getsockname()[1]}", app)


Clients = Callable[..., ClaudeClient]


@pytest.fixture
async def clients(api: Api, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clients]:
    """Makes clients; keyword arguments are fields of ClaudeSettings, ``rules`` the breaker's."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    async with AsyncExitStack() as stack:

        def make(rules: Rules | None = None, **fields: Any) -> ClaudeClient:
            merged = {"anthropic_api_key": KEY, "anthropic_base_url": api.url} | fields
            built = ClaudeSettings.model_validate(merged)
            registry = CollectorRegistry()
            assert built.anthropic_api_key is not None
            client = ClaudeClient(built, built.anthropic_api_key, registry=registry, rules=rules)
            api.registries.append(registry)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def client(clients: Clients) -> ClaudeClient:
    return clients()


@pytest.fixture
def task() -> WriteRequest:
    return WriteRequest(
        messages=("Hebben jullie een Golf automaat?",),
        intents=("car_inquiry",),
        dealer=(
            "Seldenrijk Auto, Zuiderbreedte 22, Harderwijk",
            "Open: maandag tot en met vrijdag 09:00-18:00",
        ),
        cars=(
            CarFact(
                id="A1", line="Volkswagen Golf, 2019, 84.000 km, benzine, automaat, € 17.950, https://x.nl/a1"
            ),
            CarFact(
                id="B2", line="Volkswagen Golf, 2017, 121.000 km, diesel, automaat, € 13.450, https://x.nl/b2"
            ),
        ),
        first_contact=True,
    )
