"""A running system under attack, and the means to attack, observe and judge it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import nats
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from seldenrijk.contracts import BadEvent, Event, conversation_of, parse
from seldenrijk.contracts.topology import DEAD_STREAM, SERVICES, STREAM

from .checker import Evidence, Verdict, check
from .system import ChaosSystem

TEXTS = (
    "Hallo, ik zoek een Volkswagen Golf",
    "Zoek een diesel SUV met automaat onder de 150000 km",
    "Wat zijn de mogelijkheden voor financiering?",
    "Kan ik een afspraak maken voor een proefrit?",
    "Ik wil graag een auto kopen tussen 20k en 30k",
    "Hebben jullie ook een Toyota Yaris, hybride, liefst rood?",
    "Wat zijn jullie openingstijden op zaterdag?",
    "Ik wil mijn Ford Focus uit 2016 inruilen",
    "Heeft u een stationwagen met trekhaak onder de 15.000 euro?",
    "Do you have an electric car with a range of 400 km?",
)


@dataclass
class World:
    """One system and one seed. Each scenario takes customers of its own (:meth:`people`)."""

    system: ChaosSystem
    seed: int
    api: httpx.AsyncClient
    wire: httpx.AsyncClient = field(init=False)
    dice: random.Random = field(init=False)
    _next_person: int = 0
    _bus: Client | None = None
    _events: list[tuple[int, Event]] = field(default_factory=list)
    _seq: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        # services are started anew all the time: no connection is kept
        limits = httpx.Limits(max_keepalive_connections=0)
        self.wire = httpx.AsyncClient(timeout=30, limits=limits, trust_env=False)

    # --- people and messages ---------------------------------------------------------------------

    def people(self, count: int) -> list[str]:
        """Phone numbers that no scenario has used yet."""
        start = self._next_person
        self._next_person += count
        return [f"+316{10_000_000 + n}" for n in range(start, start + count)]

    def conversation(self, phone: str) -> str:
        """The customer's pseudonym."""
        return conversation_of(phone, self.system.env["IDENTITY_KEY"].encode())

    async def say(self, phone: str, text: str, **more: Any) -> dict[str, Any]:
        """Write as a customer; the webhook's outcome."""
        answer = await self.api.post("/customers/send", json={"from": phone, "text": text, **more})
        answer.raise_for_status()
        return dict(answer.json())

    async def talk(self, people: Sequence[str], each: int, at_once: int = 8, pause: float = 0.0) -> int:
        """Everybody sends ``each`` messages, one after another; how many webhooks got a 2xx."""
        gate = asyncio.Semaphore(at_once)
        accepted = 0

        async def one(phone: str) -> None:
            nonlocal accepted
            order = self.dice.sample(range(len(TEXTS)), len(TEXTS))
            for number in range(each):
                async with gate:
                    text = f"{TEXTS[order[number % len(TEXTS)]]} ({number + 1})"
                    answer = await self.say(phone, text)
                    accepted += 200 <= (answer["status"] or 0) < 300
                await asyncio.sleep(pause * self.dice.uniform(0.5, 1.5))

        await asyncio.gather(*(one(phone) for phone in people))
        return accepted

    async def fault(self, **spec: Any) -> None:
        """Plan a vendor's misfortune."""
        (await self.api.post("/faults", json=spec)).raise_for_status()

    async def calm(self) -> None:
        """Call all planned faults off."""
        await self.api.delete("/faults")

    # --- evidence and judgement ------------------------------------------------------------------

    async def bus(self) -> Client:
        """A connection of the provisioning user, who may everything."""
        if self._bus is None or not self._bus.is_connected:
            if self._bus is not None:
                with suppress(Exception):
                    await self._bus.close()
            self._bus = await nats.connect(
                self.system.env["NATS_URL"].split(","), user="provision", error_cb=_quiet, connect_timeout=2,
                password=self.system.password("provision"), inbox_prefix="_INBOX_provision",
                max_reconnect_attempts=3, reconnect_time_wait=0.3,
            )  # fmt: skip
        return self._bus

    async def events(self) -> list[tuple[int, Event]]:
        """All events of the stream so far, with their sequences."""
        async for subject, seq, _, data in self._read(STREAM, self._seq + 1):
            self._seq = seq
            with suppress(BadEvent):
                self._events.append((seq, parse(subject, data)))
        return self._events

    async def dead(self) -> list[tuple[str, str, str]]:
        """Conversation, service and kind of every dead letter."""
        return [
            (subject.rpartition(".")[2], headers["Dead-Service"], headers["Dead-Kind"])
            async for subject, _, headers, _ in self._read(DEAD_STREAM, 1)
            if "Dead-Service" in headers
        ]

    async def _read(self, stream: str, start: int) -> AsyncIterator[tuple[str, int, dict[str, str], bytes]]:
        js = (await self.bus()).jetstream(timeout=10)
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=start,
            mem_storage=True, inactive_threshold=30,
        )  # fmt: skip
        pull = await js.pull_subscribe("", stream=stream, config=config)
        left = (await pull.consumer_info()).num_pending or 0
        while left > 0:
            for msg in await pull.fetch(min(left, 500), timeout=10):
                left -= 1
                yield msg.subject, int(msg.metadata.sequence.stream), dict(msg.headers or {}), msg.data
        await pull.unsubscribe()

    async def evidence(self, people: Sequence[str]) -> Evidence:
        """What there is about these customers."""
        addresses = {f"whatsapp:{phone}" for phone in people}
        conversations = {self.conversation(phone) for phone in people}
        truth = (await self.api.get("/oracle")).json()
        return Evidence(
            inbound=[m for m in truth["inbound"] if m["customer"] in addresses],
            sends=[m for m in truth["sends"] if m["to"] in addresses],
            events=[(n, e) for n, e in await self.events() if e.conversation in conversations],
            dead=[d for d in await self.dead() if d[0] in conversations],
        )

    async def verdict(
        self, people: Sequence[str], seconds: float = 90.0, every: bool = True, quiet: float = 2.0
    ) -> Verdict:
        """Wait until everything is explained (or time is up), then a little longer, then judge."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(nats.errors.Error, httpx.HTTPError, TimeoutError):
                if not check(await self.evidence(people), every).lost:
                    break
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(1.0)
        await asyncio.sleep(quiet)
        return check(await self.evidence(people), every)

    # --- breaking things -------------------------------------------------------------------------

    async def again(
        self, name: str, weak: str | None = None, env: Mapping[str, str] | None = None, kill: bool = False
    ) -> None:
        """Start a service anew, changed."""
        await asyncio.to_thread(self.system.again, name, weak, env, kill)

    @asynccontextmanager
    async def changed(self, name: str, weak: str | None = None, **env: str) -> AsyncIterator[None]:
        """One service with a protection taken out and other settings, for a while."""
        process = self.system.processes[name]
        before = dict(process.env)
        try:
            await self.again(name, weak, env)
            yield
        finally:
            process.env = before
            await self.again(name, kill=True)

    @asynccontextmanager
    async def weakened(self, **weak: str) -> AsyncIterator[None]:
        """Services with protections taken out (``chatwoot_sync`` for chatwoot-sync), for a while."""
        names = {name.replace("_", "-"): what for name, what in weak.items()}
        try:
            await asyncio.gather(*(self.again(name, what) for name, what in names.items()))
            yield
        finally:
            await asyncio.gather(*(self.again(name, kill=True) for name in names))

    async def crash(self, name: str) -> None:
        """kill -9 and start again."""
        process = self.system.processes[name]
        await asyncio.to_thread(process.kill)
        await asyncio.to_thread(self.system.restart, name)

    async def whole(self) -> None:
        """Make sure that every service runs and is ready."""
        for name, process in self.system.processes.items():
            if name not in {"nats", "sandbox"} and not process.alive:
                await asyncio.to_thread(self.system.restart, name)

    def services(self) -> list[str]:
        """The five."""
        return list(SERVICES)


async def _quiet(_: Exception) -> None:
    return


async def until(condition: Callable[[], Any], seconds: float, what: str = "it") -> None:
    """Wait for a condition (sync or async). Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come about within {seconds:g} s")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(seed: int, extra: Mapping[str, str] | None = None) -> AsyncIterator[World]:
    """A whole system of one's own."""
    system = ChaosSystem(extra)
    try:
        await asyncio.to_thread(system.start)
        limits = httpx.Limits(max_connections=400)
        async with httpx.AsyncClient(
            base_url=f"{system.sandbox_url}/api", timeout=60, limits=limits, trust_env=False
        ) as api:
            world = World(system, seed, api)
            yield world
            await world.wire.aclose()
            if world._bus is not None:
                await world._bus.close()
    finally:
        await asyncio.to_thread(system.stop)
