"""What strangers, proxies and floods send to the gateway: scenarios 13, 14, 15, 23."""

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from chaos.scenario import Result, scaled, scenario
from chaos.world import World, until
from seldenrijk.contracts import EVENTS, MessageReceived
from seldenrijk.gateway.signature import Form

HOOK = "/api/webhooks/twilio"
Pairs = list[tuple[str, str]]


def signed(world: World, pairs: Pairs, path: str = HOOK, query: str = "", base: str | None = None) -> str:
    """Twilio's signature for the public URL."""
    url = f"{base or world.system.env['PUBLIC_URL']}{path}" + (f"?{query}" if query else "")
    return str(RequestValidator(world.system.env["TWILIO_AUTH_TOKEN"]).compute_signature(url, Form(pairs)))


async def post(
    world: World, form: dict[str, str] | Pairs, path: str = HOOK, query: str = "",
    signature: str | None = None, client: httpx.AsyncClient | None = None,
) -> int:  # fmt: skip
    """A webhook as Twilio would post it; the status, 0 where the connection was cut."""
    pairs = list(form.items()) if isinstance(form, dict) else form
    target = f"{world.system.env['PUBLIC_URL']}{path}" + (f"?{query}" if query else "")
    seal = signed(world, pairs, path, query) if signature is None else signature
    headers = {"X-Twilio-Signature": seal, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = await (client or world.wire).post(target, content=urlencode(pairs), headers=headers)
    except httpx.HTTPError:
        return 0
    return answer.status_code


def message(phone: str, body: str = "Hallo", sid: str | None = None) -> dict[str, str]:
    """The least that a message has."""
    return {"MessageSid": sid or f"SM{os.urandom(16).hex()}", "From": f"whatsapp:{phone}",
            "To": "whatsapp:+31850000000", "Body": body}  # fmt: skip


@scenario(
    13,
    "signatures: bad, missing, of another URL; reordered, repeated, blank parameters",
    "any signature is taken",
)
async def signatures(world: World, scale: float) -> Result:
    result = Result()
    good, bad = world.people(6), world.people(1)[0]
    form = message(bad)
    pairs = list(form.items())
    public = world.system.env["PUBLIC_URL"]
    wrong = {
        "none": "", "nonsense": "AAAA", "of other parameters": signed(world, [*pairs, ("x", "y")]),
        "https instead of http": signed(world, pairs, base=public.replace("http://", "https://")),
        "of another host": signed(world, pairs, base="https://example.com"),
        "of another port": signed(world, pairs, base="http://127.0.0.1:1"),
        "of another path": signed(world, pairs, path="/api/webhooks/twilio/status"),
        "of another query": signed(world, pairs, query="a=b"),
    }  # fmt: skip
    for what, signature in wrong.items():
        result.expect(await post(world, pairs, signature=signature) == 401, f"{what}: not refused")
    right: list[Pairs] = [
        list(reversed(list(message(good[0]).items()))),
        [*message(good[1]).items(), ("Body", "Hallo"), ("Extra", "a"), ("Extra", "a"), ("Extra", "b")],
        [*message(good[2], "").items(), ("Blank", "")],
        [*message(good[3], "é 😀 +&= %00").items()],
        [*message(good[4]).items(), ("New" * 20, "x" * 1000)],
    ]
    for pairs in right:
        result.expect(await post(world, pairs) == 200, f"refused: {[k for k, _ in pairs]}")
    result.expect(await post(world, message(good[5]), query="a=1&b=%20") == 200, "a raw query is refused")
    stored = {e.conversation for _, e in await world.events() if isinstance(e, MessageReceived)}
    result.expect(world.conversation(bad) not in stored, "a refused message was published")
    result.expect(all(world.conversation(p) in stored for p in good), "an accepted message was not published")
    result.figures = {"refused": len(wrong), "accepted": len(right) + 1}
    return result


@signatures.against
async def signatures_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "trust"):
        return await signatures.run(world, scale)


# fmt: off
NASTY = ("", " ", "\x00", "²", "-1", "9" * 400, "nan", "inf", "1e309", "😀" * 50, "\u202eabc", "a\r\nb",
         "null",          "{}", "%", "+", "whatsapp:", "whatsapp:+", "../../etc", "<script>", "\ufffe",
         "0x10",
         "true")
