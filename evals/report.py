"""The report that people read: a summary, then every transcript with its verdict."""

from collections import Counter

from .play import Outcome
from .run import Run, Verdict

_MINDS = {
    "builtin": "the built-in composer",
    "stand-in": "the stand-in for Claude",
    "claude": "Claude",
}


def markdown(run: Run) -> str:
    """The whole report."""
    verdicts = run.verdicts
    passed = sum(verdict.passed for verdict in verdicts)
    waits = sorted(o.wait for v in verdicts for o in v.played.outcomes if o.wait is not None)
    replies = sum(len(o.replies) for v in verdicts for o in v.played.outcomes)
    lines = [
        "# Replies: scripted conversations",
        "",
        f"Made by `python -m evals replies --write` on {run.started:%Y-%m-%d %H:%M} UTC with "
        f"{_MINDS[run.mind]}, "
        "through the real services: gateway, router, extractor, responder, chatwoot-sync, NATS, and "
        "stand-ins for Twilio and Chatwoot. Scripts: [evals/replies](../evals/replies/README.md).",
        "",
        f"**{passed} of {len(verdicts)} conversations hold**; {replies} replies in {run.seconds:.0f} s.",
    ]
    if waits:
        middle, late = waits[len(waits) // 2], waits[min(len(waits) - 1, int(len(waits) * 0.95))]
        lines += [
            "",
            f"Wait from the last message to the reply: median {middle:.1f} s, 95 % within {late:.1f} s.",
        ]
    lines += ["", *_faults(verdicts), "## Transcripts", ""]
    for verdict in verdicts:
        lines += _transcript(verdict)
    return "\n".join(lines).rstrip() + "\n"


def _faults(verdicts: list[Verdict]) -> list[str]:
    counts = Counter(fault.kind for verdict in verdicts for fault in verdict.faults)
    if not counts:
        return []
    lines = ["| fault | how often | conversations |", "| --- | --- | --- |"]
    for kind, times in counts.most_common():
        names = sorted({v.played.script.name for v in verdicts for f in v.faults if f.kind == kind})
        lines.append(f"| {kind} | {times} | {', '.join(names)} |")
    return [*lines, ""]


def _transcript(verdict: Verdict) -> list[str]:
    script = verdict.played.script
    mark = "holds" if verdict.passed else f"**{len(verdict.faults)} faults**"
    lines = [f"### {script.name}", "", f"{script.about} ({mark})", ""]
    lines += [f"- **{fault.kind}**: {fault.says}" for fault in verdict.faults if fault.step == 0]
    for number, outcome in enumerate(verdict.played.outcomes, start=1):
        lines += _step(outcome)
        lines += [f"- **{f.kind}**: {f.says}" for f in verdict.faults if f.step == number]
        if any(f.step == number for f in verdict.faults):
            lines.append("")
    return lines


def _step(outcome: Outcome) -> list[str]:
    lines: list[str] = []
    for said in outcome.said:
        lines += [f"**Customer**: {_quoted(said)}", ""]
    lines += [f"*{what}*" for what in _acts(outcome)]
    if lines and lines[-1]:
        lines.append("")
    understood = ", ".join(d["understanding"]["intent"] for d in outcome.extracted)
    reasons = [f"handed over: {d['reason']}" for d in outcome.handovers]
    reasons += [f"silent: {d['reason']}" for d in outcome.suppressed]
    reasons += [f"request: {d['appointment_request']}" for d in outcome.composed if d["appointment_request"]]
    wait = [f"{outcome.wait:.1f} s"] if outcome.wait is not None else []
    if understood:
        lines += [f"<sub>{' · '.join([understood, *reasons, *wait])}</sub>", ""]
    for reply, by in zip(outcome.replies, outcome.by, strict=True):
        who = "Colleague" if by == "agent" else "Assistant"
        body = [f"> {line}  " if line else ">" for line in reply.splitlines()]
        lines += [f"**{who}**:", "", *body, ""]
    return lines


def _acts(outcome: Outcome) -> list[str]:
    step = outcome.step
    found = ["a colleague takes over"] if step.take_over else []
    found += [f"a private note: {step.note}"] if step.note else []
    found += ["a colleague gives the conversation back"] if step.hand_back else []
    found += [f"sold meanwhile: {', '.join(step.sell)}"] if step.sell else []
    found += [f"reserved meanwhile: {', '.join(step.reserve)}"] if step.reserve else []
    return found + ([f"each webhook comes {step.deliver} times"] if step.deliver > 1 else [])


def _quoted(text: str) -> str:
    """A customer's text on one line, with nothing that markdown would take for its own."""
    shown = " / ".join(text.split("\n"))
    for sign in "\\`*_<>[]#":
        shown = shown.replace(sign, "\\" + sign)
    return shown or "(empty)"
