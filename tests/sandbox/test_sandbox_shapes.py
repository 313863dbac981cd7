"""The stand-ins' answers held against the vendors' own documents, where these are at hand."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from seldenrijk.sandbox.specs import VendorSpec
from seldenrijk.sandbox.testing import Running


@dataclass
class Answer:
    status_code: int
    data: bytes
    content_type: str
    headers: Any


class Checked(httpx.AsyncClient):
    """Every answer must be one that the vendor's document describes."""

    spec: VendorSpec
    prefix: str

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = await super().send(request, **options)
        path = request.url.path.removeprefix(self.prefix)
        body = await answer.aread()
        assert answer.status_code < 300, body
        kind = answer.headers.get("content-type", "")
        shown = Answer(answer.status_code, body, kind, answer.headers)
        if self.spec.active:
            assert self.spec.objection(request.method, path, shown) is None
        return answer


@pytest.fixture
async def checked(sandbox: Running) -> Any:
    async with Checked(timeout=30) as client:
        yield client


async def test_twilio(sandbox: Running, checked: Checked) -> None:
    checked.spec, checked.prefix = sandbox.world.twilio_spec, "/twilio"
    settings = sandbox.world.settings
    checked.auth = (settings.account_sid, settings.tokens[0])
    base = f"{sandbox.twilio_url}/2010-04-01/Accounts/{settings.account_sid}/Messages"
    sid = (await sandbox.api.post("/customers/send", json={"kind": "image"})).json()["sid"]
    form = {"To": "whatsapp:+31612345678", "From": settings.business_number, "Body": "dag"}
    sent = (await checked.post(f"{base}.json", data=form)).json()["sid"]
    await checked.get(f"{base}/{sent}.json")
    await checked.get(f"{base}.json", params={"PageSize": 1})
    media = (await checked.get(f"{base}/{sid}/Media.json")).json()["media_list"][0]["sid"]
    await checked.get(f"{base}/{sid}/Media/{media}.json")


async def test_chatwoot(sandbox: Running, staff: Any, checked: Checked) -> None:
    """Only where the document itself agrees with Chatwoot; it has no nulls for unset texts, for one."""
    checked.spec, checked.prefix = sandbox.world.chatwoot_spec, "/chatwoot"
    staff.client = checked
    checked.base_url = httpx.URL(sandbox.chatwoot_url)
    sandbox.world.chatwoot_spec.active, active = False, sandbox.world.chatwoot_spec.active
    conversation = await staff.open()
    sandbox.world.chatwoot_spec.active = active
    id_, contact = conversation["id"], conversation["meta"]["sender"]["id"]
    path = f"/conversations/{id_}"
    message = await staff.write(id_, message_type="incoming", source_id="SM1")
    await staff.ok("PATCH", f"{path}/messages/{message['id']}", {"status": "delivered"})
    await staff.ok("POST", f"{path}/toggle_status", {"status": "open"})
    await staff.ok("POST", f"{path}/labels", {"labels": ["hot-lead"]})
    await staff.ok("POST", f"{path}/custom_attributes", {"custom_attributes": {"lead_score": 70}})
    await staff.ok("POST", f"{path}/assignments", {"assignee_id": 2})
    for read in (path, f"{path}/messages", "/conversations", f"/contacts/{contact}/conversations"):
        await staff.ok("GET", read)
    for read in (
        f"/contacts/{contact}",
        "/contacts",
        "/inboxes",
        "/inboxes/1",
        "/labels",
        "/teams",
        "/agents",
    ):
        await staff.ok("GET", read)
    found = {"attribute_key": "phone_number", "filter_operator": "equal_to", "values": ["+31612345678"]}
    await staff.ok("POST", "/contacts/filter", {"payload": [found]})
