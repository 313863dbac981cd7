"""Fill Doppler's staging and production configurations, asking for each secret of deploy/secrets.toml.

    scripts/doppler-setup.sh [staging] [production] [--project NAME]

What is set already is left alone unless --again is given. Values are read without echo (or, without a
terminal, one line each from stdin) and go to doppler by its stdin, never into a command line or a file.
Passwords of NATS users and the key of pseudonyms are made here.
"""

import argparse
import getpass
import json
import re
import secrets
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = {"staging": "stg", "production": "prd"}
USERS = ("gateway", "router", "extractor", "responder", "chatwoot-sync", "provision")
Entry = dict[str, Any]


class DopplerError(Exception):
    """Doppler refused, or is not there."""


def doppler(*words: str, value: str | None = None) -> str:
    """Output of a doppler command. Raises DopplerError with its last line."""
    command = ["doppler", *words]
    done = subprocess.run(command, input=value, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise DopplerError((done.stderr.strip().splitlines() or ["doppler failed"])[-1])
    return done.stdout


def wanted() -> dict[str, Entry]:
    """All secrets: those of deploy/secrets.toml, and a password for each NATS user."""
    listed: dict[str, Entry] = tomllib.loads((ROOT / "deploy" / "secrets.toml").read_text())
    for user in USERS:
        name = f"NATS_PASSWORD_{user.upper().replace('-', '_')}"
        listed[name] = {"ask": "", "pattern": "[a-z][0-9a-z]{40}", "make": True, "silent": True}
    return listed


def make() -> str:
    """A value of our own; a letter first, because of NATS' configuration language (deploy/nats/nats.conf)."""
    return f"p{secrets.token_hex(20)}"


def read(prompt: str) -> str:
    """A line without echo. Raises DopplerError at the end of input."""
    try:
        if sys.stdin.isatty():
            return getpass.getpass(prompt).strip()
        sys.stderr.write(prompt + "\n")
        line = sys.stdin.readline()
    except EOFError as error:
        raise DopplerError("the input ended before all secrets were given") from error
    if not line:
        raise DopplerError("the input ended before all secrets were given")
    return line.strip()


def value_of(name: str, entry: Entry) -> str | None:
    """The value to set; None to leave an optional one out. Asks again while it doesn't look right."""
    if entry.get("silent"):
        return make()
    while True:
        given = read(f"{name} - {entry['ask']}{' (optional)' if entry.get('optional') else ''}: ")
        if not given and entry.get("make"):
            return make()
        if not given and entry.get("optional"):
            return None
        if re.fullmatch(entry["pattern"], given):
            return given
        sys.stderr.write(f"  {name} does not look right (expected: {entry['pattern']}); once more\n")


def fill(project: str, environment: str, again: bool) -> tuple[int, int]:
    """Set what is missing in one configuration; how many were set and left alone."""
    place = ("--project", project, "--config", CONFIGS[environment])
    there = set(json.loads(doppler("secrets", "--only-names", "--json", *place)))
    done = kept = 0
    for name, entry in wanted().items():
        if name in there and not again:
            kept += 1
        elif (value := value_of(name, entry)) is not None:
            # without a value doppler reads it from stdin: it stands in no list of processes
            doppler("secrets", "set", name, "--silent", "--no-interactive", *place, value=value)
            done += 1
    return done, kept


def ensure_project(project: str) -> None:
    """Make the project where it doesn't exist; Doppler gives it dev, stg and prd."""
    try:
        doppler("projects", "get", project)
    except DopplerError:
        doppler("projects", "create", project)


def main() -> int:
    """0: all set; 1: Doppler refused or the input ended."""
    parser = argparse.ArgumentParser(
        prog="scripts/doppler-setup.sh",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("environment", nargs="*", help="staging and/or production (default: both)")
    parser.add_argument("--project", default="seldenrijk-whatsapp")
    parser.add_argument("--again", action="store_true", help="ask for all, also for what is set (rotation)")
    asked = parser.parse_args()
    environments = asked.environment or list(CONFIGS)
    if unknown := set(environments) - set(CONFIGS):
        parser.error(f"unknown environment {', '.join(sorted(unknown))}: staging, production")
    try:
        if shutil.which("doppler") is None:
            raise DopplerError(
                "the doppler command is not installed: https://docs.doppler.com/docs/install-cli"
            )
        doppler("me", "--json")
        ensure_project(asked.project)
        for environment in environments:
            sys.stderr.write(f"\n{environment} ({CONFIGS[environment]})\n")
            done, kept = fill(asked.project, environment, asked.again)
            sys.stdout.write(f"{environment}: {done} set, {kept} left alone\n")
    except DopplerError as error:
        sys.stderr.write(f"ERROR {error}\n")
        return 1
    sys.stdout.write(
        "next: in Doppler, Integrations > Railway, sync stg to environment staging and prd to production,\n"
        "      without a service (shared variables); then SECRETS_FROM=doppler for railway config apply\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
