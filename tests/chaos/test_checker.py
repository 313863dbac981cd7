"""The chaos suite's judge: it finds what is lost, sent twice, out of order, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from chaos.checker import Evidence, check
from chaos.scenario import SCENARIOS
from chaos.scenarios.cluster import _synced
from chaos.scenarios.crashes import reaching
from chaos.weak import WEAKNESSES

from chaos import scenarios
from seldenrijk.chassis.failpoints import Point
from seldenrijk.contracts import (
    Customer,
    Event,
    HandoverRequested,
    Message,
    MessageReceived,
    ReplyComposed,
    ReplySuppressed,
    conversation_of,
    derived_id,
)

CONVERSATION = conversation_of("+31600000001", b"key")


class Story:
    """What happened to one customer."""

    def __init__(self) -> None:
        self.evidence = Evidence([], [], [])

    def add(self, event: Event) -> None:
        self.evidence.events.append((len(self.evidence.events) + 1, event))

    def hears(self, sid: str, stored: bool = True, status: int | None = 200) -> str:
        self.evidence.inbound.append({"sid": sid, "answers": [status]})
        message = Message(message_id=sid, text="x", received_at=datetime.now(UTC))
        event = MessageReceived.of(
            sid, CONVERSATION, customer=Customer(address="a"), business_address="b", message=message
        )
        if stored:
            self.add(event)
        return event.id

    def composes(self, cause: str, *answers: str, **more: Any) -> ReplyComposed:
        reply = ReplyComposed.of(cause, CONVERSATION, author="bot", text="ja", answers=answers, **more)
        self.add(reply)
        return reply

    def sends(self, reply: ReplyComposed, number: int = 1, part: int = 0, status: str = "read") -> None:
        attempt = derived_id(reply.id, "attempt", f"{part}/{number}")
        sid = f"SM{len(self.evidence.sends)}"
        self.evidence.sends.append({"sid": sid, "attempt": attempt, "status": status})

    def problems(self, every: bool = True) -> list[str]:
        return [p.split(":")[0] for p in check(self.evidence, every).problems]


@pytest.fixture
def story() -> Story:
    return Story()


def test_an_answered_message_is_no_problem(story: Story) -> None:
    story.sends(story.composes("r", story.hears("SM1")))
    assert story.problems() == []


@pytest.mark.parametrize("how", ["suppressed", "handed over", "dead"])
def test_explained_is_enough(story: Story, how: str) -> None:
    answers = (story.hears("SM1"),)
    if how == "suppressed":
        story.add(ReplySuppressed.of("x", CONVERSATION, reason="taken_over", answers=answers))
    elif how == "handed over":
        story.add(HandoverRequested.of("x", CONVERSATION, reason="other", requested_by="t", answers=answers))
    else:
        story.evidence.dead.append((CONVERSATION, "router", "bug"))
    assert story.problems() == []


def test_lost_at_the_edge_and_lost_inside(story: Story) -> None:
    story.hears("SM1", stored=False)
    story.hears("SM2")
    assert story.problems() == ["lost", "lost"]


def test_what_got_no_2xx_is_lost_only_where_a_repair_was_promised(story: Story) -> None:
    story.hears("SM1", stored=False, status=503)
    assert story.problems(every=True) == ["lost"]
    assert story.problems(every=False) == []


def test_a_composed_reply_that_never_left_answers_nothing(story: Story) -> None:
    story.composes("r", story.hears("SM1"))
    assert story.problems() == ["lost"]


def test_sent_twice_under_two_attempts(story: Story) -> None:
    reply = story.composes("r", story.hears("SM1"))
    story.sends(reply)
    story.sends(reply, number=2)
    assert story.problems() == ["twice"]


def test_a_second_attempt_after_an_undelivered_one_is_no_repetition(story: Story) -> None:
    reply = story.composes("r", story.hears("SM1"))
    story.sends(reply, status="undelivered")
    story.sends(reply, number=2)
    assert story.problems() == []


def test_answered_by_two_replies(story: Story) -> None:
    message = story.hears("SM1")
    story.sends(story.composes("r1", message))
    story.sends(story.composes("r2", message))
    assert "twice" in story.problems()


def test_a_notice_beside_the_answer_is_no_repetition(story: Story) -> None:
    message = story.hears("SM1")
    story.sends(story.composes("r1", message))
    story.sends(story.composes("r2", message, purpose="handover_notice"))
    assert story.problems() == []


def test_a_send_that_nobody_composed(story: Story) -> None:
    story.evidence.sends.append({"sid": "SM1", "attempt": None, "status": "read"})
    assert story.problems() == ["twice"]


def test_replies_in_the_wrong_order(story: Story) -> None:
    first = story.composes("r1", story.hears("SM1"))
    second = story.composes("r2", story.hears("SM2"))
    story.sends(second)
    story.sends(first)
    assert set(story.problems()) == {"disorder"}


def test_all_25_scenarios_are_there_each_with_a_counter_proof() -> None:
    assert scenarios is not None
    assert sorted(SCENARIOS) == list(range(1, 26))
    assert [n for n, s in SCENARIOS.items() if s.counter is None] == []


def test_every_crash_point_is_tried_somewhere() -> None:
    assert all(reaching(point) for point in Point)


def test_weaknesses_have_names_and_say_what_they_take() -> None:
    assert all(work.__doc__ and name == work.__name__ for name, work in WEAKNESSES.items())


def test_synced_bytes_are_those_written_before_the_last_finished_sync_began() -> None:
    trace = """
1 write(9</d/1.blk>, ""..., 100) = 100
1 fsync(9</d/1.blk>) = 0
2 write(9</d/1.blk>, ""..., 50 <unfinished ...>
1 write(8</d/other>, ""..., 7) = 7
2 <... write resumed>) = 50
3 fsync(9</d/1.blk> <unfinished ...>
1 write(9</d/1.blk>, ""..., 10) = 10
3 <... fsync resumed>) = 0
1 write(9</d/1.blk>, ""..., 10) = 10
"""
    assert _synced(trace, "/d/1.blk", 0) == 150
