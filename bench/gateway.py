"""1. The gateway: signed webhooks at 64 connections until JetStream has them on disk."""

import asyncio
import gc
import sys
from collections.abc import Callable
from itertools import islice

import uvloop

from seldenrijk.chassis.testing import free_port

from . import provisioning
from .figures import Result, percentile, ratios, spread
from .running import Stage, connects, stage
from .webhooks import ACCOUNT, Signer, numbers
from .wire import saturate

TOKEN = "bench-auth-token-0123456789"  # noqa: S105  # nosec B105  (of a server that lives for seconds)
CONNECTIONS = 64
AHEAD = 60_000
Start = Callable[[Stage, dict[str, str]], None]
OURS, ALONE = "ours, its own lane at work behind it", "ours, the webhook alone"
BARE, CELERY, FASTSTREAM = (
    "(a) bare Starlette route",
    "(b) FastAPI, Celery on Redis",
    "(c) FastAPI, FastStream publisher",
)


def _ours(on: Stage, env: dict[str, str], provisioned: bool) -> None:
    server = on.nats(provisioned)
    if not provisioned:
        asyncio.run(provisioning.events_stream_only(server.url))
    more = {
        "NATS_URL": server.url,
        "HOST": "127.0.0.1",
        "IDENTITY_KEY": "0" * 32,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_WHATSAPP_NUMBER": "+31850000000",
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "REPAIR_INTERVAL_SECONDS": "0",
        "LOG_LEVEL": "ERROR",
    }
    on.run("gateway", [sys.executable, "-m", "seldenrijk.gateway"], env | more)


def _on_nats(script: str) -> Start:
    def start(on: Stage, env: dict[str, str]) -> None:
        server = on.nats(provisioned=False)
        asyncio.run(provisioning.events_stream_only(server.url))
        on.peer(script, env | {"NATS_URL": server.url})

    return start


def _on_celery(on: Stage, env: dict[str, str]) -> None:
    on.peer("gateway_celery", env | {"REDIS_URL": on.redis()})


VARIANTS: dict[str, Start] = {
    OURS: lambda on, env: _ours(on, env, True),
    ALONE: lambda on, env: _ours(on, env, False),
    BARE: _on_nats("gateway_starlette"),
    CELERY: _on_celery,
    FASTSTREAM: _on_nats("gateway_faststream"),
}


def once(start: Start, seconds: float) -> tuple[float, list[float]]:
    """One run: webhooks a second, and each one's milliseconds."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with stage() as on:
        start(on, {"PORT": str(port), "PUBLIC_URL": base, "TWILIO_AUTH_TOKEN": TOKEN})
        last = list(on.processes.values())[-1]
        last.wait_for(lambda: connects(port), 30)
        signer = Signer(base, TOKEN)
        customers = numbers()
        requests = [signer.request(n) for n in islice(customers, min(AHEAD, int(seconds * 4000)))]
        gc.freeze()
        return uvloop.run(saturate(port, requests, CONNECTIONS, seconds, warm_up=min(1.0, seconds / 3)))


def run(quick: bool) -> Result:
    """Interleaved repetitions of all variants."""
    seconds, times = (2.0, 2) if quick else (8.0, 5)
    rates: dict[str, list[float]] = {name: [] for name in VARIANTS}
    waits: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for _ in range(times):
        for name, start in VARIANTS.items():
            rate, took = once(start, seconds)
            rates[name].append(rate)
            waits[name].append(percentile(took, 0.99))
    result = Result(
        "gateway",
        f"Gateway: webhooks until JetStream's acknowledgement, {CONNECTIONS} connections",
        ["", "webhooks a second", "p99 ms", "ours / it (webhook alone)", "ours / it (lane at work)"],
    )
    for name in VARIANTS:
        result.rows.append(
            [
                name,
                spread(rates[name], 0),
                spread(waits[name], 1),
                spread(ratios(rates[ALONE], rates[name])),
                spread(ratios(rates[OURS], rates[name])),
            ]
        )
    result.target("at least 0.75 of (a)", ratios(rates[ALONE], rates[BARE]), 0.75)
    result.target("at least 3 times (b)", ratios(rates[ALONE], rates[CELERY]), 3.0)
    result.target("more than (c)", ratios(rates[ALONE], rates[FASTSTREAM]), 1.0)
    result.notes.append(
        f"{times} interleaved runs of {seconds:g} s each; median (least to most). Every webhook is of "
        "a customer "
        "of its own and has its own MessageSid. (a) to (c) only store the message, so the comparison "
        "is with the "
        "webhook alone. In the last column the gateway handles each message in its lane as well (ledger, "
        "watchdog timer: two more synced writes each). Redis runs with its defaults and promises "
        "less than the "
        "others: it syncs nothing before it answers."
    )
    return result
