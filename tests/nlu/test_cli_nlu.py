"""The command line, as a person would use it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from seldenrijk.nlu.cli import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_predict_answers_rows_and_tells_bad_ones_by_line(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "1", "text": "Hallo, ik zoek een Volkswagen Golf", "context": null}\n'
        "not json\n"
        '{"id": "3"}\n'
        "\n"
        '{"id": "5", "text": "ja", "context": [{"role": "bot", "text": "Zal ik de proefrit inplannen?"}]}\n'
        '{"id": "6", "text": "x", "context": "y"}\n',
        encoding="utf-8",
    )
    result = run("predict", str(source), str(target))
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["intent"]) for row in rows] == [
        ("1", "car_inquiry"),
        ("5", "appointment_request"),
    ]
    assert rows[0]["slots"] == {"make": "Volkswagen", "model": "Golf"}
    assert result.exit_code == 1
    assert all(f"line {number}" in result.output for number in (2, 3, 6))
    assert "2 rows answered, 3 bad" in result.output


def test_predict_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run("predict", str(tmp_path / "none.jsonl"), str(tmp_path / "out.jsonl"))
    assert result.exit_code == 2
    assert "none.jsonl" in result.output


def test_explain_shows_words_reasons_and_no_colour_without_a_terminal() -> None:
    result = run("explain", "kan ik zaterdag een proefrit maken in de [Golf]")
    assert result.exit_code == 0
    assert "appointment_request" in result.output
    assert "a test drive" in result.output
    assert "\x1b[" not in result.output


def test_explain_takes_context_and_refuses_nonsense() -> None:
    turns = json.dumps([{"role": "bot", "text": "Zal ik een afspraak inplannen?"}])
    assert "appointment_request" in run("explain", "ja", "--context", turns).output
    assert run("explain", "ja", "--context", "{").exit_code == 2
    assert run("explain", "ja", "--context", "[1]").exit_code == 2


@pytest.mark.parametrize("command", [[], ["predict"], ["explain"], ["eval"], ["train"]])
def test_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_eval_measures_the_own_set_when_there_is_no_other(tmp_path: Path) -> None:
    result = run("eval", "--shared", str(tmp_path))
    assert result.exit_code == 0
    assert "held-out part" in result.output
    assert "answered with 0.9 or more" in result.output
    assert run("eval", "--root", str(tmp_path), "--shared", str(tmp_path)).exit_code == 2
