"""The ledger and the fences: at most once, in order, never past a take-over, an opt-out or the window."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import BusUnavailable, Context, Outcome
from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    Customer,
    CustomerOptedIn,
    CustomerOptedOut,
    DeliveryDue,
    Event,
    HandoverRequested,
    Media,
    Message,
    MessageOverdue,
    MessageReceived,
    ReplyComposed,
    ReplyFailed,
    ReplySent,
    ReplyStatus,
    ReplySuppressed,
    conversation_of,
)
from seldenrijk.gateway.breaker import Breaker
from seldenrijk.gateway.channel import NOT_CONNECTED, Accepted, Listed, Refused, Sent, Unknown
from seldenrijk.gateway.fence import Fence
from seldenrijk.gateway.handlers import GatewayHandler
from seldenrijk.gateway.ledger import GatewayState
from seldenrijk.gateway.metrics import GatewayMetrics
from seldenrijk.gateway.testing import FakeChannel

E = TypeVar("E", bound=Event)
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Gateway:
    """A conversation at the gateway: give it events, look at what it sent and said."""

    def __init__(
        self, *answers: Sent, template: str | None = None, fence: Fence | None = None,
        breaker: Breaker | None = None,
    ) -> None:  # fmt: skip
        self.now = START
        self.channel = FakeChannel(*answers)
        self.handler = GatewayHandler(
            self.channel, GatewayMetrics(CollectorRegistry()), template=template, clock=lambda: self.now,
            fence=fence, breaker=breaker,
        )  # fmt: skip
        self.conversation = conversation_of(os.urandom(8).hex(), b"key")
        self.state = GatewayState()
        self.outcome: Outcome[GatewayState] = Outcome(self.state)
        self.checkpoints: list[GatewayState] = []
        self.so_far: list[Outcome[GatewayState]] = []
        self.events: list[Event] = []
        self.number = 0

    async def take(self, event: Event) -> Sequence[Event]:
        async def checkpoint(so_far: GatewayState | Outcome[GatewayState]) -> None:
            outcome = so_far if isinstance(so_far, Outcome) else Outcome(so_far)
            self.checkpoints.append(outcome.state)
            self.so_far.append(outcome)

        self.outcome = await self.handler(event, self.state, Context(1, self.now, checkpoint, self.number))
        self.state = self.outcome.state
        self.events += self.outcome.events
        return self.outcome.events

    def make(self, model: type[E], **fields: Any) -> E:
        self.number += 1
        return model.of(f"{self.conversation}/{self.number}", self.conversation, time=self.now, **fields)

    async def hears(self, text: str = "hallo") -> MessageReceived:
        message = Message(message_id=f"SM{self.number:032x}", text=text, received_at=self.now)
        event = self.make(
            MessageReceived,
            customer=Customer(address="whatsapp:+31612345678"),
            business_address="whatsapp:+31850000000",
            message=message,
        )
        await self.take(event)
        return event

    async def answers(self, text: str = "Goedemiddag!", **fields: Any) -> ReplyComposed:
        event = self.make(ReplyComposed, **({"author": "bot", "text": text} | fields))
        await self.take(event)
        return event

    async def passes(self, seconds: float) -> None:
        """Time passes, and what the handler has scheduled falls due."""
        due = sorted((t for t in self.outcome.timers), key=lambda t: t.at)
        self.now += timedelta(seconds=seconds)
        for timer in due:
            if timer.at <= self.now:
                await self.take(timer.event)

    def of(self, model: type[E]) -> list[E]:
        return [e for e in self.events if isinstance(e, model)]


async def test_a_reply_is_sent_once_and_reported() -> None:
    gateway = Gateway()
    received = await gateway.hears()
    reply = await gateway.answers(answers=(received.id,))
    await gateway.take(reply)
    [sent] = gateway.of(ReplySent)
    assert [m.text for m in gateway.channel.sent] == ["Goedemiddag!"]
    assert (sent.reply_id, sent.part, sent.parts) == (reply.id, 1, 1)
    assert gateway.state.unanswered == {}


async def test_sending_is_durable_before_twilio_is_called() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.answers()
    [saved] = gateway.checkpoints
    [part] = saved.entries[0].parts
    assert part.status == "sending"
    assert part.attempt == gateway.channel.sent[0].attempt


async def test_a_crash_while_sending_is_never_repeated_blindly() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.answers()
    gateway.state = gateway.checkpoints[0]
    gateway.channel.sent.clear()
    gateway.events.clear()
    await gateway.take(gateway.make(CustomerOptedIn))
    for _ in range(4):
        await gateway.passes(400)
    assert gateway.channel.sent == []
    [failed] = gateway.of(ReplyFailed)
    assert failed.uncertain
    [request] = gateway.of(HandoverRequested)
    assert request.reason == "uncertain_delivery"


async def test_a_callback_with_the_attempt_proves_an_unknown_send() -> None:
    gateway = Gateway(Unknown("TimeoutError"))
    await gateway.hears()
    reply = await gateway.answers()
    attempt = gateway.channel.sent[0].attempt
    status = gateway.make(ReplyStatus, channel_message_id="SM" + "a" * 32, status="sent", attempt=attempt)
    await gateway.take(status)
    await gateway.passes(400)
    [sent] = gateway.of(ReplySent)
    assert (sent.reply_id, sent.channel_message_id) == (reply.id, "SM" + "a" * 32)
    assert len(gateway.channel.sent) == 1
    assert gateway.of(ReplyFailed) == []


async def test_twilios_list_proves_an_unknown_send() -> None:
    gateway = Gateway(Unknown("HTTP 500"))
    await gateway.hears()
    await gateway.answers("Goedemiddag!")
    gateway.channel.listing = [
        Listed("SM" + "b" * 32, "iets anders", "sent", gateway.now),
        Listed("SM" + "c" * 32, "Goedemiddag!", "queued", None),
    ]
    await gateway.passes(5)
    [sent] = gateway.of(ReplySent)
    assert sent.channel_message_id == "SM" + "c" * 32


async def test_a_second_reply_with_the_same_words_is_not_taken_for_the_first() -> None:
    gateway = Gateway(Accepted("SM" + "d" * 32), Unknown("TimeoutError"))
    await gateway.hears()
    await gateway.answers("Graag gedaan!")
    gateway.channel.listing = [Listed("SM" + "d" * 32, "Graag gedaan!", "sent", gateway.now)]
    await gateway.answers("Graag gedaan!")
    for _ in range(4):
        await gateway.passes(400)
    assert len(gateway.of(ReplySent)) == 1
    assert gateway.of(ReplyFailed)[0].uncertain


async def test_429_is_sent_again_later_and_holds_back_what_follows() -> None:
    gateway = Gateway(Refused(20429), Refused(20429))
    await gateway.hears()
    await gateway.answers("eerste")
    await gateway.answers("tweede")
    assert [m.text for m in gateway.channel.sent] == ["eerste"]
    for _ in range(6):
        await gateway.take(gateway.make(CustomerOptedIn))
        gateway.now += timedelta(seconds=5)
        for entry in gateway.state.entries:
            await gateway.take(gateway.make(DeliveryDue, reply_id=entry.reply_id, action="send"))
    assert [m.text for m in gateway.channel.sent] == ["eerste", "eerste", "eerste", "tweede"]
    assert len({m.attempt for m in gateway.channel.sent}) == 4
    assert [s.text for s in gateway.of(ReplySent)] == ["eerste", "tweede"]


@pytest.mark.parametrize("code", [21211, 21614, 63003, 63016, 63015, 12345])
async def test_permanent_refusals_are_told_to_the_staff_and_not_repeated(code: int) -> None:
    gateway = Gateway(Refused(code))
    await gateway.hears()
    await gateway.answers()
    await gateway.passes(4000)
    [failed] = gateway.of(ReplyFailed)
    assert failed.code == code
    assert failed.reason_nl
    assert len(gateway.channel.sent) == 1
    assert gateway.of(HandoverRequested)[0].reason in {"undeliverable", "window_closed"}


async def test_a_failure_that_arrives_by_callback_after_acceptance() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.answers()
    sid = gateway.of(ReplySent)[0].channel_message_id
    await gateway.take(
        gateway.make(ReplyStatus, channel_message_id=sid, status="undelivered", error_code=63016)
    )
    [failed] = gateway.of(ReplyFailed)
    assert failed.code == 63016
    assert "24 uur" in failed.reason_nl


async def test_statuses_never_go_back() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.answers()
    sid = gateway.of(ReplySent)[0].channel_message_id
    for status in ("read", "delivered", "sent", "failed"):
        await gateway.take(gateway.make(ReplyStatus, channel_message_id=sid, status=status))
    assert gateway.state.entries[0].parts[0].rank == 5
    assert gateway.of(ReplyFailed) == []


async def test_after_a_take_over_only_people_speak() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.take(gateway.make(ConversationTakenOver, by="message"))
    await gateway.answers("van de assistent")
    await gateway.answers("van een collega", author="agent", purpose="staff")
    assert [m.text for m in gateway.channel.sent] == ["van een collega"]
    assert [s.reason for s in gateway.of(ReplySuppressed)] == ["taken_over"]
    await gateway.take(gateway.make(ConversationReleased))
    await gateway.answers("weer van de assistent")
    assert len(gateway.channel.sent) == 2


async def test_after_an_opt_out_only_its_confirmation_is_sent() -> None:
    gateway = Gateway()
    await gateway.hears("STOP")
    await gateway.take(gateway.make(CustomerOptedOut))
    await gateway.answers("U bent afgemeld.", purpose="opt_out_confirmation")
    await gateway.answers("Nog iets?")
    await gateway.take(gateway.make(CustomerOptedIn))
    await gateway.answers("Welkom terug.")
    assert [m.text for m in gateway.channel.sent] == ["U bent afgemeld.", "Welkom terug."]


async def test_twilio_says_opted_out() -> None:
    gateway = Gateway(Refused(21610))
    await gateway.hears()
    await gateway.answers("eerste")
    await gateway.answers("tweede")
    assert len(gateway.channel.sent) == 1
    assert gateway.of(CustomerOptedOut)[0].source == "channel"
    await gateway.hears("ik heb toch nog een vraag")
    await gateway.answers("derde")
    assert [m.text for m in gateway.channel.sent] == ["eerste", "derde"]


async def test_outside_the_window_nothing_free_is_sent() -> None:
    gateway = Gateway()
    await gateway.hears()
    gateway.now += timedelta(hours=24, seconds=1)
    await gateway.answers("te laat")
    await gateway.answers("ook te laat", author="agent", purpose="staff")
    assert gateway.channel.sent == []
    assert [f.code for f in gateway.of(ReplyFailed)] == [63016, 63016]
    assert [h.reason for h in gateway.of(HandoverRequested)] == ["window_closed"]


async def test_outside_the_window_a_template_where_there_is_one() -> None:
    gateway = Gateway(template="HX" + "1" * 32)
    await gateway.hears()
    gateway.now += timedelta(hours=25)
    await gateway.answers("te laat voor vrije tekst")
    assert [m.template for m in gateway.channel.sent] == ["HX" + "1" * 32]


async def test_long_replies_go_out_in_ordered_parts() -> None:
    gateway = Gateway()
    await gateway.hears()
    text = " ".join(f"Zin nummer {n}." for n in range(300))
    await gateway.answers(text)
    parts = [m.text for m in gateway.channel.sent]
    assert len(parts) == 3
    assert all(len(p) <= 1600 for p in parts)
    assert " ".join(parts) == text
    assert [(s.part, s.parts) for s in gateway.of(ReplySent)] == [(1, 3), (2, 3), (3, 3)]


async def test_a_part_of_unknown_fate_holds_back_the_next_one() -> None:
    gateway = Gateway(Accepted("SM" + "1" * 32), Unknown("TimeoutError"))
    await gateway.hears()
    await gateway.answers(" ".join(f"Zin nummer {n}." for n in range(300)))
    assert len(gateway.channel.sent) == 2
    attempt = gateway.channel.sent[1].attempt
    await gateway.take(
        gateway.make(ReplyStatus, channel_message_id="SM" + "2" * 32, status="queued", attempt=attempt)
    )
    assert len(gateway.channel.sent) == 3
    assert len(gateway.of(ReplySent)) == 3


async def test_attachments_of_the_staff() -> None:
    gateway = Gateway()
    await gateway.hears()
    media = (Media(url="https://files.example/a.jpg"), Media(url="https://files.example/b.pdf"))
    await gateway.answers("Zie bijlage", author="agent", purpose="staff", media=media)
    assert [(m.text, m.media_url) for m in gateway.channel.sent] == [
        ("Zie bijlage", "https://files.example/a.jpg"),
        ("", "https://files.example/b.pdf"),
    ]


async def test_the_watchdog_gives_an_unanswered_message_to_a_person() -> None:
    gateway = Gateway()
    received = await gateway.hears()
    [timer] = gateway.outcome.timers
    assert timer.at == received.message.received_at + timedelta(seconds=60)
    assert isinstance(timer.event, MessageOverdue)
    await gateway.passes(61)
    [request] = gateway.of(HandoverRequested)
    assert (request.reason, request.answers, request.notice) == ("unanswered", (received.id,), True)


@pytest.mark.parametrize("explained", ["answered", "suppressed", "handed over"])
async def test_the_watchdog_leaves_explained_messages_alone(explained: str) -> None:
    gateway = Gateway()
    received = await gateway.hears()
    [timer] = gateway.outcome.timers
    if explained == "answered":
        await gateway.answers(answers=(received.id,))
    elif explained == "suppressed":
        await gateway.take(gateway.make(ReplySuppressed, reason="taken_over", answers=(received.id,)))
    else:
        handover = gateway.make(
            HandoverRequested, reason="complaint", requested_by="router", answers=(received.id,)
        )
        await gateway.take(handover)
    gateway.events.clear()
    await gateway.take(timer.event)
    assert gateway.events == []


async def test_the_ledger_stays_small() -> None:
    gateway = Gateway()
    for _ in range(60):
        await gateway.hears()
        await gateway.answers()
    assert len(gateway.state.entries) <= 20
    assert len(gateway.state.unanswered) <= 50


class LookingAhead:
    """A fence that sees what the test tells."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []

    async def taken_over(self, conversation: str, seq: int, last_words: bool = False) -> bool:
        self.asked.append(seq)
        answer = self.answers.pop(0) if self.answers else False
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_take_over_further_on_in_the_stream_stops_the_send() -> None:
    gateway = Gateway(fence=LookingAhead(True))
    received = await gateway.hears()
    await gateway.answers(answers=(received.id,))
    assert gateway.channel.sent == []
    [said] = gateway.of(ReplySuppressed)
    assert (said.reason, said.answers) == ("taken_over", (received.id,))


