"""Chatwoot slow, refusing, gone: nothing is lost, nothing stands there twice, and the order holds."""

import asyncio
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Retry
from seldenrijk.chatwoot_sync.breaker import THRESHOLD, Breaker
from seldenrijk.chatwoot_sync.metrics import SyncMetrics
from seldenrijk.chatwoot_sync.transport import Api, retry_after

from .conftest import System, received, running_system, sent, until


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become fractions: the same waits, in the same order."""
    monkeypatch.setattr("seldenrijk.chatwoot_sync.breaker.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("seldenrijk.chatwoot_sync.breaker.MARGIN", 0.05)
    monkeypatch.setattr("seldenrijk.chatwoot_sync.transport.PAUSE", 0.05)
    monkeypatch.setattr("seldenrijk.chatwoot_sync.transport.UNAUTHORIZED_PAUSE", 0.1)
    monkeypatch.setattr("seldenrijk.chatwoot_sync.transport.SHORTEST_WAIT", 0.05)
    monkeypatch.setattr("seldenrijk.chatwoot_sync.posting.SETTLED", 0.2)


TEXTS = [f"bericht {n}" for n in range(6)]


async def mirrored(system: System, texts: list[str]) -> None:
    await until(lambda: len(system.texts()) >= len(texts))
    await system.quiet()
    assert system.texts() == texts


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "times": 2},
        {"kind": "status", "status": 503, "times": 4},
        {"kind": "status", "status": 500, "after": True, "times": 1},
        {"kind": "status", "status": 502, "after": True, "times": 3},
        {"kind": "status", "status": 429, "retry_after": 0, "times": 3},
        {"kind": "status", "status": 401, "times": 1},
        {"kind": "reset", "times": 2},
        {"kind": "lost", "times": 3},
    ],
)
@pytest.mark.parametrize("operation", ["messages.create", "conversations.*", "contacts.*"])
async def test_a_fault_costs_time_and_nothing_else(
    impatient: None, operation: str, fault: dict[str, Any]
) -> None:
    async with running_system() as system:
        await system.fault(operation=operation, **fault)
        await system.publish(*(received(text, n) for n, text in enumerate(TEXTS, 1)))
        await mirrored(system, TEXTS)
        assert len(system.sandbox.world.chatwoot.contacts) == 1
        assert len(system.sandbox.world.chatwoot.conversations) == 1


async def test_an_outage_pauses_fetching_and_is_caught_up_in_order(impatient: None) -> None:
    async with running_system() as system:
        await system.publish(received("eerst"))
        await system.quiet()
        await system.fault(kind="reset")
        later = [received(text, n) for n, text in enumerate(TEXTS, 2)]
        await system.publish(*later, sent("antwoord", "SMb1"))
        await until(lambda: not all(pull._active for pull in system.running.lanes))
        assert system.texts() == ["eerst"]
        await asyncio.sleep(0.5)
        await system.sandbox.api.delete("/faults")
        await mirrored(system, ["eerst", *TEXTS, "antwoord"])
        assert all(pull._active for pull in system.running.lanes)


async def test_webhooks_are_taken_while_chatwoots_api_is_away(impatient: None) -> None:
    async with running_system() as system:
        await system.publish(received("Hallo"))
        await system.quiet()
        await system.fault(kind="status", status=503)
        await system.publish(received("nog iets", 2))
        await until(lambda: not all(pull._active for pull in system.running.lanes))
        await system.act("reply", text="ik ben er")
        await until(lambda: any(m.subject.startswith("reply.composed") for m in system.bus.messages()))


async def test_a_slow_chatwoot_makes_nothing_double(impatient: None) -> None:
    """The answer takes longer than we wait: the message is found again instead of posted again."""
    async with running_system(chatwoot_timeout_seconds=0.5) as system:
        await system.publish(received("Hallo"))
        await system.quiet()
        await system.fault(operation="messages.create", kind="lost", times=1)
        await system.fault(operation="messages.list", kind="delay", seconds=1.0, times=1)
        await system.publish(sent("antwoord", "SMb1"), received("dank", 2))
        await mirrored(system, ["Hallo", "antwoord", "dank"])


async def test_what_chatwoot_refuses_for_good_is_passed_by(impatient: None) -> None:
    async with running_system() as system:
        await system.publish(received("Hallo"))
        await system.quiet()
        await system.fault(operation="messages.create", kind="status", status=422, times=1)
        await system.publish(received("verboden", 2), received("toegestaan", 3))
        await mirrored(system, ["Hallo", "toegestaan"])


async def test_one_thing_that_chatwoot_stumbles_over_holds_up_nobody(
    impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seldenrijk.chatwoot_sync.handlers.STUMBLES", 4)
    async with running_system() as system:
        await system.publish(received("Hallo"))
        await system.fault(operation="messages.create", kind="status", status=500, match="vergiftigd")
        await system.publish(received("vergiftigd", 2), received("gezond", 3))
        await mirrored(system, ["Hallo", "gezond"])


async def test_a_file_that_chatwoot_refuses_does_not_cost_the_message(impatient: None) -> None:
    from .test_chatwoot_mirror import photographed

    async with running_system() as system:
        media = await photographed(system)
        await system.fault(operation="messages.create", kind="status", status=422, times=1)
        await system.publish(received("kijk", kind="image", media=(media,)))
        await mirrored(system, ["kijk\nBijlage geweigerd door Chatwoot."])


class TestBreaker:
    def make(self) -> tuple[Breaker, list[str], list[float]]:
        now, calls = [0.0], []
        breaker = Breaker(clock=lambda: now[0])
        breaker.attach(lambda: calls.append("pause"), lambda: calls.append("resume"))
        return breaker, calls, now

    def test_opens_after_failures_in_a_row(self) -> None:
        breaker, calls, _ = self.make()
        for _ in range(THRESHOLD - 1):
            breaker.failed()
        breaker.succeeded()
        breaker.failed()
        breaker.check()
        assert calls == []
        breaker.failed()
        breaker.failed()
        assert calls == ["pause"]
        with pytest.raises(Retry):
            breaker.check()

    def test_waits_as_long_as_it_is_asked_to(self) -> None:
        breaker, calls, now = self.make()
        breaker.failed(30.0)
        assert (calls, breaker.remaining) == (["pause"], 30.0)
        now[0] = 29.0
        assert breaker.remaining == 1.0

    def test_pauses_at_once_when_it_was_open_before_there_was_anything_to_pause(self) -> None:
        calls: list[str] = []
        breaker = Breaker()
        breaker.failed(5.0)
        breaker.attach(lambda: calls.append("pause"), lambda: None)
        assert calls == ["pause"]

    async def test_closes_when_a_probe_succeeds(self, impatient: None) -> None:
        calls: list[str] = []
        breaker = Breaker()
        breaker.attach(lambda: calls.append("pause"), lambda: calls.append("resume"))
        answers = iter([False, False, True])

        async def probe() -> bool:
            return next(answers)

        watching = asyncio.create_task(breaker.watch(probe))
        breaker.failed(0.01)
        await until(lambda: not breaker.is_open)
        watching.cancel()
        assert calls == ["pause", "pause", "pause", "resume"]


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), ("99999", 120.0), ("-4", 1.0), ("soon", 5.0), ("0", 1.0)]
)
def test_retry_after_is_bounded(header: str, seconds: float) -> None:
    assert retry_after(httpx.Response(429, headers={"Retry-After": header})) == seconds


async def test_errors_quote_nobody() -> None:
    """Chatwoot's refusals name the customer; our errors don't."""
    body = {"message": "Phone number +31612345678 has already been taken", "attributes": ["phone_number"]}
    transport = httpx.MockTransport(lambda _: httpx.Response(422, json=body))
    async with httpx.AsyncClient(transport=transport) as http:
        api = Api(http, "http://chatwoot.test", 1, Breaker(), SyncMetrics(CollectorRegistry()))
        with pytest.raises(Exception, match="phone_number") as raised:
            await api.call("contact.create", "t", "POST", "/contacts", json={})
    assert "31612345678" not in str(raised.value)
