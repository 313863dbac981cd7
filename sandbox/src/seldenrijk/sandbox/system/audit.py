"""The oracle: was every message answered or explained, once, and each customer's in order?"""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import nats
from nats.js.api import ConsumerConfig, DeliverPolicy

from seldenrijk.contracts import BadEvent, Event, MessageReceived, ReplySent, derived_id, parse
from seldenrijk.contracts.topology import STREAM

from .running import System

EXPLAINING = ("reply.suppressed", "reply.failed", "handover.requested")


@dataclass
class Audit:
    """What became of the messages that Twilio got a 2xx for. ``ok`` only if all lists are empty."""

    received: int = 0
    answered: int = 0
    explained: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    unaccounted_sends: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing lost, nothing twice, every customer's order kept."""
        return not (self.lost or self.doubled or self.disordered or self.unaccounted_sends)

    @property
    def pending(self) -> int:
        """Messages that nothing is known of yet."""
        return len(self.lost)


async def read_events(system: System) -> list[Event]:
    """All events in the stream, oldest first; what is no event is left out."""
    client = await nats.connect(
        system.env["NATS_URL"],
        user="sandbox",
        password=system.users["sandbox"],
        inbox_prefix="_INBOX_sandbox",
    )
    try:
        stream = client.jetstream()
        last = (await stream.stream_info(STREAM)).state.last_seq
        config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL, inactive_threshold=30)
        sub = await stream.subscribe(">", stream=STREAM, ordered_consumer=True, config=config)
        events: list[Event] = []
        while last:
            message = await sub.next_msg(timeout=10)
            with contextlib.suppress(BadEvent):
                events.append(parse(message.subject, message.data))
            if message.metadata.sequence.stream >= last:
                break
        return events
    finally:
        await client.close()


def audit(events: Iterable[Event], oracle: dict[str, Any]) -> Audit:
    """Compare what Twilio's stand-in saw with what the stream says became of it."""
    result = Audit()
    order = _accepted(oracle)
    result.received = len(order)
    answered, explained, by_sid = _fates(events)
    for event_id, sid in order.items():
        replies = answered.get(event_id, [])
        if len(replies) > 1:
            result.doubled.append(sid)
        if replies:
            result.answered += 1
        elif event_id in explained:
            result.explained += 1
        else:
            result.lost.append(sid)
    sends = oracle["sends"]
    parts = Counter(by_sid.get(send["sid"]) for send in sends)
    result.doubled += [str(key) for key, times in parts.items() if key is not None and times > 1]
    uncertain = {e.reply_id for e in events if getattr(e, "uncertain", False)}  # type: ignore[attr-defined]
    unaccounted = [send["sid"] for send in sends if send["sid"] not in by_sid]
    result.unaccounted_sends = unaccounted if len(unaccounted) > len(uncertain) else []
    result.disordered = _disordered(oracle, answered, order)
    return result


def _accepted(oracle: dict[str, Any]) -> dict[str, str]:
    """Event id and MessageSid of every inbound message that got a 2xx, in the order of writing."""
    return {
        derived_id(message["sid"], MessageReceived.type_name()): message["sid"]
        for message in oracle["inbound"]
        if any(isinstance(status, int) and 200 <= status < 300 for status in message["answers"])
    }


def _fates(
    events: Iterable[Event],
) -> tuple[dict[str, list[str]], set[str], dict[str, tuple[str, int]]]:
    answered: dict[str, list[str]] = defaultdict(list)
    explained: set[str] = set()
    by_sid: dict[str, tuple[str, int]] = {}
    for event in events:
        if isinstance(event, ReplySent):
            by_sid[event.channel_message_id] = (event.reply_id, event.part)
            for message in event.answers if event.part == 1 else ():
                if event.reply_id not in answered[message]:
                    answered[message].append(event.reply_id)
        elif event.name in EXPLAINING:
            explained |= set(event.answers)  # type: ignore[attr-defined]
    return answered, explained, by_sid


def _disordered(oracle: dict[str, Any], answered: dict[str, list[str]], order: dict[str, str]) -> list[str]:
    """Customers whose answers came in another order than their messages."""
    sent_at = {reply: n for n, reply in enumerate(dict.fromkeys(r for rs in answered.values() for r in rs))}
    customer_of = {message["sid"]: message["customer"] for message in oracle["inbound"]}
    last: dict[str, int] = {}
    wrong: set[str] = set()
    for event_id, sid in order.items():
        for reply in answered.get(event_id, [])[:1]:
            customer = customer_of[sid]
            if sent_at[reply] < last.get(customer, -1):
                wrong.add(sid)
            last[customer] = sent_at[reply]
    return sorted(wrong)


async def settled(system: System, seconds: float) -> Audit:
    """The audit once nothing is pending any more, or after ``seconds``."""
    deadline = asyncio.get_running_loop().time() + seconds
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        while True:
            oracle = (await http.get(f"{system.sandbox_url}/api/oracle")).json()
            result = audit(await read_events(system), oracle)
            if not result.lost or asyncio.get_running_loop().time() > deadline:
                return result
            await asyncio.sleep(1.0)
