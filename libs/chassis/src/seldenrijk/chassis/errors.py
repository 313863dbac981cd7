"""Errors that carry the decision: try again when, refuse why."""


class Retry(Exception):  # noqa: N818  (a decision, named as one)
    """Not now: try the same event again after ``after`` seconds; the lane waits for it.

    ``give_up_after`` is the age of the event, in seconds, at which it becomes a dead letter.
    """

    def __init__(self, reason: str, after: float = 1.0, give_up_after: float = 3600.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.give_up_after = give_up_after


class Reject(Exception):  # noqa: N818
    """Never: this event can't be handled; it becomes a dead letter with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BusUnavailable(Exception):  # noqa: N818
    """The bus did not confirm in time; nothing is known of what was asked of it."""


class Conflict(Exception):  # noqa: N818
    """Somebody else has written this key since it was read (compare-and-set failed)."""
