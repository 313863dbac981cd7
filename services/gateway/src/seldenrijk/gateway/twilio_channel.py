"""Twilio behind the channel port, through Twilio's own SDK."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from .channel import (
    NOT_CONNECTED,
    Accepted,
    Attachment,
    Inbound,
    Listed,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from .settings import GatewaySettings

log = structlog.get_logger(__name__)
TOO_MANY: Final = 429
TYPING_SECONDS: Final = 2.0
LIST_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 4.0
"""A connection that isn't made by then was certainly not used to send anything."""
PAGE_SIZE: Final = 500
TROUBLE: Final = (TwilioException, TimeoutError, aiohttp.ClientError, OSError, ValueError)


class Session:
    """An aiohttp session whose requests end while connecting, when it takes too long.

    The SDK passes ``timeout=None`` with every request, which switches all limits off.
    """

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession()
        self._limits = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=CONNECT_SECONDS)

    async def request(self, **kwargs: Any) -> aiohttp.ClientResponse:
        """The session's request within our limits."""
        return await self._session.request(**(kwargs | {"timeout": self._limits}))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


class RewritingClient(AsyncTwilioHttpClient):
    """Twilio's HTTP client, sent to another host where the configuration says so (the SDK has no option)."""

    def __init__(self, api: str, messaging: str | None) -> None:
        super().__init__(pool_connections=False)
        self.session = Session()  # type: ignore[assignment]  # all that the SDK uses of it
        self._hosts = {
            "api.twilio.com": api.rstrip("/"),
            "messaging.twilio.com": (messaging or api).rstrip("/"),
        }

    async def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """Twilio's request with the base of the URL replaced."""
        parts = urlsplit(url)
        base = self._hosts.get(parts.hostname or "")
        if base is None:
            raise TwilioException("a Twilio host that is not configured")
        target = f"{base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return await super().request(method, target, *args, **kwargs)


class TwilioChannel:
    """Implements :class:`seldenrijk.gateway.channel.Channel`. Make it inside a running loop."""

    def __init__(self, settings: GatewaySettings) -> None:
        stand_in = not settings.twilio_api_base_url.startswith("https://api.twilio.com")
        messaging = settings.twilio_messaging_base_url or (
            None if stand_in else "https://messaging.twilio.com"
        )
        self._http = RewritingClient(settings.twilio_api_base_url, messaging)
        token = settings.twilio_auth_token[0].get_secret_value()
        self._client = Client(settings.twilio_account_sid, token, http_client=self._http)
        self._api = settings.twilio_api_base_url.rstrip("/")
        self._sender = settings.sender
        self._timeout = settings.twilio_send_timeout
        self._callback = f"{settings.public_url}/api/webhooks/twilio/status"

    async def send(self, message: Outgoing) -> Sent:
        """Hand a message to Twilio once; only what was certainly not processed counts as refused."""
        try:
            async with asyncio.timeout(self._timeout):
                created = await self._client.messages.create_async(**self._arguments(message))
        except TwilioRestException as error:
            return self._refusal(error.status, error.code)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Refused(code=NOT_CONNECTED)  # nothing was sent: as good as "later"
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Unknown(type(error).__name__)
        except TwilioException as error:
            status, code = getattr(error, "status", None), getattr(error, "code", None)
            return self._refusal(status, code) if isinstance(status, int) else Unknown(type(error).__name__)
        return Accepted(str(created.sid)) if created.sid else Unknown("an answer without a message id")

    def _arguments(self, message: Outgoing) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "to": message.address,
            "from_": self._sender,
            "status_callback": f"{self._callback}?{urlencode({'attempt': message.attempt})}",
        }
        if message.template:
            return arguments | {"content_sid": message.template}
        if message.media_url:
            arguments["media_url"] = [message.media_url]
        return arguments | ({"body": message.text} if message.text else {})

    @staticmethod
    def _refusal(status: int, code: int | None) -> Sent:
        if status >= 500:
            return Unknown(f"HTTP {status}")  # it may have been accepted before the error
        if status == TOO_MANY:
            return Refused(code=20429)
        return Refused(code=code or status)

    async def sent_to(self, address: str, since: datetime) -> list[Listed] | None:
        """Our messages to an address since a moment, from Twilio's list."""
        try:
            async with asyncio.timeout(LIST_SECONDS):
                found = await self._client.messages.list_async(to=address, from_=self._sender, limit=50)
        except TROUBLE as error:
            log.warning("Twilio's message list is not available", error=type(error).__name__)
            return None
        # not filtered by DateSent at Twilio: it is unset while a message is queued
        listed = [Listed(str(m.sid), str(m.body or ""), str(m.status), m.date_created) for m in found]
        return [m for m in listed if m.created is None or m.created >= since.replace(microsecond=0)]

    async def inbound(self, since: datetime, until: datetime) -> list[Inbound] | None:
        """Messages to our number of a stretch of time, from Twilio's list, with their attachments."""
        since = since.replace(microsecond=0)  # Twilio's times are whole seconds
        found: list[Inbound] = []
        try:
            async with asyncio.timeout(LIST_SECONDS):
                page = await self._client.messages.page_async(
                    to=self._sender, date_sent_after=since, date_sent_before=until, page_size=PAGE_SIZE
                )
            while True:
                # what Twilio makes of the filter (days or moments) doesn't matter: times are compared here
                wanted = [m for m in page if m.direction == "inbound" and _between(m, since, until)]
                found += [await self._inbound(m) for m in wanted]
                if page.next_page_url is None:
                    return found
                async with asyncio.timeout(LIST_SECONDS):
                    page = await self._client.messages.get_page_async(page.next_page_url)
        except TROUBLE as error:
            log.warning("Twilio's inbound list is not available", error=type(error).__name__)
            return None

    async def _inbound(self, message: MessageInstance) -> Inbound:
        attachments: tuple[Attachment, ...] = ()
        if str(message.num_media or "0") != "0":
            async with asyncio.timeout(LIST_SECONDS):
                media = await self._client.messages(str(message.sid)).media.list_async(limit=10)
            attachments = tuple(
                Attachment(self._api + str(m.uri).removesuffix(".json"), str(m.content_type)) for m in media
            )
        return Inbound(
            message_id=str(message.sid),
            sender=str(message.from_),
            recipient=str(message.to),
            text=str(message.body or ""),
            sent=message.date_sent or message.date_created or datetime.now(UTC),
            attachments=attachments,
        )

    async def reachable(self) -> bool:
        """Whether Twilio's messages API answers; what it answers doesn't matter, unless it is 5xx."""
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self._client.account_sid}/Messages.json"
        try:
            async with asyncio.timeout(LIST_SECONDS):
                answer = await self._client.request_async("GET", url, params={"PageSize": 1})
        except TROUBLE:
            return False
        return int(answer.status_code) < 500

    async def typing(self, channel_message_id: str) -> None:
        """Show the typing indicator (public beta at Twilio); failing is no matter."""
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                await self._client.messaging.v2.typing_indicator.create_async(
                    channel="whatsapp", message_id=channel_message_id
                )
        except Exception as error:  # noqa: BLE001  (decoration only: nothing may depend on it)
            log.debug("no typing indicator", error=type(error).__name__)

    async def close(self) -> None:
        """Close the HTTP session."""
        await self._http.close()  # type: ignore[no-untyped-call]


def _between(message: MessageInstance, since: datetime, until: datetime) -> bool:
    sent = message.date_sent or message.date_created
    return sent is None or since <= sent <= until
