"""Which letters are meant: by id, conversation, service, kind, reason, time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .store import Letter

_AGO = re.compile(r"^(\d+)\s*([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime | None = None) -> datetime:
    """A time as ISO 8601 (UTC where it names no zone) or as an age: ``30m``, ``2h``, ``7d``.

    Raises ValueError.
    """
    if match := _AGO.match(text.strip()):
        return (now or datetime.now(UTC)) - timedelta(**{_UNITS[match[2]]: int(match[1])})
    found = datetime.fromisoformat(text.strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Choice:
    """Conditions that a letter must meet, all of them; an empty one asks for nothing."""

    ids: tuple[str, ...] = ()
    conversation: str | None = None
    service: str | None = None
    kind: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    handled: bool = False

    @property
    def bulk(self) -> bool:
        """Whether more than one named letter may be meant."""
        return len(self.ids) != 1

    def of(self, letters: Iterable[Letter]) -> list[Letter]:
        """The letters that are meant."""
        return [letter for letter in letters if self._fits(letter)]

    def _fits(self, letter: Letter) -> bool:
        if letter.handled and not self.handled:
            return False
        if self.ids and not any(self._named(wanted, letter) for wanted in self.ids):
            return False
        equal = (
            (self.conversation, letter.conversation),
            (self.service, letter.service),
            (self.kind, letter.kind),
        )
        if any(wanted is not None and wanted != actual for wanted, actual in equal):
            return False
        if self.reason is not None and self.reason.casefold() not in letter.reason.casefold():
            return False
        return (self.since is None or letter.time >= self.since) and (
            self.until is None or letter.time <= self.until
        )

    @staticmethod
    def _named(wanted: str, letter: Letter) -> bool:
        names = letter.names()
        return wanted in names or (len(wanted) >= 8 and any(name.startswith(wanted) for name in names))
