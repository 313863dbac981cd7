"""The parts of a configured mirror, put together: for the service and for reconcile."""

from dataclasses import dataclass

import httpx
import structlog

from seldenrijk.chassis.bus import Bus

from .breaker import Breaker
from .chatwoot import Chatwoot
from .control import Control
from .directory import Directory
from .handlers import Handlers
from .media import Downloads
from .metrics import SyncMetrics
from .mirror import Mirror
from .opening import Opener
from .posting import Poster
from .rooms import Rooms
from .settings import ChatwootSettings
from .teams import Teams
from .transport import Api

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Parts:
    """What the service and reconcile are made of."""

    breaker: Breaker
    chatwoot: Chatwoot
    directory: Directory
    rooms: Rooms
    mirror: Mirror
    handlers: Handlers
    opener: Opener


def assemble(settings: ChatwootSettings, bus: Bus, http: httpx.AsyncClient, metrics: SyncMetrics) -> Parts:
    """The parts for the configured account. Needs CHATWOOT_API_KEY and CHATWOOT_INBOX_ID."""
    breaker = Breaker(gauge=metrics.available.set)
    chatwoot = client(settings, http, breaker, metrics)
    directory = Directory(bus, settings.chatwoot_account_id)
    rooms = Rooms(chatwoot, directory, settings.chatwoot_reopen_days)
    downloads = Downloads(http, settings.twilio_api_base_url, credentials(settings), settings.media_max_bytes)
    mirror = Mirror(chatwoot, rooms, Poster(chatwoot), downloads, settings.key)
    opener = Opener(chatwoot, settings.chatwoot_notice_seconds)
    control = Control(chatwoot, rooms, mirror, Teams(chatwoot), opener)
    handlers = Handlers(mirror, control, breaker, metrics)
    return Parts(breaker, chatwoot, directory, rooms, mirror, handlers, opener)


def timeout_of(settings: ChatwootSettings) -> httpx.Timeout:
    """Time limits of a call: quick to notice a dead host, patient with a slow answer."""
    return httpx.Timeout(settings.chatwoot_timeout_seconds, connect=5.0)


def client(
    settings: ChatwootSettings, http: httpx.AsyncClient, breaker: Breaker, metrics: SyncMetrics
) -> Chatwoot:
    """The adapter for the configured account."""
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
