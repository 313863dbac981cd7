"""Conversations and messages of the Chatwoot stand-in, and the rules around the bot."""

from typing import Any

import pytest

from seldenrijk.sandbox.specs import AVAILABLE
from seldenrijk.sandbox.testing import Running


async def status_of(staff: Any, id_: int) -> tuple[str, str | None]:
    shown = await staff.ok("GET", f"/conversations/{id_}")
    return shown["status"], shown["meta"]["assignee_type"]


async def test_a_new_conversation_is_the_bots(staff: Any) -> None:
    conversation = await staff.open(status="open")
    assert (conversation["status"], conversation["meta"]["assignee_type"]) == ("pending", "AgentBot")
    assert await status_of(staff, conversation["id"]) == ("pending", "AgentBot")


async def test_without_a_bot_it_is_open(staff: Any) -> None:
    answer = await staff.call("POST", "/inboxes/1/set_agent_bot", json={"agent_bot": 1})
    assert answer.status_code == 204
    staff.sandbox.world.chatwoot.inboxes.get(1)["agent_bot"] = None
    assert (await staff.open())["status"] == "open"


async def test_the_bot_hands_over(staff: Any, bot: Any) -> None:
    id_ = (await staff.open())["id"]
    done = await bot.ok("POST", f"/conversations/{id_}/toggle_status", {"status": "open"})
    assert done["payload"]["current_status"] == "open"
    assert await status_of(staff, id_) == ("open", None)
    shown = await staff.ok("GET", f"/conversations/{id_}")
    assert shown["waiting_since"] > 0