FIELDS = ("MessageSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0", "Latitude",
          "Longitude", "MessageType", "ProfileName", "WaId",
          "ButtonText", "ListId", "OriginalRepliedMessageSid",
          "ReferralSourceUrl", "MessageStatus", "ErrorCode", "AccountSid", "Odd")
# fmt: on


@scenario(14, "random forms, routes and events", "values are read without being checked")
async def fuzz(world: World, scale: float) -> Result:
    return await _fuzz(world, scaled(5000, scale, 300))


async def _fuzz(world: World, count: int) -> Result:
    result = Result()
    phone = world.people(1)[0]
    statuses: dict[int, int] = {}

    def noted(status: int, what: Any) -> None:
        statuses[status] = statuses.get(status, 0) + 1
        result.expect(0 < status < 500, f"{status} for {what}")

    for _ in range(count):
        form = message(phone)
        for field in world.dice.sample(FIELDS, world.dice.randint(1, 4)):
            form[field] = world.dice.choice(NASTY)
        path = world.dice.choice((HOOK, HOOK + "/status"))
        noted(await post(world, form, path), {k: v[:20] for k, v in form.items()})
    ports = [world.system.ports[name] for name in world.services()]
    for port in ports:
        for path in (
            "/",
            "/health",
            "/metrics",
            "/readyz",
            HOOK,
            "/api/webhooks/chatwoot",
            "/%00",
            "/..//x?%ff",
        ):
            for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "POST"):
                with contextlib.suppress(httpx.InvalidURL):
                    answer = await world.wire.request(
                        method, f"http://127.0.0.1:{port}{path}", content=b"\xff{"
                    )
                    if path != "/readyz":
                        noted(answer.status_code, (method, port, path))
    await _bad_events(world, result)
    result.figures |= {"requests": sum(statuses.values()), "events": len(EVENTS) * 4,
                       "answers": dict(sorted(statuses.items()))}  # fmt: skip
    for name, process in world.system.processes.items():
        result.expect(process.alive, f"{name} has ended")
    friend = world.people(3)
    await world.talk(friend, 1)
    result.problems += (await world.verdict(friend, 60, quiet=0)).problems
    return result


async def _bad_events(world: World, result: Result) -> None:
    """Garbage on every event's subject: each service that reads it must bury it."""
    js = (await world.bus()).jetstream()
    garbage = (b"", b"{", b"\xff\x00", b'{"type":"nonsense"}')
    before = len(await world.dead())
    conversation = world.conversation(world.people(1)[0])
    for event in EVENTS:
        for body in garbage:
            await js.publish(f"{event.name}.5.{conversation}", body)

    async def buried() -> bool:
        return len(await world.dead()) - before >= len(garbage) * 9

    try:
        await until(buried, 60, "a dead letter for each bad event")
    except TimeoutError as error:
        result.problems.append(str(error))


@fuzz.against
async def fuzz_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "naive"):
        return await _fuzz(world, 60)


