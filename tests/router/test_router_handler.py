"""The router's ordered step, with the real engine."""

import os
from datetime import UTC, datetime
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Context, Outcome
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    Customer,
    CustomerOptedIn,
    CustomerOptedOut,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    MessageRouted,
    ReplySent,
    conversation_of,
)
from seldenrijk.router.handlers import RouterHandler
from seldenrijk.router.metrics import RouterMetrics
from seldenrijk.router.state import RouterState
from seldenrijk.router.understand import Understander

E = TypeVar("E", bound=Event)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def no_checkpoint(_: RouterState) -> None:
    raise AssertionError("the router needs no checkpoint")


class Router:
    def __init__(self) -> None:
        self.handler = RouterHandler(Understander(None, 0.5), RouterMetrics(CollectorRegistry()))
        self.conversation = conversation_of(os.urandom(8).hex(), b"key")
        self.state = RouterState()
        self.number = 0

    async def take(self, event: Event) -> Outcome[RouterState]:
        outcome = await self.handler(event, self.state, Context(1, NOW, no_checkpoint))
        self.state = outcome.state
        return outcome

    def make(self, model: type[E], **fields: Any) -> E:
        self.number += 1
        return model.of(f"{self.conversation}/{self.number}", self.conversation, time=NOW, **fields)

    async def hears(self, text: str, sid: str | None = None, kind: str = "text") -> tuple[Event, ...]:
        self.number += 1
        message = Message(message_id=sid or f"SM{self.number:032x}", text=text, kind=kind, received_at=NOW)
        event = MessageReceived.of(
            message.message_id, self.conversation, customer=Customer(address="whatsapp:+31612345678"),
            business_address="x", message=message,
        )  # fmt: skip
        return (await self.take(event)).events


def of(events: tuple[Event, ...], model: type[E]) -> list[E]:
    return [e for e in events if isinstance(e, model)]


async def test_a_message_is_routed_with_the_turns_before_it() -> None:
    router = Router()
    [first] = await router.hears("Hallo, ik zoek een Volkswagen Golf")
    assert isinstance(first, MessageRouted)
    assert first.understanding.intent == "car_inquiry"
    assert (first.first_contact, first.turns) == (True, ())
    await router.take(
        router.make(ReplySent, reply_id="r", author="bot", text="Welke uitvoering?", channel_message_id="SM1")
    )
    [second] = await router.hears("automaat")
    assert isinstance(second, MessageRouted)
    assert [(t.role, t.text) for t in second.turns] == [
        ("customer", "Hallo, ik zoek een Volkswagen Golf"),
        ("bot", "Welke uitvoering?"),
    ]
    assert not second.first_contact


async def test_a_message_seen_before_is_ignored_even_a_week_later() -> None:
    router = Router()
    assert await router.hears("Hallo", sid="SM" + "7" * 32)
    for n in range(60):
        await router.hears(f"bericht {n}")
    assert await router.hears("Hallo", sid="SM" + "7" * 32) == ()


async def test_opting_out_and_in_again() -> None:
    router = Router()
    events = await router.hears("STOP")
    assert of(events, CustomerOptedOut)
    assert of(events, MessageRouted)[0].understanding.intent == "opt_out"
    assert of(await router.hears("ok"), CustomerOptedIn) == []
    assert of(await router.hears("START"), CustomerOptedIn)
    await router.hears("afmelden")
    assert of(await router.hears("Hebben jullie nog een Polo?"), CustomerOptedIn)


async def test_deleting_data_is_a_persons_work() -> None:
    events = await Router().hears("Verwijder al mijn gegevens en stuur me niets meer")
    assert of(events, CustomerOptedOut)
    assert [h.reason for h in of(events, HandoverRequested)] == ["opt_out_data"]


async def test_a_complaint_and_a_wish_for_a_person_are_handed_over_and_told() -> None:
    for text, reason in (
        ("Wat een waardeloze service, ik ben woedend!", "complaint"),
        ("Ik wil een medewerker spreken", "human_request"),
    ):
        events = await Router().hears(text)
        [request] = of(events, HandoverRequested)
        [routed] = of(events, MessageRouted)
        assert (request.reason, request.notice, routed.handover_requested) == (reason, True, True)
        assert request.answers


async def test_two_unclear_messages_are_handed_over_once() -> None:
    router = Router()
    assert of(await router.hears("asdkjh qwpeoi"), HandoverRequested) == []
    assert [h.reason for h in of(await router.hears("zxcmnb lkjhg"), HandoverRequested)] == ["unclear"]
    assert of(await router.hears("asdkjh qwpeoi"), HandoverRequested) == []


async def test_while_a_person_holds_it_nothing_is_handed_over_again() -> None:
    router = Router()
    await router.take(router.make(ConversationTakenOver, by="message"))
    events = await router.hears("Ik wil een medewerker spreken")
    assert of(events, HandoverRequested) == []
    assert of(events, MessageRouted)[0].held_by == "human"
    await router.take(router.make(ConversationReleased))
    assert of(await router.hears("hoi"), MessageRouted)[0].held_by == "bot"


async def test_messages_without_words_are_no_riddle() -> None:
    router = Router()
    for kind in ("image", "audio", "location", "sticker"):
        [routed] = await router.hears("", kind=kind)
        assert isinstance(routed, MessageRouted)
        assert routed.understanding.intent == "general_inquiry"


async def test_memory_stays_bounded() -> None:
    router = Router()
    for n in range(150):
        await router.hears(f"hallo {n} " + "x" * 2000)
    assert len(router.state.turns) == 20
    assert len(router.state.sids) == 100
    assert len(router.state.model_dump_json()) < 40_000
