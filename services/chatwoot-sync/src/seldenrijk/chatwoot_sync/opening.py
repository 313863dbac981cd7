"""Opening a conversation that was handed over: after the customer has been told, or a little later anyhow.

Status open silences the assistant, and its last words are that a colleague takes over. So the opening
waits for those words to go out, but not for long. The wait lives in this process; what a crash leaves
unopened is opened by the cursor.
"""

import asyncio
from typing import Final

import structlog

from seldenrijk.chassis import Retry

from .chatwoot import Chatwoot
from .transport import Refused

log = structlog.get_logger(__name__)
AT_ONCE: Final = 1000


class Opener:
    """Opens pending conversations after ``seconds``."""

    def __init__(self, chatwoot: Chatwoot, seconds: float) -> None:
        self._chatwoot = chatwoot
        self.seconds = seconds
        self._waiting: dict[int, asyncio.Task[None]] = {}

    def later(self, conversation_id: int) -> None:
        """Open it after the wait, unless it is opened before."""
        if conversation_id not in self._waiting and len(self._waiting) < AT_ONCE:
            task = asyncio.create_task(self._wait(conversation_id))
            self._waiting[conversation_id] = task

    async def _wait(self, conversation_id: int) -> None:
        try:
            await asyncio.sleep(self.seconds)
            await self.open(conversation_id)
        except (Retry, Refused) as error:
            log.info("not opened yet; the cursor will", reason=str(error))
        finally:
            self._waiting.pop(conversation_id, None)

    async def open(self, conversation_id: int) -> None:
        """Open it now if it is pending. Raises Retry, Refused."""
        waiting = self._waiting.pop(conversation_id, None)
        if waiting is not None and waiting is not asyncio.current_task():
            waiting.cancel()
        shown = await self._chatwoot.conversation(conversation_id)
        if shown.get("status") == "pending":
            await self._chatwoot.set_status(conversation_id, "open")

    def close(self) -> None:
        """Wait no more."""
        for task in list(self._waiting.values()):
            task.cancel()
