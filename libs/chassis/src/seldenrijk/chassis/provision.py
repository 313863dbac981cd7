"""Make streams, consumers and buckets exist as the topology says: ``python -m seldenrijk.chassis.provision``.

Idempotent, under a NATS user of its own; the services themselves may neither create nor delete.
"""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import nats.errors
import orjson
from nats.aio.client import Client
from pydantic import Field

from seldenrijk.contracts import PARTITIONS, subject_filter
from seldenrijk.contracts.topology import (
    DEAD_PREFIX,
    DEAD_STREAM,
    FAMILIES,
    SERVICES,
    STREAM,
    ServiceTopology,
)

from .bus.names import due_durable, jobs_durable, stray_durable
from .settings import NatsSettings, fail, load

SECOND: Final = 1_000_000_000
NOT_YET: Final = {10005, 10008}  # no suitable peers for placement, system temporarily unavailable
DAY: Final = 86_400 * SECOND
Json = dict[str, Any]


class ProvisionSettings(NatsSettings):
    """Settings of the provisioning command."""

    stream_max_age_days: int = Field(default=30, ge=1, description="Days that events are kept")
    stream_max_bytes: int = Field(default=1 << 30, gt=0, description="Bytes that the event stream may take")
    state_max_age_days: int = Field(
        default=180, ge=1, description="Days that an idle conversation is remembered"
    )
    provision_wait_seconds: float = Field(default=60.0, gt=0, description="How long to wait for NATS")


@dataclass(frozen=True)
class Consumer:
    """A durable consumer that shall exist."""

    stream: str
    config: Json


def streams(settings: ProvisionSettings) -> Iterator[Json]:
    """All streams and buckets, in JetStream's own terms."""
    common: Json = {"storage": "file", "num_replicas": settings.nats_replicas, "allow_direct": True}
    window = 3600 * SECOND
    yield common | {
        "name": STREAM,
        "subjects": [f"{family}.>" for family in FAMILIES],
        "max_age": settings.stream_max_age_days * DAY,
        "max_bytes": settings.stream_max_bytes,
        "discard": "new",
        "duplicate_window": window,
        "max_consumers": 4096,
    }
    yield common | {
        "name": DEAD_STREAM,
        "subjects": [f"{DEAD_PREFIX}.>"],
        "max_age": 90 * DAY,
        "max_bytes": settings.stream_max_bytes // 4,
        "duplicate_window": window,
    }
    for service in SERVICES.values():
        yield from _service_streams(service, settings, common, window)


def _service_streams(
    service: ServiceTopology, settings: ProvisionSettings, common: Json, window: int
) -> Iterator[Json]:
    if service.jobs:
        yield common | {
            "name": service.jobs_stream,
            "subjects": [f"job.{service.name}.>"],
            "retention": "workqueue",
            "discard": "new",
            "max_bytes": settings.stream_max_bytes // 4,
            "duplicate_window": window,
        }
    if service.timers:
        # A stream with schedules can't have discard=new: it is small, and only its owner writes to it.
        yield common | {
            "name": service.timers_stream,
            "subjects": [f"timer.{service.name}.>", f"due.{service.name}.>"],
            "retention": "workqueue",
            "allow_msg_schedules": True,
            "allow_msg_ttl": True,
            "allow_rollup_hdrs": True,
            "max_bytes": settings.stream_max_bytes // 4,
            "duplicate_window": window,
        }
    for bucket in service.all_buckets:
        yield common | {
            "name": f"KV_{bucket}",
            "subjects": [f"$KV.{bucket}.>"],
            "max_msgs_per_subject": 1,
            "max_age": settings.state_max_age_days * DAY,
            "max_bytes": settings.stream_max_bytes // 4,
            "discard": "new",
            "allow_rollup_hdrs": True,
            "deny_delete": True,
            "duplicate_window": 120 * SECOND,
        }


def consumers(service: ServiceTopology) -> Iterator[Consumer]:
    """All durable consumers of a service."""
    base: Json = {
        "ack_policy": "explicit",
        "deliver_policy": "all",
        "ack_wait": 5 * SECOND,
        "max_deliver": -1,
    }
    for partition in range(PARTITIONS):
        filters = [subject_filter(event, partition) for event in service.reads]
        lane = {"durable_name": service.durable(partition), "filter_subjects": filters, "max_ack_pending": 1}
        yield Consumer(STREAM, base | lane)
    if service.jobs:
        yield Consumer(
            service.jobs_stream, base | {"durable_name": jobs_durable(service), "max_ack_pending": 1000}
        )
    if service.timers:
        due: Json = {"durable_name": due_durable(service), "filter_subject": f"due.{service.name}.>"}
        due |= {"max_ack_pending": 500}
        yield Consumer(service.timers_stream, base | due)
    if service.stray_watch:
        stray = {"durable_name": stray_durable(service), "headers_only": True, "max_ack_pending": 500}
        yield Consumer(STREAM, base | stray)


