"""The Twilio stand-in, driven by Twilio's own library over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.testing import Running

TO = "whatsapp:+31612345678"
FROM = "whatsapp:+31850000000"


async def say(sandbox: Running, text: str = "hallo", **more: Any) -> dict[str, Any]:
    answer = await sandbox.api.post("/customers/send", json={"text": text, **more})
    answer.raise_for_status()
    return answer.json()


async def test_a_message_is_accepted_and_can_be_fetched(sandbox: Running, twilio: Client) -> None:
    await say(sandbox)
    sent = await twilio.messages.create_async(to=TO, from_=FROM, body="Goedemiddag")
    assert re.fullmatch(r"SM[0-9a-f]{32}", sent.sid)
    assert (sent.status, sent.direction, sent.date_sent) == ("queued", "outbound-api", None)
    assert abs(sent.date_created - datetime.now(UTC)) < timedelta(seconds=5)
    fetched = await twilio.messages(sent.sid).fetch_async()
    assert (fetched.body, fetched.to, fetched.from_) == ("Goedemiddag", TO, FROM)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "+31612345678"}, 21211),
        ({"to": "whatsapp:0612345678"}, 21211),
        ({"from_": "whatsapp:+31850000001"}, 63007),
        ({"body": "x" * 1601}, 21617),
        ({"body": ""}, 21602),
        ({"media_url": ["ftp://x"]}, 21620),
        ({"status_callback": "nonsense"}, 21609),
        ({"body": "x", "content_sid": "HX" + "1" * 32}, 20001),
    ],
)
async def test_what_twilio_refuses(
    sandbox: Running, twilio: Client, changes: dict[str, Any], code: int
) -> None:
    fields = {"to": TO, "from_": FROM, "body": "hallo"} | changes
    with pytest.raises(TwilioRestException) as caught:
        await twilio.messages.create_async(**fields)
    assert (caught.value.code, caught.value.status) == (code, 400)
    assert (await sandbox.api.get("/oracle")).json()["sends"] == []


async def test_the_longest_body_passes(sandbox: Running, twilio: Client) -> None:
    sent = await twilio.messages.create_async(to=TO, from_=FROM, body="é" * 1600)
    assert len(sent.body) == 1600


@pytest.mark.parametrize(
    ("variables", "code"), [("{}", None), ("[]", 21656), ("{", 21656), ('{"1":2}', 21656)]
)
async def test_template_variables(sandbox: Running, twilio: Client, variables: str, code: int | None) -> None:
    fields = {"to": TO, "from_": FROM, "content_sid": "HX" + "1" * 32, "content_variables": variables}
    if code is None:
        assert (await twilio.messages.create_async(**fields)).status == "queued"
        return
    with pytest.raises(TwilioRestException) as caught:
        await twilio.messages.create_async(**fields)
    assert caught.value.code == code


async def test_wrong_credentials(sandbox: Running) -> None:
    url = f"{sandbox.twilio_url}/2010-04-01/Accounts/{sandbox.world.settings.account_sid}/Messages.json"
    async with httpx.AsyncClient() as client:
        for auth in (None, ("AC" + "0" * 32, "wrong")):
            answer = await client.get(url, auth=auth)
            assert (answer.status_code, answer.json()["code"]) == (401, 20003)
        other = url.replace("AC0", "AC1")
        answer = await client.get(other, auth=("AC" + "0" * 32, "sandbox-auth-token"))
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_opted_out_and_not_joined_are_refused_at_once(sandbox: Running, twilio: Client) -> None:
    for flag, code in (("opted_out", 21610), ("joined", 63015)):
        await sandbox.api.patch(f"/customers/{TO}", json={"opted_out": False, flag: flag == "opted_out"})
        with pytest.raises(TwilioRestException) as caught:
            await twilio.messages.create_async(to=TO, from_=FROM, body="hallo")
        assert caught.value.code == code


async def test_the_list_pages_through_everything_newest_first(sandbox: Running, twilio: Client) -> None:
    sids = [(await say(sandbox, f"bericht {number}"))["sid"] for number in range(7)]
    await say(sandbox, "een ander", **{"from": "+31687654321"})
    found = await twilio.messages.list_async(from_=TO, to=FROM, page_size=3)
    assert [message.sid for message in found] == sids[::-1]
    assert {message.direction for message in found} == {"inbound"}
    assert len(await twilio.messages.list_async(page_size=2, limit=5)) == 5


async def test_date_filters_leave_out_what_is_still_queued(sandbox: Running, twilio: Client) -> None:
    sandbox.world.settings.sent_after = 3600.0
    inbound = (await say(sandbox))["sid"]
    await twilio.messages.create_async(to=TO, from_=FROM, body="nog niet weg")
    now = datetime.now(UTC)
    recent = await twilio.messages.list_async(date_sent_after=now - timedelta(minutes=1))
    assert [message.sid for message in recent] == [inbound]
    assert await twilio.messages.list_async(date_sent_before=now - timedelta(minutes=1)) == []
    assert len(await twilio.messages.list_async(to=TO)) == 1


async def test_media_is_fetched_with_credentials_that_stay_at_the_origin(sandbox: Running) -> None:
    sid = (await say(sandbox, "kijk", kind="image"))["sid"]
    message = sandbox.world.twilio.messages[sid]
    url = dict(message.params)["MediaUrl0"]
    settings = sandbox.world.settings
    auth = (settings.account_sid, settings.auth_token.get_secret_value())
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 401
        hop = await client.get(url, auth=auth)
        assert hop.status_code == 302
        leaked = await client.get(hop.headers["location"], auth=auth)
        picture = await client.get(hop.headers["location"])
    assert leaked.status_code == 400
    assert (await sandbox.api.get("/oracle")).json()["leaked_credentials"] == 1
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8\xff")


async def test_media_can_be_listed_and_deleted(sandbox: Running, twilio: Client) -> None:
    sid = (await say(sandbox, kind="document"))["sid"]
    listed = await twilio.messages(sid).media.list_async()
    assert [item.content_type for item in listed] == ["application/pdf"]
    assert await twilio.messages(sid).media(listed[0].sid).delete_async()
    assert await twilio.messages(sid).media.list_async() == []


async def test_typing_marks_the_message_read(sandbox: Running, twilio: Client) -> None:
    sid = (await say(sandbox))["sid"]
    shown = await twilio.messaging.v2.typing_indicator.create_async(channel="whatsapp", message_id=sid)
    assert shown.success is True
    assert sandbox.world.twilio.messages[sid].status == "read"
    with pytest.raises(TwilioRestException) as caught:
        await twilio.messaging.v2.typing_indicator.create_async(
            channel="whatsapp", message_id="SM" + "0" * 32
        )
    assert caught.value.status == 404


async def test_memory_is_bounded(listener: Listener) -> None:
    from seldenrijk.sandbox.testing import running_sandbox

    async with running_sandbox(gateway_url=listener.url, max_messages=100) as sandbox:
        for number in range(105):
            await say(sandbox, str(number))
        bodies = [line["body"] for line in (await sandbox.api.get("/oracle")).json()["inbound"]]
    assert bodies == [str(number) for number in range(5, 105)]
