"""Reading, checking and merging understandings: pure functions, for any input."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.claude import UnderstandingProposal, merge_understanding, read_proposal, supported
from seldenrijk.claude.numbers import numbers_in
from seldenrijk.claude.proposal import accepted, flat, nested
from seldenrijk.claude.scheme import CHOICES, COLORS, FIELDS, NUMBERS, TEXTS, many
from seldenrijk.contracts.slots import Appointment, Exclusions, OwnCar
from seldenrijk.contracts.slots import Slots as SlotsModel

Found = dict[str, Any]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)


def _pairs() -> st.SearchStrategy[tuple[str, Any]]:
    number = st.sampled_from(list(NUMBERS)).flatmap(lambda f: st.tuples(st.just(f), st.integers(*NUMBERS[f])))
    choice = st.sampled_from(list(CHOICES)).flatmap(
        lambda f: st.tuples(st.just(f), st.sampled_from(CHOICES[f]))
    )
    text = st.tuples(
        st.sampled_from(TEXTS), st.text(alphabet="abcXYZ 12", min_size=1, max_size=8).filter(str.strip)
    )
    return st.one_of(number, choice, text)


SLOTS = st.lists(_pairs(), max_size=8).map(nested)


def proposal(slots: Found) -> UnderstandingProposal:
    return UnderstandingProposal(intent="car_inquiry", slots=slots)


@given(st.text() | JSON.map(json.dumps))
def test_reading_never_fails(text: str) -> None:
    result = read_proposal(text)
    assert result is None or isinstance(result, UnderstandingProposal)


@given(
    st.lists(
        st.fixed_dictionaries({"field": st.sampled_from(FIELDS) | st.text(), "value": JSON}) | JSON,
        max_size=6,
    )
)
def test_what_is_read_is_within_the_scheme(entries: list[Any]) -> None:
    result = read_proposal(json.dumps({"intent": "unclear", "also": [], "language": "nl", "slots": entries}))
    for field, value in flat(result.slots):
        assert accepted(field, value) == value
    assert set(result.dropped) <= {*FIELDS, "unknown"}


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "{}", '{"intent": "x", "slots": []}', "[" * 100_000])
def test_whole_junk_is_nothing(text: str) -> None:
    assert read_proposal(text) is None


def test_lone_surrogates_get_no_further() -> None:
    pairs = [{"field": "model", "value": "Go\ud800lf"}]
    result = read_proposal(
        json.dumps({"intent": "car_inquiry", "also": [], "language": "nl", "slots": pairs})
    )
    assert result is not None
    assert result.slots == {"model": "Golf"}


@given(SLOTS)
def test_flat_and_nested_are_inverse(slots: Found) -> None:
    assert nested(flat(slots)) == slots


@given(SLOTS, st.text())
def test_nothing_proposed_nothing_changed(engine: Found, text: str) -> None:
    assert merge_understanding(engine, None, text=text) == engine
    assert merge_understanding(engine, proposal({}), text=text) == engine


@given(SLOTS, SLOTS, st.text())
def test_the_engines_certain_values_stay(engine: Found, claude: Found, text: str) -> None:
    merged = flat(merge_understanding(engine, proposal(claude), text=text))
    assert all(pair in merged for pair in flat(engine))
    fields = {field for field, _ in flat(engine)}
    assert [pair for pair in merged if pair[0] in fields] == flat(engine)


@given(SLOTS, SLOTS, st.text(), st.sets(st.sampled_from(FIELDS)))
def test_every_value_comes_from_one_of_the_two(
    engine: Found, claude: Found, text: str, uncertain: set[str]
) -> None:
    merged = flat(merge_understanding(engine, proposal(claude), text=text, uncertain=uncertain))
    assert set(merged) <= set(flat(engine)) | set(flat(claude))
    assert {f for f, _ in flat(engine)} <= {f for f, _ in merged}


@given(SLOTS, SLOTS, st.text(alphabet="abc xyz", max_size=40))
def test_without_numbers_in_the_text_claude_adds_none(engine: Found, claude: Found, text: str) -> None:
    added = set(flat(merge_understanding(engine, proposal(claude), text=text))) - set(flat(engine))
    assert not {field for field, _ in added if field in NUMBERS}


@given(SLOTS, SLOTS, st.text(), st.sets(st.sampled_from(FIELDS)))
def test_merging_twice_is_merging_once(engine: Found, claude: Found, text: str, uncertain: set[str]) -> None:
    once = merge_understanding(engine, proposal(claude), text=text, uncertain=uncertain)
    assert merge_understanding(once, proposal(claude), text=text, uncertain=uncertain) == once


@given(SLOTS, st.text())
def test_claude_alone_never_wants_what_it_excludes(claude: Found, text: str) -> None:
    merged = set(flat(merge_understanding({}, proposal(claude), text=text)))
    assert not {(f"exclude.{field}", value) for field, value in merged} & merged


def test_claude_fills_what_the_engine_left_over() -> None:
    engine = {"make": "Volkswagen", "max_price": 15_000}
    claude = proposal({"make": "Audi", "model": "Golf", "max_mileage": 120_000, "features": ["trekhaak"]})
    merged = merge_understanding(engine, claude, text="vw gollf tot 15k, 1,2 ton, met haak")
    assert merged == engine | {"model": "Golf", "max_mileage": 120_000, "features": ["trekhaak"]}


def test_uncertain_values_give_way_but_do_not_vanish() -> None:
    engine = {"model": "Up!", "color": "wit", "own_car": {"make": "Kia", "year": 2013}}
    claude = proposal({"model": "Polo", "own_car": {"make": "Seat"}})
    merged = merge_understanding(engine, claude, text="x", uncertain={"model", "color", "own_car"})
    assert merged == {"model": "Polo", "color": "wit", "own_car": {"make": "Seat", "year": 2013}}


def test_no_contradictions_are_let_in() -> None:
    engine = {"exclude": {"fuel_type": "diesel"}, "max_price": 10_000}
    claude = proposal({"fuel_type": ["diesel", "lpg"], "min_price": 20_000})
    merged = merge_understanding(engine, claude, text="geen diesel, 10.000 of 20.000")
    assert merged == {**engine, "fuel_type": "lpg"}


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("max_price", 15_000, "tot 15k"),
        ("max_price", 15_000, "€15.000,- max"),
        ("max_price", 15_000, "vijftienduizend euro"),
        ("max_price", 15_000, "15 mille"),
        ("max_price", 15_000, "wat dacht je van 15?"),
        ("max_price", 11_000, "rond de 10.000"),
        ("min_price", 9_000, "rond de 10.000"),
        ("min_price", 20_000, "tussen de 20 en 30 duizend"),
        ("max_price", 25_000, "under 25 grand"),
        ("max_price", 25_000, "fünfundzwanzigtausend"),
        ("max_mileage", 150_000, "anderhalve ton"),
        ("max_mileage", 120_000, "1,2 ton"),
        ("max_mileage", 90_000, "90dkm"),
        ("max_mileage", 100_000, "minder dan een ton"),
        ("max_monthly", 440, "rond de 400 p/m"),
        ("min_year", 2017, "bj '17"),
        ("min_year", 2017, "rond 2018"),
        ("min_year", 2021, "max 5 jaar oud"),
        ("min_seats", 7, "zevenzitter"),
        ("doors", 5, "5drs"),
        ("own_car.license_plate", "RX-881-P", "apk voor rx881p"),
        ("appointment.time_text", "half 3", "Kan het om Half  3?"),
        ("own_car.mileage", 180_000, "ruim 1,8 ton gelopen"),
    ],
)  # fmt: skip
def test_values_that_the_text_bears_out(field: str, value: Any, text: str) -> None:
    slots = nested([(field, value)])
    assert supported(slots, text, year=2026) == (slots, ())


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("max_price", 150_000, "tot 15.000"),
        ("max_price", 1_500, "tot 15k"),
        ("max_price", 12_000, "rond de 10.000"),
        ("max_price", 125_000, "12,5k"),
        ("max_mileage", 150_000, "weinig km"),
        ("min_year", 2019, "een jonge auto"),
        ("min_year", 2021, "max 5 zitplaatsen, geen jaartal"),
        ("min_seats", 7, "groot gezin"),
        ("own_car.license_plate", "RX-881-P", "apk voor mijn golf"),
        ("appointment.day_text", "zaterdag", "kan ik langskomen"),
    ],
)  # fmt: skip
def test_values_that_it_does_not(field: str, value: Any, text: str) -> None:
    assert supported(nested([(field, value)]), text) == ({}, (field,))


def test_right_answers_to_the_labelled_messages_pass() -> None:
    path = Path(__file__).parents[2] / "libs/nlu/eval/messages.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) >= 400
    for row in rows:
        assert all(accepted(field, value) == value for field, value in flat(row["slots"])), row["id"]
        assert supported(row["slots"], row["text"], year=2026)[1] == (), row["id"]


@given(st.integers(0, 999_999))
def test_digits_are_found_however_they_are_written(number: int) -> None:
    for form in (f"{number}", f"{number:,}".replace(",", "."), f"€{number},-", f"x{number}km"):
        assert number in numbers_in(f"tot {form} graag")


@given(st.text() | st.text(alphabet="0123456789.,' ktoneduizdhr", max_size=2_000))
def test_numbers_are_looked_for_in_anything(text: str) -> None:
    assert all(isinstance(number, int) and number >= 0 for number in numbers_in(text))


def test_the_scheme_is_that_of_the_contracts() -> None:
    simple = set(SlotsModel.model_fields) - {"own_car", "appointment", "exclude"}
    parts = {"own_car": OwnCar, "appointment": Appointment, "exclude": Exclusions}
    fields = simple | {f"{key}.{sub}" for key, model in parts.items() for sub in model.model_fields}
    assert set(FIELDS) == fields
    assert len(COLORS) == 13
    for field in fields:
        key, _, sub = field.partition(".")
        model = parts[key] if sub else SlotsModel
        kind = model.model_fields[sub or key].annotation
        assert many(field) == (get_args(kind)[-1:] == (...,))
