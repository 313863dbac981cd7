"""The chain without language model and quiet period: webhook to Twilio's acceptance, all five services."""

import asyncio
import time
from datetime import datetime

import httpx

from seldenrijk.sandbox.system import System

from .figures import percentile, summary

QUICK = {"QUIET_SECONDS": "0", "QUIET_FRAGMENT_SECONDS": "0", "LOG_LEVEL": "WARNING"}
RATE, SECONDS, WARM_UP = 10.0, 30, 3.0
LIMIT_MS = 50.0


async def offered(base: str, rate: float, seconds: float) -> None:
    """Write as many different customers, ``rate`` messages a second, without waiting for answers."""
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
        tasks = []
        started = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            body = {
                "from": f"+3165{number:07d}",
                "text": "Hallo, ik zoek een Volkswagen Golf tot 15.000 euro",
            }
            tasks.append(asyncio.create_task(http.post("/api/customers/send", json=body)))
        await asyncio.gather(*tasks)
        await asyncio.sleep(2)


def latencies(oracle: dict[str, list[dict[str, str]]]) -> list[float]:
    """Milliseconds from the sending of the webhook to the acceptance of the answer, in the order of sending."""
    answered = {send["to"]: datetime.fromisoformat(send["time"]) for send in reversed(oracle["sends"])}
    return [
        (answered[message["customer"]] - datetime.fromisoformat(message["time"])).total_seconds() * 1000
        for message in oracle["inbound"]
        if message["customer"] in answered
    ]


def run() -> bool:
    """Measure and print; whether p95 is within the limit."""
    with System(extra=QUICK) as system:
        asyncio.run(offered(system.sandbox_url, RATE, SECONDS))
        oracle = httpx.get(f"{system.sandbox_url}/api/oracle", timeout=30, trust_env=False).json()
    values = latencies(oracle)
    warm = values[int(RATE * WARM_UP) :]
    print(
        f"chain at {RATE:g} messages a second: {summary(warm)}; answered {len(values)} of {int(RATE * SECONDS)}"
    )
    good = percentile(warm, 0.95) < LIMIT_MS and len(values) == int(RATE * SECONDS)
    print(f"  limit: p95 under {LIMIT_MS:g} ms: {'held' if good else 'MISSED'}")
    return good
