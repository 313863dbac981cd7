"""``python -m seldenrijk.chassis.deadletters``: list, show, retry or drop what could not be handled."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import nats.errors
import nats.js.errors
import typer
from rich.console import Console
from rich.table import Table

from seldenrijk.chassis.settings import NatsSettings, fail, load

from .choice import Choice, moment
from .store import DeadLetters, Letter, opened

T = TypeVar("T")
app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
# in a file or a pipe a line is as long as it needs to be
console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 240)

Ids = Annotated[list[str] | None, typer.Argument(help="Number, or (the beginning of) an id")]
Conversation = Annotated[str | None, typer.Option(help="Only this conversation's")]
Service = Annotated[str | None, typer.Option(help="Only what this service gave up")]
Kind = Annotated[str | None, typer.Option(help="bad_event, rejected, bug or expired")]
Reason = Annotated[str | None, typer.Option(help="Only where the reason contains this")]
Since = Annotated[str | None, typer.Option(help="Not older than: 2h, 7d, 2026-11-22T10:00")]
Until = Annotated[str | None, typer.Option(help="Not younger than")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this, several letters are only counted")]


def choice(
    ids: list[str] | None, conversation: str | None, service: str | None, kind: str | None,
    reason: str | None, since: str | None, until: str | None, handled: bool = False,
) -> Choice:  # fmt: skip
    """The options as a choice; a time that can't be read ends the command."""
    try:
        begin, end = (moment(text) if text else None for text in (since, until))
    except ValueError:
        fail("a time is an age such as 30m, 2h, 7d, or ISO 8601")
    return Choice(tuple(ids or ()), conversation, service, kind, reason, begin, end, handled)


def run(work: Callable[[DeadLetters], Awaitable[T]]) -> T:
    """Connect, do it, disconnect; trouble with NATS is one line."""

    async def connected() -> T:
        async with opened(load(NatsSettings)) as letters:
            return await work(letters)

    try:
        return asyncio.run(connected())
    except (OSError, nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
        fail(f"NATS: {type(error).__name__} (NATS_URL, NATS_USER, NATS_PASSWORD; is it provisioned?)")


@app.command("list")
def list_(
    conversation: Conversation = None, service: Service = None, kind: Kind = None, reason: Reason = None,
    since: Since = None, until: Until = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what was sent again or dropped")] = False,
) -> None:  # fmt: skip
    """What could not be handled, oldest first."""
    wanted = choice(None, conversation, service, kind, reason, since, until, everything)
    found = run(lambda letters: _chosen(letters, wanted))
    table = Table(box=None, pad_edge=False)
    for heading in ("no", "time", "service", "event", "kind", "tries", "conversation", "reason", "done"):
        table.add_column(heading, overflow="fold")
    for x in found:
        when = x.time.strftime("%m-%d %H:%M:%S")
        table.add_row(
            str(x.seq), when, x.service, x.event, x.kind, str(x.attempts), x.conversation, x.reason,
            x.handled or "",
        )  # fmt: skip
    if found:
        console.print(table)
    console.print(f"{len(found)} dead letter{'' if len(found) == 1 else 's'}")


@app.command()
def show(
    ids: Annotated[list[str], typer.Argument(help="Number, or (the beginning of) an id")],
    show_body: Annotated[bool, typer.Option("--show-body", help="Print the customer's words, too")] = False,
) -> None:
    """Everything about a letter but the words in it."""
    found = run(lambda letters: _chosen(letters, Choice(tuple(ids), handled=True)))
    for letter in found:
        _print_letter(letter, show_body)
    if not found:
        fail("no such dead letter")


@app.command()
def retry(
    ids: Ids = None, conversation: Conversation = None, service: Service = None, kind: Kind = None,
    reason: Reason = None, since: Since = None, until: Until = None, yes: Yes = False,
) -> None:  # fmt: skip
    """Send letters again to the service that gave them up, each once however often this is run."""
    wanted = choice(ids, conversation, service, kind, reason, since, until)
    counts = run(lambda letters: _retry(letters, wanted, yes or not wanted.bulk))
    _finish(counts, "sent again", yes or not wanted.bulk)


@app.command()
def drop(
    ids: Ids = None, conversation: Conversation = None, service: Service = None, kind: Kind = None,
    reason: Reason = None, since: Since = None, until: Until = None, yes: Yes = False,
) -> None:  # fmt: skip
    """Delete letters for good; who did it, and when, stays on record."""
    wanted = choice(ids, conversation, service, kind, reason, since, until)
    counts = run(lambda letters: _drop(letters, wanted, yes or not wanted.bulk))
    _finish(counts, "dropped", yes or not wanted.bulk)


async def _chosen(letters: DeadLetters, wanted: Choice) -> list[Letter]:
    return wanted.of(await letters.all())


async def _retry(letters: DeadLetters, wanted: Choice, act: bool) -> dict[str, int]:
    counts = {"meant": 0, "sent": 0, "known": 0, "refused": 0}
    for letter in await _chosen(letters, wanted):
        counts["meant"] += 1
        if act:
            counts[await letters.retry(letter)] += 1
    return counts


async def _drop(letters: DeadLetters, wanted: Choice, act: bool) -> dict[str, int]:
    counts = {"meant": 0, "sent": 0}
    for letter in await _chosen(letters, wanted):
        counts["meant"] += 1
        if act:
            await letters.drop(letter)
            counts["sent"] += 1
    return counts


def _finish(counts: dict[str, int], done: str, acted: bool) -> None:
    if not acted:
        console.print(f"{counts['meant']} would be {done}; nothing was done: add --yes")
        return
    further = [f"{counts[k]} {k}" for k in ("known", "refused") if counts.get(k)]
    console.print(f"{counts['sent']} {done}" + (f" ({', '.join(further)})" if further else ""))
    if counts.get("refused") or not counts["meant"]:
        raise typer.Exit(1)


def _print_letter(letter: Letter, show_body: bool) -> None:
    rows = {
        "number": letter.seq,
        "id": letter.id,
        "time": letter.time.isoformat(),
        "service": letter.service,
        "kind": letter.kind,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "event": letter.event,
        "subject": letter.subject,
        "stored": f"{letter.stream}/{letter.stream_seq}",
        "trace": letter.headers.get("Dead-Trace", ""),
        "done": letter.handled or "",
        "body": f"{len(letter.data)} bytes (--show-body prints it)",
    }
    if show_body:
        rows["body"] = letter.data.decode("utf-8", "replace")
    for name, value in rows.items():
        console.print(f"{name:<10} {value}", soft_wrap=True)
    console.print()


if __name__ == "__main__":
    app()
