"""The bus itself: nodes that die, power that is cut, a store that is full: scenarios 4, 5, 6."""

import asyncio
import contextlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import nats
import nats.js.errors
from nats.js.api import StreamConfig

from chaos.cluster import ClusterSystem, cluster_running
from chaos.scenario import Result, scaled, scenario
from chaos.world import World, running, until
from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts.topology import STREAM


@scenario(
    4,
    "three nodes, R3: one killed every 2 s, two down, a disk lost",
    "one copy of each stream",
    alone=True,
    quick=False,
)
async def nodes(world: World, scale: float) -> Result:
    return await _nodes(world.seed, max(20.0, 300 * scale), 3)


async def _nodes(seed: int, seconds: float, copies: int) -> Result:
    async with cluster_running(seed, copies) as (world, system):
        people = world.people(16)
        slowest = 0.0
        end = time.monotonic() + seconds

        async def murder() -> None:
            while time.monotonic() < end:
                name = world.dice.choice(system.nodes)
                await asyncio.to_thread(system.servers[name].kill)
                await asyncio.sleep(2.0)
                system.servers[name].start()
                await asyncio.sleep(1.0)

        async def write() -> None:
            nonlocal slowest
            while time.monotonic() < end:
                for phone in people:
                    started = time.monotonic()
                    await world.say(phone, world.dice.choice(("Ik zoek een Golf", "Wat kost die?")))
                    slowest = max(slowest, time.monotonic() - started)

        await asyncio.gather(murder(), write())
        result = Result({"seconds": round(seconds), "slowest webhook (s)": round(slowest, 1)})
        result.expect(slowest < 10, f"a webhook took {slowest:.1f} s")
        if copies == 3:
            await _two_down(world, system, result)
        await _disk_lost(world, system)
        if not await _stream_there(world):
            result.problems.append("the stream is gone with the disk of one node")
            return result
        verdict = await world.verdict(people, 120 if copies == 3 else 40)
        result.figures |= verdict.figures()
        result.problems += verdict.problems
        return result


async def _two_down(world: World, system: ClusterSystem, result: Result) -> None:
    nodes, servers = system.nodes, system.servers
    for name in nodes[1:]:
        await asyncio.to_thread(servers[name].kill)
    await asyncio.sleep(3)
    phone = world.people(1)[0]
    status = (await world.say(phone, "Is daar iemand?"))["status"]
    result.expect(status == 503, f"without a majority a webhook was answered {status}")
    for name in nodes[1:]:
        servers[name].start()
    started = time.monotonic()

    async def again() -> bool:
        return bool((await world.say(phone, "En nu?"))["status"] == 200)

    try:
        await until(again, 30, "recovery without restarts")
    except TimeoutError as error:
        result.problems.append(str(error))
    result.figures["recovered after (s)"] = round(time.monotonic() - started, 1)


async def _disk_lost(world: World, system: ClusterSystem) -> None:
    """The node that leads the stream comes back with an empty disk."""
    info = await (await world.bus()).jetstream(timeout=10).stream_info(STREAM)
    leader = info.cluster.leader if info.cluster and info.cluster.leader else system.nodes[0]
    await asyncio.to_thread(system.servers[leader].kill)
    await asyncio.to_thread(shutil.rmtree, system.folder / leader)
    system.servers[leader].start()
    await asyncio.sleep(10)


async def _stream_there(world: World) -> bool:
    try:
        info = await (await world.bus()).jetstream(timeout=10).stream_info(STREAM)
    except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
        return False
    return info.state.messages > 0


@nodes.against
async def nodes_weak(world: World, scale: float) -> Result:
    return await _nodes(world.seed, 15.0, 1)


@scenario(5, "simulated power cuts", "the server's default sync interval", alone=True)
async def power(world: World, scale: float) -> Result:
    return await _power(world, "always", scaled(20, scale, 3))


async def _power(world: World, sync: str, cuts: int) -> Result:
    """Power cut: of every file only what was synced is left.

    strace records writes and syncs of the server's message files; after a kill each file is cut to
    the length that had been synced, and the server starts from that.
    """
    result = Result({"cuts": cuts, "acknowledged": 0, "recovered": 0})
    if shutil.which("strace") is None:
        result.problems.append("strace is needed for this scenario (it is not installed)")
        return result
    for _ in range(cuts):
        with tempfile.TemporaryDirectory(prefix="power-") as folder:
            acknowledged, recovered = await _cut(Path(folder), sync, world.dice.uniform(0.5, 2.0))
        result.figures["acknowledged"] += acknowledged
        result.figures["recovered"] += recovered
        result.expect(recovered >= acknowledged, f"{acknowledged - recovered} acknowledged messages are gone")
    return result


