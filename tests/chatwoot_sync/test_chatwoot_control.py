"""Hand-over, take-over, hand-back; and the loop: what we mirror never comes back as a person's word."""

import asyncio
from typing import Any

import pytest

from seldenrijk.chatwoot_sync.handover import REASONS, note, priority_of, team_for
from seldenrijk.chatwoot_sync.state import SyncState
from seldenrijk.contracts import (
    Appointment,
    ConversationReleased,
    ConversationTakenOver,
    HandoverRequested,
    Lead,
    OfferedCar,
    OwnCar,
    ReplyComposed,
    ReplyFailed,
    ReplySuppressed,
    Slots,
    Understanding,
)
from seldenrijk.contracts.messages import HandoverReason

from .conftest import PHONE, System, conversation, received, running_system, sent, until

GOLF = OfferedCar(
    id="1", title="Volkswagen Golf 1.5 TSI", make="Volkswagen", model="Golf", price=18950, year=2020,
    mileage=64500, url="https://dealer.example/1",
)  # fmt: skip


def requested(number: int = 1, **fields: Any) -> HandoverRequested:
    values: dict[str, Any] = {"reason": "complaint", "requested_by": "router", "summary": "Klant is boos."}
    return HandoverRequested.of(f"h{number}", conversation(), **(values | fields))


async def with_teams(system: System) -> None:
    for name in ("Verkoop", "Werkplaats", "Klantenservice"):
        system.sandbox.world.chatwoot.teams.add(name=name.lower(), description="", allow_auto_assign=True)


async def test_a_hand_over_gives_the_staff_everything(system: System) -> None:
    await with_teams(system)
    offer = ReplyComposed.of("r1", conversation(), author="bot", text="Deze?", offered=(GOLF,))
    await system.publish(received("Dit is een klacht"), offer, requested())
    await system.quiet()
    shown = system.sandbox.world.chatwoot.conversations[1]
    assert (shown.status, shown.priority, shown.team_id) == ("open", "urgent", 3)
    note_ = system.messages()[1]
    assert (note_.private, note_.sender.kind) == (True, "agent_bot")
    for part in ("Klacht", "Klant is boos.", "Golf 1.5 TSI, 2020, 64.500 km, € 18.950", "Leadscore: 0 (cold"):
        assert part in note_.content
    assert [e.by for e in system.heard(ConversationTakenOver)] == ["status"]
    assert (await system.state()).held_by == "human"


@pytest.mark.parametrize("end", ["sent", "suppressed", "failed"])
async def test_the_customer_is_told_before_the_conversation_is_opened(end: str) -> None:
    """Status open silences the assistant: its last words must be out by then."""
    async with running_system(chatwoot_notice_seconds=60) as system:
        told = ReplyComposed.of(
            "n1", conversation(), author="bot", purpose="handover_notice", text="Ik haal er een"
        )
        await system.publish(received("Help"), requested(), told)
        await system.quiet()
        shown = system.sandbox.world.chatwoot.conversations[1]
        assert (shown.status, shown.priority) == ("pending", "urgent")
        about = {"reply_id": told.id, "author": "bot"}
        ends: dict[str, Any] = {
            "sent": sent("Ik haal er een collega bij", "SMn1", **about),
            "suppressed": ReplySuppressed.of("n2", conversation(), reason="opted_out", **about),
            "failed": ReplyFailed.of("n2", conversation(), reason_nl="Geen WhatsApp.", **about),
        }
        await system.publish(sent("iets anders", "SMb1"))
        await system.quiet()
        assert shown.status == "pending"
        await system.publish(ends[end])
        await system.quiet()
        assert shown.status == "open"
        assert [e.by for e in system.heard(ConversationTakenOver)] == ["status"]


async def test_it_is_opened_soon_even_if_the_customer_is_never_told() -> None:
    async with running_system(chatwoot_notice_seconds=0.05) as system:
        await system.publish(received("Help"), requested())
        await until(lambda: system.heard(ConversationTakenOver))
        assert system.sandbox.world.chatwoot.conversations[1].status == "open"


async def test_a_second_hand_over_is_only_another_note(system: System) -> None:
    await system.publish(
        received("Help"), requested(1), requested(2, reason="human_request", priority="high")
    )
    await system.quiet()
    assert [m.private for m in system.messages()] == [False, True, True]
    assert system.sandbox.world.chatwoot.conversations[1].priority == "high"


async def test_a_hand_over_without_the_team_still_opens(system: System) -> None:
    await system.publish(received("Help"), requested())
    await system.quiet()
    shown = system.sandbox.world.chatwoot.conversations[1]
    assert (shown.status, shown.team_id) == ("open", None)


async def test_an_agents_message_opens_the_conversation_so_that_it_can_be_given_back(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="Ik neem het over")
    await system.quiet()
    shown = system.sandbox.world.chatwoot.conversations[1]
    assert shown.status == "open"
    assert system.heard(ConversationTakenOver)[0].by == "message"
    await system.act("hand-back")
    await system.quiet()
    assert [e.by for e in system.heard(ConversationReleased)] == ["status"]
    state = await system.state()
    assert (state.held_by, shown.status) == ("bot", "pending")


