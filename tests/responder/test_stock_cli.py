"""The command line: check, show, help, exit statuses."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import feed, row

from seldenrijk.responder.stock.__main__ import main


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STOCK_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "stock.csv"


def test_check_reports_every_bad_row(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(feed(row("A1"), row("A2", prijs="Jan 0612345678"), row("A3", status="verkocht")))
    assert main(["check", "--stock-url", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 rows, 2 cars, 1 bad rows",
        "1 available, 0 reserved, 1 sold, 0 withdrawn",
        "  row 3: price is not acceptable (less than equal)",
    ]
    assert main(["check", "--strict", "--stock-url", str(path)]) == 1


def test_check_refuses_what_the_service_would_refuse(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(feed(row("A1"), row("A2", prijs="x"), row("A3", prijs="x")))
    assert main(["check", "--stock-url", str(path)]) == 1
    assert "refused: too-many-bad-rows: 2 of 3" in capsys.readouterr().err
    assert main(["check", "--stock-url", str(path), "--max-bad-share", "0.9"]) == 0


def test_show_lists_cars_of_a_make(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(
        feed(row("A1"), row("A2", merk="Skoda", model="Fabia"), row("A3", merk="Škoda", model="Fabia"))
    )
    assert main(["show", "--stock-url", str(path), "--make", "skoda", "--limit", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("A2         Škoda Fabia")
    assert lines[1:] == ["2 cars"]


def test_the_environment_names_the_source(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(feed(row("A1")))
    monkeypatch.setenv("STOCK_URL", str(path))
    assert main(["show"]) == 0
    assert capsys.readouterr().out.endswith("1 cars\n")


def test_migrate_needs_a_database(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 2
    assert "DATABASE_URL is not set" in capsys.readouterr().err


def test_help_and_the_sample_run_as_a_module(path: Path) -> None:
    run = [sys.executable, "-m", "seldenrijk.responder.stock"]
    told = subprocess.run([*run, "--help"], check=True, capture_output=True, text=True, timeout=60)
    assert all(word in told.stdout for word in ("migrate", "check", "show", "STOCK_URL"))
    checked = subprocess.run(
        [*run, "check", "--strict"], check=True, capture_output=True, text=True, timeout=60
    )
    assert " 0 bad rows" in checked.stdout
