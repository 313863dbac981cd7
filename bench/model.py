"""5a. How long messages wait before their reply is being written, with a model that takes 3 s."""

import asyncio
from datetime import timedelta

import uvloop

from seldenrijk.contracts import MessageReceived, ReplyDrafted
from seldenrijk.sandbox.system.audit import read_events

from .claude import Claude, Delay
from .figures import Result, percentile
from .ours import Ours, ours

SECONDS = 3.0
RATES = (5.0, 20.0, 80.0)


def run(quick: bool) -> Result:
    """Each rate on a system of its own."""
    duration = 5.0 if quick else 20.0
    columns = [
        "messages a second",
        "wait p50 ms",
        "p95 ms",
        "p99 ms",
        "webhook to acceptance p50 s",
        "unanswered",
    ]
    result = Result("model", "Waiting with a 3 s model", columns)
    for rate in RATES[: 2 if quick else None]:
        claude = Claude(write=Delay(SECONDS))
        with ours(claude=claude, extra={"CLAUDE_DAILY_BUDGET_USD": "1000"}) as system:
            system.stop_mirror()
            driver = system.driver()
            flow = uvloop.run(driver.run(0, 0.0, rate, duration))
            waits = asyncio.run(_waits(system))
        cells = [f"{percentile(waits, q):.0f}" for q in (0.5, 0.95, 0.99)]
        whole = f"{percentile(flow.latencies, 0.5) / 1000:.2f}"
        result.rows.append([f"{rate:g}", *cells, whole, str(flow.lost)])
        if rate == RATES[-1]:
            limit = "at 80 a second: under 500 ms at p95 before the reply is being written"
            result.target(limit, [percentile(waits, 0.95)], 500.0, at_least=False)
    result.notes.append(
        f"{duration:g} s at each rate, every message of a new customer, no quiet period, without the "
        "staff's mirror. "
        "Wait: from the event of the message to the start of the model's call, read back from the stream; it "
        "contains the draft's claim check. The stand-ins and the load share the two cores."
    )
    return result


async def _waits(system: Ours) -> list[float]:
    """Milliseconds from each message's event to the call that wrote its draft."""
    events = await read_events(system.system)
    received = {event.id: event.time for event in events if isinstance(event, MessageReceived)}
    waits = []
    for draft in (event for event in events if isinstance(event, ReplyDrafted) and event.model_use):
        called = draft.time - timedelta(milliseconds=sum(use.latency_ms for use in draft.model_use))
        waits += [(called - received[id_]).total_seconds() * 1000 for id_ in draft.answers if id_ in received]
    return waits
