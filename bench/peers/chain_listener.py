"""A sixth service: reads events in 64 ordered lanes and acknowledges them."""

import asyncio
import os

import orjson
import uvloop
from lean import Lean
from nats.aio.msg import Msg

from seldenrijk.contracts import parse

STREAM, PARTITIONS, OPEN_SECONDS = "CONVERSATIONS", 64, 300


async def main() -> None:
    """Listen until ended."""
    bus = await Lean.connect(os.environ["NATS_URL"])

    async def arrived(msg: Msg) -> None:
        if msg.reply:
            parse(msg.subject, msg.data)
            await bus.client.publish(msg.reply, b"+ACK")

    inbox = bus.client.new_inbox()
    await bus.client.subscribe(f"{inbox}.*", cb=arrived)
    body = orjson.dumps({"batch": 100_000, "expires": OPEN_SECONDS * 1_000_000_000})
    for event in os.environ["READS"].split(","):
        for partition in range(PARTITIONS):
            lane = f"{event.replace('.', '-')}-{partition}"
            subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.listener-{lane}"
            await bus.client.publish(subject, body, f"{inbox}.{lane}")
    print("ready", flush=True)
    await asyncio.Event().wait()


uvloop.run(main())
