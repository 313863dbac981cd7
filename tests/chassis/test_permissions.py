"""Each service's NATS user can do exactly what its table says: allowed works, everything else is denied."""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nats
import orjson
import pytest
from nats.aio.client import Client

from seldenrijk.chassis.bus.jetstream import connect
from seldenrijk.chassis.bus.names import due_durable, jobs_durable
from seldenrijk.chassis.outgoing import event_message, job_message
from seldenrijk.chassis.permissions import OPERATORS, authorization, password_variable, permissions_of
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts import EVENTS, CustomerOptedIn, ReplyRequested, conversation_of
from seldenrijk.contracts.topology import RESPONDER, ROUTER, SERVICES, STREAM, ServiceTopology

pytestmark = pytest.mark.integration
USERS = (*SERVICES, *OPERATORS)


@pytest.fixture(scope="module")
def secured() -> Iterator[NatsServer]:
    env = {password_variable(user): f"{user}-secret" for user in USERS}
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(
            Path(folder), extra=authorization(), env=env | {"NATS_PASSWORD": "provision-secret"}
        )
        try:
            server.start().provision()
            yield server
        finally:
            server.kill()


class User:
    """A connection of one user that counts permission violations."""

    def __init__(self, client: Client, violations: list[str]) -> None:
        self.client = client
        self.violations = violations

    async def denied(self, subjects: Iterable[str]) -> set[str]:
        """Those of the subjects, in small letters, that this user may not publish.

        The server names each in its error, which nats-py puts into small letters.
        """
        for subject in subjects:
            await self.client.publish(subject, b"")
        await self.client.flush()
        await asyncio.sleep(1.0)  # the errors are handed to the callback one after the other
        return {text.lower().partition('"')[2].rpartition('"')[0] for text in self.violations}

    async def may_subscribe(self, subject: str) -> bool:
        before = len(self.violations)
        await self.client.subscribe(subject)
        await self.client.flush()
        await asyncio.sleep(0.05)
        return len(self.violations) == before


async def user(server: NatsServer, name: str) -> User:
    violations: list[str] = []

    async def denied(error: Exception) -> None:
        violations.append(str(error))

    client = await nats.connect(
        server.url, user=name, password=f"{name}-secret", inbox_prefix=f"_INBOX_{name}", error_cb=denied
    )
    return User(client, violations)


def publishable() -> dict[str, set[str]]:
    """Every subject there is, and the services that may publish it."""
    conversation = conversation_of("+31600000000", b"key")
    table: dict[str, set[str]] = {}
    for event in EVENTS:
        in_lane = {s.name for s in SERVICES.values() if event in s.writes}
        table[f"{event.name}.5.{conversation}"] = in_lane
        looking = {s.name for s in SERVICES.values() if event in s.looks_up}
        table[f"$JS.API.DIRECT.GET.{STREAM}.{event.name}.5.{conversation}"] = looking
    table[f"$JS.API.STREAM.MSG.GET.{STREAM}"] = {s.name for s in SERVICES.values() if s.looks_up}
    table[f"$JS.API.DIRECT.GET.{STREAM}"] = set()
    table[f"dead.audit.{conversation}"] = set()
    for service in SERVICES.values():
        own = {service.name}
        table[f"dead.{service.name}.{conversation}"] = own
        table[f"job.{service.name}.x.5.{conversation}"] = own if service.jobs else set()
        table[f"timer.{service.name}.x.5.{conversation}.k"] = own if service.timers else set()
        table[f"due.{service.name}.x.5.{conversation}"] = set()
        for partition in (0, 63):
            table |= consuming(STREAM, service.durable(partition), own)
        table |= consuming(service.jobs_stream, jobs_durable(service), own if service.jobs else set())
        table |= consuming(service.timers_stream, due_durable(service), own if service.timers else set())
        for bucket in service.all_buckets:
            table[f"$KV.{bucket}.{conversation}"] = own
            table[f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{conversation}"] = own
            table[f"$JS.API.STREAM.PURGE.KV_{bucket}"] = set()
    for verb in ("STREAM.CREATE", "STREAM.DELETE", "STREAM.PURGE", "STREAM.UPDATE", "STREAM.MSG.DELETE"):
        table[f"$JS.API.{verb}.{STREAM}"] = set()
    table[f"$JS.API.CONSUMER.CREATE.{STREAM}.x"] = set()
    table[f"$JS.API.CONSUMER.DELETE.{STREAM}.router-p0"] = set()
    table["$SYS.REQ.SERVER.PING"] = set()
    table["anything.else"] = set()
    return table


def consuming(stream: str, durable: str, allowed: set[str]) -> dict[str, set[str]]:
    return {
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}": allowed,
        f"$JS.ACK.{stream}.{durable}.1.1.1.1.1": allowed,
    }


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda s: s.name)
async def test_exactly_the_table(secured: NatsServer, service: ServiceTopology) -> None:
    connection = await user(secured, service.name)
    table = publishable()
    denied = await connection.denied(table)
    wrong = [
        f"{subject} {'denied' if service.name in allowed else 'allowed'}"
        for subject, allowed in table.items()
        if (subject.lower() in denied) == (service.name in allowed)
    ]
    assert wrong == []
    for other in USERS:
        assert await connection.may_subscribe(f"_INBOX_{other}.x") == (other == service.name)
    for subject in (">", "message.>", "$KV.>", "_INBOX.>", "dead.>"):
        assert not await connection.may_subscribe(subject)
    await connection.client.close()


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda s: s.name)
def test_no_wildcard_wider_than_an_event(service: ServiceTopology) -> None:
    allowed = permissions_of(service)
    assert ">" not in allowed.publish
    assert all(not s.startswith(("$JS.API.>", "$KV.>", "$SYS", "*")) for s in allowed.publish)


