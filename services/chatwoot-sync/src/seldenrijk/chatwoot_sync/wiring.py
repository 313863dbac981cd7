"""What belongs together at run time: clients, handlers, webhook, background work."""

import httpx
import structlog

from seldenrijk.chassis import Wiring
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.runtime import Running
from seldenrijk.chassis.settings import fail

from .breaker import Breaker
from .chatwoot import Chatwoot
from .control import Control
from .cursor import Cursor
from .desk import Desk
from .directory import Directory
from .handlers import Handlers, only_consume
from .media import Downloads
from .metrics import SyncMetrics
from .mirror import Mirror
from .posting import Poster
from .rooms import Rooms
from .settings import ChatwootSettings
from .state import SyncState
from .teams import Teams
from .transport import Api
from .webhook import Webhook

log = structlog.get_logger(__name__)

CONNECTIONS = httpx.Limits(max_connections=24, max_keepalive_connections=12)
"""Chatwoot's web server has few threads; more connections would only queue there."""


async def wire(settings: ChatwootSettings, bus: Bus, metrics: ChassisMetrics) -> Wiring[SyncState]:
    """The service's wiring; without CHATWOOT_API_KEY one that only consumes."""
    sync = SyncMetrics(metrics.registry)
    directory = Directory(bus, settings.chatwoot_account_id)
    if not settings.configured:
        log.warning("Chatwoot is not configured (no CHATWOOT_API_KEY): nothing is mirrored")
        webhook = Webhook(bus, settings, directory, Desk(None), sync)
        return Wiring(state=SyncState, handler=only_consume, app=webhook.app)
    if settings.missing:
        fail(f"configuration error: {', '.join(settings.missing)}: needed beside CHATWOOT_API_KEY")
    return assembled(settings, bus, sync, directory)


def assembled(
    settings: ChatwootSettings, bus: Bus, sync: SyncMetrics, directory: Directory
) -> Wiring[SyncState]:
    """The wiring of a configured mirror."""
    http = httpx.AsyncClient(timeout=timeout_of(settings), limits=CONNECTIONS, follow_redirects=False)
    breaker = Breaker(gauge=sync.available.set)
    chatwoot = client(settings, http, breaker, sync)
    rooms = Rooms(chatwoot, directory, settings.chatwoot_reopen_days)
    downloads = Downloads(http, settings.twilio_api_base_url, credentials(settings), settings.media_max_bytes)
    mirror = Mirror(chatwoot, rooms, Poster(chatwoot), downloads, settings.key)
    control = Control(chatwoot, rooms, mirror, Teams(chatwoot))
    desk = Desk(chatwoot)

    cursor = Cursor(bus, chatwoot, directory, desk, sync, settings)

    def opened(running: Running) -> None:
        breaker.attach(running.pause_lanes, running.resume_lanes)

    async def close() -> None:
        await desk.close()
        await http.aclose()

    return Wiring(
        state=SyncState,
        handler=Handlers(mirror, control, breaker, sync),
        app=Webhook(bus, settings, directory, desk, sync).app,
        background=(lambda: breaker.watch(chatwoot.reachable), cursor.run),
        opened=opened,
        close=close,
    )


def timeout_of(settings: ChatwootSettings) -> httpx.Timeout:
    """Time limits of a call: quick to notice a dead host, patient with a slow answer."""
    return httpx.Timeout(settings.chatwoot_timeout_seconds, connect=5.0)


def client(
    settings: ChatwootSettings, http: httpx.AsyncClient, breaker: Breaker, metrics: SyncMetrics
) -> Chatwoot:
    """The adapter for the configured account. Needs CHATWOOT_API_KEY and CHATWOOT_INBOX_ID."""
    user = settings.chatwoot_api_key.get_secret_value() if settings.chatwoot_api_key else ""
    bot = settings.chatwoot_bot_token
    if bot is None:
        log.warning("no CHATWOOT_BOT_TOKEN: the assistant's messages stand in the administrator's name")
    api = Api(http, settings.chatwoot_base_url, settings.chatwoot_account_id, breaker, metrics)
    return Chatwoot(api, user, bot.get_secret_value() if bot else user, settings.chatwoot_inbox_id or 0)


def credentials(settings: ChatwootSettings) -> tuple[str, str] | None:
    """Twilio's account and token, or None where attachments can't be fetched."""
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid is None or token is None:
        log.warning("no TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: attachments are not copied")
        return None
    # during a rotation the gateway accepts several tokens; the first one is the current one
    return sid, token.get_secret_value().partition(",")[0].strip()
