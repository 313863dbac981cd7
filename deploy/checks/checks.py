"""The ten checks. Each says what it found, or raises ``FailedError`` with the reason."""

import http.client
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from places import SECRETS, SERVICES, Local, Place, PlaceError, Railway, needed, run

WEBHOOK = "/api/webhooks/twilio"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MAX_MS = 1000
MIN_CERTIFICATE = timedelta(days=14)


class FailedError(Exception):
    """A check that did not pass."""


class SkippedError(Exception):
    """A check that does not apply here."""


@dataclass
class Target:
    """What is checked: a place, the address of its gateway, whom to trust, where secrets come from."""

    place: Place
    url: str
    trust: ssl.SSLContext
    secrets_from: str
    sealed: set[str] = field(default_factory=set)

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> int:
        """HTTP status of a request to the gateway. Raises FailedError when there is no answer."""
        parts = urlsplit(self.url)
        link = http.client.HTTPSConnection(parts.netloc, timeout=15, context=self.trust)
        try:
            link.request(method, parts.path.rstrip("/") + path, body or None, headers or {})
            return link.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise FailedError(f"no answer from {self.url} ({error or type(error).__name__})") from error
        finally:
            link.close()


def health(target: Target) -> str:
    """The gateway answers."""
    if (status := target.ask("GET", "/health")) != 200:
        raise FailedError(f"GET /health gives {status}, expected 200")
    return "GET /health gives 200"


def webhook_exists(target: Target) -> str:
    """The route is there and takes POST alone."""
    if (status := target.ask("GET", WEBHOOK)) != 405:
        raise FailedError(f"GET {WEBHOOK} gives {status}, expected 405 (is the path right?)")
    return f"GET {WEBHOOK} gives 405"


def variables(target: Target) -> str:
    """Every service has what it can't do without; what Railway does not show is sealed."""
    missing: list[str] = []
    for service in SERVICES:
        absent = needed(service) - target.place.variables(service)
        hidden = {name for name in absent if name in SECRETS or name.startswith("NATS_PASSWORD")}
        if isinstance(target.place, Railway) and target.secrets_from == "sealed":
            target.sealed |= hidden
            absent -= hidden
        missing += [f"{service}: {name}" for name in sorted(absent)]
    if missing:
        raise FailedError("not set: " + ", ".join(missing))
    if target.sealed:
        # no service starts without its secrets, so a gateway that answers has them
        health(target)
        return f"all set for {len(SERVICES)} services; sealed: {', '.join(sorted(target.sealed))}"
    return f"all set for {len(SERVICES)} services"


def signature(target: Target) -> str:
    """Unsigned and wrongly signed webhooks are refused."""
    body = "MessageSid=SM00000000000000000000000000000000&Body=validation"
    for what, headers in (
        ("unsigned", FORM),
        ("wrongly signed", FORM | {"X-Twilio-Signature": "bm90IHZhbGlk"}),
    ):
        if (status := target.ask("POST", WEBHOOK, body, headers)) != 401:
            raise FailedError(
                f"{what} webhook gives {status}, expected 401: anyone could write as a customer"
            )
    return "unsigned and wrongly signed webhooks give 401"


def database(target: Target) -> str:
    """The stock's database answers, where there is one."""
    if "DATABASE_URL" not in target.place.variables("responder"):
        raise SkippedError("not configured: the stock comes from STOCK_URL or the sample")
    if (status := target.place.database_status()) != 200:
        raise FailedError(f"GET /api/health/db gives {status}, expected 200")
    return "GET /api/health/db gives 200"


def speed(target: Target) -> str:
    """Five answers, each within a second (the connection and its encryption included)."""
    took = []
    for _ in range(5):
        start = time.monotonic()
        health(target)
        took.append((time.monotonic() - start) * 1000)
    if max(took) >= MAX_MS:
        raise FailedError(f"slowest of five answers took {max(took):.0f} ms, allowed are {MAX_MS}")
    return f"slowest of five answers took {max(took):.0f} ms"


