"""Planned misfortune on the vendors' side."""

from typing import Any

import aiohttp
import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from seldenrijk.sandbox.faults import Faults, FaultSpec
from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.testing import Running, running_sandbox

TO = "whatsapp:+31612345678"
FROM = "whatsapp:+31850000000"


async def plan(sandbox: Running, **fault: Any) -> dict[str, Any]:
    answer = await sandbox.api.post(
        "/faults", json={"vendor": "twilio", "operation": "messages.create", "times": 1} | fault
    )
    answer.raise_for_status()
    return answer.json()


async def sends(sandbox: Running) -> list[Any]:
    return (await sandbox.api.get("/oracle")).json()["sends"]


async def create(twilio: Client) -> Any:
    return await twilio.messages.create_async(to=TO, from_=FROM, body="dag")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "status", "status": 429}, 429, 20429),
        ({"kind": "status", "status": 500}, 500, 20500),
        ({"kind": "status", "status": 401}, 401, 20003),
        ({"kind": "code", "code": 21610}, 400, 21610),
        ({"kind": "code", "code": 63015}, 400, 63015),
        ({"kind": "status", "status": 502, "body": "<h1>Bad gateway</h1>"}, 502, None),
    ],
)
async def test_a_refusal_does_nothing_and_ends(
    sandbox: Running, twilio: Client, fault: dict[str, Any], status: int, code: int | None
) -> None:
    await plan(sandbox, **fault)
    if code is None:
        with pytest.raises(Exception, match=r".+"):
            await create(twilio)
    else:
        with pytest.raises(TwilioRestException) as caught:
            await create(twilio)
        assert (caught.value.status, caught.value.code) == (status, code)
    assert await sends(sandbox) == []
    await create(twilio)
    assert len(await sends(sandbox)) == 1


async def test_a_connection_cut_before_the_work(sandbox: Running, twilio: Client) -> None:
    await plan(sandbox, kind="reset")
    with pytest.raises(aiohttp.ClientError):
        await create(twilio)
    assert await sends(sandbox) == []


async def test_a_lost_answer_leaves_the_message_sent(sandbox: Running, twilio: Client) -> None:
    await plan(sandbox, kind="lost")
    with pytest.raises(aiohttp.ClientError):
        await create(twilio)
    assert len(await sends(sandbox)) == 1


async def test_an_error_after_the_work(sandbox: Running, twilio: Client) -> None:
    await plan(sandbox, kind="status", status=500, after=True)
    with pytest.raises(TwilioRestException):
        await create(twilio)
    assert len(await sends(sandbox)) == 1


async def test_a_delay_outlasts_the_callers_patience(sandbox: Running) -> None:
    await plan(sandbox, kind="delay", seconds=30, operation="messages.list")
    settings = sandbox.world.settings
    url = f"{sandbox.twilio_url}/2010-04-01/Accounts/{settings.account_sid}/Messages.json"
    auth = (settings.account_sid, settings.auth_token.get_secret_value())
    async with httpx.AsyncClient(timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(url, auth=auth)


async def test_faults_are_listed_and_called_off(sandbox: Running, twilio: Client) -> None:
    first = await plan(sandbox, kind="reset", times=None)
    await plan(sandbox, kind="status", status=429)
    assert [fault["id"] for fault in (await sandbox.api.get("/faults")).json()] == ["f1", "f2"]
    assert (await sandbox.api.delete(f"/faults/{first['id']}")).status_code == 204
    assert (await sandbox.api.delete(f"/faults/{first['id']}")).status_code == 404
    assert (await sandbox.api.delete("/faults")).status_code == 204
    assert (await create(twilio)).status == "queued"


async def test_media_that_is_not_there_yet(sandbox: Running) -> None:
    await plan(sandbox, kind="status", status=404, operation="media.get")
    sid = (await sandbox.api.post("/customers/send", json={"kind": "audio"})).json()["sid"]
    url = dict(sandbox.world.twilio.messages[sid].params)["MediaUrl0"]
    settings = sandbox.world.settings
    auth = (settings.account_sid, settings.auth_token.get_secret_value())
    async with httpx.AsyncClient(follow_redirects=True) as client:
        assert (await client.get(url, auth=auth)).status_code == 404
        found = await client.get(url, auth=auth)
    assert found.status_code == 200
    assert found.content.startswith(b"OggS")


async def test_faults_from_the_environment(listener: Listener) -> None:
    planned = '[{"vendor":"twilio","operation":"webhook","kind":"drop"}]'
    async with running_sandbox(gateway_url=listener.url, faults=planned) as sandbox:
        sent = await sandbox.api.post("/customers/send", json={"text": "hallo"})
    assert sent.json()["status"] is None
    assert listener.requests == []


def test_draws_repeat_under_the_same_seed() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults(seed, [FaultSpec(vendor="twilio", kind="reset", probability=0.5)])
        return [bool(faults.take("twilio", "messages.create", ("reset",))) for _ in range(40)]

    assert run(7) == run(7)
    assert run(7) != run(8)
    assert 5 < sum(run(7)) < 35


def test_a_fault_keeps_to_its_vendor_operation_and_match() -> None:
    faults = Faults(0, [FaultSpec(vendor="chatwoot", operation="messages.*", kind="reset", match="SM1")])
    assert not faults.take("twilio", "messages.create", ("reset",), "SM1")
    assert not faults.take("chatwoot", "contacts.create", ("reset",), "SM1")
    assert not faults.take("chatwoot", "messages.create", ("reset",), "SM2")
    assert faults.take("chatwoot", "messages.create", ("reset",), "about SM1")
