"""The staff's word: signed, published once, answered; nothing that isn't theirs goes to a customer."""

import asyncio
import hashlib
import hmac
import time
from typing import Any

import httpx
import orjson
import pytest

from seldenrijk.chassis import BusUnavailable
from seldenrijk.chatwoot_sync.signature import SKEW, Signatures, sign
from seldenrijk.chatwoot_sync.webhook import LIMIT, PATH
from seldenrijk.contracts import ConversationReleased, ConversationTakenOver, ReplyComposed

from .conftest import PHONE, SECRET, System, conversation, received, running_system, until

AGENT = {"id": 2, "name": "Verkoop", "type": "user"}


def payload(**fields: Any) -> dict[str, Any]:
    """A message_created as Chatwoot 4.16 sends it."""
    shown = {
        "id": 7,
        "inbox_id": 1,
        "status": "open",
        "contact_inbox": {"source_id": f"whatsapp:{PHONE}"},
        "meta": {"sender": {"id": 1, "phone_number": PHONE}, "assignee": None, "assignee_type": None},
    }
    message = {
        "event": "message_created",
        "id": 900,
        "content": "Dag!",
        "content_type": "text",
        "content_attributes": {},
        "message_type": "outgoing",
        "private": False,
        "source_id": None,
        "created_at": "2026-11-22T12:00:00.000Z",
        "account": {"id": 1, "name": "x"},
        "inbox": {"id": 1, "name": "WhatsApp"},
        "sender": AGENT,
        "conversation": shown,
    }
    return message | fields


async def post(
    system: System,
    body: Any,
    *,
    secret: str = SECRET,
    age: float = 0.0,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    stamp = str(int(time.time() - age))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    signed = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signature}"}
    async with httpx.AsyncClient() as client:
        return await client.post(
            system.url + PATH, content=raw, headers=signed if headers is None else headers
        )


async def test_an_agents_message_goes_out_once_however_often_it_is_told(system: System) -> None:
    answers = [await post(system, payload()) for _ in range(3)]
    assert [a.status_code for a in answers] == [200] * 3
    assert [a.json()["outcome"] for a in answers] == ["accepted", "duplicate", "duplicate"]
    assert [e.text for e in system.heard(ReplyComposed)] == ["Dag!"]
    (reply,) = system.heard(ReplyComposed)
    assert reply.cause == "chatwoot/1/900"
    assert reply.expires_at.isoformat() == "2026-11-23T12:00:00+00:00"


@pytest.mark.parametrize("secret", [SECRET, "other"])
async def test_each_webhooks_own_secret_is_taken(system: System, secret: str) -> None:
    assert (await post(system, payload(), secret=secret)).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"secret": "guess"},
        {"age": SKEW + 10},
        {"age": -SKEW - 10},
        {"headers": {}},
        {"headers": {"X-Chatwoot-Timestamp": "soon", "X-Chatwoot-Signature": "sha256=00"}},
        {"headers": {"X-Chatwoot-Timestamp": "²", "X-Chatwoot-Signature": "sha256=é"}},
    ],
)
async def test_what_is_not_signed_now_by_chatwoot_is_refused(system: System, given: dict[str, Any]) -> None:
    if "headers" in given:
        given["headers"] = {k: v.encode() for k, v in given["headers"].items()}
    assert (await post(system, payload(), **given)).status_code == 401
    assert system.bus.messages() == []


def test_the_signature_covers_timestamp_and_body() -> None:
    checker = Signatures(["s"], clock=lambda: 1000.0)
    good = {"x-chatwoot-timestamp": "1000", "x-chatwoot-signature": sign(b"s", "1000", b"{}")}
    assert checker.refusal(good, b"{}") is None
    assert checker.refusal(good, b"{ }") == "signature"
    assert checker.refusal(good | {"x-chatwoot-timestamp": "1001"}, b"{}") == "signature"
    assert Signatures([""]).refusal(good, b"{}") == "no secret"


async def test_without_a_secret_nothing_is_believed() -> None:
    async with running_system(chatwoot_webhook_secrets="") as system:
        assert (await post(system, payload(), secret="")).status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"private": True},
        {"message_type": "incoming", "sender": {"id": 1}},
        {"message_type": "activity"},
        {"message_type": "template"},
        {"sender": {"id": 1, "type": "agent_bot"}},
        {"sender": None},
        {"source_id": "SM123"},
        {"content_attributes": {"automation_rule_id": 3}},
        {"inbox": {"id": 2}, "conversation": payload()["conversation"] | {"inbox_id": 2}},
        {"account": {"id": 9}},
        {"event": "message_updated"},
        {"event": "conversation_typing_on"},
        {"event": "contact_updated"},
        {"event": "webwidget_triggered"},
    ],
)
async def test_what_is_no_word_to_the_customer_never_goes_out(system: System, fields: dict[str, Any]) -> None:
    answer = await post(system, payload(**fields))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "ignored")
    assert system.bus.messages() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"{}", b'{"event": "message_created"}'])
async def test_nonsense_is_refused_and_does_no_harm(system: System, body: bytes) -> None:
    assert (await post(system, body)).status_code == 400
    assert (await post(system, payload())).status_code == 200


async def test_a_body_that_is_too_large_is_not_read(system: System) -> None:
    assert (await post(system, b"x" * (LIMIT + 1))).status_code == 413


