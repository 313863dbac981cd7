"""Other sites stay out, spans come in, a killed service comes back."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.system.control import Control
from seldenrijk.sandbox.system.processes import Process
from seldenrijk.sandbox.testing import Running, running_sandbox


async def status(sandbox: Running, **headers: str) -> int:
    async with httpx.AsyncClient() as client:
        url = f"{sandbox.url}/api/faults"
        body = {"vendor": "twilio", "kind": "reset"}
        return (await client.post(url, json=body, headers=headers)).status_code


async def test_only_its_own_page_may_ask(sandbox: Running) -> None:
    assert await status(sandbox) == 201
    assert await status(sandbox, origin=sandbox.url) == 201
    assert await status(sandbox, origin="http://evil.example") == 403
    assert await status(sandbox, origin="null") == 403
    assert await status(sandbox, host="evil.example") == 403
    assert await status(sandbox, host="localhost:8090") == 201


async def test_a_sandbox_that_is_told_to_listen_elsewhere_has_other_names(listener: Listener) -> None:
    async with running_sandbox(gateway_url=listener.url, host="0.0.0.0") as sandbox:  # noqa: S104
        assert await status(sandbox, host="sandbox.internal") == 201


async def test_the_page_may_load_nothing_from_elsewhere(sandbox: Running) -> None:
    async with httpx.AsyncClient() as client:
        headers = (await client.get(sandbox.url)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "never for production" in headers["x-sandbox"]


async def test_spans_come_into_the_journal(sandbox: Running) -> None:
    asked = ExportTraceServiceRequest()
    group = asked.resource_spans.add()
    name = group.resource.attributes.add(key="service.name")
    name.value.string_value = "router"
    scope = group.scope_spans.add()
    for text in ("router message.received", "GET /readyz"):
        scope.spans.add(
            name=text, trace_id=b"t" * 16, span_id=b"s" * 8,
            start_time_unix_nano=10**15, end_time_unix_nano=2 * 10**15,
        )  # fmt: skip
    async with httpx.AsyncClient() as client:
        url = f"{sandbox.url}/otlp/v1/traces"
        assert (await client.post(url, content=asked.SerializeToString())).status_code == 200
        assert (await client.post(url, content=b"\xff\xff")).status_code == 400
    (entry,) = [e for e in sandbox.world.journal.since(0) if e.kind == "trace.span"]
    assert entry.data["service"] == "router" and entry.data["trace"] == "74" * 16
    assert (entry.data["start"], entry.data["end"], entry.data["parent"]) == (1e9, 2e9, None)


async def test_without_a_system_nothing_can_be_killed(sandbox: Running) -> None:
    assert (await sandbox.api.get("/system")).json() == {"available": False, "processes": []}
    assert (await sandbox.api.post("/system/router/kill", json={})).status_code == 409


class OneProcess:
    """A system of one process that is no service of ours but bears the name of one."""

    def __init__(self, tmp_path: Any, ready: str) -> None:
        command = ["sleep", "60"]
        env = {"PATH": "/usr/bin:/bin", "READY_URL": ready}
        self.processes = {
            name: Process(name, command, env, tmp_path / f"{name}.log") for name in ("router", "nats")
        }
        for process in self.processes.values():
            process.start()

    def restart(self, name: str) -> None:
        self.processes[name].start()


@pytest.fixture
def control(tmp_path: Any, sandbox: Running) -> Any:
    system = OneProcess(tmp_path, f"{sandbox.url}/health")
    control = Control(system)  # type: ignore[arg-type]
    control.start()
    yield control
    control.stop()
    for process in system.processes.values():
        process.kill()


async def test_a_killed_service_comes_back(listener: Listener, control: Control) -> None:
    options = {"system_url": control.url, "system_token": control.token}
    before = control.system.processes["router"].pid
    async with running_sandbox(gateway_url=listener.url, **options) as sandbox:
        assert (await sandbox.api.post("/system/router/kill", json={"seconds": 0.2})).status_code == 202
        assert control.system.processes["router"].pid is None
        async for entry in sandbox.world.journal.follow(0, heartbeat=20):
            assert entry is not None
            if entry.kind == "system.back":
                break
        shown = {item["name"]: item for item in (await sandbox.api.get("/system")).json()["processes"]}
        assert shown["router"]["ready"] and shown["router"]["kills"] == 1
        assert (await sandbox.api.post("/system/nats/kill", json={})).status_code == 404
        assert (await sandbox.api.post("/system/nobody/kill", json={})).status_code == 404
    assert control.system.processes["router"].pid not in (None, before)


async def test_the_control_needs_its_token(listener: Listener, control: Control) -> None:
    async with httpx.AsyncClient(base_url=control.url) as client:
        assert (await client.get("/processes")).status_code == 401
        answer = await client.post("/processes/router/kill", headers={"Authorization": "Bearer wrong"})
        assert answer.status_code == 401
    options = {"system_url": "http://127.0.0.1:9", "system_token": "x"}
    async with running_sandbox(gateway_url=listener.url, **options) as sandbox:
        assert (await sandbox.api.get("/system")).status_code == 502


def test_no_service_brings_the_sandbox_along() -> None:
    services = Path(__file__).parents[2] / "services"
    files = [*services.glob("*/pyproject.toml"), *services.glob("*/requirements.txt")]
    assert len(files) == 10
    for file in files:
        assert "seldenrijk-sandbox" not in file.read_text(), file


async def test_a_folder_that_cannot_be_written_to(listener: Listener, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with running_sandbox(gateway_url=listener.url, recordings=tmp_path / "file" / "kept") as sandbox:
        answer = await sandbox.api.post("/recordings/import", content=b"turns: [Hallo]")
    assert answer.status_code == 409 and "SANDBOX_RECORDINGS" in answer.json()["detail"]
