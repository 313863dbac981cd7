"""The day's budget in US dollars: reserved before a call, settled after it."""

from collections.abc import Callable
from datetime import UTC, date, datetime


def _now() -> datetime:
    return datetime.now(UTC)


class DailyBudget:
    """How much may be spent per day (UTC) by this process; calls in flight count with their estimate.

    ``limit`` None means without limit. ``spent`` starts the day's account elsewhere than at zero.
    """

    def __init__(
        self, limit: float | None, *, now: Callable[[], datetime] = _now, spent: float = 0.0
    ) -> None:
        self.limit = limit
        self._now = now
        self._day = self._today()
        self._spent = spent
        self._reserved = 0.0

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _turn_day(self) -> None:
        today = self._today()
        if today != self._day:
            self._day, self._spent = today, 0.0

    @property
    def spent(self) -> float:
        """US dollars spent today."""
        self._turn_day()
        return self._spent

    def reserve(self, estimate: float) -> bool:
        """Set ``estimate`` dollars aside; False where today's budget does not hold them."""
        self._turn_day()
        if self.limit is not None and self._spent + self._reserved + estimate > self.limit:
            return False
        self._reserved += estimate
        return True

    def settle(self, estimate: float, actual: float) -> None:
        """Give back a reservation and book what the call really cost."""
        self._turn_day()
        self._reserved = max(0.0, self._reserved - estimate)
        self._spent += actual
