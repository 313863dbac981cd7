"""``python -m seldenrijk.contracts``: exit codes, words, JSON."""

import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from seldenrijk.contracts import schemas
from seldenrijk.contracts.cli import app

RUNNER = CliRunner()


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    """A copy of the committed schemas: what another revision might have."""
    folder = tmp_path / "libs" / "contracts" / "schemas"
    shutil.copytree(schemas.SCHEMAS, folder)
    return folder


def edit(folder: Path, name: str, change: dict[str, object], required: tuple[str, ...] = ()) -> None:
    path = folder / f"{name}.json"
    schema = orjson.loads(path.read_bytes())
    schema["properties"].update(change)
    schema["required"] = sorted({*schema["required"], *required})
    path.write_bytes(orjson.dumps(schema))


def test_no_change_is_exit_code_0(deployed: Path) -> None:
    result = RUNNER.invoke(app, ["check", "--schemas", str(deployed)])
    assert result.exit_code == 0
    assert result.stdout.startswith("No change")


def test_a_breaking_change_is_exit_code_1_and_names_event_path_and_readers(deployed: Path) -> None:
    edit(deployed, "preferences.extracted.v1", {"mood": {"type": "string"}}, ("mood",))
    result = RUNNER.invoke(app, ["check", "--schemas", str(deployed)])
    assert result.exit_code == 1
    line = result.stdout.splitlines()[0]
    assert line.split() == [
        "BREAKING",
        "preferences.extracted.v1",
        "mood:",
        "field",
        "removed:",
        "the",
        "field",
        "is",
        "gone",
        "->",
        "breaks",
        "responder,",
        "chatwoot-sync",
    ]
    assert result.stdout.splitlines()[-1].startswith(
        "1 incompatible changes; breaks chatwoot-sync, responder"
    )


def test_json_says_the_same(deployed: Path) -> None:
    edit(deployed, "reply.failed.v1", {"text": {"type": "integer"}})
    result = RUNNER.invoke(app, ["check", "--json", "--schemas", str(deployed)])
    assert result.exit_code == 1
    assert orjson.loads(result.stdout) == {
        "compatible": False,
        "changes": [
            {
                "event": "reply.failed.v1", "path": "text", "kind": "retyped", "impact": "breaking",
                "detail": "integer is now string", "readers": ["chatwoot-sync"],
            }
        ],
    }  # fmt: skip


def test_a_compatible_change_is_listed_and_exit_code_0(deployed: Path) -> None:
    path = deployed / "reply.sent.v1.json"
    schema = orjson.loads(path.read_bytes())
    del schema["properties"]["parts"]
    path.write_bytes(orjson.dumps(schema))
    result = RUNNER.invoke(app, ["check", "--schemas", str(deployed)])
    assert result.exit_code == 0
    assert "COMPATIBLE    reply.sent.v1 parts: field added" in result.stdout
    assert "python -m seldenrijk.contracts all" in result.stdout


def test_no_schemas_is_an_error(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["check", "--schemas", str(tmp_path)])
    assert result.exit_code == 2
    assert "no schemas" in result.stderr


def test_schemas_refuses_a_breaking_change_unless_forced(
    deployed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemas, "SCHEMAS", deployed)
    monkeypatch.setattr(schemas, "REPOSITORY", deployed.parents[2])
    edit(deployed, "reply.due.v1", {"mood": {"type": "string"}})
    (deployed / "old.event.v1.json").write_bytes((deployed / "reply.due.v1.json").read_bytes())
    before = (deployed / "reply.due.v1.json").read_bytes()
    refused = RUNNER.invoke(app, ["schemas"])
    assert refused.exit_code == 1
    assert "Nothing written" in refused.stdout
    assert (deployed / "reply.due.v1.json").read_bytes() == before
    assert RUNNER.invoke(app, ["schemas", "--force"]).exit_code == 0
    assert not (deployed / "old.event.v1.json").exists()
    assert RUNNER.invoke(app, ["check", "--schemas", str(deployed)]).stdout.startswith("No change")
    assert RUNNER.invoke(app, ["schemas"]).stdout == ""


def test_the_first_schemas_need_no_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "SCHEMAS", tmp_path / "schemas")
    monkeypatch.setattr(schemas, "REPOSITORY", tmp_path)
    assert RUNNER.invoke(app, ["schemas"]).exit_code == 0
    assert schemas.committed(tmp_path / "schemas") == schemas.schemas_of()


def test_it_runs_as_a_module_and_explains_itself() -> None:
    command = [sys.executable, "-m", "seldenrijk.contracts", "--help"]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env={"COLUMNS": "100"}).stdout
    assert all(word in out for word in ("schemas", "golden", "check", "docs", "asyncapi", "all"))


def test_check_works_though_the_edit_spoils_a_golden_example(tmp_path: Path) -> None:
    """The whole way: someone edits the models and asks what that breaks."""
    copy = tmp_path / "libs" / "contracts"
    shutil.copytree(schemas.LIBRARY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    messages = copy / "src" / "seldenrijk" / "contracts" / "messages.py"
    text = messages.read_text(encoding="utf-8")
    for before, after in EDITS.items():
        assert before in text
        text = text.replace(before, after, 1)
    messages.write_text(text, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "seldenrijk.contracts", "check", "--json"],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(copy / "src")},
    )  # fmt: skip
    assert result.returncode == 1, result.stderr
    changes = orjson.loads(result.stdout)["changes"]
    assert {(c["event"], c["path"], c["kind"]) for c in changes} >= EXPECTED
    assert {tuple(c["readers"]) for c in changes if c["event"] == "message.routed.v1"} == {
        ("extractor", "chatwoot-sync")
    }


EDITS = {
    "    wa_id: str | None = None": "    whatsapp_id: str | None = None",
    "    business_address: str": "    business_address: int",
    "confidence: float = Field(ge=0, le=1)": "confidence: float = Field(ge=0, le=0.9)",
    'Language = Literal["nl", "en", "de"]': 'Language = Literal["nl", "en"]',
}
UNDERSTOOD_BY = {
    "message.routed.v1": ("understanding",),
    "preferences.extracted.v1": ("understanding",),
    "reply.requested.v1": ("messages[].understanding", ""),
    "reply.composed.v1": ("",),
    "handover.requested.v1": ("",),
    "customer.opted_out.v1": ("",),
}
EXPECTED = {
    ("message.received.v1", "customer.wa_id", "field_renamed"),
    ("message.received.v1", "business_address", "retyped"),
    *(
        (event, f"{place}.language".lstrip("."), "enum_value_dropped")
        for event, places in UNDERSTOOD_BY.items()
        for place in places
    ),
    *(
        (event, f"{place}.confidence", "tightened")
        for event, places in UNDERSTOOD_BY.items()
        for place in places
        if place
    ),
}