def https(target: Target) -> str:
    """The webhook's address is HTTPS, without a slash at the end, with a certificate that holds."""
    if urlsplit(target.url).scheme != "https":
        raise FailedError(f"{target.url} is not HTTPS")
    if target.url.endswith("/"):
        raise FailedError(f"{target.url} ends with a slash: Twilio's signature would not match")
    target.ask("GET", WEBHOOK)
    return f"{target.url}{WEBHOOK}"


def logs(target: Target) -> str:
    """Logs can be read."""
    lines = [line for line in target.place.logs() if line.strip()]
    if not lines:
        raise FailedError("no lines")
    errors = sum('"level": "ERROR"' in line or "ERROR" in line.split(" ") for line in lines)
    return f"{len(lines)} lines, {errors} of them errors"


def certificate(target: Target) -> str:
    """Valid for more than two weeks."""
    parts = urlsplit(target.url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), 15) as plain,
            target.trust.wrap_socket(plain, server_hostname=host) as link,
        ):
            until = str((link.getpeercert() or {})["notAfter"])
    except (OSError, KeyError) as error:
        raise FailedError(f"no valid certificate ({error})") from error
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)
    if end - datetime.now(UTC) <= MIN_CERTIFICATE:
        raise FailedError(f"the certificate ends on {end:%Y-%m-%d}, within {MIN_CERTIFICATE.days} days")
    return f"valid until {end:%Y-%m-%d}"


def secrets_source(target: Target) -> str:
    """Secrets come from one place, Doppler or sealed variables; locally no file of them is tracked."""
    if not isinstance(target.place, Railway):
        tracked = run("git", "ls-files", "--", ".env", ".env.local", ".env.production").split()
        if tracked:
            raise FailedError(f"tracked by git: {', '.join(tracked)}")
        what = (
            "made for this run" if isinstance(target.place, Local) else "from .env or the sandbox's defaults"
        )
        return f"not deployed: secrets {what}, none tracked by git"
    return _doppler(target) if target.secrets_from == "doppler" else _sealed(target)


def _doppler(target: Target) -> str:
    config = {"staging": "stg", "production": "prd"}[target.place.name]
    project = os.environ.get("DOPPLER_PROJECT", "seldenrijk-whatsapp")
    listed = run("doppler", "secrets", "--only-names", "--json", "--project", project, "--config", config)
    missing = [
        name for name, entry in SECRETS.items() if not entry.get("optional") and f'"{name}"' not in listed
    ]
    if missing:
        raise FailedError(f"Doppler's {config} lacks {', '.join(missing)}")
    return f"Doppler project {project}, config {config}: all names present"


def _sealed(target: Target) -> str:
    shown = {name for service in SERVICES for name in target.place.variables(service) if name in SECRETS}
    if shown:
        raise FailedError(f"not sealed, anyone with access reads them: {', '.join(sorted(shown))}")
    return "sealed in Railway: " + ", ".join(n for n, entry in SECRETS.items() if not entry.get("optional"))


CHECKS: tuple[tuple[str, Callable[[Target], str]], ...] = (
    ("Health endpoint", health),
    ("Webhook endpoint", webhook_exists),
    ("Environment variables", variables),
    ("Signature verification", signature),
    ("Database", database),
    ("Response time", speed),
    ("HTTPS", https),
    ("Logs", logs),
    ("Certificate", certificate),
    ("Doppler or sealed variables", secrets_source),
)


def perform(check: Callable[[Target], str], target: Target) -> tuple[str, str]:
    """Status (passed, skipped, failed) and what was found."""
    try:
        return "passed", check(target)
    except SkippedError as why:
        return "skipped", str(why)
    except (FailedError, PlaceError, subprocess.SubprocessError) as why:
        return "failed", str(why)