async def test_a_service_works_within_its_permissions(secured: NatsServer) -> None:
    settings = NatsSettings(nats_url=secured.url, nats_password="responder-secret")  # type: ignore[arg-type]
    bus = await connect(settings, "responder")
    conversation = conversation_of("+31600000001", b"key")
    job = ReplyRequested.of(conversation, conversation, version=1, messages=())
    got: list[str] = []

    async def take(delivery: object) -> None:
        got.append(delivery.subject)  # type: ignore[attr-defined]
        await delivery.ack()  # type: ignore[attr-defined]

    await bus.publish(job_message("responder", job))
    revision = await bus.put(RESPONDER.bucket, conversation, b"{}", 0)
    entry = await bus.get(RESPONDER.bucket, conversation)
    pull = await bus.pull(RESPONDER.jobs_stream, jobs_durable(RESPONDER), take, 10)  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        while not got:
            await asyncio.sleep(0.01)
    assert entry is not None
    assert entry.revision == revision
    assert bus.healthy is None
    await pull.stop()
    await bus.close()


async def test_a_violation_turns_readiness_off(secured: NatsServer) -> None:
    settings = NatsSettings(nats_url=secured.url, nats_password="router-secret")  # type: ignore[arg-type]
    bus = await connect(settings, ROUTER.name)
    forbidden = event_message("router", CustomerOptedIn.of("x", conversation_of("+31600000002", b"key")))
    with pytest.raises(Exception, match="no answer"):
        await bus.publish(
            type(forbidden)(
                forbidden.subject.replace("customer.opted_in", "reply.composed"), forbidden.headers, b""
            ),
            wait=0.5,
        )
    assert bus.healthy is not None
    assert "permissions" in bus.healthy
    await bus.close()


async def test_a_wrong_password_is_refused(secured: NatsServer) -> None:
    with pytest.raises(nats.errors.Error):
        await nats.connect(
            secured.url, user="router", password="wrong", allow_reconnect=False, max_reconnect_attempts=0
        )


async def test_provisioning_is_idempotent(secured: NatsServer) -> None:
    secured.provision()
    client = await nats.connect(secured.url, user="provision", password="provision-secret")
    info = orjson.loads((await client.request(f"$JS.API.STREAM.INFO.{STREAM}")).data)
    assert info["state"]["consumer_count"] == 64 * len(SERVICES) + 1
    assert info["config"]["discard"] == "new"
    await client.close()
