"""Every request that the service can make, held against Chatwoot's own OpenAPI document.

The document is not part of the repository. Where it is at hand (SHARED_SPECS) the requests are checked
and the operations' digest is compared; elsewhere the test says that it did not run, and the digest
still tells for which operations it once did. ``python tests/chatwoot_sync/test_chatwoot_openapi.py``
writes the digest anew.
"""

import asyncio
import hashlib
import json
import os
import re
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from prometheus_client import CollectorRegistry
from werkzeug.datastructures import Headers, ImmutableMultiDict

from seldenrijk.chatwoot_sync import wanted
from seldenrijk.chatwoot_sync.account import Account
from seldenrijk.chatwoot_sync.breaker import Breaker
from seldenrijk.chatwoot_sync.chatwoot import Chatwoot, Draft, Upload
from seldenrijk.chatwoot_sync.metrics import SyncMetrics
from seldenrijk.chatwoot_sync.transport import Api

SPECS = Path(os.environ.get("SHARED_SPECS", "../shared/specs"))
STRICT = SPECS / "chatwoot_application.prism.json"
VENDORS = SPECS / "chatwoot_application.trimmed.json"
AT_HAND = {d: json.loads(d.read_text()) for d in (STRICT, VENDORS) if d.is_file()}
DIGEST = Path(__file__).parent / "chatwoot_operations.json"
SITE = "https://app.chatwoot.com"
UNDOCUMENTED = {"PATCH /api/v1/accounts/{}/conversations/{}/messages/{}"}
"""In Chatwoot's source, not in its document; the stricter derived document has it."""
ANSWER = {
    "id": 1,
    "source_id": "x",
    "payload": {"id": 1, "source_id": "x", "webhook": {"id": 1}},
    "agent_bot": {"id": 1},
}


async def requests_made() -> list[httpx.Request]:
    """One request of every kind, with every field that is ever sent."""
    made: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        made.append(request)
        lists = ("filter", "messages", "contacts", "conversations", "labels", "teams", "inboxes", "webhooks")
        lists += ("agent_bots", "custom_attribute_definitions")
        listing = request.method == "GET" and request.url.path.rpartition("/")[2] in lists
        payload: Any = [] if listing or request.url.path.endswith("filter") else ANSWER["payload"]
        return httpx.Response(200, json=ANSWER | {"payload": payload})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        api = Api(http, SITE, 1, Breaker(), SyncMetrics(CollectorRegistry()))
        await of_the_mirror(Chatwoot(api, "user", "bot", 1))
        await of_setup(Account(api, "user", 1))
    return made


async def of_the_mirror(chatwoot: Chatwoot) -> None:
    await chatwoot.reachable()
    await chatwoot.contacts_by("phone_number", "+31612345678")
    await chatwoot.contacts_by("identifier", "whatsapp:NL.1")
    await chatwoot.create_contact(
        {"name": "Jan", "identifier": "whatsapp:x", "source_id": "whatsapp:x", "phone_number": "+31612345678"}
    )
    await chatwoot.update_contact(
        1, {"name": "Jan", "custom_attributes": {"lead_score": 5, "has_trade_in": True}}
    )
    await chatwoot.link_contact(1, "whatsapp:x")
    await chatwoot.link_contact(1, None)
    await chatwoot.conversations_of(1)
    await chatwoot.conversation(1)
    await chatwoot.create_conversation(1, "whatsapp:x")
    await chatwoot.recent_conversations(2)
    await chatwoot.messages(1)
    await chatwoot.messages(1, before=9)
    upload = Upload("a.jpg", "image/jpeg", b"\xff")
    for uploads in ((), (upload,)):
        await chatwoot.post(1, Draft("Hoi", "SM1", incoming=True, in_reply_to="SM0", uploads=uploads))
        await chatwoot.post(1, Draft("notitie", "note:1", private=True, uploads=uploads))
    await chatwoot.set_message_status(1, 2, "failed", "Niet afgeleverd.")
    await chatwoot.set_message_status(1, 2, "read")
    await chatwoot.set_status(1, "pending")
    await chatwoot.set_priority(1, "urgent")
    await chatwoot.assign_team(1, 2)
    await chatwoot.labels(1)
    await chatwoot.set_labels(1, ["hot-lead"])
    await chatwoot.set_conversation_attributes(1, {"intent": "car_inquiry"})
    await chatwoot.teams()