async def test_it_is_looked_for_before_every_part() -> None:
    gateway = Gateway(fence=LookingAhead(False, True))
    await gateway.hears()
    await gateway.answers("Een zin. " * 300)
    assert len(gateway.channel.sent) == 1
    assert len(gateway.of(ReplySuppressed)) == 1


async def test_staff_are_not_stopped_by_their_own_take_over() -> None:
    fence = LookingAhead(True)
    gateway = Gateway(fence=fence)
    await gateway.hears()
    await gateway.answers("Met Jan", author="agent", purpose="staff")
    assert len(gateway.channel.sent) == 1
    assert fence.asked == []


async def test_a_silent_bus_postpones_the_send() -> None:
    gateway = Gateway(fence=LookingAhead(BusUnavailable("no answer")))
    await gateway.hears()
    await gateway.answers()
    assert gateway.channel.sent == []
    await gateway.passes(20)
    assert len(gateway.channel.sent) == 1


async def test_a_held_up_send_is_not_done_before_the_ledger_says_so_again() -> None:
    ticks = iter([0.0, 9.0, 10.0, 10.1])
    gateway = Gateway()
    gateway.handler._delivery._ticks = lambda: next(ticks)
    await gateway.hears()
    await gateway.answers()
    statuses = [c.entries[0].parts[0].status for c in gateway.checkpoints]
    assert statuses == ["sending", "planned", "sending"]
    assert len(gateway.channel.sent) == 1