async def test_assigning_a_person_clears_the_bot_but_not_the_status(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    agent = await staff.ok("POST", f"/conversations/{id_}/assignments", {"assignee_id": 2})
    assert agent["id"] == 2
    assert await status_of(staff, id_) == ("pending", "User")
    await staff.call("POST", f"/conversations/{id_}/assignments", json={"assignee_id": None})
    assert await status_of(staff, id_) == ("pending", None)
    await staff.ok(
        "POST", f"/conversations/{id_}/assignments", {"assignee_id": 1, "assignee_type": "AgentBot"}
    )
    assert await status_of(staff, id_) == ("pending", "AgentBot")


async def test_a_human_reply_does_not_open_the_conversation(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    message = await staff.write(id_, "Ik kijk even")
    assert message["sender"]["type"] == "user"
    assert (await status_of(staff, id_))[0] == "pending"


async def test_the_bots_messages_are_its_own(staff: Any, bot: Any) -> None:
    id_ = (await staff.open())["id"]
    assert (await bot.write(id_))["sender"]["type"] == "agent_bot"


async def test_a_resolved_conversation_comes_back_to_the_bot(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    await staff.ok("POST", f"/conversations/{id_}/toggle_status", {"status": "resolved"})
    await staff.write(id_, message_type="incoming")
    assert await status_of(staff, id_) == ("pending", "AgentBot")


@pytest.mark.parametrize(
    ("before", "after"),
    [("pending", "open"), ("open", "resolved"), ("resolved", "open"), ("snoozed", "open")],
)
async def test_the_status_toggles_where_none_is_named(
    staff: Any, sandbox: Running, before: str, after: str
) -> None:
    conversation = sandbox.world.chatwoot.conversation((await staff.open())["id"])
    conversation.status = before
    sandbox.world.staff.toggle_status(conversation, None, sandbox.world.chatwoot.user(1))
    assert conversation.status == after


async def test_labels_and_attributes_are_replaced(staff: Any, bot: Any) -> None:
    id_ = (await staff.open())["id"]
    await bot.ok("POST", f"/conversations/{id_}/labels", {"labels": ["hot-lead", "bron-whatsapp"]})
    await bot.ok("POST", f"/conversations/{id_}/labels", {"labels": ["warm-lead"]})
    assert (await bot.ok("GET", f"/conversations/{id_}/labels"))["payload"] == ["warm-lead"]
    path = f"/conversations/{id_}/custom_attributes"
    await bot.ok("POST", path, {"custom_attributes": {"a": 1}})
    await bot.ok("POST", path, {"custom_attributes": {"b": 2}})
    assert (await staff.ok("GET", f"/conversations/{id_}"))["custom_attributes"] == {"b": 2}
    merged = await bot.ok("POST", path, {"custom_attributes": {"c": 3}, "merge": True})
    assert merged["custom_attributes"] == {"b": 2, "c": 3}


async def test_priority_and_team(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    team = await staff.ok("POST", "/teams", {"name": "Verkoop"})
    assert team["name"] == "verkoop"
    await staff.ok("POST", f"/conversations/{id_}/toggle_priority", {"priority": "urgent"})
    await staff.ok("POST", f"/conversations/{id_}/assignments", {"team_id": team["id"]})
    shown = await staff.ok("GET", f"/conversations/{id_}")
    assert (shown["priority"], shown["meta"]["team"]["id"]) == ("urgent", team["id"])


async def test_messages_are_paged_backwards_and_forwards(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    ids = [(await staff.write(id_, str(number)))["id"] for number in range(45)]
    path = f"/conversations/{id_}/messages"

    async def page(**params: int) -> list[int]:
        return [message["id"] for message in (await staff.ok("GET", path, params=params))["payload"]]

    assert await page() == ids[-20:]
    assert await page(before=ids[25]) == ids[5:25]
    assert await page(before=ids[5]) == ids[:5]
    assert await page(after=ids[40]) == ids[41:]
    assert await page(after=ids[3], before=ids[6]) == ids[3:6]


async def test_a_message_as_rest_shows_it(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    message = await staff.write(id_, "hoi", message_type="incoming", source_id="SM1", echo_id="e1")
    assert (message["message_type"], message["source_id"], message["echo_id"]) == (0, "SM1", "e1")
    assert isinstance(message["created_at"], int)
    assert message["sender"]["type"] == "contact"
    again = await staff.write(id_, "hoi", message_type="incoming", source_id="SM1")
    assert again["id"] != message["id"]


async def test_files_come_as_a_form_and_can_be_fetched(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    answer = await staff.call(
        "POST",
        f"/conversations/{id_}/messages",
        data={"content": "foto", "message_type": "outgoing", "private": "false"},
        files=[("attachments[]", ("auto.jpg", b"\xff\xd8\xff", "image/jpeg"))],
    )
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["attachments"]
    assert item["file_type"] == "image"
    assert (await staff.client.get(item["data_url"])).content == b"\xff\xd8\xff"


async def test_delivery_status(staff: Any, sandbox: Running) -> None:
    id_ = (await staff.open())["id"]
    message = await staff.write(id_)
    path = f"/conversations/{id_}/messages/{message['id']}"
    assert (await staff.ok("PATCH", path, {"status": "read"}))["status"] == "read"
    assert (await staff.ok("PATCH", path, {"status": "delivered"}))["status"] == "read"
    failed = await staff.ok("PATCH", path, {"status": "failed", "external_error": "buiten 24 uur"})
    assert failed["content_attributes"]["external_error"] == "buiten 24 uur"
    sandbox.world.chatwoot.inboxes.get(1)["channel_type"] = "Channel::WebWidget"
    assert (await staff.call("PATCH", path, json={"status": "sent"})).status_code == 403
    refused = await staff.call(
        "POST", f"/conversations/{id_}/messages", json={"content": "x", "message_type": "incoming"}
    )
    assert "only allowed in Api inboxes" in refused.json()["error"]


async def test_deleting_leaves_a_marker(staff: Any) -> None:
    id_ = (await staff.open())["id"]
    message = await staff.write(id_)
    await staff.ok("DELETE", f"/conversations/{id_}/messages/{message['id']}")
    (left,) = (await staff.ok("GET", f"/conversations/{id_}/messages"))["payload"]
    assert left["content_attributes"] == {"deleted": True}


async def test_the_reply_window_closes_after_a_day(staff: Any, sandbox: Running) -> None:
    id_ = (await staff.open())["id"]
    assert (await staff.ok("GET", f"/conversations/{id_}"))["can_reply"] is False
    await staff.write(id_, message_type="incoming")
    assert (await staff.ok("GET", f"/conversations/{id_}"))["can_reply"] is True
    sandbox.world.clock.advance(25 * 3600)
    assert (await staff.ok("GET", f"/conversations/{id_}"))["can_reply"] is False


async def test_two_hundred_messages_a_minute(staff: Any, sandbox: Running) -> None:
    id_ = (await staff.open())["id"]
    sandbox.world.chatwoot_spec.active = False
    for _ in range(200):
        await staff.write(id_)
    body = {"content": "te veel", "message_type": "outgoing"}
    answer = await staff.call("POST", f"/conversations/{id_}/messages", json=body)
    assert (answer.status_code, answer.json()["message"]) == (422, "Too many messages")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/contacts"),
        ("POST", "/contacts/filter"),
        ("GET", "/conversations/1/messages"),
        ("PATCH", "/conversations/1/messages/1"),
        ("GET", "/inboxes"),
        ("POST", "/webhooks"),
    ],
)
async def test_a_bots_token_opens_few_doors(bot: Any, method: str, path: str) -> None:
    answer = await bot.call(method, path, json={"status": "sent"} if method != "GET" else None)
    assert (answer.status_code, answer.json()["error"]) == (
        401,
        "Access to this endpoint is not authorized for bots",
    )


async def test_no_token_and_a_wrong_one(staff: Any) -> None:
    staff.token = ""
    assert (await staff.call("GET", "/inboxes")).status_code == 401
    staff.token = "wrong"
    assert (await staff.call("GET", "/inboxes")).json() == {"error": "Invalid Access Token"}


async def test_what_the_vendors_document_refuses_is_refused(staff: Any, sandbox: Running) -> None:
    id_ = (await staff.open())["id"]
    body = {"content": "x", "message_type": "outgoing", "sourceid": "typo"}
    answer = await staff.call("POST", f"/conversations/{id_}/messages", json=body)
    if AVAILABLE and sandbox.world.chatwoot_spec.active:
        assert answer.status_code == 422
        assert "sourceid" in answer.json()["message"]
    wrong = await staff.call("POST", "/contacts", json={"inbox_id": "een"})
    assert wrong.status_code == 422


async def test_unknown_things_are_404(staff: Any) -> None:
    for path in ("/conversations/99", "/contacts/99", "/inboxes/99", "/conversations/99/messages"):
        assert (await staff.call("GET", path)).status_code == 404
    answer = await staff.client.get("/api/v1/accounts/2/inboxes", headers={"api_access_token": staff.token})
    assert answer.status_code == 404