async def test_assignment_takes_over(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("assign", agent_id=2)
    await system.quiet()
    assert [e.by for e in system.heard(ConversationTakenOver)][:1] == ["assignment"]
    assert system.sandbox.world.chatwoot.conversations[1].status == "open"


async def test_a_private_note_takes_nothing_over(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="let op: lastige klant", private=True)
    await system.quiet()
    assert system.heard(ConversationTakenOver) == []
    assert system.heard(ReplyComposed) == []


async def test_a_mirrored_message_whose_webhook_comes_first_is_not_sent_again(system: System) -> None:
    """The answer to our POST is held back; its webhook has long been delivered by then."""
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.fault(operation="messages.create", kind="lost", times=1)
    await system.publish(sent("Dag, ik ben de assistent", "SMb1"))
    await until(lambda: len(system.messages()) == 2)
    await asyncio.sleep(0.3)
    assert system.heard(ReplyComposed) == []
    assert system.heard(ConversationTakenOver) == []


@pytest.mark.parametrize("bot_token", ["sandbox-bot-token", None])
async def test_the_loop(bot_token: str | None) -> None:
    """Everything that we post comes back as webhooks; nothing of it leaves again, with either token."""
    async with running_system(chatwoot_bot_token=bot_token) as system:
        for n in range(5):
            await system.publish(received(f"vraag {n}", n + 1), sent(f"antwoord {n}", f"SMb{n}"))
        await system.publish(requested())
        await system.quiet()
        told = [d for d in system.sandbox.world.chatwoot.deliveries if d["event"] == "message_created"]
        assert len(told) == 11
        assert {d["status"] for d in told} == {200}
        assert system.heard(ReplyComposed) == []
        assert {e.by for e in system.heard(ConversationTakenOver)} == {"status"}


async def test_mirrored_in_the_staffs_own_name_is_told_at_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with running_system(chatwoot_bot_token=None):
        pass
    assert "CHATWOOT_BOT_TOKEN" in capsys.readouterr().out


async def test_status_of_an_agents_message_follows_the_channel(system: System) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="Goedemiddag")
    await system.quiet()
    (reply,) = system.heard(ReplyComposed)
    about = {"reply_id": reply.id, "author": "agent", "chatwoot_message_id": reply.chatwoot_message_id}
    await system.publish(sent("Goedemiddag", "SMa1", **about))
    await system.quiet()
    assert system.texts() == ["Hallo", "Goedemiddag"]
    assert (await system.state()).deliveries["SMa1"].message_id == reply.chatwoot_message_id


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_a_team_and_a_priority(reason: HandoverReason) -> None:
    request = requested(reason=reason, priority="medium")
    assert REASONS[reason] in note(request, SyncState())
    assert team_for(request, SyncState()) in {"verkoop", "werkplaats", "klantenservice"}
    assert priority_of(request) == ("urgent" if reason == "complaint" else "medium")


def test_the_note_says_what_is_known() -> None:
    state = SyncState(
        understanding=Understanding(intent="service_inquiry", confidence=0.9),
        preferences=Slots(
            make=("Opel", "Ford"),
            max_price=15000,
            max_mileage=100000,
            min_year=2018,
            own_car=OwnCar(make="Fiat", model="Panda", year=2012, mileage=120000, license_plate="12-AB-34"),
            appointment=Appointment(kind="proefrit", day_text="zaterdag", time_text="14:00"),
        ),
        lead=Lead(score=55, quality="warm", stage="comparing"),
    )
    text = note(requested(reason="human_request", notice=False), state)
    for part in (
        "Opel of Ford", "tot € 15.000", "max. 100.000 km", "bouwjaar vanaf 2018", "proefrit zaterdag 14:00",
        "Fiat Panda 2012 120.000 km 12-AB-34", "55 (warm, comparing)", "weet al",
    ):  # fmt: skip
        assert part in text
    assert team_for(requested(reason="human_request"), state) == "werkplaats"
    assert PHONE not in text


@pytest.mark.parametrize("reason", ["ungrounded", "other", "unclear"])
async def test_a_question_to_a_colleague_opens_it_and_the_assistant_goes_on(
    system: System, reason: str
) -> None:
    await system.publish(received("Hoeveel garantie krijg ik?"), requested(reason=reason, notice=False))
    await system.quiet()
    assert system.sandbox.world.chatwoot.conversations[1].status == "open"
    assert system.heard(ConversationTakenOver) == []
    assert (await system.state()).held_by == "bot"


async def test_a_person_who_acts_on_such_a_question_silences_it(system: System) -> None:
    await system.publish(received("Hoeveel garantie krijg ik?"), requested(reason="ungrounded", notice=False))
    await system.quiet()
    await system.act("reply", text="Een jaar.")
    await until(lambda: system.heard(ConversationTakenOver))
    assert [e.by for e in system.heard(ConversationTakenOver)] == ["message"]


async def test_a_complaint_after_such_a_question_silences_it(system: System) -> None:
    await system.publish(
        received("Hoeveel garantie krijg ik?"), requested(1, reason="ungrounded", notice=False)
    )
    await system.quiet()
    await system.publish(requested(2, reason="complaint", notice=False))
    await system.quiet()
    assert [e.by for e in system.heard(ConversationTakenOver)] == ["status"]
    assert (await system.state()).held_by == "human"
