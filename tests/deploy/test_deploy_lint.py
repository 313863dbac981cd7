"""What other tools read: Dockerfiles, shell scripts, the workflow, the compose file."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_support import ROOT, SERVICES

DOCKERFILES = ("deploy/Dockerfile", "deploy/nats/Dockerfile")
SCRIPTS = sorted(
    str(path.relative_to(ROOT)) for folder in ("scripts", "deploy") for path in (ROOT / folder).rglob("*.sh")
)


def test_dockerfiles_are_clean() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, *DOCKERFILES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", DOCKERFILES)
def test_dockerfiles_build_without_a_registry_and_on_railway(name: str) -> None:
    text = (ROOT / name).read_text()
    for unwanted in ("# syntax=", "COPY --link", "<<", "start-interval", "\nVOLUME"):
        assert unwanted not in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_shell_scripts(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    text = (ROOT / name).read_text()
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert "set -uo pipefail" in text or "set -euo pipefail" in text
    if shellcheck := shutil.which("shellcheck"):
        command = [shellcheck, "--severity=error", name]
        subprocess.run(command, cwd=ROOT, check=True)


def test_the_workflow_does_what_ci_does() -> None:
    jobs: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert ".ci/run" in commands
    assert "scripts/deploy-ci.sh" in commands


def test_compose_gives_each_service_its_own_secrets_only() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(SERVICES) | {"nats", "provision", "sandbox"} <= set(services)
    for name in SERVICES:
        given = set(services[name]["environment"])
        assert ("TWILIO_AUTH_TOKEN" in given) == (name in {"gateway", "chatwoot-sync"})
        assert ("CHATWOOT_API_KEY" in given) == (name == "chatwoot-sync")
        assert ("ANTHROPIC_API_KEY" in given) == (name in {"router", "extractor", "responder"})
        assert services[name]["read_only"] is True
    public = {name for name in SERVICES if "ports" in services[name]}
    assert public == {"gateway", "chatwoot-sync"}
    assert "ports" not in services["nats"]


def test_no_registry_or_machine_is_named() -> None:
    for folder in ("deploy", "scripts", ".railway", ".github"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".sh", ".py", ".yml", ".toml", ".conf"}:
                assert "/work/" not in path.read_text(), path


@pytest.mark.parametrize("package", [*SERVICES, "sandbox"])
def test_an_image_installs_what_its_packages_name(package: str) -> None:
    """The closure that deploy/image.py copies, against the compiled file that is installed."""
    image = runpy.run_path(str(ROOT / "deploy" / "image.py"))
    file = "deploy/sandbox" if package == "sandbox" else f"services/{package}"
    compiled = set(re.findall(r"^([\w.-]+)==", (ROOT / file / "requirements.txt").read_text(), re.MULTILINE))
    for name in image["closure"](package):
        for wanted in image["project"](name)["dependencies"]:
            plain = re.split(r"[\[<>=~ ]", wanted)[0].lower().replace("_", "-").replace(".", "-")
            assert plain.startswith("seldenrijk-") or plain in compiled, f"{name} needs {wanted}"
