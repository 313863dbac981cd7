"""``python -m seldenrijk.chatwoot_sync.reconcile``: find and repair what differs between events and Chatwoot.

Safe beside the running service: both write a conversation's record by compare-and-set.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import httpx
import orjson
import typer
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import BusUnavailable, Conflict, Retry, load
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.bus.jetstream import connect
from seldenrijk.chassis.settings import fail
from seldenrijk.contracts.base import CONVERSATION_PATTERN

from .directory import BUCKET
from .history import History, StreamHistory
from .metrics import SyncMetrics
from .parts import Parts, assemble, timeout_of
from .repair import Findings, Repair
from .settings import ChatwootSettings
from .transport import Refused

UNITS: Final = {"m": 60, "h": 3600, "d": 86_400}
WHOLE: Final = timedelta(days=30)
"""How long the stream keeps events."""


def moment(text: str) -> datetime:
    """A point in time: ``90m``, ``6h``, ``2d`` ago, or ISO 8601. Raises ValueError."""
    if (match := re.fullmatch(r"(\d{1,6})([mhd])", text)) is not None:
        return datetime.now(UTC) - timedelta(seconds=int(match[1]) * UNITS[match[2]])
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.astimezone()


async def pseudonym(bus: Bus, account: int, text: str) -> str:
    """The conversation that is meant by a pseudonym or by Chatwoot's number. Raises ValueError."""
    if re.match(CONVERSATION_PATTERN, text):
        return text
    entry = await bus.get(BUCKET, f"conversation.{account}.{text}") if text.isdigit() else None
    if entry is None:
        raise ValueError(f"no conversation {text} is known here")
    return str(orjson.loads(entry.value)["conversation"])


async def findings(
    bus: Bus, history: History, parts: Parts, settings: ChatwootSettings, *,
    conversation: str | None, since: datetime | None, dry: bool,
) -> AsyncIterator[Findings]:  # fmt: skip
    """Repair one conversation, or all whose customers have written since then."""
    repair = Repair(
        bus, history, parts.chatwoot, parts.rooms, parts.mirror, parts.handlers, settings.key, dry=dry
    )
    start = since or datetime.now(UTC) - WHOLE
    if conversation is not None:
        wanted = await pseudonym(bus, settings.chatwoot_account_id, conversation)
        yield await repair.conversation(wanted, start)
        return
    async for found in history.conversations(start):
        yield await repair.conversation(found, start)


async def run(
    settings: ChatwootSettings, *, conversation: str | None, since: datetime | None, dry: bool
) -> int:
    """Connect, repair, report; how many conversations differed."""
    bus = await connect(settings, "chatwoot-sync")
    checked = drifted = 0
    try:
        async with httpx.AsyncClient(timeout=timeout_of(settings)) as http:
            parts = assemble(settings, bus, http, SyncMetrics(CollectorRegistry()))
            history = StreamHistory(bus.client)
            async for found in findings(
                bus, history, parts, settings, conversation=conversation, since=since, dry=dry
            ):
                checked += 1
                drifted += not found.clean
                typer.echo(found.line())
    finally:
        await bus.close()
    verb = "differ" if dry else "differed"
    typer.echo(f"{checked} conversations checked, {drifted} {verb}")
    return drifted


def main(
    conversation: Annotated[str | None, typer.Option(help="Pseudonym or Chatwoot's number.")] = None,
    since: Annotated[str | None, typer.Option(help="90m, 6h, 2d, or a date and time.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only report; exit code 1 where something differs.")] = False,
) -> None:
    """Repair what differs between the events and Chatwoot, and report it."""
    if conversation is None and since is None:
        fail("say --conversation or --since")
    settings = load(ChatwootSettings)
    if not settings.configured or settings.missing:
        fail("configuration error: CHATWOOT_API_KEY, CHATWOOT_INBOX_ID and IDENTITY_KEY are needed")
    try:
        start = moment(since) if since else None
        drifted = asyncio.run(run(settings, conversation=conversation, since=start, dry=dry_run))
    except ValueError as error:
        fail(str(error))
    except (Retry, Refused, BusUnavailable, Conflict) as error:
        fail(f"stopped: {error}; what was repaired stays repaired, run it again")
    raise typer.Exit(1 if dry_run and drifted else 0)


if __name__ == "__main__":
    typer.run(main)
