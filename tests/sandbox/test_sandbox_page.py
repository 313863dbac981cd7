"""The page, what feeds it, and the control API around it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

import seldenrijk.sandbox.app
from seldenrijk.sandbox.app import create_app
from seldenrijk.sandbox.journal import Journal
from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.settings import SandboxSettings
from seldenrijk.sandbox.testing import Running

STATIC = Path(seldenrijk.sandbox.app.__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html")]
    + [(f"/{file.name}", KINDS[file.suffix]) for file in sorted(STATIC.iterdir()) if file.suffix in KINDS],
)
async def test_everything_the_page_needs_is_served_from_here(sandbox: Running, path: str, kind: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(sandbox.url + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    named = answer.text.replace("http://www.w3.org/2000/svg", "")  # the name of a language, not an address
    assert "http://" not in named and "https://" not in named


async def test_health(sandbox: Running) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{sandbox.url}/health")).json() == {"status": "ok", "sandbox": True}
    assert (await sandbox.api.get("/health")).json()["status"] == "sandbox"


async def test_a_snapshot_and_then_everything_live(sandbox: Running) -> None:
    await sandbox.api.post("/customers/send", json={"text": "eerst"})
    snapshot = (await sandbox.api.get("/snapshot")).json()
    assert [message["body"] for message in snapshot["messages"]] == ["eerst"]
    seen: list[dict[str, Any]] = []
    url = f"/events?after={snapshot['seq']}"
    async with sandbox.api.stream("GET", url) as stream:
        await sandbox.api.post("/customers/send", json={"text": "daarna"})
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line.removeprefix("data: ")))
            if seen and seen[-1]["kind"] == "twilio.webhook":
                break
    assert [entry["kind"] for entry in seen] == ["twilio.inbound", "twilio.webhook"]
    assert seen[0]["data"]["body"] == "daarna"
    assert seen[0]["seq"] == snapshot["seq"] + 1


async def test_a_reader_that_reconnects_misses_nothing(sandbox: Running) -> None:
    for text in ("een", "twee"):
        await sandbox.api.post("/customers/send", json={"text": text})
    headers = {"Last-Event-ID": "2"}
    async with sandbox.api.stream("GET", "/events", headers=headers) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                assert json.loads(line.removeprefix("data: "))["data"]["body"] == "twee"
                break


async def test_a_slow_reader_loses_old_lines_and_blocks_nobody() -> None:
    journal = Journal(keep=10)
    follower = journal.follow(0)
    journal.add("start")
    assert (await anext(follower)).kind == "start"
    for number in range(5_000):
        journal.add("line", number=number)
    assert (await anext(follower)).data["number"] > 2_000
    assert len(journal.since(0)) == 10
    await follower.aclose()


async def test_silence_is_broken_by_a_heartbeat() -> None:
    journal = Journal()
    follower = journal.follow(heartbeat=0.01)
    assert await anext(follower) is None
    await follower.aclose()


async def test_reset_forgets_everything(sandbox: Running, staff: Any) -> None:
    await sandbox.api.post("/customers/send", json={"text": "hallo"})
    await staff.open()
    await sandbox.api.post("/faults", json={"vendor": "twilio", "kind": "reset"})
    await sandbox.api.post("/clock", json={"seconds": 60})
    assert (await sandbox.api.post("/reset")).status_code == 204
    assert (await sandbox.api.get("/oracle")).json()["inbound"] == []
    assert (await sandbox.api.get("/faults")).json() == []
    assert (await sandbox.api.get("/clock")).json()["offset"] == 0
    assert (await sandbox.api.get("/chatwoot/conversations")).json() == []


async def test_a_picture_for_the_page(sandbox: Running) -> None:
    await sandbox.api.post("/customers/send", json={"kind": "sticker"})
    (message,) = (await sandbox.api.get("/twilio/messages", params={"customer": "+31612345678"})).json()
    answer = await sandbox.api.get(message["media"][0]["url"].removeprefix("/api"))
    assert answer.headers["content-type"] == "image/webp"
    assert (await sandbox.api.get("/media/SM1/ME1")).status_code == 404
    assert (await sandbox.api.get("/customers")).json()[0]["address"] == "whatsapp:+31612345678"


async def test_not_waiting_for_the_webhook(sandbox: Running, listener: Listener) -> None:
    sent = await sandbox.api.post("/customers/send?wait=false", json={"text": "hallo"})
    assert sent.json()["status"] is None
    await listener.until(lambda seen: len(seen) == 1)
    assert (await sandbox.api.post("/twilio/messages/SM1/deliver", json={})).status_code == 404


def test_the_sandbox_never_starts_beside_a_real_vendor() -> None:
    for url in ("https://api.twilio.com", "https://app.chatwoot.com", "https://x.dublin.ie1.twilio.com/y"):
        with pytest.raises(ValidationError, match="real vendor"):
            SandboxSettings(twilio_api_base_url=url)
    SandboxSettings(chatwoot_base_url="http://127.0.0.1:8090/chatwoot")


def test_it_is_loopback_unless_told() -> None:
    assert create_app(SandboxSettings()).world.settings.host == "127.0.0.1"


def test_addresses_and_secrets_as_the_services_spell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "new, old")
    monkeypatch.setenv("TWILIO_WHATSAPP_NUMBER", "+31851234567")
    monkeypatch.setenv("CHATWOOT_WEBHOOK_SECRETS", "one,two")
    monkeypatch.setenv("GATEWAY_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("PUBLIC_URL", "https://dealer.example/")
    settings = SandboxSettings()
    assert settings.tokens == ["new", "old"]
    assert settings.business_number == "whatsapp:+31851234567"
    assert settings.webhook_secret == "one"
    assert settings.webhook_target == "http://127.0.0.1:1/api/webhooks/twilio"
    assert settings.webhook_signed_url == "https://dealer.example/api/webhooks/twilio"
