"""How Twilio calls us: signed, with its retries, its time limit and its bad days."""

import asyncio
import html
import re
import time
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from seldenrijk.sandbox.faults import DELIVERY_KINDS
from seldenrijk.sandbox.outgoing import NoAnswerError, NoConnectionError

from .model import Message

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

TOTAL_SECONDS = 15.0  # Twilio gives a webhook 15 s in all, retries included (error 11205)
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Outcome:
    """How a webhook went: the HTTP status (None: no answer), tries, seconds, and the answer's body."""

    status: int | None
    tries: int
    seconds: float
    content_type: str = ""
    body: str = ""
    error: str | None = None


class WebhookSender:
    """Posts signed forms to the address that the gateway can be reached under."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.validator = RequestValidator(world.settings.tokens[0])

    def _reachable(self, url: str) -> str:
        """The public URL's path at the gateway's own address."""
        settings = self.world.settings
        public = settings.public_url
        if public and url.startswith(public.rstrip("/") + "/"):
            origin = urlsplit(settings.gateway_url)
            parts = urlsplit(url)
            return urlunsplit((origin.scheme, origin.netloc, parts.path, parts.query, ""))
        return urlunsplit(urlsplit(url)._replace(fragment=""))

    async def deliver(self, operation: str, url: str, params: list[tuple[str, str]], about: str) -> Outcome:
        """Send one webhook as the planned faults allow; the outcome of the first copy."""
        hit = self.world.faults.take("twilio", operation, DELIVERY_KINDS, about)
        kinds = {fault.kind: fault for fault in hit}
        for fault in hit:
            self.world.journal.add(
                "fault.hit", vendor="twilio", operation=operation, kind=fault.kind, fault=fault.id,
                label=fault.label,
            )  # fmt: skip
        if "drop" in kinds:
            return Outcome(None, 0, 0.0, error="dropped")
        await self.world.faults.delays(hit)
        if "reorder" in kinds:
            await asyncio.sleep(kinds["reorder"].seconds)
        copies = kinds["duplicate"].count if "duplicate" in kinds else 1
        outcomes = await asyncio.gather(*(self._with_retries(url, params) for _ in range(copies)))
        return outcomes[0]

    async def _with_retries(self, url: str, params: list[tuple[str, str]]) -> Outcome:
        options = parse_qs(urlsplit(url).fragment)
        retries = min(5, int(options.get("rc", ["1"])[0]))
        policy = set(options.get("rp", ["ct"])[0].split(","))
        headers = self._headers(url, params)
        started = time.monotonic()
        outcome = Outcome(None, 0, 0.0, error="no try")
        for attempt in range(1, retries + 2):
            left = TOTAL_SECONDS - (time.monotonic() - started)
            if left <= 0:
                break
            outcome = await self._once(url, params, headers, left, attempt, started)
            if not _retryable(outcome, policy):
                break
            await asyncio.sleep(0.1 * attempt)
        return outcome

    def _headers(self, url: str, params: list[tuple[str, str]]) -> dict[str, str]:
        signed = urlunsplit(urlsplit(url)._replace(fragment=""))
        signature = self.validator.compute_signature(signed, MultiParams(params))
        return {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": token_hex(16),
        }

    async def _once(
        self,
        url: str,
        params: list[tuple[str, str]],
        headers: dict[str, str],
        left: float,
        attempt: int,
        started: float,
    ) -> Outcome:
        body, target = urlencode(params).encode(), self._reachable(url)
        connect = min(CONNECT_SECONDS, left)
        try:
            answer = await self.world.outgoing.post(target, body, headers, left, connect)
        except NoConnectionError as error:
            return Outcome(None, attempt, time.monotonic() - started, error=f"ct {error}")
        except NoAnswerError as error:
            return Outcome(None, attempt, time.monotonic() - started, error=f"rt {error}")
        seconds = time.monotonic() - started
        return Outcome(answer.status, attempt, seconds, answer.content_type, answer.body)

    def spoken(self, outcome: Outcome, message: Message) -> list[str]:
        """Texts that the answer to an inbound webhook makes Twilio send, as the real one would."""
        kind = outcome.content_type.split(";")[0].strip().lower()
        if outcome.status is None or outcome.status >= 400:
            self.world.twilio.note(11200, f"webhook answered {outcome.status or outcome.error}", message.sid)
            return []
        if not outcome.body.strip():
            return []
        if kind == "text/plain":
            return [outcome.body]
        if kind not in ("text/xml", "application/xml"):
            self.world.twilio.note(12300, f"invalid Content-Type {kind or 'none'}", message.sid)
            return []
        found = re.findall(r"<Message\b[^>]*>(.*?)</Message>", outcome.body, re.DOTALL)
        return [html.unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in found]


def _retryable(outcome: Outcome, policy: set[str]) -> bool:
    status, error = outcome.status, outcome.error or ""
    if "all" in policy:
        return status is None or status >= 400
    return (
        ("ct" in policy and error.startswith("ct"))
        or ("rt" in policy and error.startswith("rt"))
        or ("5xx" in policy and status is not None and status >= 500)
        or ("4xx" in policy and status is not None and 400 <= status < 500)
    )


class MultiParams(dict[str, list[str]]):
    """Form pairs in the shape that Twilio's validator wants for repeated keys."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__()
        for key, value in pairs:
            self.setdefault(key, []).append(value)

    def getlist(self, key: str) -> list[str]:
        """All values of a key."""
        return self[key]
