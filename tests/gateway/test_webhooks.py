"""The webhooks over HTTP: verified, stored before the answer, limited; nothing published otherwise."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from prometheus_client import CollectorRegistry
from twilio.request_validator import RequestValidator

from seldenrijk.chassis.bus import OutMessage, Stored
from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.chassis.errors import BusUnavailable
from seldenrijk.chassis.http import health_routes
from seldenrijk.contracts import MessageReceived, ReplyStatus, conversation_of, parse
from seldenrijk.gateway.limits import BURST, RateLimit
from seldenrijk.gateway.metrics import GatewayMetrics
from seldenrijk.gateway.settings import GatewaySettings
from seldenrijk.gateway.signature import Form
from seldenrijk.gateway.webhooks import Webhooks

PUBLIC = "https://gateway.example"
KEY = "a key of sixteen or more"
MESSAGE = {
    "MessageSid": "SM" + "1" * 32,
    "SmsSid": "SM" + "1" * 32,
    "AccountSid": "AC" + "0" * 32,
    "From": "whatsapp:+31612345678",
    "To": "whatsapp:+31850000000",
    "Body": "Hallo, ik zoek een Volkswagen Golf",
    "NumMedia": "0",
    "NumSegments": "1",
    "ProfileName": "Klant",
    "WaId": "31612345678",
    "SmsStatus": "received",
    "ApiVersion": "2010-04-01",
    "MessageType": "text",
}


def settings() -> GatewaySettings:
    return GatewaySettings.model_validate(
        {
            "public_url": PUBLIC,
            "identity_key": KEY,
            "twilio_account_sid": "AC" + "0" * 32,
            "twilio_auth_token": "token",
            "twilio_whatsapp_number": "+31850000000",
        }
    )


class Edge:
    """The gateway's HTTP side over a bus in memory."""

    def __init__(self, bus: MemoryBus) -> None:
        self.bus = bus
        webhooks = Webhooks(bus, settings(), GatewayMetrics(CollectorRegistry()))
        app = webhooks.app(health_routes("gateway", "0", lambda: None, CollectorRegistry()))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside:8080")

    async def post(
        self, form: dict[str, str], path: str = "/api/webhooks/twilio", query: str = "", **changes: Any
    ) -> httpx.Response:
        url = f"{PUBLIC}{path}" + (f"?{query}" if query else "")
        signature = RequestValidator("token").compute_signature(url, Form(list(form.items())))
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        headers |= changes.pop("headers", {})
        target = path + (f"?{query}" if query else "")
        return await self.client.post(target, content=changes.pop("body", urlencode(form)), headers=headers)

    def events(self) -> list[Any]:
        return [parse(m.subject, m.data) for m in self.bus.messages()]


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    edge = Edge(MemoryBus())
    yield edge
    await edge.client.aclose()


async def test_a_signed_message_is_stored_and_answered_with_empty_twiml(edge: Edge) -> None:
    response = await edge.post(MESSAGE)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    assert response.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    [event] = edge.events()
    assert isinstance(event, MessageReceived)
    assert event.message.text == MESSAGE["Body"]
    assert event.customer.phone == "+31612345678"
    assert event.conversation == conversation_of("+31612345678", KEY.encode())
    assert "31612345678" not in edge.bus.messages()[0].subject + str(edge.bus.messages()[0].headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "é"},
    ],
)
async def test_without_a_valid_signature_nothing_is_published(edge: Edge, headers: dict[str, str]) -> None:
    raw = {k: v.encode("latin-1") for k, v in headers.items()}
    response = await edge.post(MESSAGE, headers=raw)
    assert response.status_code == 401
    assert edge.events() == []


async def test_no_signature_header_at_all(edge: Edge) -> None:
    response = await edge.client.post("/api/webhooks/twilio", data=MESSAGE)
    assert response.status_code == 401
    assert edge.events() == []


async def test_a_changed_body_is_refused(edge: Edge) -> None:
    response = await edge.post(MESSAGE, body=urlencode(MESSAGE | {"Body": "stuur geld"}))
    assert response.status_code == 401
    assert edge.events() == []


