"""Poison, dead letters sent again, permissions: scenarios 19, 20, 24."""

import asyncio
import os
import subprocess
import sys
import time

import nats
from nats.aio.client import Client

from chaos.scenario import Result, scaled, scenario
from chaos.world import World, until
from seldenrijk.chassis.permissions import OPERATORS, authorization, password_variable
from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts import EVENTS, ReplyComposed, partition_of
from seldenrijk.contracts.topology import SERVICES, STREAM


@scenario(
    19,
    "a poison message at the head of a customer's lane, and 1 % of all",
    "what can't be handled is put back for ever",
)
async def poison(world: World, scale: float) -> Result:
    return await _poison(world, scaled(300, scale, 30), 60)


async def _poison(world: World, count: int, seconds: float) -> Result:
    people = world.people(count)
    js = (await world.bus()).jetstream()
    poisoned = world.dice.sample(people, max(3, count // 100))
    lanes = {partition_of(world.conversation(p)) for p in poisoned}
    # the others in the very same lanes are who must not notice
    neighbours = [p for p in world.people(600) if partition_of(world.conversation(p)) in lanes][:12]
    for phone in poisoned:
        conversation = world.conversation(phone)
        await js.publish(
            f"message.received.{partition_of(conversation)}.{conversation}", b'{"type":"poison"}'
        )
    started = time.monotonic()
    others = [p for p in people if p not in poisoned] + neighbours
    await world.talk(others, 1)
    verdict = await world.verdict(others, seconds, quiet=0)
    result = Result.of(verdict, poisoned=len(poisoned), neighbours=len(neighbours),
                       seconds=round(time.monotonic() - started, 1))  # fmt: skip
    dead = {conversation for conversation, _, _ in await world.dead()}
    result.expect(
        all(world.conversation(p) in dead for p in poisoned), "a poison message without a dead letter"
    )
    return result


@poison.against
async def poison_weak(world: World, scale: float) -> Result:
    async with world.weakened(router="stuck"):
        return await _poison(world, 30, 15)


@scenario(
    20,
    "dead letters sent again twice, interrupted by kill -9",
    "sent again under new ids, without a record",
    quick=False,
)
async def redrive(world: World, scale: float) -> Result:
    return await _redrive(world, scaled(1000, scale, 40), "seldenrijk.chassis.deadletters", None)


async def _redrive(world: World, count: int, module: str, weak: str | None) -> Result:
    people = world.people(count)
    async with world.changed("router", "rejecting"):
        await world.talk(people, 1)
        await until(lambda: _buried(world, people), 120, "the dead letters")
    if weak:
        await world.again("router", weak)
    command = [sys.executable, "-m", *(["chaos.weak", "redrive_anew"] if weak else []), module,
               "retry", "--service", "router", "--yes"]  # fmt: skip
    environment = os.environ | world.system.env | {"NATS_PASSWORD": world.system.password("provision")}
    for wait in (2.2, 2.6, None, None):
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if wait is not None:  # long enough to have begun
            await asyncio.sleep(wait * world.dice.uniform(0.8, 1.2))
            if process.returncode is None:
                process.kill()
        await process.wait()
    verdict = await world.verdict(people, 120, quiet=5)
    result = Result.of(verdict, dead_letters=count)
    answered = {
        a for _, e in await world.events()
        if isinstance(e, ReplyComposed) and e.purpose == "answer" for a in e.answers
    }  # fmt: skip
    received = [e.id for _, e in (await world.evidence(people)).events if e.name == "message.received"]
    missing = [r for r in set(received) if r not in answered]
    result.expect(not missing, f"{len(missing)} not answered after the redrive")
    if weak:
        await world.again("router")
    return result


async def _buried(world: World, people: list[str]) -> bool:
    dead = {conversation for conversation, service, _ in await world.dead() if service == "router"}
    return all(world.conversation(p) in dead for p in people)


@redrive.against
async def redrive_weak(world: World, scale: float) -> Result:
    return await _redrive(world, 20, "seldenrijk.chassis.deadletters.__main__", "forget")


@scenario(24, "each service's NATS credentials against all subjects", "users without permissions", alone=True)
async def credentials(world: World, scale: float) -> Result:
    return await _credentials(authorization())


async def _credentials(block: str) -> Result:
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    users = (*SERVICES, *OPERATORS)
    env = {password_variable(user): f"{user}-secret" for user in users} | {
        "NATS_PASSWORD": "provision-secret"
    }
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(Path(folder), extra=block, env=env)
        try:
            await asyncio.to_thread(server.start)
            for service in SERVICES:
                wrong, tried = await _wrong(server, service)
                result.figures[service] = f"{tried} subjects"
                result.problems += wrong
        finally:
            server.kill()
    return result


def subjects() -> dict[str, set[str]]:
    """Subjects of every kind, and who may publish them."""
    conversation = "c" + "a" * 26
    table = {
        f"{e.name}.5.{conversation}": {s.name for s in SERVICES.values() if e in s.writes} for e in EVENTS
    }
    for s in SERVICES.values():
        own = {s.name}
        table |= {
            f"dead.{s.name}.{conversation}": own,
            f"job.{s.name}.x.5.{conversation}": own if s.jobs else set(),
            f"timer.{s.name}.x.5.{conversation}.k": own if s.timers else set(),
            f"due.{s.name}.x.5.{conversation}": set(),
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{s.durable(7)}": own,
            f"$JS.ACK.{STREAM}.{s.durable(7)}.1.1.1.1.1": own,
            f"$KV.{s.bucket}.{conversation}": own,
            f"$JS.API.DIRECT.GET.KV_{s.bucket}.$KV.{s.bucket}.{conversation}": own,
        }
    verbs = ("STREAM.DELETE", "STREAM.PURGE", "STREAM.CREATE", "STREAM.UPDATE", "CONSUMER.CREATE")
    return table | {f"$JS.API.{verb}.{STREAM}": set() for verb in verbs} | {"$SYS.REQ.SERVER.PING": set()}


async def _wrong(server: NatsServer, service: str) -> tuple[list[str], int]:
    violations: list[str] = []

    async def denied(error: Exception) -> None:
        violations.append(str(error))

    client: Client = await nats.connect(
        server.url,
        user=service,
        password=f"{service}-secret",
        inbox_prefix=f"_INBOX_{service}",
        error_cb=denied,
    )
    wrong = []
    table = subjects()
    for subject, allowed in table.items():
        before = len(violations)
        await client.publish(subject, b"")
        await client.flush()
        await asyncio.sleep(0.005)
        may = len(violations) == before
        if may != (service in allowed):
            wrong.append(f"{service} {'may' if may else 'may not'} publish {subject}")
    for other in SERVICES:
        before = len(violations)
        await client.subscribe(f"_INBOX_{other}.x")
        await client.flush()
        await asyncio.sleep(0.005)
        if (len(violations) == before) != (other == service):
            wrong.append(f"{service} and the inbox of {other}")
    await client.close()
    return wrong, len(table) + len(SERVICES)


@credentials.against
async def credentials_weak(world: World, scale: float) -> Result:
    users = "\n".join(
        f'{{ user: "{u}", password: ${password_variable(u)} }}' for u in (*SERVICES, *OPERATORS)
    )
    return await _credentials(f"authorization {{ users: [ {users} ] }}")
