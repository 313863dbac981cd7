"""``python -m seldenrijk.claude predict IN.jsonl OUT.jsonl``: Claude's reading of a file of messages.

Needs ANTHROPIC_API_KEY; costs real money (printed at the end) unless ANTHROPIC_BASE_URL is a stand-in.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from .client import ClaudeClient
from .predict import predict, read_rows, write_rows
from .settings import ClaudeSettings

PATIENCE = 20.0  # seconds; an evaluation asks what Claude says, not how fast


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m seldenrijk.claude", description=__doc__)
    command = parser.add_subparsers(required=True).add_parser("predict", help="label messages")
    command.add_argument("source", type=Path, help='rows {"id", "text", "context"}')
    command.add_argument("target", type=Path, help='rows {"id", "intent", "slots", "confidence"}')
    command.add_argument("--engine", type=Path, help="the offline engine's predictions for the same rows")
    command.add_argument("--threshold", type=float, default=0.8, help="ask Claude below this confidence")
    command.add_argument("--strict-deadline", action="store_true", help="with the deadline of production")
    return parser.parse_args(argv)


async def _run(arguments: argparse.Namespace) -> int:
    settings = ClaudeSettings()
    if not arguments.strict_deadline:
        settings = settings.model_copy(update={"claude_understand_seconds": PATIENCE})
    client = ClaudeClient.from_settings(settings)
    if client is None:
        sys.stderr.write("ERROR ANTHROPIC_API_KEY is not set: nothing to ask Claude with\n")
        return 2
    rows = read_rows(arguments.source)
    engine = {row["id"]: row for row in read_rows(arguments.engine)} if arguments.engine else {}
    async with client:
        predictions, report = await predict(client, rows, engine, arguments.threshold)
    write_rows(arguments.target, predictions)
    sys.stderr.write(f"{report}\n")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run; the exit code is 2 without a key."""
    return asyncio.run(_run(_arguments(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
