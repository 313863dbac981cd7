"""Fixtures of the chassis' tests: one real server for the run, a bus of either kind for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.bus.jetstream import connect
from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.chassis.testing import NatsServer, nats_server


@pytest.fixture(scope="session")
def server() -> Iterator[NatsServer]:
    with nats_server() as running:
        yield running


@pytest.fixture(params=["memory", "jetstream"])
async def bus(request: pytest.FixtureRequest, server: NatsServer) -> AsyncIterator[Bus]:
    bus: Bus = MemoryBus()
    if request.param == "jetstream":
        bus = await connect(NatsSettings(nats_url=server.url), "responder")
    yield bus
    await bus.close()
