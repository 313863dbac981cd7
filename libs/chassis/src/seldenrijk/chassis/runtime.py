"""A service's life: connect, bind its lanes, serve, and stop in reverse order without losing anything."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import structlog
import uvloop
from pydantic import BaseModel
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from seldenrijk.contracts import PARTITIONS
from seldenrijk.contracts.topology import STREAM, ServiceTopology

from . import http, logs, telemetry
from .bus import Bus, Pull
from .bus.jetstream import JetStreamBus
from .bus.names import due_durable, jobs_durable, stray_durable
from .jobs import DueTimers, Jobs, StrayWatch
from .lanes import Lanes
from .metrics import ChassisMetrics
from .outcome import Handler, JobHandler
from .settings import ChassisSettings, fail
from .starting import connect_unless, package_version
from .watchdog import Watchdog

S = TypeVar("S", bound=BaseModel)
log = structlog.get_logger(__name__)


@dataclass
class Wiring(Generic[S]):
    """What a service brings: its ordered handler, its job handler, its HTTP side, its background work.

    ``app`` makes the ASGI application from the health routes; without it they are all there is.
    ``background`` are coroutines that run until the service stops. ``ready`` may add a reason
    why the service isn't ready; ``opened`` gets the open pulls; ``close`` is called last.
    """

    state: type[S]
    handler: Handler[S]
    job_handler: JobHandler | None = None
    app: Callable[[list[BaseRoute]], ASGIApp] | None = None
    background: Sequence[Callable[[], Awaitable[None]]] = ()
    ready: http.Check = field(default=lambda: None)
    opened: Callable[["Running"], None] | None = None
    close: Callable[[], Awaitable[None]] | None = None


class Running:
    """The open pulls of a service, to pause, resume and stop together."""

    def __init__(self) -> None:
        self.lanes: list[Pull] = []
        self.jobs: list[Pull] = []
        self.stopping = False

    def pause_lanes(self) -> None:
        """Leave new events with the server (a breaker is open)."""
        for pull in self.lanes:
            pull.pause()

    def resume_lanes(self) -> None:
        """Take events again."""
        for pull in self.lanes:
            pull.resume()

    def pause_jobs(self) -> None:
        """Leave new jobs with the server."""
        for pull in self.jobs:
            pull.pause()

    def resume_jobs(self) -> None:
        """Take jobs again."""
        for pull in self.jobs:
            pull.resume()

    async def stop(self) -> None:
        """Fetch no more and finish what is in hand."""
        self.stopping = True
        await asyncio.gather(*(pull.stop() for pull in (*self.lanes, *self.jobs)))


async def open_pulls(
    bus: Bus, topology: ServiceTopology, wiring: Wiring[S], metrics: ChassisMetrics, settings: ChassisSettings
) -> Running:
    """Bind the provisioned consumers: 64 lanes, and jobs, timers and the stray watch where there are any."""
    running = Running()
    lanes = Lanes(bus, topology, wiring.state, wiring.handler, metrics)
    for partition in range(PARTITIONS):
        running.lanes.append(await bus.pull(STREAM, topology.durable(partition), lanes, 100))
    if topology.jobs and wiring.job_handler is not None:
        jobs = Jobs(bus, topology, wiring.job_handler, metrics)
        running.jobs.append(
            await bus.pull(topology.jobs_stream, jobs_durable(topology), jobs, settings.job_limit)
        )
    if topology.timers:
        due = DueTimers(bus, topology, metrics)
        running.jobs.append(await bus.pull(topology.timers_stream, due_durable(topology), due, 100))
    if topology.stray_watch:
        stray = StrayWatch(bus, topology, metrics)
        running.jobs.append(await bus.pull(STREAM, stray_durable(topology), stray, 100))
    return running


def run(
    topology: ServiceTopology,
    settings: ChassisSettings,
    wire: Callable[[Bus, ChassisMetrics], Awaitable[Wiring[Any]]],
) -> None:
    """Run a service until SIGTERM or SIGINT; exit code 0 when everything in hand was finished."""
    logs.setup(topology.name, settings.log_level, settings.log_format)
    provider = telemetry.setup(topology.name, settings.otel_exporter_otlp_endpoint)
    try:
        code = uvloop.run(_live(topology, settings, wire))
    finally:
        # the loop's handlers are gone now: an impatient second signal must not spoil a clean end
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        provider.shutdown()
    sys.exit(code)


async def _live(
    topology: ServiceTopology,
    settings: ChassisSettings,
    wire: Callable[[Bus, ChassisMetrics], Awaitable[Wiring[Any]]],
) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    metrics = ChassisMetrics(topology.name)
    gate = _Gate(topology.name)
    async with contextlib.AsyncExitStack() as stack:
        gate.bus = await connect_unless(stop, settings, topology.name)
        if gate.bus is None:
            return 0
        stack.push_async_callback(gate.bus.close)
        dog = Watchdog(settings.loop_stall_seconds, gate.dead)
        dog.start()
        stack.callback(dog.stop)
        wiring = await wire(gate.bus, metrics)
        if wiring.close is not None:
            stack.push_async_callback(wiring.close)
        gate.further = wiring.ready
        await stack.enter_async_context(_serving(topology, settings, wiring, gate))
        await stack.enter_async_context(_background(wiring))
        gate.running = await open_pulls(gate.bus, topology, wiring, metrics, settings)
        if wiring.opened is not None:
            wiring.opened(gate.running)
        watch = asyncio.create_task(_watch_link(gate, metrics))
        stack.callback(watch.cancel)
        log.info("ready", port=settings.port, lanes=PARTITIONS)
        await stop.wait()
        return await _drain(gate, settings.drain_seconds)


class _Gate:
    """Whether the service can be relied on, and why not."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.bus: JetStreamBus | None = None
        self.running: Running | None = None
        self.further: http.Check = lambda: None

    def ready(self) -> str | None:
        if self.bus is None or self.running is None:
            return "starting"
        if self.running.stopping:
            return "stopping"
        return self.bus.healthy or self.further()

    def dead(self) -> str | None:
        if (
            self.bus is not None
            and self.bus.client.is_closed
            and not (self.running and self.running.stopping)
        ):
            return "the NATS client is closed"
        return None


@contextlib.asynccontextmanager
async def _serving(
    topology: ServiceTopology, settings: ChassisSettings, wiring: Wiring[Any], gate: _Gate
) -> AsyncIterator[None]:
    routes = http.health_routes(topology.name, package_version(topology.name), gate.ready)
    app = wiring.app(routes) if wiring.app else http.plain_app(routes)
    try:
        sock = http.listen(settings.host, settings.port)
    except OSError as error:
        fail(f"PORT {settings.port}: {error.strerror or error}; set PORT to a free one")
    server = http.Server(app)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def _background(wiring: Wiring[Any]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(work()) for work in wiring.background]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _watch_link(gate: _Gate, metrics: ChassisMetrics) -> None:
    gauge = metrics.nats_up.labels(gate.service)
    while True:
        gauge.set(0 if gate.bus is None or gate.bus.healthy else 1)
        await asyncio.sleep(1.0)


async def _drain(gate: _Gate, seconds: float) -> int:
    log.info("stopping: finishing what is in hand")
    assert gate.running is not None  # noqa: S101  # nosec B101  (set before the wait for the signal)
    try:
        async with asyncio.timeout(seconds):
            await gate.running.stop()
    except TimeoutError:
        log.warning("stopped with work in hand; it will be delivered again")
        return 1
    log.info("stopped")
    return 0
