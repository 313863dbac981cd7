"""When to answer: a short wait after a message that looks complete, a longer one after a fragment."""

import re
from datetime import datetime, timedelta
from typing import Final

from seldenrijk.contracts import Message, Understanding

_OPEN_END: Final = re.compile(
    r"(\.\.\.|…|[,:;\-]|\b(en|of|maar|want|dus|met|een|de|het|and|or|but|und|oder|with|mit))\s*$", re.I
)
_GREETING: Final = re.compile(
    r"^\W*(h[aeo]+(ll)?o+|hoi+|hey+|hi+|hai|dag|goede\w*|goeie\w*|moin|guten \w+|good \w+|yo|joe+)"
    r"\W*(\w+\W*)?$",
    re.I,
)
_COMPLETE_END: Final = re.compile(r"[.?!)]\s*$")


class Quiet:
    """The adaptive quiet period. All times in seconds."""

    def __init__(self, complete: float, fragment: float, cap: float) -> None:
        self._complete = complete
        self._fragment = fragment
        self._cap = cap

    def due(
        self, message: Message, understanding: Understanding, first_waiting: datetime, now: datetime,
        waiting: int = 1,
    ) -> datetime:  # fmt: skip
        """When the reply to everything unanswered is due, this message being the newest of ``waiting``.

        Somebody who writes in bursts, or sent a voice note or picture, tends to write on: the wait lies
        between that of a complete message and that of a fragment.
        """
        between = (self._complete + self._fragment) / 2
        if looks_unfinished(message, understanding):
            wait = self._fragment
        else:
            wait = between if waiting > 1 or message.kind != "text" else self._complete
        latest = first_waiting + timedelta(seconds=self._cap)
        return max(now, min(now + timedelta(seconds=wait), latest))


def looks_unfinished(message: Message, understanding: Understanding) -> bool:
    """Whether the customer is probably still typing: a bare greeting, an open end, a few loose words."""
    text = message.text.strip()
    if message.kind != "text":
        return False
    if not text or _OPEN_END.search(text):
        return True
    if _COMPLETE_END.search(text):
        return False
    if _GREETING.match(text):
        return True
    return len(text.split()) <= 2 and understanding.confidence < 0.8
