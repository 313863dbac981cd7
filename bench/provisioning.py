"""Streams for the peers, made as ours are: file storage, the same limits, the same duplicate window."""

from collections.abc import Mapping, Sequence
from typing import Any

import nats
import orjson
from nats.aio.client import Client

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


async def chain(url: str, steps: Mapping[str, Sequence[str]]) -> None:
    """Our stream and buckets, and for each step and each event it reads 64 ordered consumers."""
    await events_stream_only(url)
    client = await nats.connect(url)
    try:
        for step, events in steps.items():
            await lanes(client, step, events)
    finally:
        await client.close()


async def lanes(client: Client, step: str, events: Sequence[str]) -> None:
    """64 ordered consumers for each event that a step reads."""
    for event in events:
        for partition in range(PARTITIONS):
            durable = f"{step}-{event.replace('.', '-')}-{partition}"
            body = {"stream_name": STREAM, "config": _lane(durable, f"{event}.{partition}.*")}
            await _must(client, f"CONSUMER.CREATE.{STREAM}.{durable}", body)


def _lane(durable: str, subject: str) -> dict[str, Any]:
    return {
        "durable_name": durable,
        "filter_subject": subject,
        "ack_policy": "explicit",
        "deliver_policy": "all",
        "ack_wait": 5_000_000_000,
        "max_ack_pending": 1,
        "max_deliver": -1,
    }


async def _must(client: Client, subject: str, body: dict[str, Any]) -> None:
    answer = orjson.loads((await client.request(f"$JS.API.{subject}", orjson.dumps(body), timeout=10)).data)
    if "error" in answer:
        raise RuntimeError(f"{subject}: {answer['error']}")