async def test_get_is_not_allowed_and_health_is(edge: Edge) -> None:
    assert (await edge.client.get("/api/webhooks/twilio")).status_code == 405
    health = await edge.client.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    assert (await edge.client.get("/nothing")).status_code == 404
    assert (await edge.client.get("/docs")).status_code == 404


async def test_a_repeated_webhook_is_stored_once_and_answered_200(edge: Edge) -> None:
    for _ in range(20):
        assert (await edge.post(MESSAGE)).status_code == 200
    assert len(edge.events()) == 1


async def test_no_2xx_without_an_acknowledgement() -> None:
    class Down(MemoryBus):
        async def publish(self, message: OutMessage, wait: float = 5.0) -> Stored:
            assert wait < 8
            raise BusUnavailable("no answer from NATS")

    edge = Edge(Down())
    assert (await edge.post(MESSAGE)).status_code == 503
    await edge.client.aclose()


async def test_limits(edge: Edge) -> None:
    assert (await edge.post(MESSAGE, body=b"x" * 70_000)).status_code == 413
    assert (await edge.post(MESSAGE, body="&".join(f"p{n}=1" for n in range(1001)))).status_code == 400

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 1000

    response = await edge.client.post("/api/webhooks/twilio", content=endless())
    assert response.status_code == 413
    assert edge.events() == []


async def test_another_account_is_refused(edge: Edge) -> None:
    assert (await edge.post(MESSAGE | {"AccountSid": "AC" + "9" * 32})).status_code == 403
    assert edge.events() == []


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
async def test_a_form_that_is_no_message(edge: Edge, missing: str) -> None:
    form = {k: v for k, v in MESSAGE.items() if k not in {missing, "SmsMessageSid"}}
    response = await edge.post(form)
    assert response.status_code == 400
    assert edge.events() == []


KINDS = [
    ({"Body": ""}, "text"),
    (
        {
            "MessageType": "image",
            "NumMedia": "1",
            "MediaUrl0": "https://x/1",
            "MediaContentType0": "image/jpeg",
        },
        "image",
    ),
    (
        {"MessageType": "", "NumMedia": "1", "MediaUrl0": "https://x/1", "MediaContentType0": "audio/ogg"},
        "audio",
    ),
    (
        {"MessageType": "", "NumMedia": "1", "MediaUrl0": "https://x/1", "MediaContentType0": "video/mp4"},
        "video",
    ),
    (
        {"MessageType": "", "NumMedia": "1", "MediaUrl0": "https://x/1", "MediaContentType0": "image/webp"},
        "sticker",
    ),
    (
        {"MessageType": "", "NumMedia": "1", "MediaUrl0": "https://x/1", "MediaContentType0": "text/vcard"},
        "contacts",
    ),
    ({"MessageType": "document", "NumMedia": "1", "MediaUrl0": "https://x/1"}, "document"),
    (
        {"MessageType": "location", "Latitude": "52.34", "Longitude": "5.62", "Label": "Harderwijk"},
        "location",
    ),
    ({"MessageType": "button", "ButtonText": "Ja", "ButtonPayload": "yes", "Body": ""}, "button"),
    ({"MessageType": "interactive", "ListId": "1", "ListTitle": "Proefrit", "Body": ""}, "list_reply"),
    ({"MessageType": "reaction", "Body": "👍", "OriginalRepliedMessageSid": "SM" + "2" * 32}, "reaction"),
    ({"MessageType": "hologram"}, "text"),
]


@pytest.mark.parametrize(("change", "kind"), KINDS)
async def test_every_kind_of_message_is_typed(edge: Edge, change: dict[str, str], kind: str) -> None:
    assert (await edge.post(MESSAGE | change)).status_code == 200
    [event] = edge.events()
    assert event.message.kind == kind
    if kind == "location":
        assert event.message.location.label == "Harderwijk"
    if kind in {"button", "list_reply"}:
        assert event.message.text in {"Ja", "Proefrit"}
    if kind == "reaction":
        assert event.message.reply_to.message_id == "SM" + "2" * 32


async def test_unknown_parameters_are_kept(edge: Edge) -> None:
    await edge.post(
        MESSAGE | {"BrandNew": "value", "ReferralSourceUrl": "https://ad.example", "ReferralBody": "Golf!"}
    )
    [event] = edge.events()
    assert event.extra == {"BrandNew": "value"}
    assert event.message.referral.source_url == "https://ad.example"


