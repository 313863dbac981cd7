"""The extractor's ordered step, with the real engine."""

import os
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Context
from seldenrijk.contracts import (
    Message,
    MessageRouted,
    PreferencesExtracted,
    ReplySent,
    Slots,
    Turn,
    Understanding,
    conversation_of,
)
from seldenrijk.contracts.plain import plain_of
from seldenrijk.extractor.handlers import ExtractorHandler
from seldenrijk.extractor.metrics import ExtractorMetrics
from seldenrijk.extractor.state import ExtractorState

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def no_checkpoint(_: ExtractorState) -> None:
    raise AssertionError("the extractor needs no checkpoint")


class Extractor:
    def __init__(self) -> None:
        self.handler = ExtractorHandler(None, ExtractorMetrics(CollectorRegistry()))
        self.conversation = conversation_of(os.urandom(8).hex(), b"key")
        self.state = ExtractorState()
        self.turns: tuple[Turn, ...] = ()

    async def hears(self, text: str, proposed: Slots | None = None) -> PreferencesExtracted:
        routed = MessageRouted.of(
            f"{self.conversation}/{len(self.turns)}", self.conversation,
            message=Message(message_id="SM1", text=text, received_at=NOW),
            understanding=Understanding(intent="car_inquiry", confidence=0.9), turns=self.turns,
            proposed_slots=proposed,
        )  # fmt: skip
        outcome = await self.handler(routed, self.state, Context(1, NOW, no_checkpoint))
        self.state = outcome.state
        self.turns = (*self.turns, Turn(role="customer", text=text, at=NOW))
        [event] = outcome.events
        assert isinstance(event, PreferencesExtracted)
        return event


async def test_slots_of_the_message_and_preferences_of_the_conversation() -> None:
    extractor = Extractor()
    await extractor.hears("Hallo, ik zoek een Volkswagen Golf")
    event = await extractor.hears("automaat graag, tot 15.000 euro")
    assert plain_of(event.slots) == {"transmission": "automaat", "max_price": 15000}
    assert plain_of(event.preferences) == {
        "make": "Volkswagen",
        "model": "Golf",
        "transmission": "automaat",
        "max_price": 15000,
    }
    assert event.lead.score >= 45
    assert all(event.message.text[e.start : e.end] for e in event.evidence)


async def test_indifference_clears_over_the_conversation() -> None:
    extractor = Extractor()
    await extractor.hears("ik zoek een rode Polo diesel")
    event = await extractor.hears("kleur maakt niet uit")
    assert event.preferences.color == ()
    assert event.preferences.model == ("Polo",)


async def test_what_claude_proposed_to_the_router_is_merged_and_not_asked_again() -> None:
    event = await Extractor().hears(
        "ik zoek een Golf van 2019", Slots(color=("rood",), min_year=2019, max_year=2019)
    )
    assert event.engine == "claude"
    assert event.slots.model == ("Golf",)


async def test_messages_without_words_change_nothing() -> None:
    extractor = Extractor()
    before = (await extractor.hears("ik zoek een Kia Rio")).preferences
    assert (await extractor.hears("")).preferences == before


async def test_other_events_are_ignored() -> None:
    extractor = Extractor()
    sent = ReplySent.of("x", extractor.conversation, reply_id="r", author="bot", channel_message_id="SM1")
    outcome = await extractor.handler(sent, extractor.state, Context(1, NOW, no_checkpoint))
    assert (outcome.state, outcome.events) == (extractor.state, ())


async def test_an_age_is_reckoned_from_the_year_of_the_message() -> None:
    event = await Extractor().hears("ik zoek een Polo van maximaal 5 jaar oud")
    assert event.slots.min_year == NOW.year - 5
