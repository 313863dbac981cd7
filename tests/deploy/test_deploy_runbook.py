"""The runbook's commands: those marked as tested are run; the others are valid, their files exist."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import pytest
from deploy_gateway import outside
from deploy_support import ROOT, SERVICES
from test_deploy_rollback import Api, api  # noqa: F401

from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts import partition_of
from seldenrijk.contracts.topology import STREAM

TOKEN = "a-token-that-is-never-printed"
TEXT = (ROOT / "docs" / "runbook.md").read_text()
BLOCKS = re.findall(r"^```sh (\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
TESTED = [line for kind, body in BLOCKS if kind == "tested" for line in body.splitlines()]
ACCOUNT = [line for kind, body in BLOCKS if kind == "account" for line in body.splitlines()]


def test_every_block_says_how_it_is_tested() -> None:
    assert {kind for kind, _ in BLOCKS} == {"tested", "account"}
    assert TEXT.count("```") == 2 * len(BLOCKS)


async def give_up_an_event(url: str) -> None:
    """A letter for the chapter "Redrive"."""
    event = json.loads((ROOT / "libs/contracts/golden/message.received.v1.json").read_text())
    conversation = event["conversation"]
    subject = f"message.received.{partition_of(conversation)}.{conversation}"
    headers = {
        "Dead-Service": "router", "Dead-Kind": "bug", "Dead-Reason": "for practice", "Dead-Attempts": "5",
        "Dead-Stream": STREAM, "Dead-Seq": "1", "Dead-Subject": subject,
        "Dead-Time": datetime.now(UTC).isoformat(), "Nats-Msg-Id": "letter-1",
    }  # fmt: skip
    client = await nats.connect(url)
    body = json.dumps(event).encode()
    await client.jetstream().publish(f"dead.router.{conversation}", body, headers=headers)
    await client.close()


@pytest.fixture
def world(tmp_path: Path, api: Api) -> Iterator[dict[str, str]]:  # noqa: F811
    """Everything that the commands meet: NATS, Railway, a gateway on staging and production."""
    with outside(tmp_path) as (address, certificate, _):
        plain = {"NATS_URL": "nats://nats:4222", "PUBLIC_URL": address}
        variables: dict[str, Any] = {service: dict(plain) for service in SERVICES}
        variables["gateway"]["RAILWAY_PUBLIC_DOMAIN"] = address.removeprefix("https://")
        place = {"variables": variables, "logs": ['{"level": "INFO", "event": "ready"}']}
        state = tmp_path / "state.json"
        state.write_text(json.dumps({"railway": {"environments": {"staging": place, "production": place}}}))
        server = NatsServer(tmp_path).start()
        server.provision()
        asyncio.run(give_up_an_event(server.url))
        yield os.environ | {
            "PATH": f"{ROOT}/tests/deploy/standins:{os.environ['PATH']}",
            "STANDIN_STATE": str(state),
            "SSL_CERT_FILE": str(certificate),
            "RAILWAY_API_URL": api.url,
            "RAILWAY_API_TOKEN": TOKEN,
            "RAILWAY_PROJECT_ID": "p1",
            "NATS_URL": server.url,
            "FOLDER": str(tmp_path),
        }
        server.kill()


@pytest.mark.integration
def test_the_tested_commands_work(world: dict[str, str]) -> None:
    """In the order of the book; files that they write go to a folder of the test."""
    for line in TESTED:
        command = re.sub(r"\b(backup\.tar|keys)\b(?=( nats-1| *$))", rf"{world['FOLDER']}/\1", line)
        done = subprocess.run(
            ["bash", "-c", command], env=world, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("line", ACCOUNT)
def test_the_others_are_valid(line: str) -> None:
    subprocess.run(["bash", "-n", "-c", line], check=True)
    for file in re.findall(r"(?:scripts|deploy)/[\w./-]+\.sh", line):
        assert os.access(ROOT / file, os.X_OK)


@pytest.mark.parametrize("name", ["runbook.md", "deployment-checklist.md"])
def test_what_the_documents_name_exists(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    for path in set(re.findall(r"`((?:scripts|deploy|docs|\.railway)/[\w./-]+\w)", text)):
        assert (ROOT / path).exists(), path
    for target in re.findall(r"\]\(([^)#]+\.md)", text):
        assert (ROOT / "docs" / target).exists(), target
