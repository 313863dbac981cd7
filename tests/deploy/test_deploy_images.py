"""The images, as scripts/deploy-ci.sh builds them: small, unprivileged, nothing to install with."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import nats
import pytest
from deploy_support import ROOT, SERVICES
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

pytestmark = pytest.mark.docker
BASE = os.environ.get("PYTHON_IMAGE", "python:3.13-slim")
LIMIT = 120_000_000


def docker(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=check, cwd=ROOT)


def inspect(image: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("image", "inspect", image).stdout)[0]
    return found


def inside(image: str, *command: str) -> subprocess.CompletedProcess[str]:
    return docker("run", "--rm", "--network", "none", "--read-only", image, *command, check=False)


@pytest.fixture(params=SERVICES)
def image(request: pytest.FixtureRequest) -> str:
    return f"seldenrijk/{request.param}"


def test_small_on_top_of_the_base(image: str) -> None:
    added = inspect(image)["Size"] - inspect(BASE)["Size"]
    assert added <= LIMIT, f"{added / 1e6:.0f} MB"


def test_how_it_starts(image: str) -> None:
    config = inspect(image)["Config"]
    assert config["User"] == "10001:10001", "a number: the platform can see that it isn't root"
    assert config["Cmd"] == ["serve"], "exec form: signals reach the service"
    assert config["Healthcheck"]["Test"] == ["CMD", "healthy"]


def test_nothing_to_install_or_compile_with(image: str) -> None:
    tools = ("pip", "pip3", "apt", "apt-get", "dpkg", "gcc", "cc", "strip", "curl", "wget", "uv")
    found = inside(image, "python", "-c", f"import shutil; print([t for t in {tools!r} if shutil.which(t)])")
    assert found.stdout.strip() == "[]"
    assert inside(image, "python", "-m", "pip").returncode != 0
    assert inside(image, "python", "-m", "ensurepip").returncode != 0


def test_a_missing_variable_stops_it_with_one_line() -> None:
    done = inside("seldenrijk/gateway")
    assert done.returncode == 2
    assert done.stderr.startswith("ERROR configuration error: ")
    assert "TWILIO_ACCOUNT_SID" in done.stderr


def test_each_image_knows_its_own_packages_only(image: str) -> None:
    names = "sorted(d.name for d in m.distributions() if d.name.startswith('seldenrijk'))"
    code = f"import importlib.metadata as m; print({names})"
    listed = inside(image, "python", "-c", code).stdout
    service = image.partition("/")[2]
    assert f"'seldenrijk-{service}'" in listed
    assert sum(f"'seldenrijk-{other}'" in listed for other in SERVICES) == 1
    assert "sandbox" not in listed


@pytest.fixture
def server() -> Iterator[str]:
    container = DockerContainer("seldenrijk/nats").with_exposed_ports(4222, 8222)
    for name in ("GATEWAY", "ROUTER", "EXTRACTOR", "RESPONDER", "CHATWOOT_SYNC", "PROVISION"):
        container = container.with_env(f"NATS_PASSWORD_{name}", f"p{name.lower()}")
    container.waiting_for(LogMessageWaitStrategy("Server is ready"))
    with container:
        yield f"nats://{container.get_container_host_ip()}:{container.get_exposed_port(4222)}"


@pytest.fixture
def provisioned(server: str) -> str:
    env = os.environ | {"NATS_URL": server, "NATS_PASSWORD": "pprovision"}
    command = [str(ROOT / ".venv/bin/python"), "-m", "seldenrijk.chassis.provision"]
    assert "created" in subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    return server


async def test_nats_keeps_what_it_acknowledged(provisioned: str) -> None:
    client = await nats.connect(provisioned, user="provision", password="pprovision")
    ack = await client.jetstream().publish("message.received.1.c1", b"{}")
    assert ack.stream == "CONVERSATIONS"
    await client.close()


def test_compose_is_healthy_and_hardened() -> None:
    """scripts/deploy-ci.sh has started it."""
    lines = docker("compose", "--profile", "sandbox", "ps", "--format", "json").stdout.splitlines()
    states = {entry["Service"]: entry for entry in map(json.loads, lines)}
    for service in SERVICES:
        assert states[service]["Health"] == "healthy"
        details = json.loads(docker("inspect", states[service]["Name"]).stdout)[0]["HostConfig"]
        assert details["ReadonlyRootfs"]
        assert details["CapDrop"] == ["ALL"]
    stats = docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *_names(states)).stdout
    for line in stats.splitlines():
        assert _megabytes(line.split()[1]) < 120, line


def _names(states: dict[str, Any]) -> list[str]:
    return [states[service]["Name"] for service in SERVICES]


def _megabytes(text: str) -> float:
    number = float(text.rstrip("BGMKi"))
    return number * 1024 if "Gi" in text else number if "Mi" in text else number / 1024


def test_backup_and_restore_in_compose(tmp_path: Any) -> None:
    file = tmp_path / "backup.tar"
    done = subprocess.run(
        [str(ROOT / "deploy/nats/backup.sh"), "compose", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "CONVERSATIONS" in done.stderr
    restored = subprocess.run(
        [str(ROOT / "deploy/nats/restore.sh"), "compose", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr
    assert "CONVERSATIONS: exists, left alone" in restored.stderr
