"""Dashboards and alerts: generated, valid, linked to the runbook, speaking of metrics that exist."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_support import ROOT

DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
ALERTS = [rule for group in RULES for rule in group["rules"]]
BOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))


def anchors(file: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_dashboards_are_as_the_code_makes_them() -> None:
    subprocess.run([sys.executable, str(DEPLOY / "grafana" / "generate.py"), "check"], check=True)


def test_four_dashboards() -> None:
    titles = {json.loads(path.read_text())["title"] for path in BOARDS}
    assert titles == {"Overview", "Pipeline", "Twilio and Chatwoot", "Business"}


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_panels_are_in_place(path: Path) -> None:
    board: dict[str, Any] = json.loads(path.read_text())
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        if panel["type"] != "row":
            assert panel["targets"]
            assert panel["datasource"]["uid"] == "prometheus"


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    file, _, anchor = alert["annotations"]["runbook"].partition("#")
    assert anchor in anchors(ROOT / file), f"{file} has no chapter {anchor}"
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]


def promtool(*arguments: str) -> None:
    assert shutil.which("promtool"), "promtool is missing: apt-get install prometheus"
    done = subprocess.run(
        ["promtool", *arguments], cwd=DEPLOY / "prometheus", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_reads_its_configuration() -> None:
    promtool("check", "config", "prometheus.yml")


def test_alerts_fire_when_they_should_and_are_quiet_otherwise() -> None:
    promtool("check", "rules", "alerts.yml")
    promtool("test", "rules", "alerts_test.yml")


def test_grafana_is_provisioned_with_what_the_panels_name() -> None:
    folder = DEPLOY / "grafana" / "provisioning"
    sources = yaml.safe_load((folder / "datasources" / "sources.yml").read_text())["datasources"]
    assert {"prometheus", "alertmanager", "tempo"} == {source["uid"] for source in sources}
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for source in sources:
        assert source["url"].split("/")[2].split(":")[0] in compose
    provider = yaml.safe_load((folder / "dashboards" / "seldenrijk.yml").read_text())["providers"][0]
    mounts = compose["grafana"]["volumes"]
    assert any(mount.split(":")[1] == provider["options"]["path"] for mount in mounts)
