"""A stock feed over https: conditional, bounded in time and size, never led to another scheme."""

import asyncio
import ipaddress
from email.message import Message

import httpx

from seldenrijk.responder.stock.model import StockError
from seldenrijk.responder.stock.rows import Format, read_rows
from seldenrijk.responder.stock.sources import DIGEST, MAX_BYTES, Fetched, Version, digest, format_of

_REDIRECTS = 3
_TYPES: dict[str, Format] = {
    "text/csv": "csv",
    "application/csv": "csv",
    "application/json": "json",
    "text/json": "json",
}
_NEUTRAL = {"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/vnd.ms-excel"}


class FeedSource:
    """A CSV or JSON feed at an https address; http only on the machine itself, for development."""

    def __init__(
        self,
        url: str,
        *,
        max_bytes: int = MAX_BYTES,
        timeout: float = 20.0,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._url = _address(url)
        _check(self._url)
        self.name = f"feed {self._url.host}"
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._client = client or httpx.AsyncClient(
            follow_redirects=False, timeout=httpx.Timeout(timeout, connect=5.0)
        )

    async def fetch(self, known: Version | None) -> Fetched | None:
        """Fetch the feed, or None when the server says 304. Raises StockError, also when the time is over."""
        try:
            async with asyncio.timeout(
                self._timeout
            ):  # httpx's own limits are per read: a dripping server passes them
                response = await self._get(known)
        except (TimeoutError, httpx.TimeoutException):
            raise StockError("timeout", f"the feed took longer than {self._timeout:g} s") from None
        except httpx.HTTPError as error:
            raise StockError(
                "unreachable", f"the feed broke off or cannot be reached ({type(error).__name__})"
            ) from None
        if response is None:
            return None
        body, headers, path = response
        fmt = _format(headers, path)
        version = Version(headers.get("etag"), headers.get("last-modified"))
        if version == Version():
            version = Version(etag=digest(body))
            if version == known:
                return None
        return Fetched(await asyncio.to_thread(read_rows, body, fmt), version)

    async def _get(self, known: Version | None) -> tuple[bytes, httpx.Headers, str] | None:
        url = self._url
        for _ in range(_REDIRECTS + 1):
            async with self._client.stream("GET", url, headers=_headers(known)) as response:
                if response.is_redirect and "location" in response.headers:
                    url = self._next(url, response.headers["location"])
                    continue
                if response.status_code == 304 and known:
                    return None
                if response.status_code != 200:
                    raise StockError("http-status", f"the feed answers {response.status_code}")
                return await self._body(response), response.headers, url.path
        raise StockError("redirect", f"the feed redirects more than {_REDIRECTS} times")

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            target = url.join(location)
        except httpx.InvalidURL:
            raise StockError("redirect", "the feed redirects to no address") from None
        if target.scheme != url.scheme:
            raise StockError("redirect", "the feed redirects to another scheme")
        _check(target)
        return target

    async def _body(self, response: httpx.Response) -> bytes:
        stated = response.headers.get("content-length", "")
        body = bytearray()
        if stated.isdecimal() and int(stated) > self._max_bytes:
            raise StockError("too-large", f"the feed is larger than {self._max_bytes} bytes")
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._max_bytes:  # counted after decompression
                raise StockError("too-large", f"the feed is larger than {self._max_bytes} bytes")
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _address(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        raise StockError("configuration", "the feed's address is not valid") from None


def _check(url: httpx.URL) -> None:
    if url.scheme == "https" and url.host:
        return
    if url.scheme != "http" or not _is_loopback(url.host):
        raise StockError("configuration", "a feed needs https (http is for the machine itself only)")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _headers(known: Version | None) -> dict[str, str]:
    headers = {"accept": "text/csv, application/json;q=0.9, */*;q=0.1"}
    if known and known.etag and not known.etag.startswith(DIGEST):
        headers["if-none-match"] = known.etag
    if known and known.last_modified:
        headers["if-modified-since"] = known.last_modified
    return headers


def _format(headers: httpx.Headers, path: str) -> Format:
    """Format by content type; a type that tells nothing leaves it to the suffix of the path."""
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    stated = message.get_content_type() if headers.get("content-type") else ""
    fmt = _TYPES.get(stated) or ("json" if stated.endswith("+json") else None)
    if fmt is None and stated in _NEUTRAL:
        fmt = format_of(path) or ("csv" if stated == "text/plain" else None)
    if fmt is None:
        raise StockError("wrong-type", "the feed is neither CSV nor JSON by its content type or suffix")
    return fmt
