"""Splitting: everything fits, nothing is lost, no grapheme is cut."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.gateway.split import split, utf16_length

GRAPHEMES = ["a", "é", "e\u0301", "👨‍👩‍👧‍👦", "🇳🇱", "ب", "न\u094d", "👍🏽", " ", "\n", ". ", "? "]


@given(st.lists(st.sampled_from(GRAPHEMES), max_size=300).map("".join), st.integers(12, 80))
def test_parts_fit_and_keep_every_grapheme(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(parts)
    assert all(utf16_length(p) <= limit for p in parts)
    strip = regex.compile(r"\s+")
    assert strip.sub("", "".join(parts)) == strip.sub("", text)
    whole = regex.findall(r"\X", strip.sub("", text))
    assert [g for p in parts for g in regex.findall(r"\X", strip.sub("", p))] == whole


def test_sentences_stay_whole_where_they_can() -> None:
    text = "Eerste zin is hier. Tweede zin volgt daarop. Derde zin is de laatste."
    assert split(text, 50) == ["Eerste zin is hier. Tweede zin volgt daarop.", "Derde zin is de laatste."]


def test_short_texts_are_left_alone() -> None:
    assert split("  Hallo  ") == ["Hallo"]
    assert split(" \n ") == []
    assert split("x" * 1600) == ["x" * 1600]
