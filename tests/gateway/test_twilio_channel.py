"""Twilio behind the port, over HTTP against its stand-in: what is sent, refused, uncertain, listed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from seldenrijk.chassis.testing import free_port
from seldenrijk.gateway.channel import NOT_CONNECTED, Accepted, Outgoing, Refused, Unknown
from seldenrijk.gateway.settings import GatewaySettings
from seldenrijk.gateway.twilio_channel import TwilioChannel
from seldenrijk.sandbox.testing import Running, running_sandbox

CUSTOMER = "whatsapp:+31612345678"
MESSAGE = Outgoing(address=CUSTOMER, text="Goedemiddag!", attempt="attempt-1")


def settings(url: str) -> GatewaySettings:
    return GatewaySettings.model_validate(
        {
            "public_url": "http://127.0.0.1:9",
            "identity_key": "a key of sixteen or more",
            "twilio_account_sid": "AC" + "0" * 32,
            "twilio_auth_token": "sandbox-auth-token",
            "twilio_whatsapp_number": "+31850000000",
            "twilio_api_base_url": url,
            "twilio_send_timeout": 2,
        }
    )


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running_sandbox(gateway_url="http://127.0.0.1:9") as running:
        yield running


@pytest.fixture
async def channel(sandbox: Running) -> AsyncIterator[TwilioChannel]:
    channel = TwilioChannel(settings(sandbox.twilio_url))
    yield channel
    await channel.close()


async def fault(sandbox: Running, **spec: object) -> None:
    body = {"vendor": "twilio", "operation": "messages.create", **spec}
    (await sandbox.api.post("/faults", json=body)).raise_for_status()


async def hear(sandbox: Running, text: str = "hallo", **more: object) -> str:
    body = {"from": "+31612345678", "text": text, **more}
    answer = await sandbox.api.post("/customers/send", params={"wait": False}, json=body)
    return str(answer.json()["sid"])


async def test_sent_and_found_again(sandbox: Running, channel: TwilioChannel) -> None:
    before = datetime.now(UTC)
    sent = await channel.send(MESSAGE)
    assert isinstance(sent, Accepted)
    listed = await channel.sent_to(CUSTOMER, before)
    assert listed is not None
    assert [(m.channel_message_id, m.text) for m in listed] == [(sent.channel_message_id, MESSAGE.text)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"kind": "code", "code": 20429}, Refused(20429)),
        ({"kind": "code", "code": 21610}, Refused(21610)),
        ({"kind": "status", "status": 503}, Unknown("HTTP 503")),
        ({"kind": "reset"}, Unknown("ServerDisconnectedError")),
        ({"kind": "lost"}, Unknown("ServerDisconnectedError")),
        ({"kind": "delay", "seconds": 5}, Unknown("TimeoutError")),
    ],
)
async def test_what_may_have_been_sent_is_unknown_the_rest_is_refused(
    sandbox: Running, channel: TwilioChannel, spec: dict[str, object], expected: object
) -> None:
    await fault(sandbox, **spec)
    assert await channel.send(MESSAGE) == expected


async def test_without_a_connection_nothing_was_sent(sandbox: Running) -> None:
    channel = TwilioChannel(settings(f"http://127.0.0.1:{free_port()}"))
    assert await channel.send(MESSAGE) == Refused(NOT_CONNECTED)
    assert not await channel.reachable()
    assert await channel.inbound(datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC)) is None
    await channel.close()


async def test_reachable_is_whoever_answers_below_500(sandbox: Running, channel: TwilioChannel) -> None:
    assert await channel.reachable()
    await fault(sandbox, operation="messages.list", kind="code", code=20003)
    assert await channel.reachable()
    await sandbox.api.delete("/faults")
    await fault(sandbox, operation="messages.list", kind="status", status=503)
    assert not await channel.reachable()


async def test_inbound_messages_are_listed_with_their_attachments(
    sandbox: Running, channel: TwilioChannel
) -> None:
    text, photo = await hear(sandbox), await hear(sandbox, "kijk", kind="image")
    await channel.send(MESSAGE)
    now = datetime.now(UTC)
    listed = await channel.inbound(now - timedelta(minutes=1), now + timedelta(minutes=1))
    assert listed is not None
    found = {m.message_id: m for m in listed}
    assert set(found) == {text, photo}
    assert found[text].sender == CUSTOMER
    [attachment] = found[photo].attachments
    assert attachment.content_type == "image/jpeg"
    assert attachment.url.startswith(f"{sandbox.twilio_url}/2010-04-01/Accounts/AC")
    assert not attachment.url.endswith(".json")
    assert await channel.inbound(now + timedelta(hours=1), now + timedelta(hours=2)) == []


async def test_all_pages_are_read(
    sandbox: Running, channel: TwilioChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seldenrijk.gateway.twilio_channel.PAGE_SIZE", 3)
    sids = {await hear(sandbox, f"bericht {n}") for n in range(8)}
    now = datetime.now(UTC)
    listed = await channel.inbound(now - timedelta(minutes=1), now + timedelta(minutes=1))
    assert listed is not None
    assert {m.message_id for m in listed} == sids
