"""`python -m seldenrijk.nlu train`: fits the model and the confidence, and writes them as data."""

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from seldenrijk.nlu.intent import Decision
from seldenrijk.nlu.training import ROOT, Prepared, cross_validate, examples, fit, prepare

_UTTERANCE_WEIGHT = 0.25  # bare utterances are shorter and vaguer than messages: they count less
_STEPS = 24  # at most so many points in the stored table
_CEILING = 0.995  # nobody is surer than this


def write_model(root: Path | None = None) -> Iterator[str]:
    """Train on the committed data and write the two files; yields lines to show."""
    root = root or ROOT
    prepared = [prepare(example) for example in examples(root)]
    yield f"{len(prepared)} texts, {sum(item.example.own for item in prepared)} of them labelled messages"
    results = cross_validate(prepared)
    own, bare = _accuracy(results, own=True), _accuracy(results, own=False)
    yield f"cross-validated: {own:.4f} of the messages, {bare:.4f} of the utterances"
    _, stored = fit(prepared)
    folder = root / "src" / "seldenrijk" / "nlu" / "data" / "model"
    _write(folder / "intents.json", stored)
    _write(folder / "confidence.json", calibration(results))
    yield f"wrote {len(stored['features'].splitlines())} features and the confidence table"


def calibration(results: Sequence[tuple[Prepared, Decision]]) -> dict[str, list[float]]:
    """Fit confidence to the share of right answers, on texts the model had not seen."""
    raw = [decision.raw for _, decision in results]
    right = [float(item.is_right(decision.intent)) for item, decision in results]
    weights = [1.0 if item.example.own else _UTTERANCE_WEIGHT for item, _ in results]
    curve: Any = import_module("sklearn.isotonic").IsotonicRegression(
        y_min=0.02, y_max=_CEILING, out_of_bounds="clip"
    )
    curve.fit(raw, right, sample_weight=weights)
    ordered = sorted(raw)
    points = sorted({round(ordered[round(n * (len(ordered) - 1) / _STEPS)], 4) for n in range(_STEPS + 1)})
    return {"raw": points, "right": _rising([round(float(y), 4) for y in curve.predict(points)])}


def _rising(values: list[float]) -> list[float]:
    """Make each step a little higher than the last: surer raw answers stay apart."""
    return [round(min(value + 0.0001 * n, _CEILING), 4) for n, value in enumerate(values)]


def _accuracy(results: Sequence[tuple[Prepared, Decision]], *, own: bool) -> float:
    right = [item.is_right(decision.intent) for item, decision in results if item.example.own is own]
    return sum(right) / max(1, len(right))


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