async def test_an_open_breaker_postpones_without_a_try() -> None:
    breaker = Breaker(FakeChannel())
    gateway = Gateway(breaker=breaker)
    await gateway.hears()
    breaker.state = "open"
    await gateway.answers()
    assert gateway.channel.sent == []
    assert gateway.checkpoints == []
    breaker.state = "closed"
    await gateway.passes(20)
    assert len(gateway.of(ReplySent)) == 1


async def test_no_connection_is_tried_for_as_long_as_the_window_is_open() -> None:
    gateway = Gateway(*[Refused(code=NOT_CONNECTED)] * 30)
    gateway.handler._delivery._breaker._limit = 1000
    await gateway.hears()
    await gateway.answers()
    for _ in range(30):
        await gateway.passes(61)
    assert len(gateway.of(ReplySent)) == 1
    assert gateway.of(ReplyFailed) == []


async def test_what_was_said_before_a_checkpoint_is_kept_with_it() -> None:
    gateway = Gateway()
    await gateway.hears()
    await gateway.answers("Een zin. " * 300)
    assert len(gateway.channel.sent) == 2
    assert [e.part for e in gateway.so_far[1].events if isinstance(e, ReplySent)] == [1]


async def test_a_message_met_before_changes_nothing() -> None:
    gateway = Gateway()
    received = await gateway.hears()
    await gateway.answers(answers=(received.id,))
    again = received.model_copy(update={"time": gateway.now + timedelta(days=7)})
    before = gateway.state
    await gateway.take(again)
    assert gateway.outcome.timers == ()
    assert gateway.state == before


async def test_a_repaired_message_gets_its_minute_too() -> None:
    gateway = Gateway()
    gateway.now += timedelta(hours=3)
    old = Message(message_id="SM" + "9" * 32, text="hallo", received_at=START)
    customer = Customer(address="whatsapp:+31612345678")
    event = gateway.make(
        MessageReceived, customer=customer, business_address="whatsapp:+31850000000", message=old
    )
    await gateway.take(event)
    [timer] = gateway.outcome.timers
    assert timer.at == gateway.now + timedelta(seconds=60)


async def test_the_notice_of_a_hand_over_goes_out_though_the_conversation_was_opened_for_it() -> None:
    gateway = Gateway()
    await gateway.hears("Wat een waardeloze service!")
    await gateway.take(gateway.make(ConversationTakenOver, by="status"))
    await gateway.answers("Een collega neemt contact met u op.", purpose="handover_notice")
    await gateway.answers("En nog iets.")
    await gateway.take(gateway.make(ConversationTakenOver, by="message"))
    await gateway.answers("Te laat.", purpose="handover_notice")
    assert [m.text for m in gateway.channel.sent] == ["Een collega neemt contact met u op."]
