"""What belongs together at run time: parts, webhook, background work."""

import httpx
import structlog

from seldenrijk.chassis import Wiring
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.runtime import Running
from seldenrijk.chassis.settings import fail

from .cursor import Cursor
from .desk import Desk
from .directory import Directory
from .handlers import only_consume
from .metrics import SyncMetrics
from .parts import assemble, timeout_of
from .settings import ChatwootSettings
from .state import SyncState
from .webhook import Webhook

log = structlog.get_logger(__name__)

CONNECTIONS = httpx.Limits(max_connections=24, max_keepalive_connections=12)
"""Chatwoot's web server has few threads; more connections would only queue there."""


async def wire(settings: ChatwootSettings, bus: Bus, metrics: ChassisMetrics) -> Wiring[SyncState]:
    """The service's wiring; without CHATWOOT_API_KEY one that only consumes."""
    sync = SyncMetrics(metrics.registry)
    if not settings.configured:
        log.warning("Chatwoot is not configured (no CHATWOOT_API_KEY): nothing is mirrored")
        directory = Directory(bus, settings.chatwoot_account_id)
        webhook = Webhook(bus, settings, directory, Desk(None), sync)
        return Wiring(state=SyncState, handler=only_consume, app=webhook.app)
    if settings.missing:
        fail(f"configuration error: {', '.join(settings.missing)}: needed beside CHATWOOT_API_KEY")
    return mirroring(settings, bus, sync)


def mirroring(settings: ChatwootSettings, bus: Bus, sync: SyncMetrics) -> Wiring[SyncState]:
    """The wiring of a configured mirror."""
    http = httpx.AsyncClient(timeout=timeout_of(settings), limits=CONNECTIONS, follow_redirects=False)
    parts = assemble(settings, bus, http, sync)
    breaker, chatwoot, desk = parts.breaker, parts.chatwoot, Desk(parts.chatwoot)
    cursor = Cursor(bus, chatwoot, parts.directory, desk, sync, settings)

    def opened(running: Running) -> None:
        breaker.attach(running.pause_lanes, running.resume_lanes)

    async def close() -> None:
        parts.opener.close()
        await desk.close()
        await http.aclose()

    return Wiring(
        state=SyncState,
        handler=parts.handlers,
        app=Webhook(bus, settings, parts.directory, desk, sync).app,
        background=(lambda: breaker.watch(chatwoot.reachable), cursor.run),
        opened=opened,
        close=close,
    )
