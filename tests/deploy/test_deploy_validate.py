"""scripts/validate-deployment.sh: ten checks that pass on a sound deployment, and each of which can fail."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deploy_gateway import Knobs, outside
from deploy_support import ROOT, SERVICES

TOKEN = "0123456789abcdef0123456789abcdef"
NAMES = (
    "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_NUMBER", "IDENTITY_KEY", "ANTHROPIC_API_KEY",
)  # fmt: skip
Report = dict[str, Any]


class Deployment:
    """A deployment behind stand-ins for the vendors' command lines."""

    def __init__(self, folder: Path, url: str, certificate: Path, knobs: Knobs) -> None:
        self.folder, self.url, self.certificate, self.knobs = folder, url, certificate, knobs
        plain = {"NATS_URL": "nats://nats:4222", "PUBLIC_URL": url}
        variables = {service: dict(plain) for service in SERVICES}
        variables["gateway"]["RAILWAY_PUBLIC_DOMAIN"] = url.removeprefix("https://")
        environment = {"variables": variables, "logs": ['{"level": "INFO", "event": "ready"}']}
        self.state: Report = {
            "railway": {
                "environments": {"staging": environment, "production": json.loads(json.dumps(environment))}
            },
            "doppler": {"projects": {"seldenrijk-whatsapp": {"stg": dict.fromkeys(NAMES, TOKEN), "prd": {}}}},
        }

    @property
    def staging(self) -> Report:
        environment: Report = self.state["railway"]["environments"]["staging"]
        return environment

    def everything_shown(self) -> None:
        """As Doppler's sync leaves it: the values stand in Railway, readable."""
        for service in SERVICES:
            secrets = dict.fromkeys((*NAMES, "NATS_PASSWORD"), TOKEN)
            self.staging["variables"][service] |= secrets

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        state = self.folder / "state.json"
        state.write_text(json.dumps(self.state))
        env = os.environ | {
            "PATH": f"{ROOT}/tests/deploy/standins:{os.environ['PATH']}",
            "STANDIN_STATE": str(state),
            "SSL_CERT_FILE": str(self.certificate),
        }
        command = [str(ROOT / "scripts" / "validate-deployment.sh"), *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def report(self, *arguments: str) -> Report:
        done = self.run("staging", "--json", *arguments)
        report: Report = json.loads(done.stdout)
        assert done.returncode == (1 if report["failed"] else 0)
        report["failures"] = [check["number"] for check in report["checks"] if check["status"] == "failed"]
        return report


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with outside(tmp_path) as (url, certificate, knobs):
        yield Deployment(tmp_path, url, certificate, knobs)


def test_a_sound_deployment_passes(deployment: Deployment) -> None:
    done = deployment.run("staging")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed: 10 / 10\nFailed: 0\n" in done.stdout
    assert "sealed: " in done.stdout
    assert "POST /api/webhooks/twilio" in deployment.knobs.seen


def test_with_doppler(deployment: Deployment) -> None:
    deployment.everything_shown()
    assert deployment.report("--secrets", "doppler")["passed"] == 10


def test_no_secret_is_printed(deployment: Deployment) -> None:
    deployment.everything_shown()
    for arguments in (("staging",), ("staging", "--json"), ("staging", "--secrets", "doppler")):
        done = deployment.run(*arguments)
        assert TOKEN not in done.stdout + done.stderr


def _status(key: str, status: int) -> Callable[[Deployment], None]:
    return lambda deployment: deployment.knobs.statuses.update({key: status})


def _delay(deployment: Deployment) -> None:
    deployment.knobs.delay = 1.01


def _no_variables(deployment: Deployment) -> None:
    del deployment.staging["variables"]["router"]["NATS_URL"]


def _no_logs(deployment: Deployment) -> None:
    deployment.staging["logs"] = []


def _readable_secret(deployment: Deployment) -> None:
    deployment.staging["variables"]["gateway"]["TWILIO_AUTH_TOKEN"] = TOKEN


def _database(deployment: Deployment) -> None:
    deployment.staging["variables"]["responder"]["DATABASE_URL"] = "postgres://x"


@pytest.mark.parametrize(
    ("number", "damage"),
    [
        (1, _status("GET /health", 503)),
        (2, _status("GET /api/webhooks/twilio", 404)),
        (3, _no_variables),
        (4, _status("POST /api/webhooks/twilio", 200)),
        (5, _database),
        (6, _delay),
        (8, _no_logs),
        (10, _readable_secret),
    ],
)
def test_each_check_can_fail(
    deployment: Deployment, number: int, damage: Callable[[Deployment], None]
) -> None:
    damage(deployment)
    assert number in deployment.report()["failures"]


def test_plain_http_fails(deployment: Deployment) -> None:
    report = deployment.report("--url", deployment.url.replace("https", "http"))
    assert 7 in report["failures"]


def test_a_slash_at_the_end_fails(deployment: Deployment) -> None:
    assert deployment.report("--url", deployment.url + "/")["failures"] == [7]


def test_a_certificate_that_ends_soon_fails(tmp_path: Path) -> None:
    with outside(tmp_path, days=13) as (url, certificate, knobs):
        report = Deployment(tmp_path, url, certificate, knobs).report()
    assert report["failures"] == [9]


def test_doppler_without_the_secrets_fails(deployment: Deployment) -> None:
    deployment.everything_shown()
    deployment.state["doppler"]["projects"]["seldenrijk-whatsapp"]["stg"] = {}
    report = deployment.report("--secrets", "doppler")
    assert report["failures"] == [10]
    assert "TWILIO_AUTH_TOKEN" in report["checks"][9]["detail"]


def test_missing_secrets_fail_where_doppler_should_have_put_them(deployment: Deployment) -> None:
    assert deployment.report("--secrets", "doppler")["failures"] == [3]


def test_nobody_logged_in_is_told_in_one_line(deployment: Deployment) -> None:
    deployment.state["railway"]["logged_out"] = True
    done = deployment.run("staging")
    assert done.returncode == 2
    assert done.stderr.startswith("ERROR railway variable list")
    assert "Traceback" not in done.stderr


def test_wrong_use() -> None:
    command = [str(ROOT / "scripts" / "validate-deployment.sh"), "nowhere"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
