"""``python -m evals replies`` and ``python -m evals waits``."""

import argparse
import os
import sys
from pathlib import Path

from seldenrijk.sandbox.system import StartError

from . import report, waits
from .run import ROOT, Mind, Verdict, run
from .script import FOLDER, ScriptError, load

REPORT = ROOT / "docs" / "replies.md"


def main() -> int:
    """Exit code 0: all held; 1: something did not; 2: nothing could be run."""
    arguments = _arguments()
    try:
        return int(arguments.act(arguments))
    except (ScriptError, StartError) as error:
        print(f"ERROR {error}", file=sys.stderr)
        return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="WHAT")
    replies = parts.add_parser("replies", help="scripted conversations through the real services, judged")
    replies.add_argument("--only", nargs="+", metavar="NAME", help="those whose name contains one of these")
    replies.add_argument("--list", action="store_true", help="list the conversations and end")
    replies.add_argument("--folder", type=Path, default=FOLDER, help="folder of the scripts")
    replies.add_argument("--write", action="store_true", help="write docs/replies.md")
    replies.add_argument("--report", type=Path, help="write the report elsewhere")
    replies.add_argument("--show", action="store_true", help="print the transcripts, not only the faults")
    mind = replies.add_mutually_exclusive_group()
    mind.add_argument("--claude", action="store_true", help="with Claude; ANTHROPIC_API_KEY must be set")
    mind.add_argument("--stand-in-claude", action="store_true", help="with the sandbox's stand-in for Claude")
    replies.set_defaults(act=_replies)
    waiting = parts.add_parser("waits", help="how long customers wait with a slow Claude and with none")
    waiting.add_argument("--seconds", type=float, default=40.0, help="of each run (default: %(default)s)")
    waiting.add_argument("--rate", type=float, default=5.0, help="messages a second (default: %(default)s)")
    waiting.set_defaults(act=lambda given: waits.measure(given.rate, given.seconds))
    return parser.parse_args()


def _replies(arguments: argparse.Namespace) -> int:
    scripts = load(arguments.folder)
    if arguments.only:
        scripts = [s for s in scripts if any(part in s.name for part in arguments.only)]
    if not scripts:
        raise ScriptError("no conversation of this name")
    if arguments.list:
        print("\n".join(f"{script.name:<34} {script.about}" for script in scripts))
        return 0
    mind: Mind = "claude" if arguments.claude else "stand-in" if arguments.stand_in_claude else "builtin"
    if mind == "claude" and not os.environ.get("ANTHROPIC_API_KEY"):
        raise ScriptError("--claude needs ANTHROPIC_API_KEY")
    result = run(scripts, mind, _tell)
    text = report.markdown(result)
    if arguments.show:
        print(text)
    for path in [*([REPORT] if arguments.write else []), *([arguments.report] if arguments.report else [])]:
        path.write_text(text, "utf-8")
        print(f"written: {path}")
    passed = sum(verdict.passed for verdict in result.verdicts)
    print(f"{passed} of {len(result.verdicts)} conversations hold ({result.seconds:.0f} s)")
    return 0 if passed == len(result.verdicts) else 1


def _tell(verdict: Verdict) -> None:
    mark = "ok  " if verdict.passed else "FAIL"
    print(f"  {mark} {verdict.played.script.name}", flush=True)
    for fault in verdict.faults:
        print(f"         step {fault.step} {fault.kind}: {fault.says}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
