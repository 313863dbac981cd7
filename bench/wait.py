"""3. The customer's whole wait with a model of realistic delays, and what a reply costs."""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import uvloop

from seldenrijk.chassis.testing import free_port
from seldenrijk.sandbox.system import System

from .claude import Claude, Delay
from .figures import Result, percentile, ratios, spread
from .flow import Driver, Flow
from .gateway import TOKEN
from .machine import PEERS, tool
from .ours import ours
from .running import connects, stage

UNDERSTAND, WRITE, SPREAD = 0.4, 1.8, 0.25
"""Seconds at the median of a small model's call and of a large model's, and the sigma of their logarithm."""
RATE = 5.0
TEXTS = (
    "Hallo, ik zoek een Volkswagen Golf",
    "automaat graag, tot 15.000 euro",
    "Kan ik mijn Polo uit 2012 inruilen?",
    "Zijn jullie zaterdag open?",
    "Hebben jullie ook een diesel SUV?",
    "Kan ik morgen een proefrit maken?",
    "Wat zijn de mogelijkheden voor financiering?",
    "iets voor mn dochter, niet te gek, zuinig",
    "heb je nog wat leuks met trekhaak voor de caravan",
    "en een stationwagon?",
)
OURS, FOUR = "ours, with quiet period", "four large calls in one Celery task"
COUNTED = re.compile(
    r"^(seldenrijk_claude_(?:cost_usd|tokens|calls)_total)(\{[^}]*\})? ([0-9.e+-]+)$", re.MULTILINE
)
Paid = Counter[str]


@contextlib.contextmanager
def _ours(paid: Paid) -> Iterator[Driver]:
    quiet = {"QUIET_SECONDS": "0.7", "QUIET_FRAGMENT_SECONDS": "2.5"}
    with ours(extra=quiet, claude=_claude()) as system:
        yield system.driver(texts=TEXTS)
        _read(system.system, paid)


def _claude() -> Claude:
    return Claude(Delay(UNDERSTAND, SPREAD), Delay(WRITE, SPREAD))


def _read(system: System, paid: Paid) -> None:
    """Add up what the services' own counters say about Claude."""
    for name in ("router", "extractor", "responder"):
        url = system.processes[name].env["READY_URL"].replace("/readyz", "/metrics")
        for metric, labels, value in COUNTED.findall(httpx.get(url, trust_env=False).text):
            kind = re.search(r'kind="(\w+)"', labels)
            paid[f"{metric}{':' + kind[1] if kind else ''}"] += float(value)  # type: ignore[assignment]


@contextlib.contextmanager
def _celery() -> Iterator[Driver]:
    port, twilio, claude = free_port(), free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    with stage() as on:
        env = {
            "REDIS_URL": on.redis(),
            "PORT": str(port),
            "PUBLIC_URL": base,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{twilio}",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{claude}",
        }
        worker = [tool("celery"), "--workdir", str(PEERS), "-A", "gateway_celery:queue", "worker",
                  "--pool", "threads", "-c", "128", "--loglevel", "WARNING"]  # fmt: skip
        on.run("worker", worker, env | {"PYTHONPATH": str(PEERS)})
        on.peer("gateway_celery", env).wait_for(lambda: connects(port), 30)
        driver = Driver(port, twilio, TOKEN, TEXTS)
        driver.claude, driver.claude_port = _claude(), claude
        yield driver


def run(quick: bool) -> Result:
    """Interleaved repetitions of both designs at five messages a second."""
    seconds, times = (8.0, 1) if quick else (40.0, 3)
    paid: Paid = Counter()
    flows: dict[str, list[Flow]] = {OURS: [], FOUR: []}
    for _ in range(times):
        for name, variant in ((OURS, _ours(paid)), (FOUR, _celery())):
            with variant as driver:
                flows[name].append(uvloop.run(driver.run(0, 0.0, RATE, seconds)))
    result = Result("wait", "The customer's whole wait", ["", "p50 s", "p95 s", "p99 s", "unanswered"])
    each = {
        name: {q: [percentile(flow.latencies, q) / 1000 for flow in found] for q in (0.5, 0.95, 0.99)}
        for name, found in flows.items()
    }
    for name, found in flows.items():
        cells = [spread(each[name][q]) for q in (0.5, 0.95, 0.99)]
        result.rows.append([name, *cells, str(sum(flow.lost for flow in found))])
    shorter = ratios(each[FOUR][0.5], each[OURS][0.5])
    result.target("at least 2.5 times shorter than the design it replaces (p50)", shorter, 2.5)
    result.target("under 4 s at p95, at 5 messages a second", each[OURS][0.95], 4.0, at_least=False)
    answered = (
        sum(len(flow.latencies) for flow in flows[OURS]) + times * 2 * RATE
    )  # the warm-up is paid as well
    result.notes += [_cost(paid, answered), _conditions(times, seconds)]
    return result


def _cost(paid: Paid, answered: float) -> str:
    each = {name.rpartition(":")[2]: value / answered for name, value in paid.items() if "tokens" in name}
    tokens = ", ".join(f"{value:,.0f} {kind}" for kind, value in sorted(each.items()))
    dollars, calls = (
        paid["seldenrijk_claude_cost_usd_total"] / answered,
        paid["seldenrijk_claude_calls_total"],
    )
    return (
        f"Cost per reply: US$ {dollars:.5f} by list price, {calls / answered:.2f} calls; tokens by "
        "the stand-in's "
        f"counts: {tokens}."
    )


def _conditions(times: int, seconds: float) -> str:
    return (
        f"{times} interleaved runs of {seconds:g} s at {RATE:g} messages a second. The stand-in for "
        "Claude takes "
        f"{UNDERSTAND:g} s (small model) and {WRITE:g} s (large model) at the median, log-normal with "
        f"sigma {SPREAD:g}; "
        "the replaced design's four calls take the large model's time each, as its own logs show or more "
        "(7 to 68 s for the four), and its worker has a thread free for every message. Ours waits its quiet "
        "period as well, in case the customer goes on writing."
    )
