"""One step of the chain in FastStream, with the same durability: explicit acknowledgement after a confirmed
publish, state in a KV bucket by compare-and-set, 64 ordered consumers of one message in hand each."""

import os
import sys

import uvloop
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.js.api import ConsumerConfig
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue
from steps import STEPS

from seldenrijk.contracts import parse, subject_of

PARTITIONS = 64
name = sys.argv[1]
step = STEPS[name]()
stream = JStream("CONVERSATIONS", declare=False)
broker = NatsBroker(os.environ["NATS_URL"], logger=None)
app = FastStream(broker, logger=None)
stores: dict[str, KeyValue] = {}


async def read(key: str) -> tuple[bytes, int]:
    """A value and its revision."""
    try:
        entry = await stores["state"].get(key)
    except KeyNotFoundError:
        return b"", 0
    return entry.value or b"", entry.revision or 0


async def handle(message: NatsMessage) -> None:
    """Load, decide, store, publish with confirmation, acknowledge."""
    event = parse(message.raw_message.subject, message.body)
    stored, revision = await read(event.conversation)

    async def save(state: bytes) -> None:
        nonlocal revision
        revision = await stores["state"].update(event.conversation, state, last=revision or None)

    done = await step(event, stored, save)
    if done.state is not None:
        await save(done.state)
    for out in done.events:
        await broker.publish(
            out.to_json(), subject_of(out), stream="CONVERSATIONS", headers={"Nats-Msg-Id": out.id}, timeout=8
        )
    await message.ack()


for event_name in step.reads:
    for partition in range(PARTITIONS):
        broker.subscriber(
            f"{event_name}.{partition}.*",
            stream=stream,
            durable=f"{name}-{event_name.replace('.', '-')}-{partition}",
            config=ConsumerConfig(max_ack_pending=1, ack_wait=5),
            pull_sub=PullSub(batch_size=1, timeout=30.0),
            ack_policy=AckPolicy.MANUAL,
        )(handle)


@app.on_startup
async def opened() -> None:
    """Before any message comes."""
    await step.open()
    await broker.connect()
    stores["state"] = await broker.key_value(bucket=step.bucket, declare=False)


@app.after_startup
async def ready() -> None:
    """All lanes are open."""
    print("ready", flush=True)


uvloop.run(app.run())
