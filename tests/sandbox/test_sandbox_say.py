"""`say`: the webhook, the wait, what is told about the answer, and how it ends."""

import json
import subprocess
import sys
from typing import Any

import pytest
from starlette.responses import Response
from twilio.rest import Client

from seldenrijk.contracts import (
    Customer,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    MessageRouted,
    PreferencesExtracted,
    ReplySent,
    ReplySuppressed,
    Slots,
    Understanding,
    conversation_of,
    headers_of,
    subject_of,
)
from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.observer import read
from seldenrijk.sandbox.say import SayRequest, plain_slots, say
from seldenrijk.sandbox.testing import Running

TO = "whatsapp:+31612345678"
FROM = "whatsapp:+31850000000"
TRACE = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
ASK = SayRequest(text="Hallo, ik zoek een Volkswagen Golf", timeout=5)


class Services:
    """Plays what the services say on the bus about the newest inbound message."""

    def __init__(self, sandbox: Running) -> None:
        self.world = sandbox.world
        self.conversation = conversation_of(TO, b"key")

    @property
    def inbound(self) -> Any:
        return next(m for m in reversed(self.world.twilio.messages.values()) if m.direction == "inbound")

    async def tell(self, event: Event) -> None:
        seen = read(subject_of(event), headers_of(event, "test", TRACE), event.to_json())
        assert seen is not None
        await self.world.observer.add(seen)

    def make(self, kind: type[Event], **fields: Any) -> Event:
        return kind.of(self.inbound.sid, self.conversation, **fields)

    async def understood(self) -> None:
        self.world.observer.connected = True
        message = Message(
            message_id=self.inbound.sid, text=self.inbound.body, received_at=self.world.clock.now()
        )
        meant = Understanding(intent="car_inquiry", confidence=0.97)
        slots = Slots(make=("Volkswagen",), model=("Golf",))
        person = Customer(address=TO)
        await self.tell(self.make(MessageReceived, customer=person, business_address=FROM, message=message))
        await self.tell(self.make(MessageRouted, message=message, understanding=meant))
        await self.tell(self.make(PreferencesExtracted, message=message, understanding=meant, slots=slots))


@pytest.fixture
def services(sandbox: Running) -> Services:
    return Services(sandbox)


async def test_the_reply_and_how_it_came_about(
    sandbox: Running, listener: Listener, twilio: Client, services: Services
) -> None:
    async def answer() -> Response:
        await services.understood()
        for part, body in enumerate(("Twee Golfs.", "Zien?"), 1):
            sent = await twilio.messages.create_async(to=TO, from_=FROM, body=body)
            fields = {"reply_id": "r", "author": "bot", "channel_message_id": sent.sid}
            await services.tell(services.make(ReplySent, ordinal=part, part=part, parts=2, **fields))
        return Response(status_code=200)

    listener.reply = answer
    result = await say(sandbox.world, ASK)
    assert result.reply == "Twee Golfs.\n\nZien?"
    assert (result.intent, result.confidence) == ("car_inquiry", 0.97)
    assert result.slots == {"make": "Volkswagen", "model": "Golf"}
    assert result.trace == "ab" * 16
    assert result.latency_ms is not None and result.latency_ms >= 0
    assert result.outcome == "answered"


@pytest.mark.parametrize(
    ("kind", "fields", "outcome", "word"),
    [
        (HandoverRequested, {"reason": "complaint", "requested_by": "router"}, "handed_over", "complaint"),
        (ReplySuppressed, {"reason": "taken_over"}, "silent", "taken_over"),
        (None, {}, "no_answer", "preferences.extracted.v1"),
    ],
)
async def test_no_reply_is_explained(
    sandbox: Running,
    listener: Listener,
    services: Services,
    kind: type[Event] | None,
    fields: dict[str, Any],
    outcome: str,
    word: str,
) -> None:
    async def answer() -> Response:
        await services.understood()
        if kind:
            await services.tell(services.make(kind, **fields))
        return Response(status_code=200)

    listener.reply = answer
    result = await say(sandbox.world, SayRequest(text="hallo", timeout=0.3))
    assert (result.outcome, result.reply) == (outcome, None)
    assert word in result.explanation


async def test_nothing_runs_or_the_webhook_is_refused(sandbox: Running, listener: Listener) -> None:
    listener.answers = [Response(status_code=401)]
    assert (await say(sandbox.world, ASK)).outcome == "refused"
    sandbox.world.settings.gateway_url = "http://127.0.0.1:9"
    result = await say(sandbox.world, ASK)
    assert result.outcome == "not_running"
    assert "make demo" in result.explanation


def test_slots_are_shown_as_people_write_them() -> None:
    slots = Slots(fuel_type=("diesel", "lpg"), body_type=("SUV",), features=("trekhaak",), max_mileage=150000)
    assert plain_slots(slots.model_dump(mode="json")) == {
        "fuel_type": ["diesel", "lpg"],
        "body_type": "SUV",
        "features": ["trekhaak"],
        "max_mileage": 150000,
    }
    assert plain_slots(Slots().model_dump(mode="json")) == {}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seldenrijk.sandbox", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={"PATH": "", **environment}
    )


def test_the_command_says_what_to_start_when_nothing_runs() -> None:
    done = run("say", "hallo", "--url", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert (
        done.stderr.strip() == "no sandbox answers at http://127.0.0.1:9: start the system with `make demo`"
    )


def test_it_refuses_to_start_beside_a_real_vendor() -> None:
    for name, url in (
        ("TWILIO_API_BASE_URL", "https://api.twilio.com"),
        ("CHATWOOT_BASE_URL", "https://app.chatwoot.com/"),
    ):
        done = run("serve", **{name: url})
        assert done.returncode == 2
        assert name in done.stderr and "real vendor" in done.stderr


async def test_the_json_line(
    sandbox: Running, listener: Listener, twilio: Client, services: Services
) -> None:
    import asyncio

    async def answer() -> Response:
        await services.understood()
        sent = await twilio.messages.create_async(to=TO, from_=FROM, body="Ja, één")
        fields = {"reply_id": "r", "author": "bot", "channel_message_id": sent.sid}
        await services.tell(services.make(ReplySent, **fields))
        return Response(status_code=200)

    listener.reply = answer
    done = await asyncio.to_thread(run, "say", "Golf?", "--json", "--url", sandbox.url)
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert list(line) == ["reply", "intent", "confidence", "slots", "latency_ms", "trace"]
    assert (line["reply"], line["intent"]) == ("Ja, één", "car_inquiry")
