"""Every expression of every panel and alert, on a real Prometheus that scrapes the running services."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from deploy_support import ROOT, SERVICES

from seldenrijk.chassis.testing import free_port
from seldenrijk.sandbox.system import System
from seldenrijk.sandbox.system.environment import url

pytestmark = pytest.mark.e2e
BOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())["groups"]
SAID = ("Hallo, ik zoek een Golf", "Wat zijn jullie openingstijden?", "Ik wil graag een medewerker spreken")


class Prometheus:
    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, trust_env=False, timeout=10)

    def value(self, expression: str) -> list[dict[str, object]]:
        answer = self.client.get("/api/v1/query", params={"query": expression}).json()
        assert answer["status"] == "success", f"{expression}: {answer.get('error')}"
        result: list[dict[str, object]] = answer["data"]["result"]
        return result


def configuration(system: System) -> str:
    targets = [
        {"targets": [f"127.0.0.1:{system.ports[name]}"], "labels": {"service": name}} for name in SERVICES
    ]
    jobs = [{"job_name": "seldenrijk", "honor_labels": True, "static_configs": targets}]
    return json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs})


@contextlib.contextmanager
def scraping(system: System, folder: Path) -> Iterator[Prometheus]:
    binary = shutil.which("prometheus")
    assert binary, "prometheus is missing: apt-get install prometheus"
    file = folder / "prometheus.yml"
    file.write_text(configuration(system))
    port = free_port()
    command = [binary, f"--config.file={file}", f"--storage.tsdb.path={folder}/data"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log
        )
    try:
        prometheus = Prometheus(f"http://127.0.0.1:{port}")
        until(lambda: len(prometheus.value('up{job="seldenrijk"} == 1')) == len(SERVICES))
        yield prometheus
    finally:
        process.terminate()
        process.wait(20)


def until(true: object) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            if true():  # type: ignore[operator]
                return
        time.sleep(0.2)
    raise AssertionError("it never became so")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    system = System()
    # the stand-in for Claude, so that its metrics are there too
    base = f"{system.sandbox_url}/claude"
    system.env |= {"ANTHROPIC_API_KEY": "sk-ant-stand-in", "ANTHROPIC_BASE_URL": base}
    with system:
        yield system


@pytest.fixture(scope="module")
def prometheus(system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with scraping(system, tmp_path_factory.mktemp("prometheus")) as prometheus:
        # a counter that is born between two scrapes shows no rate: speak, and speak again
        for number in range(2):
            for text in SAID:
                body = {"text": text, "from": f"+3161234000{number}", "timeout": 20}
                httpx.post(f"{system.sandbox_url}/api/say", json=body, timeout=50, trust_env=False)
            sent = 'sum(seldenrijk_replies_total{result="sent"})'
            until(lambda sent=sent: prometheus.value(sent))  # type: ignore[misc]
            time.sleep(2.5)
        yield prometheus


def declared(system: System) -> set[str]:
    """Names of all metrics that the services declare, also those without a value yet."""
    names: set[str] = set()
    for service in SERVICES:
        text = httpx.get(f"{url(system.ports[service])}/metrics", trust_env=False).text
        for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
            names.add(name)
            if kind == "histogram":
                names |= {f"{name}_bucket", f"{name}_count", f"{name}_sum"}
    return names


def panels() -> list[tuple[str, str]]:
    found = []
    for path in BOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", ()):
                expression = target["expr"].replace("$__rate_interval", "1m").replace("$__range", "5m")
                found.append((f"{path.stem}: {panel['title']}", expression))
    return found


def alerts() -> list[tuple[str, str]]:
    """With ``bool``, a comparison tells 0 or 1 instead of being silent when nothing is wrong."""
    rules = [rule for group in RULES for rule in group["rules"]]
    return [(rule["alert"], re.sub(r"(>|==) ", r"\1 bool ", rule["expr"])) for rule in rules]


def test_every_metric_exists(system: System, prometheus: Prometheus) -> None:
    names = declared(system)
    for where, expression in (*panels(), *alerts()):
        used = set(re.findall(r"\bseldenrijk_\w+", expression))
        assert used or re.search(r"\b(up|process_\w+)\b", expression), where
        assert used <= names, f"{where}: {used - names}"


@pytest.mark.parametrize(("where", "expression"), panels(), ids=lambda value: value[:60])
def test_every_panel_shows_series(prometheus: Prometheus, where: str, expression: str) -> None:
    assert prometheus.value(expression), f"{where} shows nothing: {expression}"


@pytest.mark.parametrize(("name", "expression"), alerts(), ids=lambda value: value[:40])
def test_every_alert_can_be_computed(prometheus: Prometheus, name: str, expression: str) -> None:
    assert prometheus.value(expression), f"{name}: {expression}"


def test_the_ten_checks_pass_on_this_machine(system: System) -> None:
    env = os.environ | {"GATEWAY_PORT": str(system.ports["gateway"]), "LOG_FOLDER": str(system.folder)}
    command = [sys.executable, str(ROOT / "deploy" / "checks"), "local", "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["passed"] == 10, [check for check in report["checks"] if check["status"] == "failed"]
    assert done.returncode == 0
    assert system.env["TWILIO_AUTH_TOKEN"] not in done.stdout
