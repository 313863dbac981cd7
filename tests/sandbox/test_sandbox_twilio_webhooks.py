"""What the Twilio stand-in sends: signed webhooks, status callbacks, retries, faults."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from seldenrijk.sandbox.listener import Listener, Received
from seldenrijk.sandbox.testing import Running
from seldenrijk.sandbox.twilio.inbound import CustomerMessage

TO = "whatsapp:+31612345678"
FROM = "whatsapp:+31850000000"
CREATE = {"vendor": "twilio", "operation": "messages.create"}
PUBLIC = "https://dealer.example"
VALIDATOR = RequestValidator("sandbox-auth-token")


def signed(request: Received, url: str) -> bool:
    return bool(VALIDATOR.validate(url, request.form, request.headers["x-twilio-signature"]))


async def post(sandbox: Running, path: str, body: Any) -> Any:
    answer = await sandbox.api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


async def test_a_text_message_carries_all_parameters_signed_for_the_public_url(
    sandbox: Running, listener: Listener
) -> None:
    sent = await post(sandbox, "/customers/send", {"text": "Hallo 👋", "profile_name": "Jo"})
    assert sent["status"] == 200
    (request,) = listener.requests
    assert signed(request, f"{PUBLIC}/api/webhooks/twilio")
    form = request.form
    assert len(form) >= 16
    assert (form["Body"], form["From"], form["To"], form["WaId"]) == ("Hallo 👋", TO, FROM, "31612345678")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sent["sid"]
    assert (form["NumMedia"], form["MessageType"], form["ProfileName"]) == ("0", "text", "Jo")
    assert request.headers["i-twilio-idempotency-token"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"kind": "image", "text": ""}, {"MessageType": "image", "NumMedia": "1", "Body": ""}),
        ({"kind": "audio"}, {"MediaContentType0": "audio/ogg"}),
        ({"kind": "video"}, {"MediaContentType0": "video/mp4"}),
        ({"kind": "document"}, {"MediaContentType0": "application/pdf"}),
        ({"kind": "contacts"}, {"MediaContentType0": "text/vcard"}),
        ({"kind": "sticker"}, {"MediaContentType0": "image/webp"}),
        (
            {"kind": "location", "location": {"latitude": 52.1, "longitude": 5.2, "label": "Thuis"}},
            {"Latitude": "52.1", "Longitude": "5.2", "Label": "Thuis", "MessageType": "location"},
        ),
        (
            {"kind": "reaction", "text": "👍", "reply_to": "SM" + "a" * 32},
            {"MessageType": "reaction", "OriginalRepliedMessageSid": "SM" + "a" * 32, "Body": "👍"},
        ),
        (
            {"kind": "button", "choice": {"text": "Ja", "payload": "yes"}},
            {"ButtonText": "Ja", "ButtonPayload": "yes", "ButtonType": "REPLY", "Body": "Ja"},
        ),
        (
            {"kind": "list_reply", "choice": {"text": "Golf", "payload": "car-1", "description": "2019"}},
            {"ListId": "car-1", "ListTitle": "Golf", "ListDescription": "2019", "MessageType": "interactive"},
        ),
        (
            {"text": "Deze?", "referral": {"headline": "Actie"}, "forwarded": True},
            {"ReferralHeadline": "Actie", "ReferralSourceType": "ad", "Forwarded": "true"},
        ),
        (
            {"text": "x", "address": "whatsapp:NL.123", "extra": {"New": "1"}},
            {"From": "whatsapp:NL.123", "New": "1"},
        ),
    ],
)
async def test_every_kind_of_message(
    sandbox: Running, listener: Listener, message: dict[str, Any], expected: dict[str, str]
) -> None:
    await post(sandbox, "/customers/send", message)
    (request,) = listener.requests
    assert expected.items() <= request.form.items()
    assert signed(request, f"{PUBLIC}/api/webhooks/twilio")


@given(st.text(max_size=200).filter(lambda text: max(text, default="") < "\ud800" or max(text) > "\udfff"))
def test_any_text_is_signed_as_the_validator_reads_it(text: str) -> None:
    from seldenrijk.sandbox.twilio.sender import MultiParams

    said = CustomerMessage.model_validate({"text": text})
    signature = VALIDATOR.compute_signature("https://x.example/y", MultiParams([("Body", said.body)]))
    assert VALIDATOR.validate("https://x.example/y", {"Body": text}, signature)


async def test_statuses_are_called_back_with_the_attempt(
    sandbox: Running, listener: Listener, twilio: Client
) -> None:
    await post(sandbox, "/customers/send", {"text": "hallo"})
    url = f"{PUBLIC}/api/webhooks/twilio/status?attempt=a-1"
    sent = await twilio.messages.create_async(to=TO, from_=FROM, body="dag", status_callback=url)
    await listener.until(lambda seen: len(seen) == 4)
    callbacks = listener.requests[1:]
    assert [request.form["MessageStatus"] for request in callbacks] == ["sent", "delivered", "read"]
    assert all(signed(request, url) for request in callbacks)
    assert callbacks[-1].form["EventType"] == "READ"
    assert {request.form["MessageSid"] for request in callbacks} == {sent.sid}
    (line,) = (await sandbox.api.get("/oracle")).json()["sends"]
    assert (line["attempt"], line["status"], line["to"]) == ("a-1", "read", TO)


async def send(twilio: Client, body: str = "dag", **more: Any) -> Any:
    url = f"{PUBLIC}/api/webhooks/twilio/status?attempt=1"
    return await twilio.messages.create_async(to=TO, from_=FROM, body=body, status_callback=url, **more)


async def test_outside_the_window_free_text_fails_by_callback(
    sandbox: Running, listener: Listener, twilio: Client
) -> None:
    await post(sandbox, "/customers/send", {"text": "hallo"})
    await post(sandbox, "/clock", {"seconds": 25 * 3600})
    assert (await send(twilio)).status == "queued"
    await listener.until(lambda seen: len(seen) == 2)
    assert listener.requests[1].form["MessageStatus"] == "undelivered"
    assert listener.requests[1].form["ErrorCode"] == "63016"
    await twilio.messages.create_async(to=TO, from_=FROM, content_sid="HX" + "1" * 32)
    await post(sandbox, "/customers/send", {"text": "nog een vraag"})
    await send(twilio)
    await listener.until(lambda seen: len(seen) == 6)
    assert listener.requests[-1].form["MessageStatus"] == "read"


async def test_a_blocking_customer(sandbox: Running, listener: Listener, twilio: Client) -> None:
    await post(sandbox, "/customers/send", {"text": "hallo"})
    await sandbox.api.patch(f"/customers/{TO}", json={"blocked": True})
    await send(twilio)
    await listener.until(lambda seen: len(seen) == 2)
    assert listener.requests[1].form["ErrorCode"] == "63014"


async def test_a_planned_error_by_callback(sandbox: Running, listener: Listener, twilio: Client) -> None:
    await post(sandbox, "/customers/send", {"text": "hallo"})
    fault = {
        "vendor": "twilio",
        "operation": "messages.create",
        "kind": "callback",
        "code": 63018,
        "times": 1,
    }
    await post(sandbox, "/faults", fault)
    await send(twilio)
    await send(twilio)
    await listener.until(lambda seen: len(seen) == 5)
    failed = [r.form for r in listener.requests if r.form.get("ErrorCode") == "63018"]
    assert len(failed) == 1


async def test_a_callback_may_come_before_the_answer(
    sandbox: Running, listener: Listener, twilio: Client
) -> None:
    await post(sandbox, "/faults", CREATE | {"kind": "early_callback"})
    sandbox.world.settings.sent_after = 3600.0
    sent = await send(twilio)
    assert listener.requests[0].form["MessageSid"] == sent.sid


async def test_webhooks_dropped_doubled_overtaken(sandbox: Running, listener: Listener) -> None:
    plan = {"vendor": "twilio", "operation": "webhook", "times": 1}
    await post(sandbox, "/faults", plan | {"kind": "drop", "match": "weg"})
    await post(sandbox, "/faults", plan | {"kind": "duplicate", "count": 3, "match": "drie"})
    await post(sandbox, "/faults", plan | {"kind": "reorder", "seconds": 0.2, "match": "eerst"})
    dropped = await post(sandbox, "/customers/send", {"text": "weg"})
    assert dropped["status"] is None
    await post(sandbox, "/customers/send", {"text": "drie"})
    assert [request.form["Body"] for request in listener.requests] == ["drie"] * 3
    await asyncio.gather(
        post(sandbox, "/customers/send", {"text": "eerst"}),
        post(sandbox, "/customers/send", {"text": "daarna"}),
    )
    assert [request.form["Body"] for request in listener.requests[3:]] == ["daarna", "eerst"]
    sids = {line["sid"] for line in (await sandbox.api.get("/oracle")).json()["inbound"]}
    assert dropped["sid"] in sids and len(sids) == 4


async def test_a_recorded_message_is_delivered_again(sandbox: Running, listener: Listener) -> None:
    sid = (await post(sandbox, "/customers/send", {"text": "hallo"}))["sid"]
    again = await post(sandbox, f"/twilio/messages/{sid}/deliver", {"times": 20})
    assert again["statuses"] == [200] * 20
    assert len({request.body for request in listener.requests}) == 1
    assert len((await sandbox.api.get("/oracle")).json()["inbound"]) == 1


async def test_server_errors_are_retried_where_the_url_says_so(sandbox: Running, listener: Listener) -> None:
    listener.answer = lambda: Response(status_code=503)
    assert (await post(sandbox, "/customers/send", {"text": "a"}))["tries"] == 1
    sandbox.world.settings.gateway_url = listener.url + "/api/webhooks/twilio#rc=3&rp=5xx,ct,rt"
    listener.answers = [Response(status_code=503), Response(status_code=503), Response("<Response/>")]
    sent = await post(sandbox, "/customers/send", {"text": "b"})
    assert (sent["tries"], sent["status"]) == (3, 200)
    tokens = {r.headers["i-twilio-idempotency-token"] for r in listener.requests if r.form["Body"] == "b"}
    assert len(tokens) == 1
    assert (await sandbox.api.get("/twilio/debugger")).json()[0]["code"] == 11200


async def test_an_answer_in_plain_text_reaches_the_customer(sandbox: Running, listener: Listener) -> None:
    listener.answers = [
        Response("OK", media_type="text/plain"),
        Response("<Response><Message>Dag &amp; tot ziens</Message></Response>", media_type="text/xml"),
        Response("{}", media_type="application/json"),
    ]
    for text in ("a", "b", "c"):
        await post(sandbox, "/customers/send", {"text": text})
    sends = (await sandbox.api.get("/oracle")).json()["sends"]
    assert [line["body"] for line in sends] == ["OK", "Dag & tot ziens"]
    assert (await sandbox.api.get("/twilio/debugger")).json()[0]["code"] == 12300


async def test_nobody_listening(sandbox: Running) -> None:
    sandbox.world.settings.gateway_url = "http://127.0.0.1:9"
    sent = await post(sandbox, "/customers/send", {"text": "a"})
    assert (sent["status"], sent["tries"]) == (None, 2)
    assert sent["error"].startswith("ct")
