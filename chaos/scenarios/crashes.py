"""Processes that are killed, stopped, cut off, replaced: scenarios 1, 2, 3, 7, 21, 22."""

import asyncio
import contextlib
import signal
import time

from chaos.proxy import Proxy
from chaos.scenario import Result, scaled, scenario
from chaos.world import World, until
from seldenrijk.chassis.failpoints import Point
from seldenrijk.sandbox.system import StartError

NEVER = "1000000"


@scenario(
    1,
    "kill -9 of every service at random under load",
    "events acknowledged before the work, no watchdog",
    quick=False,
)
async def kills(world: World, scale: float) -> Result:
    people = world.people(scaled(500, scale, 20))
    kills = scaled(50, scale, 2)
    plan = [name for name in world.services() for _ in range(kills)]
    world.dice.shuffle(plan)

    async def murder() -> None:
        for name in plan:
            await world.crash(name)
            await asyncio.sleep(world.dice.uniform(0.05, 0.3))

    killer = asyncio.create_task(murder())
    sent = await world.talk(people, scaled(20, scale, 5), pause=0.5)
    while not killer.done():
        sent += await world.talk(people, 1, pause=0.5)
    await killer
    started = time.monotonic()
    verdict = await world.verdict(people, 300)
    return Result.of(verdict, kills=len(plan), backlog_seconds=round(time.monotonic() - started, 1))


@kills.against
async def kills_weak(world: World, scale: float) -> Result:
    people = world.people(12)
    changes = {"FAILPOINT": "handle.before:9", "REPLY_WATCHDOG_SECONDS": NEVER}
    async with world.changed("gateway", "ack_first", **changes):
        await world.talk(people, 1)
        await until(lambda: not world.system.processes["gateway"].alive, 20, "the crash")
        world.system.processes["gateway"].env["FAILPOINT"] = ""
        await world.again("gateway", "ack_first")
        return Result.of(await world.verdict(people, 15))


def reaching(point: Point) -> tuple[str, ...]:
    """The services in which a crash point can be reached; unknown points are tried everywhere."""
    name = point.value
    if name.startswith("job."):
        return ("responder",)
    if name.startswith(("timer.", "send.", "webhook.")):
        return ("gateway",)
    if name.startswith("checkpoint."):
        return ("gateway", "chatwoot-sync")
    return ("gateway", "router", "extractor", "responder", "chatwoot-sync")


@scenario(2, "every crash point of the code", "a send of unknown fate is repeated", quick=False)
async def points(world: World, scale: float) -> Result:
    everybody: list[str] = []
    reached: list[str] = []
    missed: list[str] = []
    for point in Point:  # enumerated from the code: a new point is tried without being named here
        services = reaching(point)
        chosen = services if scale >= 0.5 else (world.dice.choice(services),)
        hits = 0
        for service in chosen:
            people = world.people(2)
            everybody += people
            hits += await _crash_at(world, service, point, people)
        (reached if hits else missed).append(point.value)
    verdict = await world.verdict(everybody, 120)
    result = Result.of(verdict, crash_points=len(Point), reached=len(reached))
    result.expect(not missed, f"crash points that were never reached: {missed}")
    return result


async def _crash_at(world: World, service: str, point: Point, people: list[str]) -> bool:
    """Let the service die there while two customers write; whether it did."""
    if point.value.startswith("timer."):  # the gateway's timer after Twilio's "too many requests"
        await world.fault(vendor="twilio", operation="messages.create", kind="code", code=20429,
                          times=1, match=people[0])  # fmt: skip
    process = world.system.processes[service]
    try:
        async with world.changed(service, FAILPOINT=point.value):
            await asyncio.gather(*(world.say(p, "Ik zoek een Volkswagen Golf") for p in people))
            with contextlib.suppress(TimeoutError):
                await until(lambda: not process.alive, 12, str(point))
            return not process.alive
    except StartError:
        # what was still on its way met the crash point before the service was even ready
        await asyncio.gather(*(world.say(p, "Ik zoek een Volkswagen Golf") for p in people))
        return True


@points.against
async def points_weak(world: World, scale: float) -> Result:
    people = world.people(2)
    async with world.changed("gateway", "resend", FAILPOINT="send.after"):
        await asyncio.gather(*(world.say(p, "Ik zoek een Volkswagen Golf") for p in people))
        await until(lambda: not world.system.processes["gateway"].alive, 20, "the crash")
        # callbacks that would prove the send are kept away, as after a crash of everything
        world.system.processes["gateway"].env["FAILPOINT"] = ""
        await world.again("gateway", "resend")
        return Result.of(await world.verdict(people, 30, quiet=8))


@scenario(3, "nats-server kill -9, one node", "a webhook answered before its message is stored, no repair")
async def server(world: World, scale: float) -> Result:
    people = world.people(scaled(100, scale, 15))
    kills = scaled(50, scale, 3)
    nats = world.system.processes["nats"]

    async def murder() -> None:
        for _ in range(kills):
            await asyncio.sleep(world.dice.uniform(0.3, 2.0))
            await asyncio.to_thread(nats.kill)
            await asyncio.sleep(world.dice.uniform(0.0, 1.0))
            nats.start()

    killer = asyncio.create_task(murder())
    while not killer.done():
        await world.talk(people, 1)
    await killer
    return Result.of(await world.verdict(people, 180), kills=kills)


