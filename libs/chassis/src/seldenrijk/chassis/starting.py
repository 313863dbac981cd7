"""The first steps of a service: which version it is, and a connection to NATS however long that takes."""

import asyncio
import time
from importlib.metadata import PackageNotFoundError, version

import structlog

from .bus.jetstream import JetStreamBus, connect
from .settings import ChassisSettings

log = structlog.get_logger(__name__)


async def connect_unless(stop: asyncio.Event, settings: ChassisSettings, name: str) -> JetStreamBus | None:
    """Connect, however long NATS takes; None when asked to stop meanwhile."""
    connecting = asyncio.create_task(_connect_for_ever(settings, name))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if connecting.done():
        return connecting.result()
    connecting.cancel()
    return None


async def _connect_for_ever(settings: ChassisSettings, name: str) -> JetStreamBus:
    warned = 0.0
    while True:
        try:
            return await connect(settings, name)
        except Exception as error:  # noqa: BLE001  (whatever it is, it may pass; the log names it)
            if time.monotonic() - warned > 10:
                warned = time.monotonic()
                log.warning("waiting for NATS", error=type(error).__name__)
            await asyncio.sleep(0.5)


def package_version(service: str) -> str:
    """Version of the installed service package, ``0`` where it isn't installed."""
    try:
        return version(f"seldenrijk-{service}")
    except PackageNotFoundError:
        return "0"
