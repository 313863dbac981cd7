"""The Railway project, evaluated: what is deployed, when, how, and who gets which secret."""

import fnmatch
import runpy
from typing import Any

import pytest
from deploy_support import ROOT, SERVICES

from seldenrijk.chassis.permissions import password_variable

NAMES = {*SERVICES, "nats", "provision"}
SECRET_VARIABLES = ("TOKEN", "KEY", "PASSWORD", "SECRET")


def graph(
    monkeypatch: pytest.MonkeyPatch, environment: str | None = "staging", context: object = None, **env: str
) -> dict[str, Any]:
    for name in ("RAILWAY_ENVIRONMENT", "SECRETS_FROM", "GATEWAY_DOMAIN", "CHATWOOT_SYNC_DOMAIN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/repository")
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    if environment:
        monkeypatch.setenv("RAILWAY_ENVIRONMENT", environment)
    main = runpy.run_path(str(ROOT / ".railway" / "railway.py"))["main"]
    made: dict[str, Any] = main(context).to_graph()
    made["by_name"] = {node["name"]: node for node in made["resources"] if node["type"] == "service"}
    return made


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return graph(monkeypatch)


def test_five_services_nats_and_the_provisioning_job(staging: dict[str, Any]) -> None:
    assert set(staging["by_name"]) == NAMES
    assert [n["name"] for n in staging["resources"] if n["type"] == "volume"] == ["nats-data"]
    mounted = staging["by_name"]["nats"]["volumeAttachments"]["nats-data"]
    assert mounted["mountPath"] == "/data"


@pytest.mark.parametrize("name", SERVICES)
def test_how_a_service_lives(staging: dict[str, Any], name: str) -> None:
    node = staging["by_name"][name]
    assert node["build"]["dockerfilePath"] == "deploy/Dockerfile"
    assert (ROOT / node["build"]["dockerfilePath"]).exists()
    assert "rootDirectory" not in node["source"], "services share libs/"
    assert node["variables"]["SERVICE"]["value"] == name
    deploy = node["deploy"]
    assert deploy["healthcheckPath"] == "/health"
    assert (deploy["restartPolicyType"], deploy["restartPolicyMaxRetries"]) == ("ON_FAILURE", 3)
    assert deploy["drainingSeconds"] == 30
    assert deploy["overlapSeconds"] > 0
    assert deploy["sleepApplication"] is False


def triggered(made: dict[str, Any], path: str) -> set[str]:
    """The nodes whose watch patterns match a changed file (they all are anchored at the root)."""
    return {
        name
        for name, node in made["by_name"].items()
        if any(fnmatch.fnmatchcase(f"/{path}", pattern) for pattern in node["build"]["watchPatterns"])
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_change_in_one_service_deploys_it_alone(staging: dict[str, Any], name: str) -> None:
    package = f"services/{name}/src/seldenrijk/{name.replace('-', '_')}/handlers.py"
    assert triggered(staging, package) == {name}
    assert triggered(staging, f"services/{name}/requirements.txt") == {name}


def test_a_change_in_a_library_deploys_who_uses_it(staging: dict[str, Any]) -> None:
    users = {"router", "extractor", "responder"}
    assert triggered(staging, "libs/nlu/src/seldenrijk/nlu/cues.py") == users
    assert triggered(staging, "libs/claude/src/seldenrijk/claude/client.py") == users
    assert triggered(staging, "libs/chassis/src/seldenrijk/chassis/lanes.py") == {*SERVICES, "provision"}
    assert triggered(staging, "deploy/dealer.toml") == {"responder"}
    assert triggered(staging, "deploy/nats/nats.conf") == {"nats"}
    assert triggered(staging, "sandbox/src/seldenrijk/sandbox/app.py") == set()
    assert triggered(staging, "docs/runbook.md") == set()


def test_only_the_edges_are_public(monkeypatch: pytest.MonkeyPatch) -> None:
    domains = {"GATEWAY_DOMAIN": "wa.example.nl", "CHATWOOT_SYNC_DOMAIN": "cw.example.nl"}
    nodes = graph(monkeypatch, "production", **domains)["by_name"]
    public = {
        name: list(node["networking"]["customDomains"])
        for name, node in nodes.items()
        if "networking" in node
    }
    assert public == {"gateway": ["wa.example.nl"], "chatwoot-sync": ["cw.example.nl"]}
    assert nodes["gateway"]["variables"]["PUBLIC_URL"]["value"] == "https://wa.example.nl"


def secrets_of(node: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in node["variables"].items()
        if any(part in name for part in SECRET_VARIABLES) or name.endswith("_SID")
    }


def test_sealed_variables_are_left_alone(staging: dict[str, Any]) -> None:
    for node in staging["by_name"].values():
        assert {value["type"] for value in secrets_of(node).values()} == {"preserve"}


def test_doppler_fills_shared_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = graph(monkeypatch, SECRETS_FROM="doppler")["by_name"]
    for node in nodes.values():
        assert {value["type"] for value in secrets_of(node).values()} == {"sharedReference"}
    assert nodes["router"]["variables"]["NATS_PASSWORD"]["name"] == "NATS_PASSWORD_ROUTER"


def test_each_service_gets_its_own_secrets_only(staging: dict[str, Any]) -> None:
    got = {name: set(secrets_of(node)) for name, node in staging["by_name"].items()}
    assert "TWILIO_AUTH_TOKEN" in got["gateway"]
    assert "ANTHROPIC_API_KEY" not in got["gateway"]
    for name in ("router", "extractor", "responder"):
        assert not any(secret.startswith(("TWILIO", "CHATWOOT")) for secret in got[name])
    assert got["provision"] == {"NATS_PASSWORD"}
    assert got["nats"] == {password_variable(user) for user in (*SERVICES, "provision")}


def test_the_two_environments_differ_where_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    staging, production = graph(monkeypatch), graph(monkeypatch, "production")
    assert staging["by_name"]["router"]["source"]["branch"] == "main"
    assert production["by_name"]["router"]["source"]["branch"] == "production"
    assert production["by_name"]["router"]["deploy"]["numReplicas"] == 2
    assert production["by_name"]["nats"]["deploy"]["numReplicas"] == 1


def test_an_unclear_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="set RAILWAY_ENVIRONMENT"):
        graph(monkeypatch, None, {})
    with pytest.raises(ValueError, match="but the Railway command line"):
        graph(monkeypatch, "staging", {"environment": "production"})
    assert graph(monkeypatch, None, {"environment": "production"})["name"] == "seldenrijk-whatsapp"


def test_secrets_come_from_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="sealed or doppler"):
        graph(monkeypatch, SECRETS_FROM="both")
