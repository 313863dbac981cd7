"""Streams for the peers, made as ours are: file storage, the same limits, the same duplicate window."""

from collections.abc import Sequence
from typing import Any

import nats
import orjson

from seldenrijk.chassis.provision import ProvisionSettings, streams
from seldenrijk.contracts import PARTITIONS
from seldenrijk.contracts.topology import STREAM


async def events_stream_only(url: str) -> None:
    """The conversations' stream without any consumer: whoever publishes is alone with the disk."""
    client = await nats.connect(url)
    try:
        for config in streams(ProvisionSettings(nats_url=url)):
            if config["name"] == STREAM or config["name"].startswith("KV_"):
                await _must(client, f"STREAM.CREATE.{config['name']}", config)
    finally:
        await client.close()


async def chain(url: str, steps: Sequence[str]) -> None:
    """Our stream and buckets, and 64 ordered consumers for each step of a peer's chain.

    A step is named after the event that it reads, for instance ``message.received``.
    """
    await events_stream_only(url)
    client = await nats.connect(url)
    try:
        for event in steps:
            for partition in range(PARTITIONS):
                durable = f"{event.replace('.', '-')}-{partition}"
                config = {
                    "durable_name": durable,
                    "ack_policy": "explicit",
                    "deliver_policy": "all",
                    "ack_wait": 5_000_000_000,
                    "max_ack_pending": 1,
                    "max_deliver": -1,
                    "filter_subject": f"{event}.{partition}.*",
                }
                body = {"stream_name": STREAM, "config": config}
                await _must(client, f"CONSUMER.CREATE.{STREAM}.{durable}", body)
    finally:
        await client.close()


async def _must(client: nats.NATS, subject: str, body: dict[str, Any]) -> None:
    answer = orjson.loads((await client.request(f"$JS.API.{subject}", orjson.dumps(body), timeout=10)).data)
    if "error" in answer:
        raise RuntimeError(f"{subject}: {answer['error']}")
