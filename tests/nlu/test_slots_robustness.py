"""Whatever is typed, extraction answers: the same thing, every time, in every process."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seldenrijk.nlu.slots import SLOT_ORDER, extract
from seldenrijk.nlu.text import MAX_CHARS, Text

HOSTILE = {
    "ten thousand characters": "zoek een golf diesel max 15k " * 400,
    "a million digits": "1" * 1_000_000,
    "dotted digits": "1." * 5_000,
    "zero width": "g\u200bo\u200dl\ufefff" * 2_000,
    "right to left": "\u202eגולף \u202cgolf " * 1_000,
    "lone surrogates": "\ud800 golf \udfff" * 1_000,
    "nested quantifiers": "((((a+)+)+)+)+" * 700 + "!",
    "one car over and over": "golf\n" * 2_000,
    "negations": "geen niet zonder behalve " * 400,
    "moments": "van maandag naar dinsdag om half 3 " * 280,
    "null bytes": "golf\x00polo\x00" * 1_000,
}
WORDS = (
    "golf polo 208 3 een geen niet diesel automaat max 15k tussen en 2018 km mijn heb inruil zaterdag "
    "om half 3 of , . ?"
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("hint", [None, "appointment_request", "trade_in_inquiry"])
def test_hostile_text_gets_an_answer(name: str, hint: str | None) -> None:
    result = extract(HOSTILE[name], None, hint)
    assert set(result.slots) <= set(SLOT_ORDER)
    assert len(Text(HOSTILE[name]).raw) <= MAX_CHARS


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_accepted(text: str) -> None:
    result = extract(text)
    assert set(result.slots) <= set(SLOT_ORDER)
    json.dumps(result.slots, ensure_ascii=True)


@given(
    st.lists(st.sampled_from(WORDS.split()), max_size=25),
    st.sampled_from([None, "car_inquiry", "service_inquiry"]),
)
@settings(max_examples=200, deadline=None)
def test_any_order_of_real_words_is_accepted(words: list[str], hint: str | None) -> None:
    text = " ".join(words)
    assert extract(text, None, hint) == extract(text, None, hint)


@given(st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_tokens_know_their_place(raw: str) -> None:
    text = Text(raw)
    for token in text.tokens:
        assert 0 <= token.start < token.end <= len(raw)
        assert text.folded[token.at : token.at + len(token.text)] == token.text


@pytest.mark.parametrize(
    "context",
    [[], [{}], [{"role": "state"}], [{"role": "bot", "text": 5}], [3], [{"role": "state", "slots": []}]],
)
def test_malformed_context_is_passed_over(context: list[Any]) -> None:
    assert extract("zoek een golf", context).slots == {"make": "Volkswagen", "model": "Golf"}


def test_same_result_in_another_process() -> None:
    text = "zoek golf of polo, geen wit of grijs, max 15k, mijn volkwagen up inruilen"
    code = f"from seldenrijk.nlu.slots import extract; print(repr(extract({text!r}, None, 'car_inquiry')))"
    seen = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
