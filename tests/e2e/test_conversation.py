"""Whole conversations through five processes: the owner's scenarios, repetitions, garbage."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

import httpx
import nats
import pytest

from seldenrijk.contracts import EVENTS, HandoverRequested, MessageReceived, conversation_of, partition_of
from seldenrijk.sandbox.system import System
from seldenrijk.sandbox.system.audit import read_events, settled

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

SCENARIOS = [
    ("Hallo, ik zoek een Volkswagen Golf", "car_inquiry", {"make": "Volkswagen", "model": "Golf"}, "Golf"),
    (
        "Ik wil graag een auto kopen tussen 20k en 30k",
        "price_question",
        {"min_price": 20000, "max_price": 30000},
        "€",
    ),
    ("Wat zijn de mogelijkheden voor financiering?", "financing_inquiry", {}, "financ"),
    (
        "Kan ik een afspraak maken voor een proefrit?",
        "appointment_request",
        {"appointment": {"kind": "proefrit"}},
        "proefrit",
    ),
    (
        "Zoek een diesel SUV met automaat onder de 150000 km",
        "car_inquiry",
        {"fuel_type": "diesel", "body_type": "SUV", "transmission": "automaat", "max_mileage": 150000},
        "diesel",
    ),
]


def say(system: System, text: str, sender: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "seldenrijk.sandbox", "say", text, "--from", sender, "--json"]
    done = subprocess.run(
        [*command, "--url", system.sandbox_url], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in {0, 3}, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(("text", "intent", "slots", "mentioned"), SCENARIOS)
def test_the_owners_scenarios(
    system: System, text: str, intent: str, slots: dict[str, Any], mentioned: str
) -> None:
    sender = f"+3161000{SCENARIOS.index((text, intent, slots, mentioned)):04d}"
    result = say(system, text, sender)
    assert result["intent"] == intent
    assert result["slots"] == slots
    assert mentioned.lower() in result["reply"].lower()
    assert "automatische" in result["reply"].lower() or "assistent" in result["reply"].lower()
    assert result["latency_ms"] < 10_000
    assert len(result["trace"]) == 32


@pytest.mark.parametrize(
    "nonsense", ["asdfgh qwerty", "🤷", "?!", "42", "weten jullie of het morgen regent in Parijs"]
)
def test_nonsense_gets_an_answer_too(system: System, nonsense: str) -> None:
    result = say(system, nonsense, f"+31611{abs(hash(nonsense)) % 1_000_000:06d}")
    assert result["reply"]


def test_the_same_webhook_twenty_times_at_once_gets_one_reply(system: System, control: httpx.Client) -> None:
    sent = control.post(
        "/customers/send", json={"from": "+31612000001", "text": "Zijn jullie zaterdag open?"}
    ).json()
    again = control.post(f"/twilio/messages/{sent['sid']}/deliver", json={"times": 20}).json()
    assert set(again["statuses"]) == {200}
    result = asyncio.run(settled(system, 30))
    assert result.ok, result
    replies = control.get("/twilio/messages", params={"to": "whatsapp:+31612000001"}).json()
    outbound = (
        [m for m in replies if m["to"] == "whatsapp:+31612000001"] if isinstance(replies, list) else replies
    )
    assert outbound
    oracle = control.get("/oracle").json()
    assert sum(send["to"] == "whatsapp:+31612000001" for send in oracle["sends"]) == 1


def test_a_webhook_replayed_after_the_duplicate_window_gets_no_second_reply(
    system: System, control: httpx.Client
) -> None:
    sender = "+31612000002"
    sent = control.post("/customers/send", json={"from": sender, "text": "Wat is jullie adres?"}).json()
    assert asyncio.run(settled(system, 30)).ok

    async def replay() -> None:
        """The bus has forgotten the id: publish the stored event anew, under another message id."""
        client = await nats.connect(system.env["NATS_URL"], user="sandbox", password=system.users["sandbox"])
        events = [e for e in await read_events(system) if isinstance(e, MessageReceived)]
        event = next(e for e in events if e.message.message_id == sent["sid"])
        subject = f"{event.name}.{partition_of(event.conversation)}.{event.conversation}"
        await client.jetstream().publish(subject, event.to_json(), headers={"Nats-Msg-Id": "a week later"})
        await client.close()

    asyncio.run(replay())
    time.sleep(3)
    oracle = control.get("/oracle").json()
    assert sum(send["to"] == f"whatsapp:{sender}" for send in oracle["sends"]) == 1


def test_garbage_on_any_subject_is_dead_lettered_and_stops_nobody(system: System) -> None:
    conversation = conversation_of("+31699999999", system.env["IDENTITY_KEY"].encode())
    partition = partition_of(conversation)
    subjects = [
        f"{event.name}.{partition}.{conversation}" for event in EVENTS if event.name != "reply.requested"
    ]
    subjects += [
        "message.unheard_of.5.x",
        "message.received.99.x",
        "message.received.007.x",
        "reply",
        "customer.x",
    ]

    async def litter() -> list[str]:
        client = await nats.connect(system.env["NATS_URL"], user="sandbox", password=system.users["sandbox"])
        stream = client.jetstream()
        for n, subject in enumerate(subjects):
            if "." in subject:
                await stream.publish(subject, b'{"garbage": true', headers={"Nats-Msg-Id": f"garbage-{n}"})
        wanted = {s for s in subjects if "." in s}
        found: dict[str, str] = {}
        sub = await stream.subscribe("dead.>", ordered_consumer=True)
        async with asyncio.timeout(20):
            while not wanted <= set(found):
                message = await sub.next_msg(timeout=15)
                assert message.headers is not None
                found[message.headers["Dead-Subject"]] = message.headers["Dead-Reason"]
        await client.close()
        return list(found.values())

    reasons = asyncio.run(litter())
    assert all(reasons)
    same_lane = next(
        f"+3162{n:07d}"
        for n in range(10_000)
        if partition_of(conversation_of(f"+3162{n:07d}", system.env["IDENTITY_KEY"].encode())) == partition
    )
    assert say(system, "Hallo, ik zoek een Volkswagen Golf", same_lane)["reply"]


def test_a_complaint_gets_a_person_and_the_customer_is_told(system: System) -> None:
    result = say(
        system, "Dit is echt een waardeloze service, ik wacht al drie weken op mijn auto!", "+31613000001"
    )
    assert "collega" in result["reply"].lower()
    events = asyncio.run(read_events(system))
    reasons = [e.reason for e in events if isinstance(e, HandoverRequested)]
    assert "complaint" in reasons
