"""Prints what the evaluation measured, for `python -m seldenrijk.nlu eval`."""

import importlib.util
import json
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from seldenrijk.nlu.evaluation import Measured, measure, predictions, read_rows, reliability
from seldenrijk.nlu.scoring import Report
from seldenrijk.nlu.training import ROOT, SECOND, is_held_out, own_rows


def report_all(console: Console, shared: Path, root: Path | None, *, cross: bool, errors: int) -> None:
    """Measure and print every set there is: the shared one, the own one in both parts."""
    if (shared / "dev.jsonl").is_file():
        rows, _ = read_rows(shared / "dev.jsonl")
        console.rule(f"{shared / 'dev.jsonl'}: never trained on")
        if (shared / "score.py").is_file():
            _shared_report(shared, rows)
        report_set(console, rows, errors)
    else:
        console.print(f"no {shared / 'dev.jsonl'}: only the project's own set is measured (--shared DIR)")
    own = own_rows(root or ROOT)
    console.rule("own set, held-out part: never trained on")
    report_set(console, [row for row in own if is_held_out(row["id"])], 0)
    console.rule("second held-out set, written blind: never trained on")
    report_set(console, own_rows(root or ROOT, SECOND), 0)
    console.rule("own set, training part: the learned part has seen these")
    report_set(console, [row for row in own if not is_held_out(row["id"])], errors)
    if cross:
        _cross_report(console, root or ROOT)


def report_set(console: Console, rows: Sequence[Mapping[str, Any]], errors: int) -> None:
    """Measure one set and print its figures, confidence table, speed and, if asked, wrong rows."""
    measured = measure(rows)
    report = measured.report
    micro = report.micro
    console.print(
        f"{report.rows} rows: intent {report.share(report.intent):.4f} "
        f"(strict {report.share(report.strict):.4f}, "
        f"macro F1 {report.macro_f1:.4f}), slots micro P {micro.precision:.4f} R {micro.recall:.4f} "
        f"F1 {micro.f1:.4f}, slots exact {report.share(report.slots_exact):.4f}, frame exact "
        f"{report.share(report.frame):.4f}",
        soft_wrap=True,
    )
    _print_intents(console, report)
    _print_confidence(console, measured)
    ordered = sorted(measured.millis)
    console.print(f"milliseconds a message: median {statistics.median(ordered):.2f}, worst {ordered[-1]:.2f}")
    texts = {str(row["id"]): row["text"] for row in rows}
    for row_id, wanted, given, extra, missed in report.wrong[:errors]:
        console.print(
            f"  {row_id} {texts[row_id]!r} {wanted} -> {given}, too many {extra}, missed {missed}",
            markup=False,
            soft_wrap=True,
        )


def _print_intents(console: Console, report: Report) -> None:
    table = Table("intent", "P", "R", "F1", "rows", box=None, header_style="dim")
    for name, counts in sorted(report.by_intent.items()):
        figures = [f"{figure:.3f}" for figure in (counts.precision, counts.recall, counts.f1)]
        table.add_row(name, *figures, str(counts.tp + counts.fn))
    console.print(table)


def _print_confidence(console: Console, measured: Measured) -> None:
    table = Table("confidence", "rows", "mean", "right", box=None, header_style="dim")
    for name, count, mean, right in reliability(measured.confidence):
        table.add_row(name, str(count), f"{mean:.3f}", f"{right:.3f}")
    console.print(table)
    share, right = measured.sure
    console.print(f"answered with 0.9 or more: {share:.4f} of the rows, of which {right:.4f} right")


def _shared_report(shared: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the shared scorer print its own report."""
    spec = importlib.util.spec_from_file_location("shared_score", shared / "score.py")
    if spec is None or spec.loader is None:
        return
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.jsonl"
        answers.write_text("\n".join(json.dumps(answer) for answer in predictions(rows)), encoding="utf-8")
        scorer.main([str(answers), str(shared / "dev.jsonl")])


def _cross_report(console: Console, root: Path) -> None:
    """Print what the learned part and the cues reach on texts the model has not seen."""
    from seldenrijk.nlu.training import cross_figures  # noqa: PLC0415  # needs scikit-learn

    console.rule("cross-validated on the training part of the own set")
    for name, figure in cross_figures(root).items():
        console.print(f"{name}: {figure:.4f}")
