"""5c. Latency with many conversations and a long stream behind it."""

import asyncio
import base64
import secrets
from collections.abc import Mapping

import nats
import uvloop
from nats.aio.client import Client

from seldenrijk.chassis.provision import Provisioner, ProvisionSettings, consumers, streams
from seldenrijk.chassis.testing import free_port
from seldenrijk.contracts import PARTITIONS
from seldenrijk.contracts.topology import SERVICES, STREAM
from seldenrijk.sandbox.system import System

from .figures import Result, percentile, spread
from .ours import AT_ONCE, Ours

BUCKETS = [f"{service}-state" for service in SERVICES if service != "chatwoot-sync"]
EVENTS, FEW, MANY = 1_000_000, 1_000, 100_000
EVENT_BYTES = 500
ROOM = 4 << 30
"""Bytes for the stream, a quarter of it for each bucket: 100,000 conversations need more than the default."""


class Prefilled(System):
    """A system with a past: each bucket's record stored ``conversations`` times, ``events`` in the stream.

    The past is written without syncing; then the server is started as usual.
    """

    conversations = 0
    events = 0
    records: Mapping[str, bytes] = {}
    _synced = False

    def nats_config(self) -> str:
        """As usual, but for the past."""
        config = super().nats_config().replace("max_file_store: 8GB", "max_file_store: 60GB")
        return config if self._synced else config.replace("sync_interval: always", "sync_interval: 2m")

    def _start_nats(self) -> None:
        super()._start_nats()
        asyncio.run(self._fill())
        self.processes["nats"].stop()
        self._synced = True
        super()._start_nats()

    async def _connected(self) -> Client:
        return await nats.connect(
            self.env["NATS_URL"],
            user="provision",
            password=self.users["provision"],
            pending_size=64 * 1024 * 1024,
        )

    async def _fill(self) -> None:
        client = await self._connected()
        work = Provisioner(client)
        for config in streams(ProvisionSettings(stream_max_bytes=ROOM)):
            await work.stream(config)
        for bucket, record in self.records.items():
            for number in range(self.conversations):
                await client.publish(f"$KV.{bucket}.{_pseudonym()}", record)
                await _breathe(client, number)
        body = secrets.token_hex(EVENT_BYTES // 2).encode()
        for number in range(self.events):
            await client.publish(f"message.received.{number % PARTITIONS}.{_pseudonym()}", body)
            await _breathe(client, number)
        await client.flush(60)
        for bucket in self.records:
            kept = (await client.jetstream().stream_info(f"KV_{bucket}")).state.messages
            assert kept == self.conversations, f"{bucket} holds {kept} conversations"
        await client.close()

    def _provision(self) -> None:
        asyncio.run(self._consumers())

    async def _consumers(self) -> None:
        """All consumers begin behind the past."""
        client = await self._connected()
        work = Provisioner(client)
        for service in SERVICES.values():
            for wanted in consumers(service):
                if wanted.stream == STREAM:  # work queues have no past, and must deliver all
                    wanted.config["deliver_policy"] = "new"
                await work.consumer(wanted)
        await client.close()


async def _breathe(client: Client, number: int) -> None:
    if number % 2_000 == 1_999:
        await client.flush(60)  # the server must keep up: what comes too fast is dropped


def _pseudonym() -> str:
    return "c" + base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]


async def _records(system: Ours) -> dict[str, bytes]:
    """What each service keeps of a conversation that had one answer."""
    assert isinstance(system.system, Prefilled)
    client = await system.system._connected()
    found = {}
    for bucket in BUCKETS:
        message = await client.jetstream().get_last_msg(f"KV_{bucket}", f"$KV.{bucket}.>")
        found[bucket] = message.data or b""
    await client.close()
    return found


def _once(
    conversations: int, events: int, records: Mapping[str, bytes], seconds: float
) -> tuple[list[float], dict[str, bytes]]:
    port = free_port()
    system = Prefilled(extra=AT_ONCE | {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{port}"})
    system.conversations, system.events, system.records = conversations, events, records
    with system:
        ours = Ours(system, port)
        ours.stop_mirror()
        flow = uvloop.run(ours.driver().run(0, 0.0, 10.0, seconds))
        return flow.latencies, asyncio.run(_records(ours))


def run(quick: bool) -> Result:
    """Each past on a system of its own; the middle ones repeated in turn, because they are compared."""
    seconds, times = (4.0, 1) if quick else (15.0, 3)
    few, many, events = (FEW, MANY // 10, EVENTS // 20) if quick else (FEW, MANY, EVENTS)
    _, records = _once(0, 0, {}, 2.0)
    found: dict[tuple[int, int], list[list[float]]] = {}
    for _ in range(times):
        for past in ((1, 0), (few, 0), (many, 0), (1, events)):
            found.setdefault(past, []).append(_once(*past, records, seconds)[0])
    columns = [
        "conversations stored",
        "events in the stream",
        "p50 ms",
        "p95 ms",
        "p50, it / 1,000 conversations",
    ]
    result = Result("stored", "With a long past", columns)
    base = [percentile(values, 0.5) for values in found[(few, 0)]]
    for past, runs in found.items():
        middle, tail = ([percentile(values, q) for values in runs] for q in (0.5, 0.95))
        share = [a / b for a, b in zip(middle, base, strict=True)]
        result.rows.append(
            [f"{past[0]:,}", f"{past[1]:,}", spread(middle, 1), spread(tail, 1), spread(share)]
        )
        if past == (many, 0):
            limit = f"{many:,} conversations: p50 within 15 % of that at {few:,}"
            result.target(limit, share, 1.15, at_least=False)
    result.notes.append(
        f"{times} runs of {seconds:g} s at 10 messages a second, without the staff's mirror. Stored "
        "conversations "
        "have real records of each service."
    )
    return result
