"""The account's teams by name, remembered for a while."""

import time
from collections.abc import Callable
from typing import Final

import structlog

from .chatwoot import Chatwoot

log = structlog.get_logger(__name__)
REMEMBERED: Final = 300.0


class Teams:
    """Looks teams up by name (case doesn't matter)."""

    def __init__(self, chatwoot: Chatwoot, clock: Callable[[], float] = time.monotonic) -> None:
        self._chatwoot = chatwoot
        self._clock = clock
        self._ids: dict[str, int] = {}
        self._until = 0.0

    async def id_of(self, name: str) -> int | None:
        """The team's id; None where there is no such team (the conversation then stays unassigned)."""
        if self._clock() >= self._until:
            self._ids = {str(t["name"]).lower(): int(t["id"]) for t in await self._chatwoot.teams()}
            self._until = self._clock() + REMEMBERED
        if name not in self._ids:
            log.warning("no such team in Chatwoot; run the setup", team=name)
        return self._ids.get(name)

    def forget(self) -> None:
        """Look again next time."""
        self._until = 0.0
