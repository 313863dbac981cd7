"""The look ahead: a take-over behind the event in hand counts, unless a release stands behind it."""

import os

from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import ConversationReleased, ConversationTakenOver, Event, conversation_of
from seldenrijk.gateway.fence import NoFence, StreamFence

CONVERSATION = conversation_of("+31612345678", b"key")


async def stored(bus: MemoryBus, event: type[Event], conversation: str = CONVERSATION) -> int:
    made = event.of(os.urandom(8).hex(), conversation, by="status")
    return (await bus.publish(event_message("test", made))).seq


async def test_only_what_stands_behind_counts() -> None:
    bus = MemoryBus()
    fence = StreamFence(bus)
    assert not await fence.taken_over(CONVERSATION, 0)
    first = await stored(bus, ConversationTakenOver)
    assert await fence.taken_over(CONVERSATION, first - 1)
    assert not await fence.taken_over(CONVERSATION, first)  # the lane has been there
    released = await stored(bus, ConversationReleased)
    assert not await fence.taken_over(CONVERSATION, first - 1)
    await stored(bus, ConversationTakenOver)
    assert await fence.taken_over(CONVERSATION, released)
    await bus.close()


async def test_other_customers_do_not_matter() -> None:
    bus = MemoryBus()
    await stored(bus, ConversationTakenOver, conversation_of("+31687654321", b"key"))
    assert not await StreamFence(bus).taken_over(CONVERSATION, 0)
    assert not await NoFence().taken_over(CONVERSATION, 0)
    await bus.close()
