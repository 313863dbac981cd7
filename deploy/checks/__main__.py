"""Validate a deployment: ten checks, a summary, an exit code. See scripts/validate-deployment.sh."""

import argparse
import contextlib
import json
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from checks import CHECKS, Target, perform
from front import https_front, make_certificate
from places import Compose, Local, Place, PlaceError, Railway

SIGNS = {"passed": "✅", "skipped": "⏭️ ", "failed": "❌"}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/validate-deployment.sh", description=__doc__)
    parser.add_argument("environment", choices=("staging", "production", "local", "compose"))
    parser.add_argument("--url", help="the gateway's public address (default: asked of Railway)")
    parser.add_argument(
        "--secrets", choices=("doppler", "sealed"), default=os.environ.get("SECRETS_FROM", "sealed"),
        help="where secrets come from (default: $SECRETS_FROM, else sealed)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="a report in JSON instead of text")
    return parser.parse_args()


def place_of(asked: argparse.Namespace) -> Place:
    """The place that was asked for."""
    if asked.environment == "local":
        return Local()
    return Compose() if asked.environment == "compose" else Railway(asked.environment, asked.url)


@contextlib.contextmanager
def target_of(place: Place, secrets_from: str) -> Iterator[Target]:
    """The gateway's address; a plain local one gets HTTPS in front, with a certificate made on the spot."""
    if place.plain_port is None:
        url = place.address()
        if not url:
            raise PlaceError(
                "the gateway has no public domain: railway domain --service gateway, or give --url"
            )
        yield Target(place, url, ssl.create_default_context(), secrets_from)
        return
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(Path(folder))
        trust = ssl.create_default_context(cafile=str(certificate))
        with https_front(place.plain_port, certificate, key) as url:
            yield Target(place, url, trust, secrets_from)


def report(target: Target, as_json: bool) -> int:
    """Perform the checks and tell; the number of failures."""
    results = []
    for number, (name, check) in enumerate(CHECKS, 1):
        start = time.monotonic()
        status, detail = perform(check, target)
        seconds = round(time.monotonic() - start, 3)
        results.append(
            {"number": number, "name": name, "status": status, "detail": detail, "seconds": seconds}
        )
        if not as_json:
            print(f"{number:>2}. {SIGNS[status]} {name}: {detail}", flush=True)
    failed = [result for result in results if result["status"] == "failed"]
    summary = {"environment": target.place.name, "url": target.url, "passed": len(CHECKS) - len(failed)}
    if as_json:
        print(
            json.dumps(summary | {"total": len(CHECKS), "failed": len(failed), "checks": results}, indent=2)
        )
        return len(failed)
    print(f"\nPassed: {summary['passed']} / {len(CHECKS)}\nFailed: {len(failed)}")
    print("❌ Not ready: mend what failed and validate again." if failed else "✅ All checks passed.")
    return len(failed)


def main() -> int:
    """0: all passed; 1: some failed; 2: nothing to check."""
    asked = arguments()
    if not asked.json:
        print(f"Validating deployment: {asked.environment}\n")
    try:
        with target_of(place_of(asked), asked.secrets) as target:
            return 1 if report(target, asked.json) else 0
    except PlaceError as error:
        sys.stderr.write(f"ERROR {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
