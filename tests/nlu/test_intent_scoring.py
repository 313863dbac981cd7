"""Our scorer, the own labelled set, and what the engine reaches on it."""

import importlib.util
import json
from pathlib import Path

import pytest

from seldenrijk.nlu.cues import INTENTS
from seldenrijk.nlu.evaluation import measure, reliability
from seldenrijk.nlu.scoring import items, match, score
from seldenrijk.nlu.training import is_held_out, own_rows

SHARED = Path(__file__).parents[3] / "shared" / "nlu"
GOLD = [
    {
        "id": "a",
        "text": "",
        "intent": "car_inquiry",
        "also_ok": [],
        "slots": {"make": ["Škoda", "Seat"], "max_price": 9000},
    },
    {
        "id": "b",
        "text": "",
        "intent": "appointment_request",
        "also_ok": ["human_request"],
        "slots": {
            "appointment": {"day_text": "zaterdag", "time_text": "na zessen"},
            "own_car": {"license_plate": "12-AB-CD"},
        },
    },
    {"id": "c", "text": "", "intent": "general_inquiry", "also_ok": [], "slots": {}},
]
ANSWERS = {
    "a": {"id": "a", "intent": "car_inquiry", "slots": {"make": ["skoda"], "max_price": "9.000", "odd": 1}},
    "b": {
        "id": "b",
        "intent": "human_request",
        "slots": {
            "appointment": {"day_text": "a.s. zaterdag", "time_text": "na zessen"},
            "own_car": {"license_plate": "12ABCD"},
        },
    },
}


def test_the_definitions_of_the_guide() -> None:
    report = score(GOLD, ANSWERS)
    assert (report.rows, report.intent, report.strict, report.slots_exact, report.frame) == (3, 2, 1, 2, 1)
    assert (report.micro.tp, report.micro.fp, report.micro.fn) == (5, 0, 1)


def test_items_leave_out_what_is_outside_the_scheme() -> None:
    assert items({"own_car": "Golf", "exclude": {"color": ["wit", "rood"]}, "make": None, "x": 1}) == {
        ("exclude.color", "wit"),
        ("exclude.color", "rood"),
    }
    assert match({("make", "a")}, {("make", "b")}) == (set(), {("make", "b")}, {("make", "a")})


def test_it_agrees_with_the_shared_scorer_where_there_is_one(tmp_path: Path) -> None:
    ours = score(GOLD, ANSWERS)
    expected = {
        "intent_accuracy": ours.share(ours.intent),
        "frame_exact": ours.share(ours.frame),
        "macro_f1": ours.macro_f1,
    }
    shared = _shared_figures(tmp_path) if (SHARED / "score.py").is_file() else expected
    assert {name: shared[name] for name in expected} == pytest.approx(expected)


def _shared_figures(folder: Path) -> dict[str, float]:
    spec = importlib.util.spec_from_file_location("shared_scorer", SHARED / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gold, answers, out = folder / "gold.jsonl", folder / "answers.jsonl", folder / "out.json"
    gold.write_text("\n".join(json.dumps(row) for row in GOLD), encoding="utf-8")
    answers.write_text("\n".join(json.dumps(row) for row in ANSWERS.values()), encoding="utf-8")
    module.main([str(answers), str(gold), "--json", str(out)])
    figures: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
    return figures


def test_the_own_set_is_well_formed() -> None:
    rows = own_rows()
    assert len(rows) >= 450
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(is_held_out(row["id"]) for row in rows) >= 150
    for row in rows:
        assert {row["intent"], *row["also_ok"]} <= set(INTENTS)
        assert row["lang"] in ("nl", "en", "de")
        assert row["intent"] not in row["also_ok"]
        assert items(row["slots"]) or not row["slots"]


def test_the_held_out_part_is_understood() -> None:
    measured = measure([row for row in own_rows() if is_held_out(row["id"])])
    share, right = measured.sure
    assert measured.report.share(measured.report.intent) >= 0.94
    assert measured.report.share(measured.report.frame) >= 0.8
    assert share >= 0.75
    assert right >= 0.97


def test_reliability_counts_every_row_once() -> None:
    pairs = [(0.2, False), (0.9, True), (0.95, True), (1.0, True)]
    assert sum(count for _, count, _, _ in reliability(pairs)) == len(pairs)
