"""One event's work on one conversation: the state as it grows, and its way to be saved."""

from typing import Any

from seldenrijk.chassis import Context
from seldenrijk.contracts import Event

from .state import SyncState


class Work:
    """Carries the state through the steps of one event."""

    def __init__(self, event: Event, state: SyncState, context: Context[SyncState]) -> None:
        self.event = event
        self.state = state
        self.events: list[Event] = []
        self._context = context

    def set(self, **changes: Any) -> None:
        """Change fields of the state; stored with the event's end or the next checkpoint."""
        self.state = self.state.model_copy(update=changes)

    async def checkpoint(self) -> None:
        """Store the state now, before something is done that can't be undone."""
        await self._context.checkpoint(self.state)