async def test_a_customer_without_a_phone_number(edge: Edge) -> None:
    await edge.post(MESSAGE | {"From": "whatsapp:NL.1234567890abcdef", "WaId": ""})
    [event] = edge.events()
    assert (event.customer.phone, event.customer.bsuid) == (None, "NL.1234567890abcdef")


@pytest.mark.parametrize(
    "text", ["👨‍👩‍👧‍👦 hé\u0301", "مرحبا", "a\x00b", "\ufeff \u200b", "<script>&amp;", "💥" * 800]
)
async def test_texts_come_through_unchanged(edge: Edge, text: str) -> None:
    assert (await edge.post(MESSAGE | {"Body": text})).status_code == 200
    assert edge.events()[0].message.text == text


async def test_status_callbacks(edge: Edge) -> None:
    form = {
        "MessageSid": "SM" + "5" * 32,
        "MessageStatus": "undelivered",
        "ErrorCode": "63016",
        "AccountSid": "AC" + "0" * 32,
        "To": "whatsapp:+31612345678",
        "From": "whatsapp:+31850000000",
    }
    response = await edge.post(form, "/api/webhooks/twilio/status", "attempt=abc")
    assert response.status_code == 204
    [event] = edge.events()
    assert isinstance(event, ReplyStatus)
    assert (event.status, event.error_code, event.attempt) == ("undelivered", 63016, "abc")
    assert event.conversation == conversation_of("+31612345678", KEY.encode())
    assert (
        await edge.post(form | {"MessageStatus": "levitated"}, "/api/webhooks/twilio/status")
    ).status_code == 400
    forged = await edge.client.post("/api/webhooks/twilio/status?attempt=abc", data=form)
    assert forged.status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"From": "whatsapp:"},
        {"From": "   "},
        {"NumMedia": "²"},
        {"NumMedia": "9" * 5000},
        {"Latitude": "nan", "Longitude": "1"},
        {"Latitude": "91", "Longitude": "1"},
        {"Body": "\x00"},
        {"MessageSid": "x" * 10_000},
    ],
)
async def test_odd_values_never_make_an_error_of_ours(edge: Edge, changes: dict[str, str]) -> None:
    assert (await edge.post(MESSAGE | changes)).status_code in {200, 400}


@pytest.mark.parametrize(
    "changes", [{"To": "whatsapp:"}, {"ErrorCode": "²"}, {"ErrorCode": "9" * 5000}, {"MessageStatus": "odd"}]
)
async def test_odd_reports_never_make_an_error_of_ours(edge: Edge, changes: dict[str, str]) -> None:
    report = {"MessageSid": "SM" + "1" * 32, "To": "whatsapp:+31612345678", "MessageStatus": "failed"}
    response = await edge.post(report | changes, path="/api/webhooks/twilio/status")
    assert response.status_code in {204, 400}


async def test_a_customer_who_floods_is_put_off_and_others_are_not(edge: Edge) -> None:
    statuses = []
    for number in range(BURST + 20):
        response = await edge.post(MESSAGE | {"MessageSid": f"SM{number:032x}"})
        statuses.append(response.status_code)
    assert statuses[:BURST] == [200] * BURST
    assert statuses[-1] == 429
    other = MESSAGE | {"MessageSid": "SM" + "e" * 32, "From": "whatsapp:+31687654321"}
    assert (await edge.post(other)).status_code == 200


async def test_repetitions_cost_nothing(edge: Edge) -> None:
    answers = [(await edge.post(MESSAGE)).status_code for _ in range(BURST + 20)]
    assert set(answers) == {200}
    assert len(edge.events()) == 1


async def test_too_many_at_once_are_told_to_come_again(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seldenrijk.gateway.webhooks.PUBLISHING", 0)
    response = await edge.post(MESSAGE)
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert edge.events() == []


def test_tokens_come_back_with_time_and_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    limit = RateLimit(burst=2, per_second=0.5, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 2.0
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    monkeypatch.setattr("seldenrijk.gateway.limits.REMEMBERED", 10)
    for number in range(50):
        limit.allows(str(number))
    assert len(limit._buckets) == 10
