"""``python -m bench [NAME ...] [--quick] [--write]``: measure side by side, print ratios with spread."""

import argparse
import importlib
import signal
import sys
import time
from collections.abc import Sequence

from . import report
from .figures import Result
from .machine import MissingError, describe, load, peers_python

NAMES = {
    "gateway": "webhooks a second against three other gateways",
    "pipeline": "webhook to acceptance against FastStream and a bare chain",
    "wait": "the customer's whole wait against four calls in a row, and the cost of a reply",
    "understanding": "the offline engine",
    "model": "waiting with a slow model at 5, 20, 80 messages a second",
    "replicas": "throughput with one and two replicas",
    "stored": "latency with 1, 1,000, 100,000 conversations and 1,000,000 events stored",
    "listener": "what one more service on the stream costs",
    "soak": "memory over ten minutes",
    "profile": "where each service's time goes",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run what was named, or all; exit code 1 when a target was missed, 2 when something is missing."""
    arguments = _arguments().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended as well
    try:
        peers_python()
        print(describe(), flush=True)
        results = [_measured(name, arguments.quick) for name in arguments.names or NAMES]
    except MissingError as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 2
    if arguments.write:
        print(f"\nwritten: {report.write()}")
    missed = [t for result in results for t in result.targets if not t.held]
    print(f"\n{sum(len(r.targets) for r in results) - len(missed)} targets held, {len(missed)} missed")
    return 1 if missed else 0


def _measured(name: str, quick: bool) -> Result:
    before, started = load(), time.monotonic()
    result: Result = importlib.import_module(f"bench.{name}").run(quick)
    seconds = time.monotonic() - started
    result.notes.append(f"Took {seconds:.0f} s; load average before {before}, after {load()}.")
    print(result.text(), flush=True)
    report.keep(result, quick)
    return result


def _arguments() -> argparse.ArgumentParser:
    what = "\n".join(f"  {name:<14} {says}" for name, says in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog=f"measurements (default: all, in this order):\n{what}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help="what to measure")
    parser.add_argument(
        "--quick", action="store_true", help="short runs: a sanity check, not figures to quote"
    )
    parser.add_argument(
        "--write", action="store_true", help="write docs/performance.md from the newest results"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
