"""docs/performance.md from the newest result of each measurement, and the remarks beside them."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .figures import Result
from .machine import ROOT, RUN, describe

ORDER = (
    "gateway",
    "pipeline",
    "wait",
    "understanding",
    "model",
    "replicas",
    "stored",
    "listener",
    "soak",
    "profile",
)
KEPT = RUN / "bench"
DOCUMENT = ROOT / "docs" / "performance.md"


def keep(result: Result, quick: bool, folder: Path = KEPT) -> None:
    """Remember a result until it is measured anew; a quick one never replaces a full one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.name}.json"
    if quick and path.exists() and not json.loads(path.read_text())["quick"]:
        return
    kept = {"quick": quick, "at": _now(), "commit": _commit(), "machine": describe(), **result.as_dict()}
    path.write_text(json.dumps(kept, indent=1))


def write(folder: Path = KEPT, document: Path = DOCUMENT) -> Path:
    """Write the document."""
    kept = [
        json.loads((folder / f"{name}.json").read_text())
        for name in ORDER
        if (folder / f"{name}.json").exists()
    ]
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_text(compose(kept, remarks()))
    return document


def remarks() -> dict[str, str]:
    """What a person wrote about each measurement: ``## name`` and the text below it in remarks.md."""
    parts = (Path(__file__).parent / "remarks.md").read_text(encoding="utf-8").split("\n## ")
    named = [part.partition("\n") for part in parts[1:]]
    return {name.strip(): text.strip() for name, _, text in named} | {"": parts[0].strip()}


def compose(kept: list[dict[str, Any]], said: dict[str, str]) -> str:
    """The document's text."""
    machine = kept[-1]["machine"] if kept else "nothing measured yet"
    lines = [said[""], "", f"Machine: {machine}."]
    for entry in kept:
        result = Result.of({k: v for k, v in entry.items() if k not in ("quick", "at", "commit", "machine")})
        command = f"python -m bench {result.name}" + (" --quick" if entry["quick"] else "")
        lines += ["", f"## {result.title}", ""]
        lines += [f"`{command}`, {entry['at']}, commit {entry['commit']}", "", result.markdown()]
        if result.name in said:
            lines += ["", said[result.name]]
    return "\n".join(lines) + "\n"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
