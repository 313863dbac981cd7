"""The breaker: fetches no replies while Twilio is down, asks without consequences, lets one through."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from seldenrijk.gateway import breaker as module
from seldenrijk.gateway.breaker import Breaker
from seldenrijk.gateway.channel import NOT_CONNECTED, Accepted, Refused, Sent, Unknown
from seldenrijk.gateway.testing import FakeChannel

DOWN = Refused(code=NOT_CONNECTED)


class Lanes:
    def __init__(self, breaker: Breaker) -> None:
        self.paused = False
        self.log: list[str] = []
        breaker.pause, breaker.resume = self.pause, self.resume

    def pause(self) -> None:
        self.log.append("pause")

    def resume(self) -> None:
        self.log.append("resume")


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PROBES", (0.001,))


@pytest.fixture
async def channel() -> AsyncIterator[FakeChannel]:
    yield FakeChannel()


async def trip(breaker: Breaker, result: Sent = DOWN) -> None:
    for _ in range(module.FAILURES):
        async with breaker.sending() as allowed:
            assert allowed
            breaker.note(result)


async def until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("result", [DOWN, Unknown("HTTP 502")])
async def test_it_opens_after_failures_in_a_row_and_stops_fetching(
    channel: FakeChannel, result: Sent
) -> None:
    breaker = Breaker(channel)
    lanes = Lanes(breaker)
    await trip(breaker, result)
    assert lanes.log == ["pause"]
    async with breaker.sending() as allowed:
        assert not allowed


@pytest.mark.parametrize("answer", [Accepted("SM1"), Refused(code=20429), Refused(code=63016)])
async def test_any_answer_of_twilio_counts_as_life(channel: FakeChannel, answer: Sent) -> None:
    breaker = Breaker(channel)
    for _ in range(3 * module.FAILURES):
        breaker.note(DOWN)
        breaker.note(answer)
    assert breaker.state == "closed"


async def test_it_probes_and_lets_one_through_at_a_time(channel: FakeChannel) -> None:
    breaker, channel.up = Breaker(channel), False
    lanes = Lanes(breaker)
    probing = asyncio.create_task(breaker.run())
    await trip(breaker)
    await asyncio.sleep(0.02)
    assert breaker.state == "open"
    channel.up = True
    await until(lambda: breaker.state == "half_open")
    assert lanes.log == ["pause", "resume"]
    inside: list[int] = []

    async def send() -> None:
        async with breaker.sending() as allowed:
            inside.append(len(inside))
            await asyncio.sleep(0.001)
            assert allowed

    await asyncio.gather(*(send() for _ in range(4)))
    breaker.note(Accepted("SM1"))
    assert breaker.state == "closed"
    probing.cancel()


async def test_a_failure_while_half_open_opens_it_again(channel: FakeChannel) -> None:
    breaker = Breaker(channel)
    lanes = Lanes(breaker)
    probing = asyncio.create_task(breaker.run())
    await trip(breaker)
    await until(lambda: breaker.state == "half_open")
    async with breaker.sending():
        breaker.note(Unknown("TimeoutError"))
    assert breaker.is_open
    await until(lambda: lanes.log == ["pause", "resume", "pause", "resume"])
    probing.cancel()
