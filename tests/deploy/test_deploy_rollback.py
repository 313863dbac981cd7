"""scripts/rollback.sh against a local stand-in for Railway's GraphQL interface."""

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from deploy_support import ROOT

Json = dict[str, Any]
TOKEN = "a-token-that-is-never-printed"


class Api:
    """One project, one service, some deployments; answers as the documents show."""

    def __init__(self) -> None:
        self.deployments: list[Json] = [
            {"id": "d3", "status": "SUCCESS", "createdAt": "2026-11-22T12:00:00Z", "canRollback": True},
            {"id": "d2", "status": "FAILED", "createdAt": "2026-11-21T12:00:00Z", "canRollback": False},
            {"id": "d1", "status": "REMOVED", "createdAt": "2026-11-20T12:00:00Z", "canRollback": True},
            {"id": "d0", "status": "REMOVED", "createdAt": "2026-11-01T12:00:00Z", "canRollback": False},
        ]
        self.rolled_back_to: list[str] = []
        self.outcome = ["DEPLOYING", "SUCCESS"]
        self.authorization: set[str] = set()
        self.url = ""

    def answer(self, query: str, variables: Json) -> Json:
        if "projectToken" in query:
            return {"projectToken": {"projectId": "p1", "environmentId": "e1"}}
        if query.startswith("query project"):
            assert variables == {"id": "p1"}
            return {"project": {"environments": _edges("e1", "staging"), "services": _edges("s1", "gateway")}}
        if query.startswith("query deployments"):
            assert variables["input"] == {"projectId": "p1", "environmentId": "e1", "serviceId": "s1"}
            return {"deployments": {"edges": [{"node": node} for node in self.deployments]}}
        if "deploymentRollback" in query:
            self.rolled_back_to.append(variables["id"])
            return {"deploymentRollback": {"id": "d4", "status": "QUEUED"}}
        assert variables == {"id": "d4"}
        status = self.outcome.pop(0) if len(self.outcome) > 1 else self.outcome[0]
        return {"deployment": {"id": "d4", "status": status}}


def _edges(identity: str, name: str) -> Json:
    return {"edges": [{"node": {"id": identity, "name": name}}]}


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            token = self.headers["Authorization"] or f"project {self.headers['Project-Access-Token']}"
            api.authorization.add(token)
            good = token.endswith(TOKEN)
            body = {"data": api.answer(asked["query"], asked["variables"])} if good else _NOT_AUTHORIZED
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *args: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield api
    server.shutdown()
    server.server_close()


_NOT_AUTHORIZED = {"errors": [{"message": "Not Authorized"}], "data": None}


def rollback(
    api: Api, *arguments: str, answer: str = "", environment: str = "staging", **env: str
) -> subprocess.CompletedProcess[str]:
    usual = {"RAILWAY_API_TOKEN": TOKEN, "RAILWAY_PROJECT_ID": "p1"}
    whole = os.environ | {"RAILWAY_API_URL": api.url} | (env or usual)
    command = [str(ROOT / "scripts" / "rollback.sh"), "gateway", environment, "--wait", "2", *arguments]
    done = subprocess.run(command, env=whole, input=answer, capture_output=True, text=True, check=False)
    assert TOKEN not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_back_to_the_one_before_the_running_one(api: Api) -> None:
    done = rollback(api, "--yes")
    assert done.returncode == 0, done.stderr
    assert api.rolled_back_to == ["d1"], "the failed one in between has no image to run"
    assert "d4: SUCCESS" in done.stdout
    assert "scripts/validate-deployment.sh staging" in done.stdout


def test_it_asks_first(api: Api) -> None:
    assert rollback(api, answer="no\n").returncode == 2
    assert api.rolled_back_to == []
    assert rollback(api, answer="yes\n").returncode == 0


def test_to_a_chosen_one(api: Api) -> None:
    assert rollback(api, "--to", "d3", "--yes").returncode == 0
    assert api.rolled_back_to == ["d3"]
    refused = rollback(api, "--to", "d0", "--yes")
    assert refused.returncode == 1
    assert "can't be rolled back to" in refused.stderr


def test_the_list(api: Api) -> None:
    lines = rollback(api, "--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["d3", "d2", "d1", "d0"]
    assert api.rolled_back_to == []


def test_nothing_to_go_back_to(api: Api) -> None:
    api.deployments = api.deployments[:2]
    done = rollback(api, "--yes")
    assert done.returncode == 3
    assert "git revert" in done.stderr


def test_a_rollback_that_fails_is_a_failure(api: Api) -> None:
    api.outcome = ["FAILED"]
    assert rollback(api, "--yes").returncode == 1


def test_with_the_token_of_a_project(api: Api) -> None:
    assert rollback(api, "--list", RAILWAY_TOKEN=TOKEN).returncode == 0
    assert api.authorization == {f"project {TOKEN}"}


def test_a_refused_token_and_an_unknown_name_are_one_line(api: Api) -> None:
    done = rollback(api, "--list", RAILWAY_API_TOKEN="wrong", RAILWAY_PROJECT_ID="p1")
    assert (done.returncode, done.stderr) == (1, "ERROR Railway refuses: Not Authorized\n")
    done = rollback(api, "--list", environment="production")
    assert "no environment 'production'" in done.stderr