async def test_no_answer_before_it_is_stored(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(*_: Any) -> None:
        raise BusUnavailable("no confirmation")

    with monkeypatch.context() as patch:
        patch.setattr(system.bus, "publish", refuses)
        assert (await post(system, payload())).status_code == 503
    assert (await post(system, payload())).json()["outcome"] == "accepted"


async def test_attachments_go_along(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    file = {"filename": "offerte.pdf", "content_type": "application/pdf", "data": "JVBERg=="}
    await system.act("reply", text="", files=[file])
    await system.quiet()
    (reply,) = system.heard(ReplyComposed)
    (media,) = reply.media
    assert (reply.text, media.filename, media.content_type) == ("", "offerte.pdf", "application/pdf")
    async with httpx.AsyncClient() as client:
        assert (await client.get(media.url)).content == b"%PDF"


async def test_a_message_that_cannot_be_sent_is_told_of(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="x" * 20_001)
    await until(lambda: len(system.messages()) == 3)
    message, note = system.messages()[1:]
    assert (message.status, note.private) == ("failed", True)
    assert system.heard(ReplyComposed) == []
    assert len(system.heard(ConversationTakenOver)) >= 1


async def test_deleting_a_message_is_answered_with_a_note(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    said = await system.act("reply", text="oeps")
    await system.quiet()
    actions, store = system.sandbox.world.staff, system.sandbox.world.chatwoot
    actions.delete_message(store.message(store.conversation(1), said["id"]))
    await until(lambda: len(system.messages()) == 3)
    assert "verwijderd" in system.texts()[-1]
    assert system.messages()[-1].private
    assert [e.text for e in system.heard(ReplyComposed)] == ["oeps"]


async def test_a_conversation_that_the_staff_began_has_the_contacts_number(system: System) -> None:
    shown = payload()["conversation"] | {"contact_inbox": {"source_id": "9b2c-random"}}
    await post(system, payload(conversation=shown))
    assert [e.conversation for e in system.heard(ReplyComposed)] == [conversation()]


async def test_a_conversation_of_nobody_is_ignored(system: System) -> None:
    meta = {"sender": {"id": 1, "phone_number": None, "identifier": "crm-1"}}
    shown = payload()["conversation"] | {"contact_inbox": {"source_id": "random"}, "meta": meta}
    assert (await post(system, payload(conversation=shown))).json()["outcome"] == "ignored"


def changed(
    name: str, status: str, attribute: str | None = None, assignee: Any = None, at: float = 1.0
) -> Any:
    kind = {"assignee": assignee, "assignee_type": "User" if assignee else None}
    shown = payload()["conversation"] | {"status": status, "updated_at": at, "account": {"id": 1}}
    shown["meta"] = shown["meta"] | kind
    change = [{attribute: {"previous_value": 1, "current_value": 2}}] if attribute else None
    return shown | {"event": name, "changed_attributes": change}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (changed("conversation_status_changed", "open"), [("taken", "status", None)]),
        (changed("conversation_status_changed", "snoozed"), [("taken", "status", None)]),
        (changed("conversation_status_changed", "open", assignee=AGENT), [("taken", "status", 2)]),
        (changed("conversation_status_changed", "pending"), [("released", "status", None)]),
        (changed("conversation_status_changed", "resolved"), [("released", "status", None)]),
        (changed("conversation_updated", "pending", "assignee_id", AGENT), [("taken", "assignment", 2)]),
        (changed("conversation_updated", "pending", "assignee_id"), [("released", "assignment", None)]),
        (changed("conversation_updated", "open", "assignee_id"), []),
        (changed("conversation_updated", "pending", "label_list", AGENT), []),
        (changed("conversation_updated", "open", "priority"), []),
        (changed("conversation_updated", "pending", None, AGENT), []),
        (changed("conversation_created", "pending"), []),
        (changed("conversation_created", "open"), [("taken", "status", None)]),
    ],
)
async def test_who_holds_the_conversation(system: System, body: Any, expected: list[Any]) -> None:
    assert (await post(system, body)).status_code == 200
    events = [*system.heard(ConversationTakenOver), *system.heard(ConversationReleased)]
    told = [
        ("taken" if isinstance(e, ConversationTakenOver) else "released", e.by, getattr(e, "agent_id", None))
        for e in events
    ]
    assert told == expected


async def test_one_change_told_by_several_webhooks_is_one_event(system: System) -> None:
    for name in ("conversation_status_changed", "conversation_opened", "conversation_updated"):
        await post(system, changed(name, "open", "status"))
    await post(system, changed("conversation_status_changed", "open", at=2.0))
    assert len(system.heard(ConversationTakenOver)) == 2


async def test_resolving_may_be_told_not_to_give_back() -> None:
    async with running_system(chatwoot_release_on_resolve=False) as system:
        await post(system, changed("conversation_status_changed", "resolved"))
        assert system.heard(ConversationReleased) == []


async def test_many_webhooks_at_once_are_each_stored(system: System) -> None:
    async def one(client: httpx.AsyncClient, number: int) -> int:
        raw = orjson.dumps(payload(id=number))
        stamp = str(int(time.time()))
        headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": sign(SECRET.encode(), stamp, raw)}
        return (await client.post(system.url + PATH, content=raw, headers=headers)).status_code

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=50)) as client:
        answers = await asyncio.gather(*(one(client, n) for n in range(40)))
    assert set(answers) == {200}
    assert len(system.heard(ReplyComposed)) == 40
