"""Compile each service's hashed requirements from its pyproject.toml: ``write`` or ``check``.

A service's file holds the third-party closure of the service and of our own libraries that it
names; the development file holds that of everything. No download address is recorded.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBS = {"seldenrijk-contracts": "contracts", "seldenrijk-chassis": "chassis", "seldenrijk-nlu": "nlu",
        "seldenrijk-claude": "claude"}  # fmt: skip
HEADER = "# Compiled by `make requirements` from pyproject.toml files; do not edit.\n"


def dependencies(folder: Path) -> set[str]:
    """Third-party requirements of a package and of our own packages that it needs."""
    found: set[str] = set()
    for name in tomllib.loads((folder / "pyproject.toml").read_text())["project"]["dependencies"]:
        own = LIBS.get(name)
        found |= dependencies(ROOT / "libs" / own) if own else {name}
    return found


def targets() -> dict[Path, set[str]]:
    """Every file to compile, with its direct requirements."""
    packages = [p.parent for p in sorted(ROOT.glob("*/*/pyproject.toml"))] + [ROOT / "sandbox"]
    everything = set().union(*(dependencies(p) for p in packages))
    tools = {
        line for line in (ROOT / "requirements-dev.in").read_text().splitlines() if line and line[0] != "#"
    }
    files = {
        ROOT / "requirements-dev.txt": everything | tools,
        ROOT / "deploy" / "sandbox" / "requirements.txt": dependencies(ROOT / "sandbox"),
    }
    for service in sorted((ROOT / "services").iterdir()):
        if (service / "pyproject.toml").exists():
            files[service / "requirements.txt"] = dependencies(service)
    return files


def compile_to(target: Path, wanted: set[str], upgrade: bool) -> str:
    """Compile one file; what is pinned already stays pinned unless ``upgrade``. Returns its text."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.txt", Path(folder) / "out.txt"
        source.write_text("\n".join(sorted(wanted)) + "\n")
        if target.exists() and not upgrade:
            output.write_text(target.read_text())
        command = [
            str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes",
            "--no-header", "--no-annotate", "--python-version", "3.11", str(source), "-o", str(output),
        ]  # fmt: skip
        if target.name == "requirements.txt":
            command += ["--constraint", str(ROOT / "requirements-dev.txt")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        lines = [line for line in output.read_text().splitlines() if not line.startswith("#")]
        return HEADER + "\n".join(lines) + "\n"


def main() -> int:
    """Write the files, or say which are stale."""
    mode = sys.argv[1] if len(sys.argv) > 1 else "check"
    if mode not in {"write", "check", "upgrade"}:
        sys.stderr.write("usage: requirements.py write|check|upgrade\n")
        return 2
    stale = []
    for target, wanted in targets().items():
        text = compile_to(target, wanted, upgrade=mode == "upgrade")
        if mode == "check" and (not target.exists() or target.read_text() != text):
            stale.append(str(target.relative_to(ROOT)))
        elif mode != "check":
            target.write_text(text)
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run `make requirements`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
