"""Every message of slot_cases.jsonl gives exactly the slots that the labelling guide asks for."""

import json
from pathlib import Path
from typing import Any

import pytest

from seldenrijk.nlu.slots import extract

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "slot_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['id']} {c['text'][:50]}")
def test_slots_of_the_case(case: dict[str, Any]) -> None:
    assert extract(case["text"], case["context"], case["intent"]).slots == case["slots"]


def test_cases_are_many_and_distinct() -> None:
    assert len(CASES) >= 150
    assert len({(c["text"], json.dumps(c["context"])) for c in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES[::7], ids=lambda c: c["id"])
def test_evidence_points_into_the_message(case: dict[str, Any]) -> None:
    for evidence in extract(case["text"], case["context"], case["intent"]).evidence:
        assert 0 <= evidence.start < evidence.end <= len(case["text"])
        assert evidence.field and evidence.value and evidence.why
