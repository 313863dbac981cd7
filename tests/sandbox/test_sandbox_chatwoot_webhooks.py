"""What the Chatwoot stand-in sends, and what administrators set up."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import Response

from seldenrijk.sandbox.chatwoot.events import signature
from seldenrijk.sandbox.listener import Listener, Received, listening
from seldenrijk.sandbox.testing import Running


@pytest.fixture
async def hooks() -> AsyncIterator[Listener]:
    async with listening() as opened:
        yield opened


@pytest.fixture
async def secret(staff: Any, hooks: Listener) -> str:
    events = ["message_created", "message_updated", "conversation_status_changed", "conversation_updated"]
    body = {"url": hooks.url + "/chatwoot", "subscriptions": events}
    return (await staff.ok("POST", "/webhooks", body))["payload"]["webhook"]["secret"]


def events_of(seen: list[Received], event: str) -> list[dict[str, Any]]:
    return [request.json for request in seen if request.json["event"] == event]


async def test_a_signed_message_created(staff: Any, hooks: Listener, secret: str) -> None:
    conversation = await staff.open()
    await staff.write(conversation["id"], "hoi", message_type="incoming", source_id="SM1")
    await hooks.until(lambda seen: events_of(seen, "message_created"))
    (request,) = hooks.requests
    timestamp = request.headers["x-chatwoot-timestamp"]
    assert abs(int(timestamp) - time.time()) < 10
    assert request.headers["x-chatwoot-signature"] == signature(secret, timestamp, request.body)
    assert request.headers["x-chatwoot-delivery"]
    event = request.json
    assert (event["message_type"], event["content"], event["source_id"]) == ("incoming", "hoi", "SM1")
    assert event["created_at"].endswith("Z")
    assert "type" not in event["sender"]
    inner = event["conversation"]
    assert (inner["id"], inner["status"], inner["channel"]) == (conversation["id"], "pending", "Channel::Api")
    assert inner["contact_inbox"]["source_id"] == "whatsapp:+31612345678"
    assert inner["meta"]["assignee_type"] == "AgentBot"
    assert (inner["messages"][0]["message_type"], inner["can_reply"]) == (0, True)


async def test_our_own_posts_echo_and_notes_too(staff: Any, bot: Any, hooks: Listener, secret: str) -> None:
    id_ = (await staff.open())["id"]
    await bot.write(id_, "van de bot", source_id="SM2")
    await staff.write(id_, "van een mens")
    await staff.write(id_, "notitie", private=True)
    await hooks.until(lambda seen: len(events_of(seen, "message_created")) == 3)
    by_text = {event["content"]: event for event in events_of(hooks.requests, "message_created")}
    assert by_text["van de bot"]["sender"]["type"] == "agent_bot"
    assert by_text["van de bot"]["source_id"] == "SM2"
    assert by_text["van een mens"]["sender"]["type"] == "user"
    assert (by_text["notitie"]["private"], by_text["van een mens"]["private"]) == (True, False)


async def test_status_and_assignment_tell_what_changed(staff: Any, hooks: Listener, secret: str) -> None:
    id_ = (await staff.open())["id"]
    await staff.ok("POST", f"/conversations/{id_}/assignments", {"assignee_id": 2})
    await staff.ok("POST", f"/conversations/{id_}/toggle_status", {"status": "open"})
    await hooks.until(lambda seen: len(seen) == 3)
    first, *_ = events_of(hooks.requests, "conversation_updated")
    assert first["changed_attributes"] == [
        {"assignee_id": {"previous_value": None, "current_value": 2}},
        {"assignee_agent_bot_id": {"previous_value": 1, "current_value": None}},
    ]
    (changed,) = events_of(hooks.requests, "conversation_status_changed")
    assert changed["changed_attributes"][0]["status"] == {
        "previous_value": "pending",
        "current_value": "open",
    }
    assert (changed["id"], changed["status"], changed["meta"]["assignee_type"]) == (id_, "open", "User")
    assert not events_of(hooks.requests, "message_created"), "activity lines are not told"


async def test_account_webhooks_are_never_repeated(
    staff: Any, hooks: Listener, secret: str, sandbox: Running
) -> None:
    hooks.answer = lambda: Response(status_code=500)
    id_ = (await staff.open())["id"]
    message = await staff.write(id_)
    await hooks.until(lambda seen: seen)
    while len(sandbox.world.tasks):
        await asyncio.sleep(0.01)
    assert len(hooks.requests) == 1
    assert (await sandbox.api.get("/chatwoot/deliveries")).json()[0]["status"] == 500
    (shown,) = (await staff.ok("GET", f"/conversations/{id_}/messages"))["payload"]
    assert (shown["id"], shown["status"]) == (message["id"], "sent")


async def test_an_inbox_webhook_that_fails_fails_the_agents_message(staff: Any, hooks: Listener) -> None:
    channel = {"webhook_url": hooks.url + "/inbox"}
    inbox = await staff.ok("PATCH", "/inboxes/1", {"channel": channel})
    assert inbox["secret"]
    hooks.answers = [Response(status_code=500)] * 2
    id_ = (await staff.open())["id"]
    await staff.write(id_, "aan de klant")
    await hooks.until(lambda seen: events_of(seen, "message_updated"))
    (shown,) = (await staff.ok("GET", f"/conversations/{id_}/messages"))["payload"]
    assert shown["status"] == "failed"
    message = next(r for r in hooks.requests if r.json["event"] == "message_created")
    timestamp = message.headers["x-chatwoot-timestamp"]
    assert message.headers["x-chatwoot-signature"] == signature(inbox["secret"], timestamp, message.body)


async def test_a_bots_webhook_that_fails_opens_the_conversation(staff: Any, hooks: Listener) -> None:
    await staff.ok("PATCH", "/agent_bots/1", {"outgoing_url": hooks.url + "/bot"})
    hooks.answer = lambda: Response(status_code=404)
    id_ = (await staff.open())["id"]
    await staff.write(id_, message_type="incoming")
    await hooks.until(lambda seen: events_of(seen, "conversation_opened"))
    assert (await staff.ok("GET", f"/conversations/{id_}"))["status"] == "open"


async def test_webhooks_dropped_and_doubled_by_plan(
    staff: Any, hooks: Listener, secret: str, sandbox: Running
) -> None:
    plan = {"vendor": "chatwoot", "operation": "webhook", "times": 1}
    await sandbox.api.post("/faults", json=plan | {"kind": "drop", "match": "eerste"})
    await sandbox.api.post("/faults", json=plan | {"kind": "duplicate", "count": 2, "match": "tweede"})
    id_ = (await staff.open())["id"]
    await staff.write(id_, "de eerste")
    await staff.write(id_, "de tweede")
    await hooks.until(lambda seen: len(seen) == 2)
    assert [request.json["content"] for request in hooks.requests] == ["de tweede"] * 2
    deliveries = {request.headers["x-chatwoot-delivery"] for request in hooks.requests}
    assert len(deliveries) == 1


@pytest.mark.parametrize("status", [429, 500, 401, 503])
async def test_requests_fail_by_plan(staff: Any, sandbox: Running, status: int) -> None:
    fault = {"vendor": "chatwoot", "operation": "contacts.*", "kind": "status", "status": status, "times": 1}
    await sandbox.api.post("/faults", json=fault | {"retry_after": 3})
    answer = await staff.call("GET", "/contacts")
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "3")
    assert (await staff.call("GET", "/contacts")).status_code == 200


async def test_staff_at_the_page(staff: Any, hooks: Listener, secret: str, sandbox: Running) -> None:
    id_ = (await staff.open())["id"]
    path = f"/chatwoot/conversations/{id_}"
    file = {"filename": "a.pdf", "content_type": "application/pdf", "data": "JVBERg=="}
    said = await sandbox.api.post(f"{path}/reply", json={"text": "Dag!", "files": [file]})
    assert said.json()["attachments"][0]["file_type"] == "file"
    assert (await sandbox.api.post(f"{path}/assign", json={"agent_id": 2})).json()["meta"]["assignee"][
        "id"
    ] == 2
    assert (await sandbox.api.post(f"{path}/status", json={"status": "open"})).json()["status"] == "open"
    back = (await sandbox.api.post(f"{path}/hand-back")).json()
    assert (back["status"], back["meta"]["assignee_type"]) == ("pending", "AgentBot")
    await hooks.until(lambda seen: len(events_of(seen, "conversation_status_changed")) == 2)
    shown = (await sandbox.api.get(path)).json()
    assert [m["content"] for m in shown["messages"] if m["message_type"] == 1] == ["Dag!"]
    assert (await sandbox.api.get("/chatwoot/conversations")).json()[0]["id"] == id_
    assert (await sandbox.api.get("/chatwoot/contacts")).json()[0]["phone_number"] == "+31612345678"
    assert (await sandbox.api.get("/chatwoot/conversations/99")).status_code == 404


async def test_setting_up_twice_is_noticed(staff: Any) -> None:
    label = {"title": "hot-lead", "color": "#ff0000"}
    assert (await staff.ok("POST", "/labels", label))["title"] == "hot-lead"
    assert (await staff.call("POST", "/labels", json=label)).status_code == 422
    assert (await staff.call("POST", "/labels", json={"title": "intent:x"})).status_code == 422
    attribute = {
        "attribute_display_name": "Score",
        "attribute_key": "lead_score",
        "attribute_display_type": 1,
        "attribute_model": 1,
    }
    made = await staff.ok("POST", "/custom_attribute_definitions", attribute)
    assert (made["attribute_display_type"], made["attribute_model"]) == ("number", "contact_attribute")
    assert (await staff.call("POST", "/custom_attribute_definitions", json=attribute)).status_code == 422
    listed = await staff.ok("GET", "/custom_attribute_definitions", params={"attribute_model": "1"})
    assert len(listed) == 1
    assert await staff.ok("GET", "/custom_attribute_definitions", params={"attribute_model": "0"}) == []
    await staff.ok("POST", "/teams", {"name": "Verkoop"})
    assert (await staff.call("POST", "/teams", json={"name": "verkoop"})).status_code == 422
    hook = {"url": "http://127.0.0.1:1/x", "subscriptions": ["message_created"]}
    await staff.ok("POST", "/webhooks", hook)
    assert (await staff.call("POST", "/webhooks", json=hook)).status_code == 422
    wrong = {"url": "http://127.0.0.1:1/y", "subscriptions": ["nonsense"]}
    assert (await staff.call("POST", "/webhooks", json=wrong)).status_code == 422


async def test_an_inbox_and_a_bot_from_nothing(staff: Any) -> None:
    inbox = await staff.ok("POST", "/inboxes", {"name": "WhatsApp 2", "channel": {"type": "api"}})
    assert (inbox["channel_type"], bool(inbox["secret"])) == ("Channel::Api", True)
    made = await staff.ok("POST", "/agent_bots", {"name": "Assistent 2"})
    assert made["access_token"] not in ("", "sandbox-bot-token")
    answer = await staff.call("POST", f"/inboxes/{inbox['id']}/set_agent_bot", json={"agent_bot": made["id"]})
    assert answer.status_code == 204
    connected = await staff.ok("GET", f"/inboxes/{inbox['id']}/agent_bot")
    assert connected["agent_bot"]["id"] == made["id"]
    profile = await staff.client.get("/api/v1/profile", headers={"api_access_token": staff.token})
    assert profile.json()["role"] == "administrator"
    assert [agent["role"] for agent in await staff.ok("GET", "/agents")] == [
        "administrator",
        "agent",
        "agent",
    ]
