"""Training: the data it reads, the same model from the same data, a confidence that never falls."""

from pathlib import Path

import pytest

from seldenrijk.nlu.confidence import calibrated, interpolate
from seldenrijk.nlu.cues import INTENTS
from seldenrijk.nlu.model import from_json, packaged_model, to_json
from seldenrijk.nlu.train import calibration
from seldenrijk.nlu.training import SECOND, examples, fit, is_held_out, own_rows, prepare


def test_the_held_out_part_is_never_trained_on() -> None:
    trained = {example.id for example in examples() if example.own}
    held_out = {row["id"] for row in own_rows() if is_held_out(row["id"])}
    assert held_out.isdisjoint(trained)


def test_the_second_held_out_set_is_never_trained_on() -> None:
    trained = {example.text.casefold() for example in examples() if len(example.text) > 12}
    assert not [row["id"] for row in own_rows(name=SECOND) if row["text"].casefold() in trained]


def test_a_wrong_line_of_training_text_is_told_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "utterances.tsv").write_text(
        "# head\ncar_inquiry zonder tab\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="line 2"):
        examples(tmp_path)


def test_the_same_data_gives_the_same_model() -> None:
    some = [prepare(example) for example in examples()[::40]]
    first, second = fit(some), fit(some)
    assert first[1] == second[1]
    calibrations = [
        calibration([(item, item.decide(model)) for item in some]) for model, _ in (first, second)
    ]
    assert calibrations[0] == calibrations[1]


def test_a_stored_model_comes_back_and_a_damaged_one_is_refused() -> None:
    width = len(INTENTS)
    stored = to_json(["a", "b"], [[1] * width, [-2] * width], [0.0] * width, 0.5)
    assert from_json(stored).rows == {"a": (1,) * width, "b": (-2,) * width}
    with pytest.raises(ValueError, match="train"):
        from_json({**stored, "features": "a"})


def test_probabilities_add_up() -> None:
    assert sum(packaged_model().probabilities(["w:golf", "w:unknown"]).values()) == pytest.approx(1)


def test_confidence_rises_with_the_raw_one() -> None:
    values = [calibrated(step / 50) for step in range(51)]
    assert values == sorted(values)
    assert interpolate((0.2, 0.4), (0.1, 0.3), 0.3) == pytest.approx(0.2)
