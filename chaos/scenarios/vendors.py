"""Twilio, Claude and Chatwoot on their bad days: scenarios 8, 9, 10, 11, 17, 18."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.scenario import Result, scaled, scenario
from chaos.world import World, until
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import (
    Customer,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    ReplyComposed,
    ReplyFailed,
    ReplySent,
)
from seldenrijk.sandbox.system.environment import claude_environment

NEVER = "1000000"


@scenario(8, "Twilio: 429, 500, cut and lost answers, 10 % each", "sends of unknown fate are repeated")
async def twilio(world: World, scale: float) -> Result:
    return await _twilio(world, scaled(2000, scale, 60))


async def _twilio(world: World, count: int) -> Result:
    people = world.people(count)
    common = {"vendor": "twilio", "operation": "messages.create", "probability": 0.1}
    for fault in (
        {"kind": "code", "code": 20429, "retry_after": 1},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502, "after": True},
        {"kind": "reset"},
        {"kind": "lost"},
    ):
        await world.fault(**common, **fault)
    try:
        await world.talk(people, 1)
        verdict = await world.verdict(people, 150, quiet=5)
    finally:
        await world.calm()
    return Result.of(verdict)


@twilio.against
async def twilio_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "resend"):
        return await _twilio(world, 60)


SYNC = (21211, 21408, 21610, 21614, 63015, 63007)
LATER = (63003, 63005, 63013, 63014, 63016, 63021, 63024, 63032, 63049)


@scenario(9, "Twilio rejects for good", "every refusal is tried again")
async def rejected(world: World, scale: float) -> Result:
    return await _rejected(world)


async def _rejected(world: World) -> Result:
    people = dict(zip((*SYNC, *LATER), world.people(len(SYNC) + len(LATER)), strict=True))
    for code, phone in people.items():
        kind = "code" if code in SYNC else "callback"
        await world.fault(vendor="twilio", operation="messages.create", kind=kind, code=code, match=phone)
    await asyncio.gather(*(world.say(phone, "Ik zoek een Volkswagen Golf") for phone in people.values()))
    wanted = {world.conversation(phone) for phone in people.values()}

    async def told() -> bool:
        return wanted <= {e.conversation for _, e in await world.events() if isinstance(e, ReplyFailed)}

    result = Result({"codes": len(people)})
    try:
        await until(told, 30, "a report for the staff for every code")
    except TimeoutError as error:
        result.problems.append(str(error))
    await asyncio.sleep(4)
    hits = {f["match"]: f["hits"] for f in (await world.api.get("/faults")).json()}
    await world.calm()
    for code, phone in people.items():
        mine = world.conversation(phone)
        failed = [e for _, e in await world.events() if isinstance(e, ReplyFailed) and e.conversation == mine]
        # a hand-over's notice is a reply of its own and is refused, too
        replies = len({e.reply_id for e in failed})
        result.expect(hits[phone] <= max(1, replies), f"{code}: sent {hits[phone]} times")
        reasons = [e.reason_nl for e in failed]
        result.expect(all(reasons), f"{code}: no reason for the staff")
    return result


@rejected.against
async def rejected_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "retry_all"):
        return await _rejected(world)


TROUBLES: tuple[dict[str, Any], ...] = (
    {"kind": "overloaded"},
    {"kind": "latency", "seconds": 30},
    {"kind": "cut_midway"},
    {"kind": "malformed"},
    {"kind": "nonsense"},
    {"kind": "unpaid"},
)


@scenario(
    10,
    "Claude: 529, 30 s answers, cut streams, nonsense, no budget",
    "the reply waits for the model",
    quick=False,
)
async def claude(world: World, scale: float) -> Result:
    return await _claude(world, TROUBLES, None)


async def _claude(world: World, troubles: tuple[dict[str, Any], ...], weak: str | None) -> Result:
    env = claude_environment(world.system.sandbox_url)
    faults = f"{world.system.sandbox_url}/claude/faults"
    result = Result()
    async with (
        world.changed("responder", weak, **env),
        world.changed("router", **env),
        world.changed("extractor", **env),
    ):
        for trouble in troubles:
            await world.api.delete(faults)
            (await world.api.post(faults, json=trouble)).raise_for_status()
            people = world.people(6)
            await world.talk(people, 2)
            verdict = await world.verdict(people, 40, quiet=0)
            result.problems += [f"{trouble['kind']}: {p}" for p in verdict.problems]
            slowest = max(await _reply_seconds(world, people), default=99.0)
            result.figures[f"{trouble['kind']}: slowest reply (s)"] = round(slowest, 1)
            result.expect(slowest < 30, f"{trouble['kind']}: a reply took {slowest:.0f} s")
        await world.api.delete(faults)
    return result


async def _reply_seconds(world: World, people: list[str]) -> list[float]:
    conversations = {world.conversation(p) for p in people}
    events = [e for _, e in await world.events() if e.conversation in conversations]
    received = {e.id: e.time for e in events if isinstance(e, MessageReceived)}
    replies = {e.id: e for e in events if isinstance(e, ReplyComposed) and e.purpose == "answer"}
    sent = [e for e in events if isinstance(e, ReplySent) and e.reply_id in replies and e.part == 1]
    newest = [(s, max((received[a] for a in s.answers if a in received), default=None)) for s in sent]
    return [(s.time - at).total_seconds() for s, at in newest if at is not None]


@claude.against
async def claude_weak(world: World, scale: float) -> Result:
    return await _claude(world, TROUBLES[:1], "no_deadline")


@scenario(11, "Chatwoot down", "a copy that fails is given up", quick=False)
async def chatwoot(world: World, scale: float) -> Result:
    return await _chatwoot(world, max(25.0, 3600 * min(scale, 1.0) / 10), None)


async def _chatwoot(world: World, seconds: float, weak: str | None) -> Result:
    calm, stormy = world.people(15), world.people(15)
    await world.talk(calm, 2, pause=0.2)
    await world.verdict(calm, 60)
    async with world.changed("chatwoot-sync", weak):
        await world.fault(vendor="chatwoot", operation="*", kind="status", status=503)
        await world.talk(stormy, 2, pause=0.2)
        verdict = await world.verdict(stormy, 60)
        await asyncio.sleep(seconds if weak is None else 5)
        await world.calm()
        result = Result.of(verdict, down_seconds=seconds)
        before = _p95(await _reply_seconds(world, calm))
        during = _p95(await _reply_seconds(world, stormy))
        result.figures |= {"reply p95 before (s)": before, "reply p95 while down (s)": during}
        # a fraction of a second is the noise of a shared machine
        result.expect(during <= before * 1.1 + 0.5, f"replies got slower: {before} s, then {during} s")
        result.problems += await _mirrored(world, stormy, 60 if weak is None else 10)
    return result


def _p95(values: list[float]) -> float:
    return round(sorted(values)[int(len(values) * 0.95)], 2) if values else 99.0


async def _mirrored(world: World, people: list[str], seconds: float) -> list[str]:
    """Every message of these customers stands in Chatwoot once, in order."""
    deadline = time.monotonic() + seconds
    while True:
        problems = await _mirror_problems(world, people)
        if not problems or time.monotonic() > deadline:
            return problems
        await asyncio.sleep(2)


async def _mirror_problems(world: World, people: list[str]) -> list[str]:
    evidence = await world.evidence(people)
    wanted: dict[str, list[str]] = {}
    for message in evidence.inbound:
        wanted.setdefault(message["customer"], []).append(message["sid"])
    copies: dict[str, list[str]] = {}
    for conversation in (await world.api.get("/chatwoot/conversations")).json():
        found = (await world.api.get(f"/chatwoot/conversations/{conversation['id']}")).json()
        sids = [m["source_id"] for m in found["messages"] if m.get("source_id")]
        for address, inbound in wanted.items():
            if set(sids) & set(inbound):
                copies[address] = [s for s in sids if s in inbound]
    problems = []
    for address, inbound in wanted.items():
        copy = copies.get(address, [])
        if sorted(set(copy)) != sorted(inbound):
            problems.append(f"{len(set(inbound) - set(copy))} messages of a customer not mirrored")
        elif len(copy) != len(set(copy)):
            problems.append("a message mirrored twice")
        elif copy != inbound:
            problems.append("mirrored out of order")
    return problems


@chatwoot.against
async def chatwoot_weak(world: World, scale: float) -> Result:
    return await _chatwoot(world, 5, "no_patience")


@scenario(
    17, "status callbacks out of order, repeated, for unknown messages, early", "the last report is believed"
)
async def callbacks(world: World, scale: float) -> Result:
    return await _callbacks(world)


async def _callbacks(world: World) -> Result:
    from .edge import post  # noqa: PLC0415  (the signing client)

    people = world.people(6)
    for kind in ("duplicate", "reorder"):
        await world.fault(vendor="twilio", operation="callback", kind=kind, probability=0.4, seconds=0.5)
    await world.fault(vendor="twilio", operation="messages.create", kind="early_callback", probability=0.5)
    await world.talk(people, 1)
    verdict = await world.verdict(people, 40, quiet=2)
    await world.calm()
    result = Result.of(verdict)
    evidence = await world.evidence(people)
    for send in evidence.sends:
        order = ["read", "sent", "delivered", "queued", "sending"]
        world.dice.shuffle(order)
        for status in order:
            form = {"MessageSid": send["sid"], "To": send["to"], "MessageStatus": status}
            answer = await post(world, form, "/api/webhooks/twilio/status", f"attempt={send['attempt']}")
            result.expect(answer == 204, f"a callback was answered {answer}")
    unknown = {"MessageSid": "SM" + "f" * 32, "To": f"whatsapp:{people[0]}", "MessageStatus": "delivered"}
    result.expect(
        await post(world, unknown, "/api/webhooks/twilio/status") == 204, "an unknown sid is refused"
    )
    await asyncio.sleep(2)
    js = (await world.bus()).jetstream()
    import orjson  # noqa: PLC0415

    for phone in people:
        entry = await js.get_last_msg("KV_gateway-state", f"$KV.gateway-state.{world.conversation(phone)}")
        state = orjson.loads(entry.data or b"{}")["state"]
        ranks = [p.get("rank", -1) for e in state["entries"] for p in e["parts"]]
        result.expect(set(ranks) == {5}, f"a status went back: ranks {ranks} after all were read")
    return result


@callbacks.against
async def callbacks_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "no_ranks"):
        return await _callbacks(world)


@scenario(18, "the 24-hour window closes between receipt and send", "written freely at any time")
async def window(world: World, scale: float) -> Result:
    return await _window(world)


async def _window(world: World) -> Result:
    people = world.people(10)
    await asyncio.gather(*(_almost_closed(world, phone) for phone in people))
    await asyncio.sleep(3)
    for phone in people:
        cause = f"late/{phone}"
        reply = ReplyComposed.of(cause, world.conversation(phone), author="bot", text="Goedemorgen!")
        await publish(world, reply)

    async def decided() -> bool:
        evidence = await world.evidence(people)
        sent = {s["to"] for s in evidence.sends if s["body"] == "Goedemorgen!"}
        told = {e.conversation for _, e in evidence.events if isinstance(e, ReplyFailed)}
        return len(sent) + len(told) >= len(people)

    with contextlib.suppress(TimeoutError):
        await until(decided, 30, "a decision on every reply")
    await asyncio.sleep(1)
    evidence = await world.evidence(people)
    result = Result({"replies": len(people), "sends": len(evidence.sends)})
    free = [s for s in evidence.sends if s["body"] == "Goedemorgen!"]
    result.expect(not free, f"{len(free)} free-form messages after the window had closed")
    handed = {e.conversation for _, e in evidence.events if isinstance(e, HandoverRequested)}
    result.expect(len(handed) == len(people), f"{len(people) - len(handed)} nobody was told about")
    return result


async def _almost_closed(world: World, phone: str) -> None:
    """A message that is 24 hours old in two seconds, known to the gateway alone."""
    at = datetime.now(UTC) - timedelta(hours=24) + timedelta(seconds=2)
    sid = f"SM{int(phone[1:]):032x}"
    message = Message(message_id=sid, text="", kind="reaction", received_at=at)
    customer = Customer(address=f"whatsapp:{phone}", phone=phone)
    event = MessageReceived.of(
        sid, world.conversation(phone), customer=customer, business_address="x", message=message
    )
    await publish(world, event)


async def publish(world: World, event: Event) -> None:
    """An event straight into the stream, as a service would."""
    message = event_message("chaos", event)
    js = (await world.bus()).jetstream()
    await js.publish(message.subject, message.data, headers=message.headers)


@window.against
async def window_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "no_window"):
        return await _window(world)
