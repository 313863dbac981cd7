"""The webhooks: verify the raw body, publish, wait for the acknowledgement, answer. Nothing else."""

import time
from typing import Final, get_args

import structlog
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from seldenrijk.chassis import BusUnavailable, telemetry
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.failpoints import Point, failpoint
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.contracts import Event, ReplyStatus, conversation_of
from seldenrijk.contracts.replies import DeliveryStatus

from .inbound import BadForm, message_received, small_number
from .limits import PUBLISHING, RateLimit
from .metrics import GatewayMetrics
from .settings import GatewaySettings
from .signature import Form, Verifier, parse_form

log = structlog.get_logger(__name__)

PUBLISH_WAIT: Final = 7.5
"""Twilio waits 15 s; a cluster that elects a new leader took 7.1 s at worst (shared measurements)."""
EMPTY_TWIML: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
STATUSES: Final = frozenset(get_args(DeliveryStatus))


class Webhooks:
    """Twilio's two webhooks on a bus."""

    def __init__(self, bus: Bus, settings: GatewaySettings, metrics: GatewayMetrics) -> None:
        self._bus = bus
        self._key = settings.key
        self._account = settings.twilio_account_sid
        self._limit = settings.webhook_max_bytes
        self._metrics = metrics
        self._rate = RateLimit()
        self._publishing = 0
        shared = settings.twilio_shared_key
        self._verifier = Verifier(
            settings.public_url,
            [token.get_secret_value() for token in settings.twilio_auth_token],
            shared.get_secret_value() if shared else None,
        )

    def app(self, routes: list[BaseRoute]) -> FastAPI:
        """The gateway's HTTP application; the webhooks are plain routes, which keeps the hot path lean."""
        app = FastAPI(title="Seldenrijk gateway", docs_url=None, redoc_url=None, openapi_url=None)
        app.router.routes[:0] = [
            Route("/api/webhooks/twilio", self.message, methods=["POST"]),
            Route("/api/webhooks/twilio/status", self.status, methods=["POST"]),
            *routes,
        ]
        return app

    async def message(self, request: Request) -> Response:
        """A customer's message."""
        started = time.perf_counter()
        with telemetry.span("gateway webhook", None, telemetry.SpanKind.SERVER):
            result, response = await self._message(request)
        self._metrics.webhooks.labels("message", result).inc()
        self._metrics.webhook_seconds.labels("message").observe(time.perf_counter() - started)
        return response

    async def _message(self, request: Request) -> tuple[str, Response]:
        form = await self._verified(request)
        if isinstance(form, tuple):
            return form
        try:
            event = message_received(form, self._key)
        except BadForm as error:
            return "bad", Response(str(error), 400)
        if not self._rate.allows(event.conversation):
            log.warning("a customer writes faster than people do", conversation=event.conversation)
            return "limited", Response(status_code=429, headers={"Retry-After": "60"})
        result = await self._publish(event)
        if result == "unavailable":
            return result, Response(status_code=503, headers={"Retry-After": "2"})
        if result == "duplicate":
            self._rate.give_back(event.conversation)
        else:
            self._metrics.received.labels(event.message.kind).inc()
        return result, Response(EMPTY_TWIML, media_type="text/xml")

    async def status(self, request: Request) -> Response:
        """A report on a message of ours."""
        with telemetry.span("gateway status", None, telemetry.SpanKind.SERVER):
            result, response = await self._status(request)
        self._metrics.webhooks.labels("status", result).inc()
        return response

    async def _status(self, request: Request) -> tuple[str, Response]:
        form = await self._verified(request)
        if isinstance(form, tuple):
            return form
        sid, status, to = form.get("MessageSid"), form.get("MessageStatus"), form.get("To")
        if not sid or not to or status not in STATUSES:
            return "bad", Response("MessageSid, To and a known MessageStatus are needed", 400)
        self._metrics.statuses.labels(status).inc()
        code = small_number(form.get("ErrorCode"))
        try:
            event = ReplyStatus.of(
                sid[:64],
                conversation_of(to, self._key),
                ordinal=f"{status}/{code or ''}",
                channel_message_id=sid[:64],
                status=status,
                error_code=code,
                attempt=(request.query_params.get("attempt") or "")[:64] or None,
            )
        except ValueError:
            return "bad", Response("To names nobody", 400)
        result = await self._publish(event)
        return result, Response(status_code=503 if result == "unavailable" else 204)

    async def _publish(self, event: Event) -> str:
        if self._publishing >= PUBLISHING:
            return "unavailable"
        failpoint(Point.WEBHOOK_BEFORE)
        self._publishing += 1
        try:
            stored = await self._bus.publish(event_message("gateway", event), PUBLISH_WAIT)
        except BusUnavailable as error:
            log.error("webhook not stored, Twilio is told to try again", error=str(error))
            return "unavailable"
        finally:
            self._publishing -= 1
        failpoint(Point.WEBHOOK_AFTER)
        return "duplicate" if stored.duplicate else "accepted"

    async def _verified(self, request: Request) -> Form | tuple[str, Response]:
        """The form of a request that Twilio has signed, or what to answer instead."""
        try:
            body = await read_limited(request, self._limit)
        except ClientDisconnect:
            return "bad", Response(status_code=408)
        if body is None:
            return "bad", Response("body too large", 413)
        try:
            form = parse_form(body)
        except ValueError:
            return "bad", Response("too many parameters", 400)
        signature = request.headers.get("x-twilio-signature", "")
        url = self._verifier.url(request.url.path, request.scope["query_string"].decode("latin-1"))
        settings = request.headers.get("x-twilio-webhooks-signature-settings", "")
        if not signature or not self._verifier.valid(url, form, signature, settings):
            log.warning("webhook without a valid signature refused", signed=bool(signature))
            return "unsigned", Response("invalid signature", 401)
        if form.get("AccountSid") not in {None, self._account}:
            return "bad", Response("another account", 403)
        return form


async def read_limited(request: Request, limit: int) -> bytes | None:
    """The body, or None when it is larger than ``limit`` bytes, however it was announced."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        return None
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
