"""The whole set of scripted conversations, through the real services with the built-in composer."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
@pytest.mark.integration
@pytest.mark.timeout(900)
def test_every_scripted_conversation_holds(tmp_path: Path) -> None:
    report = tmp_path / "replies.md"
    command = [sys.executable, "-m", "evals", "replies", "--report", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "conversations hold" in report.read_text("utf-8")
