"""Crash points: places where a test may kill the process to prove that nothing is lost there.

``FAILPOINT=name`` or ``FAILPOINT=name:3`` (the third time it is reached) ends the process with
SIGKILL at that place, once for each start; ``FAILPOINT=name:1:STOP`` makes it stand still there (SIGSTOP)
until it gets SIGCONT. Without the variable a point costs one comparison.
"""

import os
import signal
from enum import StrEnum


class Point(StrEnum):
    """All crash points there are; the chaos suite enumerates this class."""

    HANDLE_BEFORE = "handle.before"
    STATE_BEFORE = "state.before"
    STATE_AFTER = "state.after"
    PUBLISH_BEFORE = "publish.before"
    PUBLISH_AFTER = "publish.after"
    ACK_AFTER = "ack.after"
    CHECKPOINT_BEFORE = "checkpoint.before"
    CHECKPOINT_AFTER = "checkpoint.after"
    JOB_BEFORE = "job.before"
    JOB_PUBLISH_BEFORE = "job.publish.before"
    JOB_PUBLISH_AFTER = "job.publish.after"
    TIMER_FORWARD_BEFORE = "timer.forward.before"
    TIMER_FORWARD_AFTER = "timer.forward.after"
    WEBHOOK_BEFORE = "webhook.publish.before"
    WEBHOOK_AFTER = "webhook.publish.after"
    SEND_BEFORE = "send.before"
    SEND_AFTER = "send.after"


_name, _count, _signal, *_ = (os.environ.get("FAILPOINT", "") + "::").split(":")
_left = int(_count or 1) if _name else 0
_signal_number = signal.Signals[f"SIG{_signal or 'KILL'}"]


def failpoint(point: Point) -> None:
    """Die here if the environment asks for it."""
    global _left  # noqa: PLW0603  (process-wide by nature)
    if not _left or point != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), _signal_number)