async def _cut(folder: Path, sync: str, seconds: float) -> tuple[int, int]:
    server = await asyncio.to_thread(NatsServer(folder, sync=sync).start)
    assert server.process is not None  # noqa: S101
    client = await nats.connect(server.url, max_reconnect_attempts=1)
    js = client.jetstream()
    await js.add_stream(name="A", subjects=["a"])
    trace = folder / "trace"
    calls = "trace=write,pwrite64,fsync,fdatasync"
    command = ["strace", "-f", "-y", "-s", "0", "-e", calls, "-o", str(trace), "-p", str(server.process.pid)]
    tracer = await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)
    await asyncio.sleep(0.5)
    acknowledged = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        acks = await asyncio.gather(*(js.publish("a", b"x" * 200) for _ in range(10)))
        acknowledged = max(acknowledged, *(a.seq for a in acks))
    with contextlib.suppress(Exception):
        await client.close()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    await tracer.wait()
    before = 0
    for path in folder.rglob("*.blk"):
        synced = _synced(trace.read_text(errors="replace"), str(path), before)
        with path.open("r+b") as file:
            file.truncate(min(synced, path.stat().st_size))
    for path in folder.rglob("index.db"):
        path.unlink()
    await asyncio.to_thread(server.start)
    try:
        client = await nats.connect(server.url)
        state = (await client.jetstream().stream_info("A")).state
        await client.close()
        return acknowledged, state.last_seq
    finally:
        server.kill()


_CALL = re.compile(r"(write|pwrite64|fsync|fdatasync)\(\d+<([^>]*)>.*\) = (-?\d+)")
_BEGUN = re.compile(r"^(\d+)\s.*?(fsync|fdatasync)\(\d+<([^>]*)> <unfinished")
_ENDED = re.compile(r"^(\d+)\s.*<\.\.\. (fsync|fdatasync) resumed>.*= 0")
_WROTE = re.compile(r"^(\d+)\s.*<\.\.\. (write|pwrite64) resumed>.*= (\d+)")
_WRITING = re.compile(r"^(\d+)\s.*?(write|pwrite64)\(\d+<([^>]*)>.*<unfinished")


def _synced(trace: str, path: str, size: int) -> int:
    """Bytes of an append-only file that had been written when its last finished sync began."""
    synced = 0
    syncing: dict[str, int] = {}
    writing: set[str] = set()
    for line in trace.splitlines():
        if (begun := _BEGUN.match(line)) and begun[3] == path:
            syncing[begun[1]] = size
        elif (ended := _ENDED.match(line)) and ended[1] in syncing:
            synced = max(synced, syncing.pop(ended[1]))
        elif (started := _WRITING.match(line)) and started[3] == path:
            writing.add(started[1])
        elif (wrote := _WROTE.match(line)) and wrote[1] in writing:
            writing.discard(wrote[1])
            size += int(wrote[3])
        elif (call := _CALL.search(line)) and call[2] == path and int(call[3]) >= 0:
            if call[1] in {"write", "pwrite64"}:
                size += int(call[3])
            else:
                synced = max(synced, size)
    return synced


@power.against
async def power_weak(world: World, scale: float) -> Result:
    return await _power(world, "2m", 1)


@scenario(
    6,
    "the store is full, then there is room again",
    "a webhook answered before its message is stored",
    alone=True,
    quick=False,
)
async def full(world: World, scale: float) -> Result:
    return await _full(world.seed, None)


async def _full(seed: int, weak: str | None) -> Result:
    limits = {"STREAM_MAX_BYTES": "3000000", "REPAIR_INTERVAL_SECONDS": "0" if weak else "4"}
    async with running(seed, limits) as world:
        if weak:
            await world.again("gateway", weak)
        people = world.people(400)
        statuses: list[int] = []
        used: list[str] = []
        for phone in people:
            used.append(phone)
            statuses.append((await world.say(phone, "Ik zoek een Golf. " + "Graag. " * 200))["status"])
            if statuses.count(503) >= 5:
                break
        await asyncio.sleep(3)
        extra = world.people(5)
        statuses += [(await world.say(p, "Is er nog plaats? " + "Ja. " * 300))["status"] for p in extra]
        result = Result({"answers": {s: statuses.count(s) for s in sorted(set(statuses))}})
        result.expect(weak or 503 in statuses, "no 503 although the stream was full")
        await world.events()
        await _make_room(world)
        if not weak:
            await until(lambda: _accepted(world), 30, "recovery without a hand")
        verdict = await world.verdict([*used, *extra], 100 if not weak else 10)
        result.figures |= verdict.figures()
        result.problems += verdict.problems
        return result


async def _make_room(world: World) -> None:
    """What the operator does, or the passing of 30 days: there is room again; nothing is restarted."""
    js = (await world.bus()).jetstream()
    for stream in (STREAM, *(f"KV_{s}-state" for s in world.services())):
        config = (await js.stream_info(stream)).config
        await js.update_stream(StreamConfig(**{**config.__dict__, "max_bytes": 500_000_000}))


async def _accepted(world: World) -> bool:
    return bool((await world.say(world.people(1)[0], "Hallo"))["status"] == 200)


@full.against
async def full_weak(world: World, scale: float) -> Result:
    return await _full(world.seed, "answer_first")
