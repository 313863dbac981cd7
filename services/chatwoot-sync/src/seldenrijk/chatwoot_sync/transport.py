"""Calls to Chatwoot's API, and what their failures mean for the event in hand."""

from typing import Any, Final

import httpx

from seldenrijk.chassis import Retry

from .breaker import GIVE_UP, Breaker
from .metrics import SyncMetrics

HEADER: Final = "api_access_token"
PAUSE: Final = 2.0
UNAUTHORIZED_PAUSE: Final = 30.0
"""Somebody has to repair the token; asking more often helps nobody."""
SHORTEST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 120.0
UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class NotDone(Retry):
    """Chatwoot has certainly not done what it was asked; it may simply be asked again."""


class Uncertain(Retry):
    """Nobody knows whether Chatwoot has done it: look before asking again."""


class Refused(Exception):  # noqa: N818  (a decision, named as one)
    """Chatwoot won't do this, however often it is asked. ``fields`` are the attributes it objects to."""

    def __init__(self, status: int, operation: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(
            f"Chatwoot refuses {operation} ({status}{': ' if fields else ''}{', '.join(fields)})"
        )
        self.status = status
        self.fields = fields


class Missing(Refused):
    """What the call speaks of isn't there (any more)."""


class Api:
    """One account of one Chatwoot."""

    def __init__(
        self, http: httpx.AsyncClient, base_url: str, account: int, breaker: Breaker, metrics: SyncMetrics
    ) -> None:
        self._http = http
        self._site = f"{base_url}/api/v1"
        self._account = f"{self._site}/accounts/{account}"
        self.breaker = breaker
        self._metrics = metrics

    async def call(self, operation: str, token: str, method: str, path: str, **request: Any) -> Any:
        """Ask, and return the answer's JSON (None where it has none).

        ``operation`` names the call in metrics and errors, ``path`` is relative to the account, and
        ``request`` is what httpx takes (json, params, data, files). Raises NotDone or Uncertain (try
        again), Missing or Refused (don't).
        """
        self.breaker.check()
        try:
            response = await self._http.request(
                method, f"{self._account}{path}", headers={HEADER: token}, **request
            )
        except httpx.TransportError as error:
            self._metrics.asked(operation, "unreached" if isinstance(error, UNREACHED) else "lost")
            self.breaker.failed()
            kind = NotDone if isinstance(error, UNREACHED) else Uncertain
            raise kind(f"{operation}: {type(error).__name__}", after=PAUSE, give_up_after=GIVE_UP) from None
        self._metrics.asked(operation, f"{response.status_code // 100}xx")
        return self._judge(operation, response)

    def _judge(self, operation: str, response: httpx.Response) -> Any:
        status = response.status_code
        if status == 429:
            wait = retry_after(response)
            self.breaker.failed(wait)
            raise NotDone(f"{operation}: too many requests", after=wait, give_up_after=GIVE_UP)
        if status >= 500:
            self.breaker.failed()
            raise Uncertain(f"{operation}: HTTP {status}", after=PAUSE, give_up_after=GIVE_UP)
        if status == 401:
            # a wrong or revoked token: nothing will work until somebody repairs it, so nothing is dropped
            self.breaker.failed(UNAUTHORIZED_PAUSE)
            raise NotDone(f"{operation}: HTTP 401", after=UNAUTHORIZED_PAUSE, give_up_after=GIVE_UP)
        self.breaker.worked()
        if status == 404:
            raise Missing(status, operation)
        if status >= 400:
            raise Refused(status, operation, fields_of(response))
        return body_of(response)

    async def reachable(self, token: str) -> bool:
        """Whether Chatwoot answers and knows the token; the breaker's probe."""
        try:
            answer = await self._http.get(f"{self._site}/profile", headers={HEADER: token})
        except httpx.TransportError:
            return False
        return answer.is_success


def retry_after(response: httpx.Response) -> float:
    """Seconds that the answer asks to wait, between 1 and 120."""
    try:
        return min(LONGEST_WAIT, max(SHORTEST_WAIT, float(response.headers.get("retry-after", "5"))))
    except ValueError:
        return 5.0


def body_of(response: httpx.Response) -> Any:
    """The answer's JSON, or None where the body is empty or no JSON."""
    try:
        return response.json() if response.content else None
    except ValueError:
        return None


def fields_of(response: httpx.Response) -> tuple[str, ...]:
    """The attributes that a refusal names (its message may quote the customer and is left out)."""
    body = body_of(response)
    found = body.get("attributes") if isinstance(body, dict) else None
    return tuple(str(f)[:40] for f in found[:5]) if isinstance(found, list) else ()
