"""Messages through a whole chain, from the webhook to Twilio's acceptance: throughput and latency."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from .claude import Claude
from .webhooks import TEXT, Signer, numbers
from .wire import Pool, Twilio

ANSWER_SECONDS = 30.0


@dataclass
class Flow:
    """What one run gave."""

    rate: float = 0.0
    latencies: list[float] = field(default_factory=list)
    lost: int = 0


class Driver:
    """Writes as customers to a gateway and stands in for Twilio."""

    def __init__(
        self, gateway_port: int, twilio_port: int, token: str, texts: Sequence[str] = (TEXT,), first: int = 0
    ) -> None:
        self._pool = Pool(gateway_port, 64)
        self._twilio_port = twilio_port
        self.twilio = Twilio()
        self.claude: Claude | None = None
        self.claude_port: int | None = None
        self._signer = Signer(f"http://127.0.0.1:{gateway_port}", token)
        self._numbers: Iterator[str] = numbers(first)
        self._texts = cycle(texts)
        self.lost = 0

    async def one(self) -> float:
        """A new customer's message; milliseconds to the acceptance of its answer, NaN when none came."""
        number = next(self._numbers)
        request = self._signer.request(number, next(self._texts))
        started = time.perf_counter()
        answered = self.twilio.expect(number)
        status = await self._pool.send(request)
        assert 200 <= status < 300, f"the gateway answered {status}"
        try:
            accepted = await asyncio.wait_for(answered, ANSWER_SECONDS)
        except TimeoutError:
            self.lost += 1
            return float("nan")
        return (accepted - started) * 1000

    async def saturate(self, outstanding: int, seconds: float) -> float:
        """Messages a second with so many always on their way."""
        ends: list[float] = []
        begun = time.perf_counter()

        async def busy() -> None:
            while time.perf_counter() < begun + seconds:
                await self.one()
                ends.append(time.perf_counter())

        await asyncio.gather(*(busy() for _ in range(outstanding)))
        # to the last one's end: what was on its way counts, and so does its time
        return len(ends) / (max(ends) - begun)

    async def paced(self, rate: float, seconds: float) -> list[float]:
        """Milliseconds of each message, ``rate`` a second, whatever becomes of the earlier ones."""
        tasks = []
        begun = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self.one()))
        return [value for value in await asyncio.gather(*tasks) if value == value]  # noqa: PLR0124  (NaN)

    async def run(
        self, outstanding: int, saturated: float, rate: float, paced: float, pause: float = 2.0
    ) -> Flow:
        """Warm up, saturate (0 s: not at all), let it come to rest, then pace."""
        servers = [await self.twilio.serve(self._twilio_port)]
        if self.claude is not None and self.claude_port is not None:
            servers.append(await self.claude.serve(self.claude_port))
        try:
            await self.paced(rate, 2.0)
            flow = Flow()
            if saturated:
                flow.rate = await self.saturate(outstanding, saturated)
                await asyncio.sleep(pause)
            flow.latencies = await self.paced(rate, paced)
            flow.lost = self.lost
            return flow
        finally:
            for server in servers:
                server.close()
