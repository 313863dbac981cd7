"""Further corners of the Chatwoot stand-in: lists, teams, bots, forms, one conversation only."""

import json
from typing import Any

import pytest

from seldenrijk.sandbox.testing import Running


async def test_a_locked_inbox_gives_the_same_conversation_again(staff: Any) -> None:
    await staff.ok("PATCH", "/inboxes/1", {"lock_to_single_conversation": True})
    first = await staff.open()
    body = {"source_id": "whatsapp:+31612345678", "inbox_id": 1, "contact_id": first["meta"]["sender"]["id"]}
    assert (await staff.ok("POST", "/conversations", body))["id"] == first["id"]
    await staff.ok("PATCH", "/inboxes/1", {"lock_to_single_conversation": False})
    assert (await staff.ok("POST", "/conversations", body))["id"] != first["id"]


async def test_a_conversation_needs_the_contacts_own_address(staff: Any) -> None:
    contact = (await staff.open())["meta"]["sender"]["id"]
    body = {"source_id": "whatsapp:+31600000000", "inbox_id": 1, "contact_id": contact}
    assert (await staff.call("POST", "/conversations", json=body)).status_code == 404


async def test_lists_by_status(staff: Any) -> None:
    first = await staff.open()
    await staff.open("+31687654321")
    await staff.ok("POST", f"/conversations/{first['id']}/toggle_status", {"status": "resolved"})

    async def ids(**params: str) -> list[int]:
        listed = await staff.ok("GET", "/conversations", params=params)
        assert listed["data"]["meta"]["all_count"] == len(listed["data"]["payload"])
        return [conversation["id"] for conversation in listed["data"]["payload"]]

    assert await ids() == []
    assert await ids(status="resolved") == [first["id"]]
    assert set(await ids(status="all", inbox_id="1")) == {1, 2}
    assert await ids(status="all", inbox_id="7") == []


async def test_an_assignee_from_the_start_keeps_the_bot_out(staff: Any) -> None:
    conversation = await staff.open(assignee_id=2)
    assert conversation["meta"]["assignee_type"] == "User"


async def test_priority_by_patch_and_none(staff: Any) -> None:
    path = f"/conversations/{(await staff.open())['id']}"
    assert (await staff.ok("PATCH", path, {"priority": "high"}))["priority"] == "high"
    assert (await staff.ok("PATCH", path, {"priority": "none"}))["priority"] is None
    assert (await staff.call("PATCH", path, json={"priority": "soon"})).status_code == 422


async def test_attributes_are_destroyed_one_by_one(staff: Any) -> None:
    path = f"/conversations/{(await staff.open())['id']}"
    await staff.ok("POST", f"{path}/custom_attributes", {"custom_attributes": {"a": 1, "b": 2}})
    left = await staff.ok("POST", f"{path}/destroy_custom_attributes", {"custom_attributes": ["a"]})
    assert left == {"custom_attributes": {"b": 2}}


async def test_typing_and_unknown_teams(staff: Any) -> None:
    path = f"/conversations/{(await staff.open())['id']}"
    await staff.ok("POST", f"{path}/toggle_typing_status", {"typing_status": "on"})
    assert (await staff.call("POST", f"{path}/assignments", json={"team_id": 9})).status_code == 404
    assert (await staff.call("POST", f"{path}/assignments", json={"assignee_id": 9})).status_code == 404
    assert (await staff.ok("GET", path))["meta"]["assignee_type"] == "AgentBot", "nothing changed"


async def test_deleting_a_contact_takes_its_conversations(staff: Any) -> None:
    conversation = await staff.open()
    await staff.ok("DELETE", f"/contacts/{conversation['meta']['sender']['id']}")
    assert (await staff.call("GET", f"/conversations/{conversation['id']}")).status_code == 404


async def test_changing_and_deleting_what_was_set_up(staff: Any) -> None:
    hook = (await staff.ok("POST", "/webhooks", {"url": "http://127.0.0.1:1/x"}))["payload"]["webhook"]
    changed = await staff.ok("PATCH", f"/webhooks/{hook['id']}", {"subscriptions": ["message_created"]})
    assert changed["payload"]["webhook"]["subscriptions"] == ["message_created"]
    assert changed["payload"]["webhook"]["secret"] == hook["secret"]
    assert len((await staff.ok("GET", "/webhooks"))["payload"]["webhooks"]) == 1
    await staff.ok("DELETE", f"/webhooks/{hook['id']}")
    assert (await staff.ok("GET", "/webhooks"))["payload"]["webhooks"] == []
    assert (await staff.call("DELETE", f"/webhooks/{hook['id']}")).status_code == 404
    assert (await staff.call("POST", "/webhooks", json={"url": "ftp://x"})).status_code == 422
    for path in ("/inboxes", "/agent_bots", "/teams"):
        assert (await staff.call("POST", path, json={"name": ""})).status_code == 422
    assert [bot["name"] for bot in await staff.ok("GET", "/agent_bots")] == ["Assistent"]
    assert (await staff.ok("GET", "/agent_bots/1"))["access_token"] == "sandbox-bot-token"
    assert (await staff.ok("GET", "/inboxes/1"))["additional_attributes"] == {"agent_reply_time_window": 24}
    assert await staff.ok("GET", "/labels") == {"payload": []}
    assert await staff.ok("GET", "/teams") == []


async def test_forms_carry_attributes_as_json_and_fifteen_files(staff: Any) -> None:
    path = f"/conversations/{(await staff.open())['id']}/messages"
    attributes = json.dumps({"in_reply_to": 1})
    body = {"content": "x", "message_type": "outgoing", "content_attributes": attributes}
    one = [("attachments[]", ("a.txt", b"a", "text/plain"))]
    sent = await staff.call("POST", path, data=body, files=one)
    assert sent.json()["content_attributes"] == {"in_reply_to": 1}
    many = await staff.call("POST", path, data=body, files=one * 16)
    assert many.status_code == 422
    wrong = await staff.call("POST", path, data=body | {"content_attributes": "{"}, files=one)
    assert wrong.status_code == 422


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
async def test_bodies_that_are_no_objects(staff: Any, content: bytes) -> None:
    headers = {"api_access_token": staff.token, "content-type": "application/json"}
    answer = await staff.client.post("/api/v1/accounts/1/contacts", content=content, headers=headers)
    assert answer.status_code == 400


async def test_a_body_too_large_for_any_vendor(staff: Any) -> None:
    answer = await staff.call("POST", "/contacts", content=b" " * (31 * 1024 * 1024))
    assert answer.status_code == 413


async def test_missing_fields_are_422_without_the_documents_too(staff: Any, sandbox: Running) -> None:
    sandbox.world.chatwoot_spec._api = None
    for path in ("/conversations", "/actions/contact_merge"):
        assert (await staff.call("POST", path, json={})).status_code == 422
    id_ = (await staff.open())["id"]
    for body in ({"status": "closed"}, {"status": 3}):
        answer = await staff.call("POST", f"/conversations/{id_}/toggle_status", json=body)
        assert answer.status_code == 422
    toggled = await staff.ok("POST", f"/conversations/{id_}/toggle_status", {})
    assert toggled["payload"]["current_status"] == "open"


async def test_old_messages_make_room(sandbox: Running, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seldenrijk.sandbox.chatwoot.store.MAX_MESSAGES_EACH", 10)
    id_ = (await staff.open())["id"]
    for number in range(12):
        await staff.write(id_, str(number))
    shown = await staff.ok("GET", f"/conversations/{id_}/messages")
    assert [message["content"] for message in shown["payload"]] == [str(n) for n in range(2, 12)]
