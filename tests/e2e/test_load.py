"""A thousand messages from a hundred customers: all answered or explained, once, in order, whatever dies."""

import asyncio
import random
import signal
from collections.abc import Sequence

import httpx
import pytest

from seldenrijk.contracts.topology import SERVICES
from seldenrijk.sandbox.system import System
from seldenrijk.sandbox.system.audit import settled

pytestmark = [pytest.mark.e2e, pytest.mark.integration, pytest.mark.timeout(420)]

TEXTS = (
    "Hallo, ik zoek een Volkswagen Golf",
    "automaat graag, tot 15.000 euro",
    "Wat kost die eerste?",
    "Kan ik hem inruilen voor mijn Polo uit 2012?",
    "Zijn jullie zaterdag open?",
    "Hebben jullie ook een diesel SUV?",
    "Kan ik morgen een proefrit maken?",
    "Wat zijn de mogelijkheden voor financiering?",
    "en een stationwagon?",
    "Dank je wel",
)
QUICK = {"QUIET_SECONDS": "0", "QUIET_FRAGMENT_SECONDS": "0", "LOG_LEVEL": "WARNING"}
CUSTOMERS, MESSAGES = 100, 10


async def write(http: httpx.AsyncClient, body: dict[str, str]) -> None:
    """One message; while nobody takes its webhook it is tried again, as Twilio does (`#rc=3&rp=5xx,ct`)."""
    sent = (await http.post("/api/customers/send", json=body)).json()
    status = sent["status"]
    for _ in range(100):
        if status is not None and 200 <= status < 300:
            return
        await asyncio.sleep(0.3)
        again = await http.post(f"/api/twilio/messages/{sent['sid']}/deliver", json={"times": 1})
        [status] = again.json()["statuses"]
    raise AssertionError(f"no 2xx for {sent['sid']}: {status}")


async def play(system: System, rate: float, seed: int) -> None:
    """Every customer writes ten messages, one after the other; ``rate`` messages a second in all."""
    chance = random.Random(seed)
    limit = asyncio.Semaphore(32)
    async with httpx.AsyncClient(base_url=system.sandbox_url, timeout=60, trust_env=False) as http:

        async def customer(number: int) -> None:
            await asyncio.sleep(chance.random() * CUSTOMERS / rate)
            for text in TEXTS[:MESSAGES]:
                async with limit:
                    await write(http, {"from": f"+3164{number:07d}", "text": text})
                await asyncio.sleep(CUSTOMERS / rate * (0.5 + chance.random()))

        await asyncio.gather(*(customer(n) for n in range(CUSTOMERS)))


async def kill_each(system: System, names: Sequence[str], pause: float) -> None:
    """SIGKILL the first replica of each service midway; it is started again, as a platform would."""
    for name in names:
        await asyncio.sleep(pause)
        process = system.processes[name]
        process.signal(signal.SIGKILL)
        process.wait(10)
        await asyncio.to_thread(system.restart, name)


@pytest.mark.parametrize("killed", [(), tuple(SERVICES)], ids=["undisturbed", "each service killed once"])
def test_a_thousand_messages(killed: tuple[str, ...], request: pytest.FixtureRequest) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")

    async def run(system: System) -> None:
        await asyncio.gather(play(system, rate=40, seed=seed), kill_each(system, killed, pause=2.0))
        result = await settled(system, 150)
        print(f"received {result.received}, answered {result.answered}, explained {result.explained}")
        assert result.received == CUSTOMERS * MESSAGES
        assert result.ok, result

    with System(replicas=2, extra=QUICK) as system:
        asyncio.run(run(system))
        codes = system.stop()
    assert {name: code for name, code in codes.items() if code not in {0, -15}} == {}
