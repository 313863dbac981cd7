"""Where a system runs, and how to look inside. Values of secrets stay there."""

import json
import os
import shutil
import subprocess
import tomllib
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ("gateway", "router", "extractor", "responder", "chatwoot-sync")
SECRETS = tomllib.loads((ROOT / "deploy" / "secrets.toml").read_text())
ASK_DATABASE = (
    "import http.client,os;c=http.client.HTTPConnection('127.0.0.1',int(os.environ['PORT']),timeout=10);"
    "c.request('GET','/api/health/db');print(c.getresponse().status)"
)


class PlaceError(Exception):
    """The place can't be looked into; the text says what is missing."""


class Place(Protocol):
    """What the checks need to know of a place."""

    name: str
    plain_port: int | None
    """Port of a gateway without TLS, where a front is needed."""

    def address(self) -> str | None:
        """Public address of the gateway, where it has one."""

    def variables(self, service: str) -> set[str]:
        """Names of the variables that have a value. Raises PlaceError."""

    def logs(self) -> list[str]:
        """The last lines of the gateway's log. Raises PlaceError."""

    def database_status(self) -> int:
        """HTTP status of the responder's ``/api/health/db``. Raises PlaceError."""


def needed(service: str) -> set[str]:
    """Variables that a service can't do without."""
    secrets = {
        n for n, entry in SECRETS.items() if service in entry["services"] and not entry.get("optional")
    }
    return secrets | {"NATS_URL", "NATS_PASSWORD"} | ({"PUBLIC_URL"} if service == "gateway" else set())


def run(*command: str) -> str:
    """Output of a command. Raises PlaceError with its last line of error."""
    if shutil.which(command[0]) is None:
        raise PlaceError(f"the command {command[0]} is not installed")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise PlaceError(f"{command[0]} did not answer within 60 s") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PlaceError(f"{' '.join(command[:3])}: {last}")
    return done.stdout


class Local:
    """Processes of this machine (`make demo`, or the Procfile)."""

    name = "local"

    def __init__(self) -> None:
        self.plain_port: int | None = int(os.environ.get("GATEWAY_PORT", "8080"))

    def address(self) -> str | None:
        """None: a front gives one."""
        return None

    def _environment(self, service: str) -> dict[str, str]:
        module = f"seldenrijk.{service.replace('-', '_')}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if module in (process / "cmdline").read_bytes().split(b"\0"):
                    pairs = (process / "environ").read_bytes().decode().split("\0")
                    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
                else:
                    continue
            except OSError:
                continue
            if service != "gateway" or found.get("PORT", "8080") == str(self.plain_port):
                return found
        raise PlaceError(f"no {service} runs on this machine: start it with `make demo`")

    def variables(self, service: str) -> set[str]:
        """From the running process."""
        return {name for name, value in self._environment(service).items() if value}

    def logs(self) -> list[str]:
        """Of the demo's log files; LOG_FOLDER says where else."""
        file = Path(os.environ.get("LOG_FOLDER", ROOT / ".run" / "demo")) / "gateway.log"
        if not file.exists():
            raise PlaceError(f"no log at {file}; set LOG_FOLDER")
        return file.read_text(errors="replace").splitlines()[-50:]

    def database_status(self) -> int:
        """Asks the responder's own port."""
        port = self._environment("responder").get("PORT", "8080")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health/db", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError as error:
            raise PlaceError("the responder does not answer") from error


class Compose:
    """The containers of docker-compose.yml."""

    name = "compose"

    def __init__(self) -> None:
        self.plain_port: int | None = int(os.environ.get("GATEWAY_PORT", "8080"))

    def address(self) -> str | None:
        """None: a front gives one."""
        return None

    def _inside(self, service: str, code: str) -> str:
        return run("docker", "compose", "exec", "-T", service, "python", "-c", code)

    def variables(self, service: str) -> set[str]:
        """Only names leave the container."""
        return set(self._inside(service, "import os;print(*(k for k, v in os.environ.items() if v))").split())

    def logs(self) -> list[str]:
        """Of the gateway's container."""
        return run("docker", "compose", "logs", "--no-log-prefix", "--tail", "50", "gateway").splitlines()

    def database_status(self) -> int:
        """Asked inside the responder's container."""
        return int(self._inside("responder", ASK_DATABASE))


class Railway:
    """An environment of the Railway project, through its command line."""

    plain_port: int | None = None

    def __init__(self, environment: str, url: str | None) -> None:
        self.name = environment
        self._url = url or os.environ.get(f"{environment.upper()}_URL")
        self._values: dict[str, dict[str, str]] = {}

    def _railway(self, service: str, *words: str, tail: Sequence[str] = ()) -> str:
        return run("railway", *words, "--service", service, "--environment", self.name, *tail)

    def _of(self, service: str) -> dict[str, str]:
        if service not in self._values:
            try:
                self._values[service] = json.loads(self._railway(service, "variable", "list", "--json"))
            except ValueError as error:
                raise PlaceError("railway variable list gave no JSON") from error
        return self._values[service]

    def address(self) -> str | None:
        """As told, else the gateway's public domain."""
        values = self._of("gateway") if self._url is None else {}
        if domain := values.get("RAILWAY_PUBLIC_DOMAIN"):
            self._url = f"https://{domain}"
        return self._url

    def variables(self, service: str) -> set[str]:
        """Those that Railway shows; sealed ones are not among them."""
        return {name for name, value in self._of(service).items() if value}

    def logs(self) -> list[str]:
        """The last fifty lines."""
        return self._railway("gateway", "logs", tail=("--lines", "50")).splitlines()

    def database_status(self) -> int:
        """Asked inside the responder, which has no public address."""
        return int(self._railway("responder", "ssh", tail=("--", "python", "-c", ASK_DATABASE)).split()[-1])
