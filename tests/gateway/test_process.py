"""The gateway as a process of its own, on a real nats-server: it starts, stores, refuses, recovers, stops."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from seldenrijk.chassis.testing import NatsServer, free_port, nats_server
from seldenrijk.gateway.signature import Form

pytestmark = pytest.mark.integration
MODULE = [sys.executable, "-m", "seldenrijk.gateway"]


def environment(nats_url: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "NATS_URL": nats_url,
        "PORT": str(port),
        "PUBLIC_URL": "https://gateway.example",
        "IDENTITY_KEY": "a key of sixteen or more",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "secret-token-value",
        "TWILIO_WHATSAPP_NUMBER": "+31850000000",
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "LOG_FORMAT": "json",
    }


def until(check: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


class Running:
    def __init__(self, server: NatsServer) -> None:
        self.server = server
        self.port = free_port()
        self.process = subprocess.Popen(
            MODULE, env=environment(server.url, self.port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        until(lambda: self.status("/readyz") == 200)

    def status(self, path: str) -> int | None:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False).status_code
        except httpx.HTTPError:
            return None

    def post(self, sid: str, body: str = "Hallo, mijn nummer is 0612345678") -> httpx.Response:
        form = {
            "MessageSid": sid,
            "From": "whatsapp:+31612345678",
            "To": "whatsapp:+31850000000",
            "Body": body,
        }
        url = "https://gateway.example/api/webhooks/twilio"
        signature = RequestValidator("secret-token-value").compute_signature(url, Form(list(form.items())))
        return httpx.post(
            f"http://127.0.0.1:{self.port}/api/webhooks/twilio",
            content=urlencode(form),
            headers={"X-Twilio-Signature": signature},
            timeout=15,
            trust_env=False,
        )


@pytest.fixture
def running() -> Iterator[Running]:
    with nats_server() as server:
        gateway = Running(server)
        yield gateway
        if gateway.process.poll() is None:
            gateway.process.kill()
        gateway.process.wait(10)
        if gateway.process.stdout:
            gateway.process.stdout.close()


def test_a_life(running: Running) -> None:
    assert running.status("/health") == 200
    assert running.status("/livez") == 200
    assert running.status("/api/webhooks/twilio") == 405
    assert running.post("SM" + "1" * 32).status_code == 200
    metrics = httpx.get(f"http://127.0.0.1:{running.port}/metrics", trust_env=False).text
    assert 'seldenrijk_webhooks_total{result="accepted",webhook="message"} 1.0' in metrics

    running.server.kill()
    started = time.monotonic()
    assert running.post("SM" + "2" * 32).status_code == 503
    assert time.monotonic() - started < 8.5
    until(lambda: running.status("/readyz") == 503)
    assert running.status("/health") == 200

    running.server.start()
    until(lambda: running.status("/readyz") == 200)
    until(lambda: running.post("SM" + "2" * 32).status_code == 200)

    running.process.terminate()
    assert running.process.wait(30) == 0
    assert running.process.stdout is not None
    log = running.process.stdout.read().decode()
    assert "612345678" not in log
    assert "secret-token-value" not in log
    assert '"level": "INFO"' in log


def test_ipv4_and_ipv6(running: Running) -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as sock:
            sock.connect((address, running.port))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_ACCOUNT_SID": "nonsense"}, "TWILIO_ACCOUNT_SID"),
        ({"PUBLIC_URL": "gateway.example"}, "PUBLIC_URL"),
        ({"IDENTITY_KEY": "short"}, "IDENTITY_KEY"),
        ({"PORT": "many"}, "PORT"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(change: dict[str, str], named: str) -> None:
    env = environment("nats://127.0.0.1:1", free_port()) | change
    done = subprocess.run(MODULE, env=env, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("ERROR ")
    assert named in line
    assert "secret-token-value" not in done.stderr


def test_a_taken_port_is_named() -> None:
    with (
        nats_server(provisioned=False) as server,
        socket.create_server(("::", 0), family=socket.AF_INET6) as taken,
    ):
        port = taken.getsockname()[1]
        env = environment(server.url, port)
        done = subprocess.run(MODULE, env=env, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 2
        assert f"PORT {port}" in done.stderr


def test_without_nats_it_waits_and_still_stops_at_once() -> None:
    process = subprocess.Popen(
        MODULE, env=environment("nats://127.0.0.1:1", free_port()), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        said = process.stdout.readline()
        process.terminate()
        assert process.wait(10) == 0
    assert b"NATS" in said  # it says that it waits
