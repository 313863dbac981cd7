"""Words to the staff that belong to no event: about a deleted, an unsendable, or a stale message.

They are courtesy, not record: posted in the background, and lost if the process dies meanwhile.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from seldenrijk.chassis import Retry

from .chatwoot import Chatwoot, Draft
from .posting import find
from .transport import Refused

log = structlog.get_logger(__name__)

AT_ONCE: Final = 64
DELETED: Final = (
    "ℹ️ Dit bericht is in Chatwoot verwijderd, maar kan bij de klant al zijn aangekomen: "
    "WhatsApp haalt het daar niet weg."
)
UNSENDABLE: Final = "⚠️ Dit bericht is niet verstuurd: het is leeg of langer dan 20.000 tekens."
STALE: Final = (
    "⚠️ Dit bericht is niet verstuurd: het bereikte ons pas na meer dan 24 uur. "
    "Stuur het opnieuw als het nog van belang is."
)


class Desk:
    """Posts private notes beside a message; ``chatwoot`` None keeps silent."""

    def __init__(self, chatwoot: Chatwoot | None) -> None:
        self._chatwoot = chatwoot
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()

    def deleted(self, conversation_id: int, message_id: int) -> None:
        """A person deleted a message that was on its way to the customer."""
        self._start(self._note(conversation_id, f"note:deleted:{message_id}", DELETED))

    def unsendable(self, conversation_id: int, message_id: int) -> None:
        """A message that can't be a WhatsApp message."""
        self._start(self._fail(conversation_id, message_id, f"note:unsendable:{message_id}", UNSENDABLE))

    async def stale(self, conversation_id: int, message_id: int) -> None:
        """A message that was found too late. Raises Retry, so that the cursor comes back to it."""
        await self._fail(conversation_id, message_id, f"note:stale:{message_id}", STALE)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._chatwoot is None or len(self._tasks) >= AT_ONCE:
            work.close()
            return
        task = asyncio.create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Retry, Refused) as error:
            log.warning("a note to the staff was not posted", reason=str(error))

    async def _fail(self, conversation_id: int, message_id: int, source_id: str, text: str) -> None:
        if self._chatwoot is None:
            return
        try:
            reason = text.removeprefix("⚠️ ")
            await self._chatwoot.set_message_status(conversation_id, message_id, "failed", reason)
        except Refused as error:
            log.info("status not shown", status=error.status)
        await self._note(conversation_id, source_id, text)

    async def _note(self, conversation_id: int, source_id: str, text: str) -> None:
        if self._chatwoot is None or source_id in self._told:
            return
        self._told.add(source_id)
        now = datetime.now(UTC)
        if await find(self._chatwoot, conversation_id, source_id, now) is None:
            await self._chatwoot.post(conversation_id, Draft(text, source_id, private=True))

    async def close(self) -> None:
        """Give what is under way a moment."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2.0)