@server.against
async def server_weak(world: World, scale: float) -> Result:
    people = world.people(10)
    nats = world.system.processes["nats"]
    async with world.changed("gateway", "answer_first", REPAIR_INTERVAL_SECONDS="0"):
        await asyncio.to_thread(nats.kill)
        await world.talk(people, 1)
        # what only the process remembers goes with it
        await asyncio.to_thread(world.system.processes["gateway"].kill)
        nats.start()
        await world.again("gateway", "answer_first")
        return Result.of(await world.verdict(people, 15))


@scenario(
    7,
    "cut off from NATS; paused beyond ack_wait with a second replica",
    "state written without comparing",
    quick=False,
)
async def partition(world: World, scale: float) -> Result:
    people = world.people(24)
    port = world.system.ports["nats"]
    async with Proxy(port) as proxy, world.changed("responder", NATS_URL=proxy.url):
        for seconds in (5.0, max(12.0, 60.0 * scale)):
            proxy.cut()
            await world.talk(people[:12], 1)
            await asyncio.sleep(seconds)
            proxy.heal()
            await world.talk(people[:12], 1)
        first = await world.verdict(people[:12], 120)
    result = await _paused(world, people[12:], None)
    result.problems += first.problems
    return Result(result.figures | {"cut off": first.figures()["answered"]}, result.problems)


async def _paused(world: World, people: list[str], weak: str | None) -> Result:
    """One replica stands still right before its send, for longer than the server waits for it."""
    second = await asyncio.to_thread(world.system.replica, "gateway", weak)
    frozen = world.system.processes["gateway"]
    try:
        async with world.changed("gateway", weak, FAILPOINT="send.before:1:STOP"):
            await world.talk(people, 1)
            await until(lambda: _stopped(frozen.pid), 30, "a replica that stands still")
            await asyncio.sleep(9)
            frozen.signal(signal.SIGCONT)
            return Result.of(await world.verdict(people, 90, quiet=8))
    finally:
        frozen.signal(signal.SIGCONT)
        await asyncio.to_thread(world.system.processes.pop(second).stop)


def _stopped(pid: int | None) -> bool:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
        return stat.read().rpartition(") ")[2].startswith("T")
    return False


@partition.against
async def partition_weak(world: World, scale: float) -> Result:
    return await _paused(world, world.people(12), "no_compare")


@scenario(
    21, "SIGTERM to each service under load, rolling", "a stop that leaves what is in hand", quick=False
)
async def rolling(world: World, scale: float) -> Result:
    return await _roll(world, scaled(20, scale, 1), None)


async def _roll(world: World, rounds: int, weak: str | None) -> Result:
    people = world.people(20)
    codes: list[tuple[str, int | None, float]] = []

    async def roll() -> None:
        for _ in range(rounds):
            for name in world.services():
                process = world.system.processes[name]
                started = time.monotonic()
                code = await asyncio.to_thread(process.stop)
                codes.append((name, code, time.monotonic() - started))
                await world.again(name, weak)

    rolling = asyncio.create_task(roll())
    while not rolling.done():
        await world.talk(people, 1)
    await rolling
    result = Result.of(await world.verdict(people, 120), stops=len(codes),
                       slowest_seconds=round(max(s for _, _, s in codes), 1))  # fmt: skip
    for name, code, seconds in codes:
        result.expect(code == 0, f"{name} ended with exit code {code}")
        result.expect(seconds < 27, f"{name} took {seconds:.0f} s to stop")
    return result


@rolling.against
async def rolling_weak(world: World, scale: float) -> Result:
    async with world.changed("router", "no_drain"):
        process = world.system.processes["router"]
        code = await asyncio.to_thread(process.stop)
    result = Result({"exit code": code})
    result.expect(code == 0, f"router ended with exit code {code}")
    return result


@scenario(22, "old and new version side by side", "a reader that refuses fields it doesn't know", quick=False)
async def versions(world: World, scale: float) -> Result:
    services = ("gateway", "router", "extractor", "responder")
    names = [await asyncio.to_thread(world.system.replica, name, "newer") for name in services]
    try:
        people = world.people(20)
        await world.talk(people, 3)
        result = Result.of(await world.verdict(people, 90), replicas=len(names))
        conversations = {world.conversation(p) for p in people}
        dead = [d for d in await world.dead() if d[0] in conversations]
        result.expect(not dead, f"{len(dead)} dead letters")
        return result
    finally:
        for name in names:
            await asyncio.to_thread(world.system.processes.pop(name).stop)


@versions.against
async def versions_weak(world: World, scale: float) -> Result:
    async with world.weakened(router="newer", extractor="strict"):
        people = world.people(4)
        await world.talk(people, 1)
        conversations = {world.conversation(p) for p in people}
        result = Result()
        with contextlib.suppress(TimeoutError):
            await until(lambda: _any_dead(world, conversations), 15, "a dead letter")
            result.problems.append("dead letters")
        return result


async def _any_dead(world: World, conversations: set[str]) -> bool:
    return any(d[0] in conversations for d in await world.dead())
