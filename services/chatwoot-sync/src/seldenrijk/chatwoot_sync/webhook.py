"""``POST /api/webhooks/chatwoot``: verify the raw body, publish, answer. Chatwoot tries once, for 5 s."""

from collections.abc import Iterable
from typing import Any, Final

import orjson
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from seldenrijk.chassis import BusUnavailable, telemetry
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.envelope import decode
from seldenrijk.chassis.failpoints import Point, failpoint
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import ConversationTakenOver, Event
from seldenrijk.contracts.topology import CHATWOOT_SYNC

from . import staff
from .desk import Desk
from .directory import Directory
from .identity import conversation_in
from .metrics import SyncMetrics
from .settings import ChatwootSettings
from .signature import Signatures
from .state import SyncState

log = structlog.get_logger(__name__)

SERVICE: Final = "chatwoot-sync"
PATH: Final = "/api/webhooks/chatwoot"
LIMIT: Final = 1_000_000
"""Bytes; a message of 150,000 characters with its conversation stays below it."""
PUBLISH_WAIT: Final = 2.0
"""Seconds for each confirmation: two of them fit into the five that Chatwoot waits."""


class Webhook:
    """Turns what people do in Chatwoot into events."""

    def __init__(
        self,
        bus: Bus,
        settings: ChatwootSettings,
        directory: Directory,
        desk: Desk,
        metrics: SyncMetrics,
    ) -> None:
        self._bus = bus
        self._settings = settings
        self._directory = directory
        self._desk = desk
        self._metrics = metrics
        secrets = [secret.get_secret_value() for secret in settings.chatwoot_webhook_secrets]
        self._signatures = Signatures(secrets)

    def app(self, routes: list[BaseRoute]) -> Starlette:
        """The service's HTTP application."""
        return Starlette(routes=[Route(PATH, self.receive, methods=["POST"]), *routes])

    async def receive(self, request: Request) -> Response:
        """One webhook: 200 when what it says is stored (or is nothing to us), 401, 400, 413 or 503."""
        with telemetry.span("chatwoot-sync webhook", None, telemetry.SpanKind.SERVER):
            status, outcome = await self._receive(request)
        self._metrics.webhooks.labels(outcome).inc()
        return JSONResponse({"outcome": outcome}, status_code=status)

    async def _receive(self, request: Request) -> tuple[int, str]:
        try:
            body = await read(request, LIMIT)
        except ClientDisconnect:
            return 400, "disconnected"
        if body is None:
            return 413, "too_large"
        if (refusal := self._signatures.refusal(request.headers, body)) is not None:
            log.warning("webhook refused", reason=refusal)
            return 401, "refused"
        try:
            payload = orjson.loads(body)
            events = await self._events(payload)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("webhook not understood", error=type(error).__name__)
            return 400, "malformed"
        except BusUnavailable:
            return 503, "unavailable"
        return await self._publish(events)

    async def _publish(self, events: Iterable[Event]) -> tuple[int, str]:
        """In order, each confirmed before the next: the take-over must stand before the message."""
        outcome = "ignored"
        failpoint(Point.WEBHOOK_BEFORE)
        try:
            for event in events:
                stored = await self._bus.publish(event_message(SERVICE, event), PUBLISH_WAIT)
                outcome = "duplicate" if stored.duplicate else "accepted"
        except BusUnavailable:
            log.warning("webhook not stored; the cursor will find what it said")
            return 503, "unavailable"
        failpoint(Point.WEBHOOK_AFTER)
        return 200, outcome

    async def _events(self, payload: dict[str, Any]) -> tuple[Event, ...]:
        name = str(payload["event"])
        shown = payload["conversation"] if name.startswith("message_") else payload
        if not name.startswith(("message_", "conversation_")) or not self._ours(payload, shown):
            return ()
        if name == "message_updated" and staff.was_deleted(payload):
            self._desk.deleted(int(shown["id"]), int(payload["id"]))
            return ()
        if name == "message_created" and not staff.is_staffs(payload):
            return ()
        if name in {"message_updated", "conversation_typing_on", "conversation_typing_off"}:
            return ()
        conversation = await self._customer(shown)
        if conversation is None:
            log.warning("a conversation of nobody we know")
            return ()
        account = self._settings.chatwoot_account_id
        if name == "message_created":
            events = staff.written(payload, conversation, account)
            if len(events) == 1:
                self._desk.unsendable(int(shown["id"]), int(payload["id"]))
            return events
        events = staff.control(name, shown, conversation, account, self._settings.chatwoot_release_on_resolve)
        if any(isinstance(e, ConversationTakenOver) and e.by == "status" for e in events):
            return () if await self._opened_softly(conversation) else events
        return events

    async def _opened_softly(self, conversation: str) -> bool:
        """Whether it is open only because we asked a colleague: no person has taken it (ADR 4)."""
        entry = await self._bus.get(CHATWOOT_SYNC.bucket, conversation)
        return entry is not None and decode(entry.value, entry.revision, SyncState).state.soft_open

    def _ours(self, payload: dict[str, Any], shown: dict[str, Any]) -> bool:
        """Whether it is about our inbox: an account's webhook tells of all of them."""
        account = (payload.get("account") or {}).get("id", self._settings.chatwoot_account_id)
        inbox = shown.get("inbox_id") or (payload.get("inbox") or {}).get("id")
        return account == self._settings.chatwoot_account_id and inbox == self._settings.chatwoot_inbox_id

    async def _customer(self, shown: dict[str, Any]) -> str | None:
        link = (shown.get("contact_inbox") or {}).get("source_id") or ""
        if not link.startswith("whatsapp:"):
            contact = ((shown.get("meta") or {}).get("sender") or {}).get("id")
            if (known := await self._directory.find(int(shown["id"]), contact)) is not None:
                return known
        return conversation_in(shown, self._settings.key)


async def read(request: Request, limit: int) -> bytes | None:
    """The raw body, or None where it is larger than ``limit`` bytes."""
    if int(request.headers.get("content-length") or 0) > limit:
        return None
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
