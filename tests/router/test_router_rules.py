"""The router's pure rules: what the whole message says, and when a person is needed."""

from datetime import UTC, datetime

import pytest

from seldenrijk.contracts import Turn, Understanding
from seldenrijk.router import rules

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["STOP", "stop!", " Stop. ", "afmelden", "Uitschrijven", "unsubscribe", "opt-out"]
)
def test_stop_words_as_the_whole_message(text: str) -> None:
    assert rules.is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "stop maar met zoeken, ik neem de Golf",
        "kan ik stoppen bij jullie op de oprit",
        "nonstop",
        "",
        "stopcontact",
    ],
)
def test_stop_inside_a_sentence_is_no_opt_out(text: str) -> None:
    assert not rules.is_stop(text)


@pytest.mark.parametrize(
    ("text", "start"), [("START", True), ("start.", True), ("mijn auto start niet", False)]
)
def test_start(text: str, start: bool) -> None:
    assert rules.is_start(text) is start


def test_an_unsure_opt_out_is_none() -> None:
    assert not rules.opts_out("doe maar niet", Understanding(intent="opt_out", confidence=0.4))
    assert rules.opts_out("stuur mij niets meer", Understanding(intent="opt_out", confidence=0.95))


def test_the_third_time_a_question_is_asked_a_person_answers() -> None:
    turns = tuple(
        Turn(role="customer", text=t, at=NOW) for t in ("Is de Golf er nog?", "is de golf er nog??")
    )
    assert rules.times_asked("Is de golf er nog", turns) == 2
    assert rules.times_asked("ok", (*turns, *turns)) == 0
    understanding = Understanding(intent="car_inquiry", confidence=0.9)
    assert rules.handover_reason(understanding, 0, 2) == "repeated"
    assert rules.handover_reason(understanding, 0, 1) is None


def test_two_unclear_messages_in_a_row() -> None:
    unclear = Understanding(intent="unclear", confidence=0.9)
    assert rules.handover_reason(unclear, 1, 0) is None
    assert rules.handover_reason(unclear, 2, 0) == "unclear"


@pytest.mark.parametrize(
    ("kind", "text", "counts"), [("text", "asdf", True), ("text", "👍", False), ("image", "", False)]
)
def test_what_counts_as_unclear(kind: str, text: str, counts: bool) -> None:
    assert rules.counts_as_unclear(Understanding(intent="unclear", confidence=1), kind, text) is counts