def memory(world: World, name: str) -> int:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{world.system.processes[name].pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


@scenario(
    15,
    "10 MB bodies, wrong lengths, 10,000 parameters, 500 slow sockets",
    "uvicorn as it comes, bodies of any size",
)
async def sizes(world: World, scale: float) -> Result:
    return await _sizes(world)


async def _sizes(world: World) -> Result:
    result = Result()
    before = memory(world, "gateway")
    phone = world.people(1)[0]
    large = [*message(phone).items(), ("x", "y" * 10_000_000)]
    result.expect(await post(world, large) == 413, "10 MB were taken")
    many = [*message(phone).items(), *((f"p{n}", "") for n in range(10_000))]
    result.expect(await post(world, many) in {400, 413}, "10,000 parameters were taken")
    heads = {
        "a head without an end": (b"x: " + b"a" * 200_000, {b"431"}),
        "too many headers": (b"x: y\r\n" * 500 + b"\r\n", {b"431"}),
        "two lengths": (b"content-length: 1\r\ncontent-length: 2\r\n\r\nab", {b"400"}),
        "a negative length": (b"content-length: -1\r\n\r\n", {b"400"}),
        "a chunk without a size": (b"transfer-encoding: chunked\r\n\r\nzz\r\n", {b"400"}),
        "a body that never comes": (b"content-length: 100\r\n\r\nabc", {b"408"}),
    }
    answers = await asyncio.gather(*(_raw(world, head) for head, _ in heads.values()))
    for (what, (_, wanted)), status in zip(heads.items(), answers, strict=True):
        result.expect(status in wanted, f"{what}: {status!r}")
    slow = [asyncio.create_task(_raw(world, b"content-length: 900\r\n\r\nslow")) for _ in range(500)]
    await asyncio.sleep(1)
    times = []
    friends = world.people(20)
    for friend in friends:
        started = time.monotonic()
        result.expect(await post(world, message(friend)) == 200, "valid traffic refused")
        times.append(time.monotonic() - started)
    statuses = await asyncio.gather(*slow)
    result.expect(all(s in {b"408", b"503"} for s in statuses), f"slow sockets: {set(statuses)}")
    p95 = sorted(times)[-2]
    grown = memory(world, "gateway") - before
    result.expect(p95 < 0.5, f"valid traffic took {p95:.2f} s")
    result.expect(grown < 100, f"{grown} MB more memory")
    result.figures = {"p95 of valid traffic (s)": round(p95, 3), "memory grown (MB)": grown,
                      "slow sockets cut": sum(s == b"408" for s in statuses)}  # fmt: skip
    return result


async def _raw(world: World, rest: bytes) -> bytes:
    """Send bytes, wait up to 14 s for a status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.system.ports["gateway"])
    try:
        writer.write(b"POST /api/webhooks/twilio HTTP/1.1\r\nhost: x\r\n" + rest)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        async with asyncio.timeout(14):
            return (await reader.read(65536)).split(b" ", 2)[1]
    except (TimeoutError, ConnectionError, IndexError):
        return b"none"
    finally:
        writer.close()


@sizes.against
async def sizes_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "unguarded"):
        return await _sizes(world)


@scenario(
    23,
    "overload, and the bus standing still in the midst of it",
    "webhooks answered before they are stored",
    quick=False,
)
async def overload(world: World, scale: float) -> Result:
    return await _overload(world, max(8.0, 600 * scale / 5))


async def _overload(world: World, seconds: float) -> Result:
    people = world.people(200)
    before = memory(world, "gateway")
    statuses: dict[int, int] = {}
    slowest = 0.0
    taken: list[str] = []
    end = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=300)
    nats = world.system.processes["nats"]

    async def flood(client: httpx.AsyncClient) -> None:
        nonlocal slowest
        while time.monotonic() < end:
            form = message(world.dice.choice(people), "Ik zoek een Golf")
            started = time.monotonic()
            status = await post(world, form, client=client)
            slowest = max(slowest, time.monotonic() - started)
            statuses[status] = statuses.get(status, 0) + 1
            if status == 200:
                taken.append(form["MessageSid"])
            await asyncio.sleep(0.2)

    async def stall() -> None:
        import signal  # noqa: PLC0415

        await asyncio.sleep(seconds / 2)
        nats.signal(signal.SIGSTOP)
        await asyncio.sleep(10)
        nats.signal(signal.SIGCONT)

    async with httpx.AsyncClient(timeout=20, limits=limits, trust_env=False) as client:
        await asyncio.gather(stall(), *(flood(client) for _ in range(60)))
    grown = memory(world, "gateway") - before
    result = Result({"answers": statuses, "slowest (s)": round(slowest, 1), "memory grown (MB)": grown})
    result.expect(set(statuses) <= {200, 429, 503}, f"answers {statuses}")
    result.expect(statuses.get(503), "no 503 while the bus stood still")
    result.expect(slowest < 14, f"an answer took {slowest:.0f} s")
    result.expect(grown < 200, f"{grown} MB more memory")
    started = time.monotonic()
    stored: set[str] = set()
    with contextlib.suppress(TimeoutError):
        await until(lambda: _all_stored(world, set(taken), stored), 30, "storing")
    result.expect(
        set(taken) <= stored, f"{len(set(taken) - stored)} of {len(taken)} taken messages not stored"
    )
    friends = world.people(3)
    await world.talk(friends, 1)
    result.problems += (await world.verdict(friends, 240, quiet=0)).problems
    result.figures["caught up after (s)"] = round(time.monotonic() - started, 1)
    return result


async def _all_stored(world: World, wanted: set[str], stored: set[str]) -> bool:
    stored |= {e.message.message_id for _, e in await world.events() if isinstance(e, MessageReceived)}
    return wanted <= stored


@overload.against
async def overload_weak(world: World, scale: float) -> Result:
    async with world.changed("gateway", "answer_first"):
        return await _overload(world, 6.0)
