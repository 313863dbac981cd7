"""One step of the chain on bare nats-py: 64 ordered lanes, state by compare-and-set, confirmed publishes."""

import asyncio
import os
import sys

import orjson
import uvloop
from lean import Lean
from nats.aio.msg import Msg
from steps import STEPS

from seldenrijk.contracts import parse, subject_of

STREAM, PARTITIONS, OPEN_SECONDS = "CONVERSATIONS", 64, 300


class Chain:
    """One step at work."""

    def __init__(self, bus: Lean, name: str) -> None:
        self._bus = bus
        self._step = STEPS[name]()

    async def run(self) -> None:
        """Open a long pull for each lane; the benchmark is over before it ends."""
        await self._step.open()
        inbox = self._bus.client.new_inbox()
        await self._bus.client.subscribe(f"{inbox}.*", cb=self._arrived)
        body = orjson.dumps({"batch": 100_000, "expires": OPEN_SECONDS * 1_000_000_000})
        for event in self._step.reads:
            for partition in range(PARTITIONS):
                durable = f"{sys.argv[1]}-{event.replace('.', '-')}-{partition}"
                subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{durable}"
                await self._bus.client.publish(
                    subject, body, f"{inbox}.{event.replace('.', '-')}-{partition}"
                )
        print("ready", flush=True)
        await asyncio.Event().wait()

    async def _arrived(self, msg: Msg) -> None:
        if msg.reply:
            self._task = asyncio.create_task(self._handle(msg))

    async def _handle(self, msg: Msg) -> None:
        bus, step = self._bus, self._step
        event = parse(msg.subject, msg.data)
        stored, revision = await bus.get(step.bucket, event.conversation)

        async def save(state: bytes) -> None:
            nonlocal revision
            revision = await bus.put(step.bucket, event.conversation, state, revision)

        done = await step(event, stored, save)
        if done.state is not None:
            await save(done.state)
        await asyncio.gather(*(bus.publish(subject_of(e), e.to_json(), e.id) for e in done.events))
        await bus.client.publish(msg.reply, b"+ACK")


async def main() -> None:
    """Run the step that the first argument names."""
    await Chain(await Lean.connect(os.environ["NATS_URL"]), sys.argv[1]).run()


uvloop.run(main())
