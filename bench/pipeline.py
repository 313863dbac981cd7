"""2. The pipeline: from the webhook to Twilio's acceptance, against FastStream and a bare chain."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import uvloop

from seldenrijk.chassis.testing import free_port

from . import provisioning
from .figures import Result, percentile, ratios, spread
from .flow import Driver, Flow
from .gateway import TOKEN
from .ours import ours
from .running import connects, stage

OUTSTANDING, RATE = 64, 10.0
STEPS = {
    "router": ("message.received",),
    "extractor": ("message.routed",),
    "responder": ("preferences.extracted",),
    "sender": ("message.received", "reply.composed"),
}
OURS, FIVE = "ours, all five services", "ours, without the staff's mirror"
FASTSTREAM, BARE = "FastStream, the same five steps", "bare nats-py, the same five hops"


@contextlib.contextmanager
def _ours(mirror: bool) -> Iterator[Driver]:
    with ours() as system:
        if not mirror:
            system.stop_mirror()
        yield system.driver()


@contextlib.contextmanager
def _peer(gateway: str, chain: str) -> Iterator[Driver]:
    port, twilio = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    with stage() as on:
        server = on.nats(provisioned=False)
        asyncio.run(provisioning.chain(server.url, STEPS))
        env = {
            "NATS_URL": server.url,
            "PORT": str(port),
            "PUBLIC_URL": base,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{twilio}",
            "TYPED": "1",
        }
        for step in STEPS:
            on.peer(chain, env, step, name=step)
        on.peer(gateway, env).wait_for(lambda: connects(port), 60)
        for step in STEPS:
            process = on.processes[step]
            process.wait_for(lambda p=process: "ready" in p.tail(), 90)  # type: ignore[misc]
        yield Driver(port, twilio, TOKEN)


VARIANTS: dict[str, Callable[[], AbstractContextManager[Driver]]] = {
    OURS: lambda: _ours(True),
    FIVE: lambda: _ours(False),
    FASTSTREAM: lambda: _peer("gateway_faststream", "chain_faststream"),
    BARE: lambda: _peer("gateway_starlette", "chain_bare"),
}


def run(quick: bool) -> Result:
    """Interleaved repetitions: first as fast as it goes, then evenly at ten a second."""
    saturated, paced, times = (4.0, 4.0, 1) if quick else (12.0, 15.0, 5)
    flows: dict[str, list[Flow]] = {name: [] for name in VARIANTS}
    for _ in range(times):
        for name, variant in VARIANTS.items():
            with variant() as driver:
                flows[name].append(uvloop.run(driver.run(OUTSTANDING, saturated, RATE, paced)))
    return _result(flows, saturated, paced, times)


def _result(flows: dict[str, list[Flow]], saturated: float, paced: float, times: int) -> Result:
    rates = {name: [flow.rate for flow in found] for name, found in flows.items()}
    result = Result(
        "pipeline",
        "Pipeline: from the webhook to Twilio's acceptance",
        [
            "",
            "messages a second",
            "p50 ms at 10/s",
            "p95 ms",
            "p99 ms",
            "unanswered",
            "throughput, ours / it",
        ],
    )
    shares = {name: {q: _each(found, q) for q in (0.5, 0.95, 0.99)} for name, found in flows.items()}
    for name, found in flows.items():
        result.rows.append(
            [
                name,
                spread(rates[name], 1),
                *(spread(shares[name][q], 1) for q in (0.5, 0.95, 0.99)),
                str(sum(flow.lost for flow in found)),
                spread(ratios(rates[FIVE], rates[name])),
            ]
        )
    result.target("throughput at least 1.5 times FastStream's", ratios(rates[FIVE], rates[FASTSTREAM]), 1.5)
    p99 = ratios(shares[FIVE][0.99], shares[FASTSTREAM][0.99])
    result.target("p99 at most half of FastStream's", p99, 0.5, at_least=False)
    result.target("throughput at least 0.7 of the bare chain", ratios(rates[FIVE], rates[BARE]), 0.7)
    result.notes.append(
        f"{times} interleaved runs, each {saturated:g} s with {OUTSTANDING} messages on their way and "
        f"{paced:g} s at "
        f"{RATE:g} a second; every message is of a new customer. The peers run the same decisions "
        "(understanding, "
        "preferences, stock, reply, claim check) in five processes with the same events, ordered "
        "lanes, confirmed "
        "publishes, state by compare-and-set and `sync_interval: always`; they have no outbox, no "
        "dead letters, no "
        "timers, no jobs, no traces, and nobody mirrors them to the staff. So the ratios are of our "
        "system without "
        "the mirror, which is not between the customer and the answer; with it is the first row."
    )
    return result


def _each(flows: list[Flow], share: float) -> list[float]:
    return [percentile(flow.latencies, share) for flow in flows]
