"""The public entrance: signals, evidence, robustness, sameness in any process."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seldenrijk.nlu import understand
from seldenrijk.nlu.cues import INTENTS


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("ik zoek een auto", "nl"),
        ("hebt ge nog ne goeie break staan", "nl"),
        ("ok", "nl"),
        ("How much is the blue one?", "en"),
        ("Haben Sie auch Kombis auf Lager?", "de"),
        ("Golf", "nl"),
    ],
)
def test_language(message: str, language: str) -> None:
    assert understand(message).language == language


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("dit is een schandalige service", "complaint"),
        ("ik wil een medewerker spreken", "human_request"),
        ("ik schakel mijn advocaat in", "legal"),
        ("de kilometerstand klopt niet, ik voel me opgelicht", "dispute"),
        ("ik sta bij het BKR, kan ik toch een lening krijgen?", "financing_problem"),
        ("ik wil graag weten wat de Golf kost", None),
        ("stop", None),
    ],
)
def test_why_a_person_must_take_over(message: str, reason: str | None) -> None:
    found = understand(message)
    assert found.human_reason == reason
    assert found.needs_human is (reason is not None)
    assert found.priority == "high" or reason is None


@pytest.mark.parametrize(
    ("message", "formal"),
    [
        ("Heeft u een Golf te koop?", True),
        ("heb je een golf voor me", False),
        ("golf gezocht", None),
        ("kan ik om 9 u komen kijken", None),
        ("Können Sie mir helfen?", True),
        ("hebt ge nog een golf", False),
    ],
)
def test_tone(message: str, formal: bool | None) -> None:
    assert understand(message).formal is formal


@pytest.mark.parametrize(
    ("message", "urgency"),
    [
        ("ik heb vandaag nog een auto nodig", "high"),
        ("ik zoek deze week een auto", "medium"),
        ("ik wil volgende maand een auto kopen", "low"),
        ("ik zoek een auto", None),
        ("tot hoe laat zijn jullie vandaag open", None),
    ],
)
def test_urgency(message: str, urgency: str | None) -> None:
    assert understand(message).urgency == urgency


def test_evidence_points_at_the_original_characters() -> None:
    message = "Héé, ik zóék een Volkswagen"
    spans = {message[e.start : e.end] for e in understand(message).evidence if e.field == "intent"}
    assert any("zóék" in span for span in spans)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_understood_somehow(text: str) -> None:
    found = understand(text)
    assert found.intent in INTENTS
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "1" * 1_000_000, "kan ik " * 2000, "\u200b" * 10_000, "\u202eשלום " * 2000, "((((" * 3000,
     "1.000.000," * 1000, "volkswagen bmw 208 " * 600, "\x00\ud800" * 3000, "niet niet geen " * 800],
)  # fmt: skip
def test_a_hostile_text_is_understood_too(text: str) -> None:
    assert understand(text).intent in INTENTS


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["role", "text", "slots"]),
            st.one_of(st.none(), st.integers(), st.text(max_size=20)),
        )
    )
)
def test_strange_context_is_passed_over(context: list[dict[str, object]]) -> None:
    assert understand("ja", context).intent in INTENTS


def test_the_same_input_gives_the_same_output_in_any_process() -> None:
    program = (
        "import dataclasses, json; from seldenrijk.nlu import understand;"
        "print(json.dumps([dataclasses.asdict(understand(t)) for t in"
        "['zoek een rode of blauwe golf met trekhaak en airco', 'wat kost een grote beurt']]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1
    assert json.loads(outputs.pop())[0]["intent"] == "car_inquiry"
