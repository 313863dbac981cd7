"""What each service may do on NATS: exactly what the topology says it needs, nothing else.

``python -m seldenrijk.chassis.permissions`` prints the server configuration's ``authorization``
block; passwords come from the server's environment (NATS_PASSWORD_ROUTER and so on).
"""

import sys
from dataclasses import dataclass
from typing import Final

import orjson

from seldenrijk.contracts import PARTITIONS
from seldenrijk.contracts.topology import DEAD_PREFIX, SERVICES, STREAM, ServiceTopology

from .bus.names import due_durable, jobs_durable, stray_durable
from .settings import NatsSettings

OPERATORS: Final = ("provision", "sandbox")
"""Users beside the services: the provisioning command (and operators' tools), and the development sandbox."""


@dataclass(frozen=True)
class Permissions:
    """Subjects that a NATS user may publish and subscribe to."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions_of(service: ServiceTopology) -> Permissions:
    """The minimal permissions of a service (each was tried: allowed it works, denied it fails)."""
    publish = [f"{event.name}.*.*" for event in service.writes]
    publish.append(f"{DEAD_PREFIX}.{service.name}.*")
    for partition in range(PARTITIONS):
        publish += _consumer(STREAM, service.durable(partition))
    if service.jobs:
        publish += [f"job.{service.name}.>", *_consumer(service.jobs_stream, jobs_durable(service))]
    if service.timers:
        publish += [f"timer.{service.name}.>", *_consumer(service.timers_stream, due_durable(service))]
    if service.stray_watch:
        publish += _consumer(STREAM, stray_durable(service))
    if service.looks_up:
        publish += [f"$JS.API.DIRECT.GET.{STREAM}.{event.name}.*.*" for event in service.looks_up]
        # in a cluster the leader is asked, and that request names the subject in its body
        publish.append(f"$JS.API.STREAM.MSG.GET.{STREAM}")
    for bucket in service.all_buckets:
        publish += [
            f"$KV.{bucket}.>",
            f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.>",
            f"$JS.API.STREAM.MSG.GET.KV_{bucket}",
        ]
    return Permissions(tuple(publish), (f"{NatsSettings.model_construct().inbox_prefix(service.name)}.>",))


def _consumer(stream: str, durable: str) -> list[str]:
    return [f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", f"$JS.ACK.{stream}.{durable}.>"]


def password_variable(user: str) -> str:
    """The server's environment variable that holds a user's password."""
    return f"NATS_PASSWORD_{user.upper().replace('-', '_')}"


def authorization(operators: tuple[str, ...] = OPERATORS) -> str:
    """The ``authorization`` block of a server's configuration."""
    users = [_user(name, permissions_of(service)) for name, service in SERVICES.items()]
    users += [_user(name, None) for name in operators]
    return "authorization {\n  users: [\n" + "\n".join(users) + "\n  ]\n}\n"


def _user(name: str, allowed: Permissions | None) -> str:
    head = f'    {{ user: "{name}", password: ${password_variable(name)}'
    if allowed is None:
        return head + " }"
    publish, subscribe = (
        orjson.dumps(list(subjects)).decode() for subjects in (allowed.publish, allowed.subscribe)
    )
    return f"{head}, permissions: {{\n      publish: {publish},\n      subscribe: {subscribe} }} }}"


def main() -> None:
    """Print the block."""
    if any(arg in {"-h", "--help"} for arg in sys.argv[1:]):
        sys.stdout.write(f"{__doc__}\n")
        return
    sys.stdout.write(authorization())


if __name__ == "__main__":
    main()
