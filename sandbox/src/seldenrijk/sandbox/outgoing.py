"""The stand-ins' own requests: webhooks, hundreds at a time, without following redirects."""

from dataclasses import dataclass
from typing import Self

import aiohttp
from yarl import URL

CONNECTIONS = 500


@dataclass(frozen=True)
class Posted:
    """An answer to a webhook."""

    status: int
    content_type: str
    body: str


class NoConnectionError(Exception):
    """Nobody could be reached."""


class NoAnswerError(Exception):
    """Somebody was reached, but no whole answer came (cut off, or too late)."""


class Outgoing:
    """An HTTP client made at its first use, since it belongs to the loop that runs then."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def post(
        self, url: str, body: bytes, headers: dict[str, str], seconds: float, connect: float
    ) -> Posted:
        """POST within ``seconds``, ``connect`` of them to connect.

        Raises NoConnectionError or NoAnswerError, whose text is the kind of failure.
        """
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=60)
            self._session = aiohttp.ClientSession(connector=connector)
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=connect)
        target = URL(url, encoded=True)  # as it was signed, to the letter
        try:
            async with self._session.post(
                target, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                return Posted(answer.status, answer.headers.get("Content-Type", ""), text)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NoConnectionError(type(error).__name__) from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise NoAnswerError(type(error).__name__) from error

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