async def of_setup(account: Account) -> None:
    await account.inboxes()
    await account.inbox(1)
    channel = {
        "webhook_url": "https://x.example/hook",
        "additional_attributes": {"agent_reply_time_window": 24},
    }
    await account.create_inbox(wanted.INBOX, channel)
    await account.update_inbox(1, channel)
    await account.bots()
    await account.create_bot(wanted.BOT, "Beantwoordt klanten")
    await account.bot_of(1)
    await account.connect_bot(1, 2)
    await account.webhooks()
    await account.create_webhook("https://x.example/hook", "seldenrijk", wanted.SUBSCRIPTIONS)
    await account.update_webhook(1, "https://x.example/hook", wanted.SUBSCRIPTIONS)
    await account.labels()
    for title in wanted.label_titles():
        await account.create_label(title, wanted.color_of(title))
    for number in (0, 1):
        await account.attributes(number)
    for a in wanted.ATTRIBUTES:
        await account.create_attribute(a.model_number, a.key, a.title, wanted.DISPLAY_TYPES[a.kind])
    await account.teams()
    await account.create_team("verkoop")


def operation(request: httpx.Request) -> str:
    """Method and path with the ids left out."""
    return f"{request.method} {re.sub(r'/[0-9]+', '/{}', request.url.path)}"


def spoken(request: httpx.Request) -> dict[str, Any]:
    """A multipart form as the values that its text stands for: booleans and objects travel as JSON."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    fields: dict[str, Any] = {}
    for part in message_from_bytes(head + request.content, policy=HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        text = part.get_payload(decode=True).decode("latin-1")
        if name.endswith("[]"):
            fields.setdefault(name, []).append(text)
        else:
            fields[name] = json.loads(text) if text[0] == "{" or text in {"true", "false"} else text
    return fields


def refusal(api: OpenAPI, document: Any, request: httpx.Request) -> str | None:
    """What the document has against a request; None where it has nothing."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0]
    if kind == "multipart/form-data":
        path = "/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages"
        content = document["paths"][path]["post"]["requestBody"]["content"]
        errors = Draft202012Validator(content[kind]["schema"]).iter_errors(spoken(request))
        return "; ".join(error.message for error in errors) or None
    presented = SimpleNamespace(
        host_url=SITE,
        path=request.url.path,
        method=request.method.lower(),
        content_type=kind,
        body=request.content or None,
        parameters=RequestParameters(
            query=ImmutableMultiDict(request.url.params.multi_items()),
            header=Headers(request.headers.items()),
        ),
    )
    try:
        api.validate_request(presented)
    except OpenAPIError as error:
        details = getattr(error.__cause__, "schema_errors", None) or [error]
        return "; ".join(str(getattr(e, "message", type(e).__name__)) for e in details)
    return None


def digests(document: Path) -> dict[str, str]:
    """A hash for each documented operation, of its parameters and its body with all that they refer to."""
    spec = json.loads(document.read_text())

    def resolved(node: Any, seen: tuple[str, ...] = ()) -> Any:
        if isinstance(node, dict):
            if (ref := node.get("$ref")) is not None:
                if ref in seen:
                    return ref
                target = spec
                for part in ref.removeprefix("#/").split("/"):
                    target = target[part]
                return resolved(target, (*seen, ref))
            return {
                k: resolved(v, seen)
                for k, v in node.items()
                if k not in {"description", "example", "examples"}
            }
        return [resolved(v, seen) for v in node] if isinstance(node, list) else node

    found = {}
    for path, item in spec["paths"].items():
        for method, described in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                parts = [resolved(described.get(p, item.get(p))) for p in ("parameters", "requestBody")]
                text = json.dumps(parts, sort_keys=True)
                name = f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}"
                found[name] = hashlib.sha256(text.encode()).hexdigest()
    return found


async def test_the_recorded_operations_are_the_ones_that_are_used() -> None:
    recorded = json.loads(DIGEST.read_text())
    used = {operation(request) for request in await requests_made()}
    assert used == set(recorded), "run this file as a program where the document is at hand"


@pytest.mark.parametrize("document", [STRICT, VENDORS], ids=["strict", "vendors"])
async def test_chatwoots_document_accepts_every_request(document: Path) -> None:
    if document not in AT_HAND:
        pytest.skip(f"{document.name} is not at hand: NOT CHECKED here; see {DIGEST.name} for what once was")
    described = AT_HAND[document]
    api = OpenAPI.from_dict(described)
    for request in await requests_made():
        if document == VENDORS and operation(request) in UNDOCUMENTED:
            continue
        await request.aread()
        assert refusal(api, described, request) is None, operation(request)


def test_the_document_is_the_one_that_was_checked() -> None:
    if not STRICT.is_file():
        pytest.skip(f"{STRICT.name} is not at hand: NOT CHECKED here")
    recorded = json.loads(DIGEST.read_text())
    present = digests(STRICT)
    assert {name: present.get(name) for name in recorded} == recorded


if __name__ == "__main__":
    current = digests(STRICT)
    names = sorted({operation(request) for request in asyncio.run(requests_made())})
    DIGEST.write_text(json.dumps({name: current[name] for name in names}, indent=2) + "\n")
