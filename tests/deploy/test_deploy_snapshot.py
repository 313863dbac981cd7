"""NATS is backed up while it runs and restored on an empty server: messages, buckets, consumers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from deploy_support import ROOT

from seldenrijk.chassis.testing import NatsServer
from seldenrijk.contracts.topology import SERVICES, STREAM

pytestmark = pytest.mark.integration
SCRIPT = ROOT / "deploy" / "nats" / "snapshot.py"


def snapshot(url: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env={"NATS_URL": url}, capture_output=True, text=True, check=check)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[NatsServer]]:
    running = []
    for name in ("old", "new"):
        folder = tmp_path / name
        folder.mkdir()
        running.append(NatsServer(folder).start())
    yield running
    for server in running:
        server.kill()


async def test_everything_comes_back(servers: list[NatsServer], tmp_path: Path) -> None:
    old, new = servers
    old.provision()
    service = SERVICES["router"]
    client = await nats.connect(old.url)
    stream = client.jetstream()
    for number in range(700):
        await stream.publish(f"message.received.{number % 64}.c{number % 5}", b"x" * 2000)
    bucket = service.all_buckets[0]
    await stream.publish(f"$KV.{bucket}.c1", b"state of a conversation")
    sub = await stream.pull_subscribe_bind(service.durable(3), STREAM)
    (message,) = await sub.fetch(1, timeout=5)
    await message.ack_sync()
    await client.close()

    file = tmp_path / "backup.tar"
    said = snapshot(old.url, "backup", str(file)).stderr
    assert f"{STREAM}: 700 messages" in said
    assert f"{STREAM}: 700 messages" in snapshot(old.url, "list", str(file)).stderr
    assert "700 messages restored" in snapshot(new.url, "restore", str(file)).stderr
    assert "exists, left alone" in snapshot(new.url, "restore", str(file)).stderr

    client = await nats.connect(new.url)
    stream = client.jetstream()
    assert (await stream.stream_info(STREAM)).state.messages == 700
    info = await stream.consumer_info(STREAM, service.durable(3))
    assert info.ack_floor.consumer_seq == 1, "what was acknowledged is not delivered again"
    assert (await stream.get_last_msg(f"KV_{bucket}", f"$KV.{bucket}.c1")).data == b"state of a conversation"
    await client.close()
    new.provision()  # the provisioning command finds all as it should be


def test_a_broken_file_is_refused(servers: list[NatsServer], tmp_path: Path) -> None:
    file = tmp_path / "broken.tar"
    file.write_bytes(b"no tar" * 500)
    done = snapshot(servers[1].url, "restore", str(file), check=False)
    assert done.returncode == 1
    assert "no backup" in done.stderr


def test_no_server_is_one_clear_line(tmp_path: Path) -> None:
    done = snapshot("nats://127.0.0.1:1", "backup", str(tmp_path / "x.tar"), check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ERROR backup:")
    assert "Traceback" not in done.stderr


def test_through_railways_ssh(servers: list[NatsServer], tmp_path: Path) -> None:
    """With a stand-in that runs here what it is told to run there; the password is in no command line."""
    old, new = servers
    old.provision()
    state = {"railway": {"environments": {"production": {"variables": {}, "logs": []}}}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    file = tmp_path / "backup.tar"
    for script, server, said in (("backup", old, "0 messages"), ("restore", new, "restored")):
        env = os.environ | {
            "PATH": f"{ROOT}/tests/deploy/standins:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "STANDIN_STATE": str(tmp_path / "state.json"),
            "NATS_URL": server.url,
            "NATS_PASSWORD_PROVISION": "a-password",
        }
        command = [str(ROOT / f"deploy/nats/{script}.sh"), "railway", "production", str(file)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert f"{STREAM}: " in done.stderr
        assert said in done.stderr
    assert "a-password" not in (tmp_path / "railway.calls").read_text()


def test_wrong_use_of_the_backup_command() -> None:
    done = subprocess.run(
        [ROOT / "deploy/nats/backup.sh", "moon"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "deploy/nats/backup.sh local FILE" in done.stderr
