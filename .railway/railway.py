"""The Railway project: five services, NATS with its volume, a provisioning job; staging and production.

    RAILWAY_ENVIRONMENT=staging railway config plan --environment staging
    RAILWAY_ENVIRONMENT=staging railway config apply --environment staging

Railway stops reading railway.toml and railway.json on 2026-12-01; this file takes their place. Who needs
which secret stands in deploy/secrets.toml; values never stand here. SECRETS_FROM=sealed (default) leaves the
variables alone that people set and sealed in Railway; SECRETS_FROM=doppler refers to the environment's shared
variables, which Doppler's integration fills. One or the other, never both.
"""

import os
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from railway_sdk import create_railway_context, define_railway, github, preserve, project, service, volume

ROOT: Final = Path(__file__).resolve().parent.parent
SERVICES: Final = ("gateway", "router", "extractor", "responder", "chatwoot-sync")
PUBLIC: Final = {"gateway": "GATEWAY_DOMAIN", "chatwoot-sync": "CHATWOOT_SYNC_DOMAIN"}
BRANCHES: Final = {"staging": "main", "production": "production"}
PORT: Final = 8080
SHARED_BY_ALL: Final = ("/.dockerignore", "/deploy/Dockerfile", "/deploy/image.py")
FURTHER_FILES: Final = {"responder": ("/deploy/dealer.toml",)}
OUR_PREFIX: Final = "seldenrijk-"


def dependencies(folder: Path) -> set[str]:
    """Our own libraries that a package needs, directly or through another."""
    named = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["dependencies"]
    own = {name.removeprefix(OUR_PREFIX) for name in named if name.startswith(OUR_PREFIX)}
    return own.union(*(dependencies(ROOT / "libs" / name) for name in own))


def watched(folders: Iterable[str], *files: str) -> list[str]:
    """Watch patterns: a change elsewhere doesn't deploy (patterns are read from the repository's root)."""
    return sorted([*(f"/{folder}/**" for folder in folders), *files])


def watch_patterns(name: str) -> list[str]:
    """What a service is made of: its own folder and the libraries that its pyproject.toml leads to."""
    libs = (f"libs/{lib}" for lib in dependencies(ROOT / "services" / name))
    return watched([f"services/{name}", *libs], *SHARED_BY_ALL, *FURTHER_FILES.get(name, ()))


def repository() -> str | None:
    """owner/name on GitHub, from GITHUB_REPOSITORY or the git remote; None: sources come by `railway up`."""
    if named := os.environ.get("GITHUB_REPOSITORY"):
        return named
    command = ["git", "-C", str(ROOT), "config", "--get", "remote.origin.url"]
    address = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    tail = address.removesuffix(".git").replace(":", "/").split("github.com/")
    return tail[1] if len(tail) == 2 else None


class Secrets:
    """Where secret values come from: sealed variables of the services, or shared ones filled by Doppler."""

    def __init__(self, source: str, shared: Any) -> None:
        if source not in {"sealed", "doppler"}:
            raise ValueError(f"SECRETS_FROM is sealed or doppler, not {source!r}")
        self._shared = shared if source == "doppler" else None
        self._listed = tomllib.loads((ROOT / "deploy" / "secrets.toml").read_text())

    def one(self, shared_name: str) -> Any:
        """A secret; ``shared_name`` is its name in Doppler."""
        return preserve() if self._shared is None else self._shared[shared_name]

    def of(self, name: str) -> dict[str, Any]:
        """All secrets of a service, and its password for NATS."""
        mine = {key: self.one(key) for key, entry in self._listed.items() if name in entry["services"]}
        return mine | {"NATS_PASSWORD": self.one(nats_password(name))}


def nats_password(user: str) -> str:
    """The NATS server's variable with a user's password."""
    return f"NATS_PASSWORD_{user.upper().replace('-', '_')}"


def built(dockerfile: str, patterns: list[str]) -> dict[str, Any]:
    """Build from a Dockerfile; the whole repository is the context, so no root directory is set."""
    return {"builder": "DOCKERFILE", "dockerfilePath": dockerfile, "watchPatterns": patterns}


def running(environment: str) -> dict[str, Any]:
    """How a service lives: ready before it gets traffic, old beside new for a while, 30 s to finish."""
    return {
        "healthcheckPath": "/health",
        "healthcheckTimeout": 120,
        "restartPolicyType": "ON_FAILURE",
        "restartPolicyMaxRetries": 3,
        "drainingSeconds": 30,
        "overlapSeconds": 20,
        "sleepApplication": False,  # a sleeping service answers its first webhook too late
        "numReplicas": 2 if environment == "production" else 1,
    }


