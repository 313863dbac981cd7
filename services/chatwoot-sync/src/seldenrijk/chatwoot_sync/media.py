"""Customers' attachments: fetched with Twilio's credentials, which go to Twilio's own origin only."""

import asyncio
import mimetypes
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
import structlog

from seldenrijk.contracts import Media

from .chatwoot import Upload

log = structlog.get_logger(__name__)

AGAIN: Final = (0.5, 1.0, 2.0)
"""Waits between attempts: media may be 404 for a moment after the webhook."""
REDIRECTS: Final = 4
AT_ONCE: Final = 4
"""Downloads at a time: each may take the size limit in memory."""


class NotFetched(Exception):  # noqa: N818
    """The attachment can't be copied; ``str()`` is for the staff (Dutch)."""


class _NotYet(Exception):  # noqa: N818
    """Worth another try."""


class Downloads:
    """Fetches attachments. ``credentials`` are sent to ``origin`` and nowhere else, redirects included."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        origin: str,
        credentials: tuple[str, str] | None,
        limit: int,
        pauses: tuple[float, ...] = AGAIN,
    ) -> None:
        self._http = http
        self._origin = origin_of(origin)
        self._credentials = credentials
        self._limit = limit
        self._pauses = pauses
        self._places = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, media: Media, number: int) -> Upload:
        """Download one attachment. Raises NotFetched."""
        if self._credentials is None or origin_of(media.url) != self._origin:
            raise NotFetched("Bijlage niet gekopieerd: hij staat niet bij Twilio.")
        async with self._places:
            for pause in (*self._pauses, None):
                try:
                    data, content_type = await self._get(media.url)
                except (_NotYet, httpx.TransportError) as error:
                    if pause is None:
                        log.warning("attachment not fetched", error=type(error).__name__)
                        raise NotFetched("Bijlage niet beschikbaar bij Twilio.") from None
                    await asyncio.sleep(pause)
                else:
                    kind = content_type or media.content_type
                    return Upload(media.filename or filename_of(kind, number), kind, data)
        raise AssertionError("unreachable")

    async def _get(self, url: str) -> tuple[bytes, str | None]:
        for _ in range(REDIRECTS + 1):
            own = origin_of(url) == self._origin
            auth = httpx.BasicAuth(*self._credentials) if own and self._credentials else None
            request = self._http.build_request("GET", url)
            response = await self._http.send(request, auth=auth, stream=True, follow_redirects=False)
            try:
                if response.is_redirect:
                    url = self._next(url, response)
                    continue
                return await self._body(response)
            finally:
                await response.aclose()
        raise NotFetched("Bijlage niet gekopieerd: te veel doorverwijzingen.")

    def _next(self, url: str, response: httpx.Response) -> str:
        target = urljoin(url, response.headers["location"])
        if urlsplit(target).scheme != "https" and urlsplit(url).scheme == "https":
            raise NotFetched("Bijlage niet gekopieerd: onveilige doorverwijzing.")
        return target

    async def _body(self, response: httpx.Response) -> tuple[bytes, str | None]:
        if response.status_code in {404, 429} or response.status_code >= 500:
            raise _NotYet
        if not response.is_success:
            raise NotFetched(f"Bijlage niet beschikbaar bij Twilio (HTTP {response.status_code}).")
        chunks, size = [], 0
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > self._limit:
                raise NotFetched("Bijlage te groot om te kopiëren; bekijk hem op de telefoon.")
            chunks.append(chunk)
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        return b"".join(chunks), kind or None


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port


def filename_of(content_type: str, number: int) -> str:
    """A name with the right ending for an attachment that came without one."""
    return f"bijlage-{number}{mimetypes.guess_extension(content_type) or '.bin'}"
