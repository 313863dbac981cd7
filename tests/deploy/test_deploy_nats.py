"""The committed NATS configurations start real servers and let each user do what is his, nothing else."""

import contextlib
import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nats
import nats.errors
import pytest
from deploy_support import ROOT
from nats.js.api import StreamConfig

from seldenrijk.chassis.testing import free_port, nats_server_binary

pytestmark = pytest.mark.integration
CONF = ROOT / "deploy" / "nats"


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=True, cwd=ROOT)


def passwords() -> dict[str, str]:
    lines = run(sys.executable, "deploy/nats/keys.py", "passwords").stdout.splitlines()
    return dict(line.split("=", 1) for line in lines)


@contextlib.contextmanager
def started(
    name: str, folder: Path, port: int, *arguments: str, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    command = [nats_server_binary(), "-c", str(CONF / name), "-p", str(port), *arguments]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env={"NATS_STORE_DIR": str(folder)} | env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def healthy(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("nats-server did not become healthy")


def jetstream_config(port: int) -> dict[str, Any]:
    config: dict[str, Any] = httpx.get(f"http://127.0.0.1:{port}/jsz", trust_env=False).json()["config"]
    return config


async def refused(client: nats.NATS, subject: str) -> bool:
    try:
        await client.request(subject, b"{}", timeout=1.0)
    except (TimeoutError, nats.errors.Error):
        return True
    return False


def test_the_users_are_those_of_the_topology() -> None:
    run(sys.executable, "deploy/nats/users.py", "check")


def test_passwords_survive_the_configuration_language() -> None:
    for value in passwords().values():
        assert re.fullmatch(r"[a-z][0-9a-z]{40}", value)


def test_the_procfile_configuration_is_valid() -> None:
    run(nats_server_binary(), "-t", "-c", "deploy/nats/local.conf")


async def test_one_node(tmp_path: Path) -> None:
    port, monitor, secret = free_port(), free_port(), passwords()
    with started("nats.conf", tmp_path, port, "-m", str(monitor), **secret):
        healthy(monitor)
        url = f"nats://127.0.0.1:{port}"
        module = [sys.executable, "-m", "seldenrijk.chassis.provision"]
        assert "created" in run(*module, NATS_URL=url, NATS_PASSWORD=secret["NATS_PASSWORD_PROVISION"]).stdout
        options = jetstream_config(monitor)
        assert options["sync_always"], "every write is synced"
        assert options["max_storage"] == 4 << 30
        quiet = {"error_cb": _quiet, "inbox_prefix": b"_INBOX_router"}
        client = await nats.connect(url, user="router", password=secret["NATS_PASSWORD_ROUTER"], **quiet)
        assert await refused(client, "$JS.API.STREAM.DELETE.CONVERSATIONS")
        assert await refused(client, "reply.sent.1.c1")
        await client.close()
        with pytest.raises(nats.errors.Error):
            await nats.connect(url, max_reconnect_attempts=0, allow_reconnect=False, error_cb=_quiet)


async def test_three_nodes_with_tls_and_nkeys_survive_the_loss_of_one(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    run("scripts/nats-cluster-keys.sh", str(keys), "127.0.0.1")
    public = dict(line.split("=", 1) for line in (keys / "servers.env").read_text().splitlines())
    ports, routes = [free_port() for _ in range(3)], [free_port() for _ in range(3)]
    secret = public["NATS_ROUTE_PASSWORD"]
    env = public | {
        "NATS_ROUTES": json.dumps([f"nats-route://cluster:{secret}@127.0.0.1:{port}" for port in routes]),
        "NATS_TLS_CERT": f"{keys}/cert.pem",
        "NATS_TLS_KEY": f"{keys}/key.pem",
        "NATS_TLS_CA": f"{keys}/ca.pem",
    }
    with contextlib.ExitStack() as stack:
        nodes = []
        for number, (port, route) in enumerate(zip(ports, routes, strict=True), 1):
            folder = tmp_path / f"nats-{number}"
            folder.mkdir()
            flags = ("-m", str(free_port()), "--cluster", f"nats://127.0.0.1:{route}")
            node = started("cluster.conf", folder, port, *flags, NATS_SERVER_NAME=f"nats-{number}", **env)
            nodes.append(stack.enter_context(node))
        options = {
            "servers": [f"tls://127.0.0.1:{port}" for port in ports],
            "tls": ssl.create_default_context(cafile=f"{keys}/ca.pem"),
            "error_cb": _quiet,
            "reconnect_time_wait": 0.2,
            "max_reconnect_attempts": -1,
        }
        client = await nats.connect(nkeys_seed=f"{keys}/provision.seed", **options)
        stream = client.jetstream(timeout=20)
        await _until(lambda: stream.add_stream(StreamConfig(name="T", subjects=["t.>"], num_replicas=3)))
        await stream.publish("t.1", b"before")
        nodes[0].kill()
        await _until(lambda: stream.publish("t.2", b"after", timeout=2))
        assert (await stream.stream_info("T")).state.messages >= 2
        await client.close()
        servant = await nats.connect(
            nkeys_seed=f"{keys}/router.seed", inbox_prefix=b"_INBOX_router", **options
        )
        assert await refused(servant, "$JS.API.STREAM.DELETE.T")
        await servant.close()


async def _until(work: object) -> None:
    """Repeat while the cluster elects its leaders."""
    import asyncio

    for _ in range(100):
        try:
            await work()  # type: ignore[operator]
        except (TimeoutError, nats.errors.Error):
            await asyncio.sleep(0.3)
        else:
            return
    raise AssertionError("the cluster never became ready")


async def _quiet(_: Exception) -> None:
    return