class Provisioner:
    """Creates what is missing and updates what differs, over the JetStream API."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.done: dict[str, int] = {"created": 0, "updated": 0, "unchanged": 0}

    async def _api(self, subject: str, body: Json) -> Json:
        msg = await self._client.request(f"$JS.API.{subject}", orjson.dumps(body), timeout=10)
        answer: Json = orjson.loads(msg.data)
        return answer

    async def _must(self, subject: str, body: Json) -> None:
        for _ in range(60):  # a cluster that is still gathering has no place for a stream yet
            answer = await self._api(subject, body)
            if answer.get("error", {}).get("err_code") not in NOT_YET:
                break
            await asyncio.sleep(0.5)
        if "error" in answer:
            why = answer["error"].get("description", "refused")
            raise ProvisionError(f"{subject.split('.', 2)[2]}: {why}")

    async def stream(self, config: Json) -> None:
        """Make one stream be as configured. Raises ProvisionError with the server's reason."""
        info = await self._api(f"STREAM.INFO.{config['name']}", {})
        if "error" in info:
            await self._must(f"STREAM.CREATE.{config['name']}", config)
            self.done["created"] += 1
        elif _differs(config, info["config"]):
            await self._must(f"STREAM.UPDATE.{config['name']}", info["config"] | config)
            self.done["updated"] += 1
        else:
            self.done["unchanged"] += 1

    async def consumer(self, wanted: Consumer) -> None:
        """Make one consumer be as configured. Raises ProvisionError with the server's reason."""
        name = wanted.config["durable_name"]
        info = await self._api(f"CONSUMER.INFO.{wanted.stream}.{name}", {})
        if "error" not in info and not _differs(wanted.config, info["config"]):
            self.done["unchanged"] += 1
            return
        existing = info.get("config", {})
        kept = {k: v for k, v in existing.items() if not k.startswith("filter_")}
        config = kept | wanted.config | {"name": name}
        body = {"stream_name": wanted.stream, "config": config, "action": ""}
        await self._must(f"CONSUMER.CREATE.{wanted.stream}.{name}", body)
        self.done["updated" if existing else "created"] += 1


class ProvisionError(Exception):
    """The server refused a stream or consumer; the text names which and why."""


def _differs(wanted: Json, actual: Json) -> bool:
    return any(actual.get(key) != value for key, value in wanted.items() if value not in (False, None))


async def provision(settings: ProvisionSettings) -> dict[str, int]:
    """Provision everything; returns how many things were created, updated, unchanged."""
    client = Client()
    options = settings.connect_options("provision") | {"allow_reconnect": False, "max_reconnect_attempts": 1}
    await _connect(client, options, settings.provision_wait_seconds)
    try:
        work = Provisioner(client)
        for config in streams(settings):
            await work.stream(config)
        for service in SERVICES.values():
            await asyncio.gather(*(work.consumer(wanted) for wanted in consumers(service)))
        return work.done
    finally:
        await client.close()


async def _connect(client: Client, options: Json, seconds: float) -> None:
    async def quiet(_: Exception) -> None:
        return

    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            await client.connect(**options, error_cb=quiet)
            await client.request("$JS.API.INFO", b"", timeout=2)
            return
        except (OSError, nats.errors.Error, TimeoutError) as error:
            if asyncio.get_running_loop().time() > deadline:
                raise ProvisionError(
                    f"NATS did not answer within {seconds:g} s ({type(error).__name__})"
                ) from error
            if client.is_connected:
                await client.close()
            await asyncio.sleep(0.3)


def main() -> None:
    """Provision from the environment's settings and say what was done."""
    if any(arg in {"-h", "--help"} for arg in sys.argv[1:]):
        sys.stdout.write(
            f"{__doc__}\nSettings come from the environment: NATS_URL, NATS_REPLICAS, STREAM_MAX_BYTES...\n"
        )
        return
    try:
        done = asyncio.run(provision(load(ProvisionSettings)))
    except ProvisionError as error:
        fail(f"provisioning: {error}")
    sys.stdout.write("provisioned: " + ", ".join(f"{n} {what}" for what, n in done.items()) + "\n")


if __name__ == "__main__":
    main()
