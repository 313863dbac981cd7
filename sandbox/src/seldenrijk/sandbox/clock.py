"""The stand-ins' clock, which can be moved forward: a day passes in a moment."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


class Clock:
    """Wall-clock time in UTC plus an offset."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """The time that the stand-ins believe it is (UTC)."""
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        """Move the clock; negative values move it back."""
        self.offset += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Return to real time."""
        self.offset = timedelta()


def rfc2822(moment: datetime | None) -> str | None:
    """The form of dates in Twilio's 2010 API: ``Sun, 22 Nov 2026 18:52:13 +0000``."""
    return None if moment is None else format_datetime(moment)


def iso(moment: datetime) -> str:
    """ISO 8601 with milliseconds and ``Z``, as Chatwoot writes dates in webhooks."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
