"""The small language of the cues, and the cue files themselves."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.nlu.cues import INTENTS, CueBook, compile_phrase, cue_book, load, occurs
from seldenrijk.nlu.cues_phrases import PhraseError, match_at, parse
from seldenrijk.nlu.cues_tokens import cue_text, spelling
from seldenrijk.nlu.text import Text


def found(phrase: str, message: str) -> bool:
    return occurs(compile_phrase(phrase), cue_text(Text(message)))


@pytest.mark.parametrize(
    ("phrase", "message", "expected"),
    [
        ("wet", "ik wil weten wat het kost", False),
        ("inruil*", "inruilwaarde van mijn auto", True),
        ("*lening", "een autolening graag", True),
        ("(maak|plan) .. afspraak", "plan maar een afspraak", True),
        ("(maak|plan) .. afspraak", "plan een twee drie vier afspraak", False),
        ("maak .... afspraak", "maak een twee drie vier afspraak", True),
        ("stop .. berichten", "stop. berichten heb ik zat", False),
        ("^hallo", "nee hallo", False),
        ("open$", "zijn jullie open?", True),
        ("dank (je|u)? wel", "dank wel", True),
        ("<num> maanden", "48 maanden", True),
        ("niet meer", "nie meer", True),
        ("afspraak", "AFSPRÁÁK", True),
        ("per-maand", "250 p/m", False),
        ("auto's", "welke autos", True),
    ],
)
def test_a_phrase_matches_whole_words(phrase: str, message: str, expected: bool) -> None:
    assert found(phrase, message) is expected


@pytest.mark.parametrize("phrase", ["", "..", "(a|b", "a)", "()", "<nothing>", "a*b", "*", "^"])
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse(phrase)


@given(st.text(alphabet="ab (|).?*^$<>", max_size=20), st.text(alphabet="ab .", max_size=20))
def test_any_phrase_is_refused_or_matches_without_failing(phrase: str, message: str) -> None:
    try:
        sequence = parse(phrase)
    except PhraseError:
        return
    text = cue_text(Text(message))
    for at in range(len(text.words)):
        assert match_at(sequence, text, at) <= len(text.words)


def test_every_cue_file_loads_and_speaks_for_its_intent() -> None:
    intents = {rule.intent for _, rule, _ in cue_book().phrases}
    assert intents == set(INTENTS)
    assert len(cue_book("question").phrases) > 50


def test_no_phrase_stands_twice_in_one_table() -> None:
    folder = files("seldenrijk.nlu").joinpath("data/intents")
    for intent in INTENTS:
        for table in tomllib.loads(folder.joinpath(f"{intent}.toml").read_text(encoding="utf-8"))["cue"]:
            assert len(table["phrases"]) == len(set(table["phrases"])), (intent, table["why"])


def test_spellings_do_not_chain() -> None:
    table = spelling()
    chained = {
        typed: right
        for typed, right in table.items()
        for word in right
        if table.get(word, (word,)) != (word,)
    }
    assert not chained


@pytest.mark.parametrize(
    "table",
    [
        {"why": "x", "weight": 1, "phrases": ["(open"]},
        {"why": "x", "weight": "heavy", "phrases": ["a"]},
        {"why": "x", "weight": 1},
        {"why": "x", "weight": 1, "phrases": ["a"], "wieght": 2},
        {"why": "x", "weight": 1, "phrases": ["a"], "cancels": ["no_intent"]},
    ],
)
def test_a_wrong_table_is_refused_with_the_name_of_its_file(table: dict[str, object]) -> None:
    with pytest.raises(PhraseError, match=r"complaint\.toml, cue 1"):
        load(CueBook(), "complaint.toml", {"intent": "complaint", "cue": [table]})


def test_a_cue_can_cancel_another_on_the_same_words() -> None:
    text = cue_text(Text("kan ik zonder afspraak binnenlopen om rond te neuzen"))
    assert {"showroom_info"} == {hit.rule.intent for hit in cue_book().find(text) if hit.rule.weight >= 3.5}
