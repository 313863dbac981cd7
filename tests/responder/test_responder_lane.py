"""The responder's ordered step: when to answer, which drafts still hold, when to be silent."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Context, Outcome
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    CustomerOptedIn,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    PreferencesExtracted,
    ReplyComposed,
    ReplyDrafted,
    ReplyDue,
    ReplyRequested,
    ReplySuppressed,
    Understanding,
    conversation_of,
    derived_id,
)
from seldenrijk.responder.answer.dealer import load_dealer
from seldenrijk.responder.answer.notices import DealerNotices
from seldenrijk.responder.handlers import ResponderHandler
from seldenrijk.responder.metrics import ResponderMetrics
from seldenrijk.responder.state import ResponderState
from seldenrijk.responder.timing import Quiet, looks_unfinished

E = TypeVar("E", bound=Event)
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


async def no_checkpoint(_: ResponderState) -> None:
    raise AssertionError("the responder needs no checkpoint")


class Responder:
    def __init__(self) -> None:
        self.now = START
        notices = DealerNotices(load_dealer("deploy/dealer.toml"), clock=lambda: self.now)
        metrics = ResponderMetrics(CollectorRegistry())
        self.handler = ResponderHandler(Quiet(0.7, 2.5, 6.0), notices, metrics, 20.0, clock=lambda: self.now)
        self.conversation = conversation_of(os.urandom(8).hex(), b"key")
        self.state = ResponderState()
        self.outcome: Outcome[ResponderState] = Outcome(self.state)
        self.number = 0

    async def take(self, event: Event) -> tuple[Event, ...]:
        self.outcome = await self.handler(event, self.state, Context(1, self.now, no_checkpoint))
        self.state = self.outcome.state
        return self.outcome.events

    def make(self, model: type[E], **fields: Any) -> E:
        self.number += 1
        return model.of(f"{self.conversation}/{self.number}", self.conversation, time=self.now, **fields)

    async def hears(self, text: str = "Ik zoek een Golf.", intent: str = "car_inquiry", **fields: Any) -> str:
        """A message that was understood; returns the id of its message.received."""
        self.number += 1
        message = Message(message_id=f"SM{self.number:032x}", text=text, received_at=self.now)
        understanding = Understanding.model_validate({"intent": intent, "confidence": 0.95})
        await self.take(
            self.make(PreferencesExtracted, message=message, understanding=understanding, **fields)
        )
        return derived_id(message.message_id, MessageReceived.type_name())

    @property
    def wait(self) -> float:
        """Seconds until the reply is due."""
        [timer] = self.outcome.timers
        return (timer.at - self.now).total_seconds()

    async def due(self) -> ReplyRequested:
        """The quiet period ends; the job that is asked for."""
        await self.take(self.make(ReplyDue, version=self.state.version))
        [job] = self.outcome.jobs
        assert isinstance(job, ReplyRequested)
        return job

    async def drafted(
        self, job: ReplyRequested, text: str | None = "Die hebben we.", **fields: Any
    ) -> tuple[Event, ...]:
        answers = tuple(m.event_id for m in job.messages)
        return await self.take(
            self.make(ReplyDrafted, version=job.version, answers=answers, text=text, **fields)
        )


def of(events: tuple[Event, ...], model: type[E]) -> list[E]:
    return [e for e in events if isinstance(e, model)]


async def test_a_message_is_answered_after_a_short_quiet() -> None:
    responder = Responder()
    message = await responder.hears()
    assert responder.wait == pytest.approx(0.7)
    job = await responder.due()
    [reply] = await responder.drafted(job)
    assert isinstance(reply, ReplyComposed)
    assert (reply.text, reply.answers) == ("Die hebben we.", (message,))
    assert responder.state.waiting == ()


async def test_a_burst_gets_one_reply_that_answers_all_of_it() -> None:
    responder = Responder()
    first = await responder.hears("Hallo", "general_inquiry")
    assert responder.wait == pytest.approx(2.5)
    stale = responder.outcome.timers[0].event
    responder.now += timedelta(seconds=1)
    second = await responder.hears("ik zoek een golf")
    responder.now += timedelta(seconds=1)
    third = await responder.hears("automaat graag.")
    await responder.take(stale)
    assert responder.outcome.jobs == ()
    job = await responder.due()
    assert [m.message.text for m in job.messages] == ["Hallo", "ik zoek een golf", "automaat graag."]
    [reply] = of(await responder.drafted(job), ReplyComposed)
    assert reply.answers == (first, second, third)


async def test_the_wait_is_capped() -> None:
    responder = Responder()
    for _ in range(5):
        await responder.hears("en")
        responder.now += timedelta(seconds=1.4)
    assert responder.outcome.timers[0].at <= START + timedelta(seconds=6)


async def test_an_overtaken_draft_is_never_sent() -> None:
    responder = Responder()
    await responder.hears("Heb je een Golf?")
    job = await responder.due()
    await responder.hears("Of een Polo?")
    assert await responder.drafted(job) == ()
    newer = await responder.due()
    assert len(newer.messages) == 2
    assert len(of(await responder.drafted(newer), ReplyComposed)) == 1
    assert await responder.drafted(newer) == ()


async def test_a_customer_who_never_stops_writing_is_answered_all_the_same() -> None:
    responder = Responder()
    await responder.hears()
    job = await responder.due()
    await responder.hears("en nog iets...")
    responder.now += timedelta(seconds=21)
    [reply] = of(await responder.drafted(job), ReplyComposed)
    assert len(reply.answers) == 1
    assert len(responder.state.waiting) == 1


async def test_a_take_over_silences_and_says_so() -> None:
    responder = Responder()
    message = await responder.hears()
    job = await responder.due()
    [silenced] = await responder.take(responder.make(ConversationTakenOver, by="message"))
    assert isinstance(silenced, ReplySuppressed)
    assert (silenced.reason, silenced.answers) == ("taken_over", (message,))
    assert await responder.drafted(job) == ()
    later = await responder.hears("en?")
    [explained] = of(responder.outcome.events, ReplySuppressed)
    assert explained.answers == (later,)
    await responder.take(responder.make(ConversationReleased))
    await responder.hears("Hallo?")
    assert responder.outcome.timers


async def test_a_hand_over_is_told_once_for_a_burst() -> None:
    responder = Responder()
    first = responder.make(HandoverRequested, reason="complaint", requested_by="router", answers=("a",))
    second = responder.make(HandoverRequested, reason="complaint", requested_by="router", answers=("b",))
    [notice] = await responder.take(first)
    assert isinstance(notice, ReplyComposed)
    assert (notice.purpose, notice.answers) == ("handover_notice", ("a",))
    assert notice.text
    [again] = await responder.take(second)
    assert isinstance(again, ReplySuppressed)
    responder.now += timedelta(minutes=5)
    [later] = await responder.take(
        responder.make(HandoverRequested, reason="complaint", requested_by="router")
    )
    assert isinstance(later, ReplyComposed)


async def test_a_message_that_goes_to_a_person_waits_for_no_draft() -> None:
    responder = Responder()
    question = await responder.hears("Heb je een Golf?")
    await responder.hears("ik wil een mens spreken", "human_request", handover_requested=True)
    job = await responder.due()
    [reply] = of(await responder.drafted(job), ReplyComposed)
    assert reply.answers == (question,)


async def test_an_opt_out_is_confirmed_once_then_there_is_silence() -> None:
    responder = Responder()
    await responder.hears("stop", "opt_out")
    [confirmation] = of(responder.outcome.events, ReplyComposed)
    assert confirmation.purpose == "opt_out_confirmation"
    await responder.hears("stop", "opt_out")
    assert of(responder.outcome.events, ReplyComposed) == []
    await responder.hears("ok", "general_inquiry")
    assert [e.reason for e in of(responder.outcome.events, ReplySuppressed)] == ["opted_out"]
    await responder.take(responder.make(CustomerOptedIn))
    await responder.hears("Heb je een Golf?")
    assert responder.outcome.timers


async def test_a_draft_without_text_is_recorded_as_silence() -> None:
    responder = Responder()
    message = await responder.hears("👍", "general_inquiry")
    [silent] = await responder.drafted(await responder.due(), None)
    assert isinstance(silent, ReplySuppressed)
    assert (silent.reason, silent.answers) == ("no_answer_needed", (message,))


async def test_a_draft_that_needs_a_person_asks_for_one() -> None:
    responder = Responder()
    await responder.hears()
    events = await responder.drafted(await responder.due(), handover="ungrounded")
    assert [e.reason for e in of(events, HandoverRequested)] == ["ungrounded"]
    assert len(of(events, ReplyComposed)) == 1


async def test_an_appointment_is_a_request_to_the_staff() -> None:
    responder = Responder()
    await responder.hears("Morgen om half drie een proefrit?", "appointment_request")
    events = await responder.drafted(
        await responder.due(), appointment_request="Proefrit op di 24-11 om 14:30"
    )
    [request] = of(events, HandoverRequested)
    assert (request.reason, request.notice, request.summary) == (
        "other",
        False,
        "Proefrit op di 24-11 om 14:30",
    )
    assert len(of(events, ReplyComposed)) == 1


async def test_the_assistant_introduces_itself_once() -> None:
    responder = Responder()
    await responder.hears(first_contact=True)
    job = await responder.due()
    assert job.first_contact
    await responder.drafted(job)
    await responder.hears("Wat kost hij?")
    assert not (await responder.due()).first_contact


@pytest.mark.parametrize(
    ("text", "unfinished"),
    [("hallo", True), ("Goedemiddag", True), ("ik zoek een auto met", True), ("even kijken...", True),
     ("ik zoek een golf automaat", False), ("Heb je een Golf?", False), ("dag.", False)],
)  # fmt: skip
def test_what_looks_unfinished(text: str, unfinished: bool) -> None:
    message = Message(message_id="SM1", text=text, received_at=START)
    understanding = Understanding(intent="general_inquiry", confidence=0.9)
    assert looks_unfinished(message, understanding) is unfinished