def app(name: str, environment: str, source: Any, secrets: Secrets) -> Any:
    """One of the five services."""
    env: dict[str, Any] = {
        "SERVICE": name,  # the Dockerfile's argument
        "PORT": str(PORT),
        "NATS_URL": "nats://nats.railway.internal:4222",
        "LOG_FORMAT": "json",
        **secrets.of(name),
        **optional("OTEL_EXPORTER_OTLP_ENDPOINT"),
    }
    if name in {"router", "extractor", "responder"}:
        env |= optional("CLAUDE_DAILY_BUDGET_USD")
    if name == "responder":
        env |= {"DEALER_FILE": "/opt/venv/share/dealer.toml", **optional("STOCK_URL")}
    if name == "chatwoot-sync":
        env |= optional("CHATWOOT_BASE_URL", "CHATWOOT_ACCOUNT_ID", "CHATWOOT_INBOX_ID")
    domain = os.environ.get(PUBLIC.get(name, ""))
    address = f"https://{domain or '${{RAILWAY_PUBLIC_DOMAIN}}'}"
    if name == "gateway":
        env["PUBLIC_URL"] = address
    if name == "chatwoot-sync":
        env["CHATWOOT_WEBHOOK_URL"] = f"{address}/api/webhooks/chatwoot"
    return service(
        name,
        source=source,
        build=built("deploy/Dockerfile", watch_patterns(name)),
        deploy=running(environment),
        env=env,
        domains=[{"domain": domain, "port": PORT}] if domain else None,
    )


def optional(*names: str) -> dict[str, Any]:
    """Settings that are passed on where the caller's environment has them, and left as they are elsewhere."""
    return {name: os.environ[name] if name in os.environ else preserve() for name in names}


def nats_server(source: Any, secrets: Secrets) -> tuple[Any, Any]:
    """NATS with its volume; reachable on the private network alone. One volume means one replica."""
    data = volume("nats-data", sizeMB=5000)
    passwords = {nats_password(user): secrets.one(nats_password(user)) for user in (*SERVICES, "provision")}
    server = service(
        "nats",
        source=source,
        build=built("deploy/nats/Dockerfile", watched(["deploy/nats"], "/.dockerignore")),
        deploy={
            "healthcheckPath": "/healthz",
            "healthcheckTimeout": 120,
            "restartPolicyType": "ALWAYS",
            "drainingSeconds": 30,
            "numReplicas": 1,
            "sleepApplication": False,
        },
        env={"PORT": "8222", "RAILWAY_RUN_UID": "0", **passwords},  # volumes belong to root there
        volumeMounts={"/data": data},
    )
    return server, data


def provisioning(source: Any, secrets: Secrets) -> Any:
    """Makes streams and consumers be as the contracts say, then ends; runs again when these change."""
    return service(
        "provision",
        source=source,
        build=built("deploy/Dockerfile", watched(["libs/chassis", "libs/contracts"], *SHARED_BY_ALL)),
        start="python -m seldenrijk.chassis.provision",
        deploy={"restartPolicyType": "ON_FAILURE", "restartPolicyMaxRetries": 10},
        env={
            "SERVICE": "router",
            "NATS_URL": "nats://nats.railway.internal:4222",
            "NATS_PASSWORD": secrets.one(nats_password("provision")),
        },
    )


def environment_of(context: Mapping[str, Any]) -> str:
    """staging or production. Not every CLI passes it, so RAILWAY_ENVIRONMENT says it too; they must agree."""
    told, wanted = context.get("environment"), os.environ.get("RAILWAY_ENVIRONMENT")
    if told and wanted and told != wanted:
        raise ValueError(f"RAILWAY_ENVIRONMENT is {wanted}, but the Railway command line works on {told}")
    name = told or wanted
    if name not in BRANCHES:
        raise ValueError(f"set RAILWAY_ENVIRONMENT to one of {', '.join(BRANCHES)} (it is {name!r})")
    return name


@define_railway
def main(ctx: Mapping[str, Any] | None = None) -> Any:
    """The project's graph for one environment. Raises ValueError when it isn't clear which."""
    context = create_railway_context(ctx or {})
    environment = environment_of(context)
    secrets = Secrets(os.environ.get("SECRETS_FROM", "sealed"), context.shared)
    repo = repository()
    source = github(repo, branch=BRANCHES[environment]) if repo else None
    services = [app(name, environment, source, secrets) for name in SERVICES]
    server, data = nats_server(source, secrets)
    return project("seldenrijk-whatsapp", resources=[*services, server, data, provisioning(source, secrets)])
