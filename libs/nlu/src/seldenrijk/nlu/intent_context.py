"""What the turns before a message say about it: the topic of the question it answers, what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seldenrijk.nlu.cues import cue_book
from seldenrijk.nlu.cues_tokens import cue_text
from seldenrijk.nlu.text import Text

_NO_CRITERION = frozenset(["own_car", "appointment", "min_price", "max_price", "max_monthly", "exclude"])


@dataclass(frozen=True, slots=True)
class Before:
    """The topics of the last assistant turn with their strength, the customer's turn before, the state."""

    topics: dict[str, float]
    customer: str | None
    has_criteria: bool
    exists: bool

    @property
    def topic(self) -> str | None:
        """Return the strongest topic, or None; ties go to the one that came first in the turn."""
        return max(self.topics, key=lambda name: self.topics[name]) if self.topics else None


def before(context: Sequence[Mapping[str, object]] | None) -> Before:
    """Read the turns before a message, oldest first; strange turns are passed over."""
    turns = [turn for turn in context or () if isinstance(turn, Mapping)]
    bot = _last(turns, "bot")
    topics = _topics(bot) if bot else {}
    state = next((t.get("slots") for t in reversed(turns) if t.get("role") == "state"), None)
    known = {name for name, value in state.items() if value} if isinstance(state, Mapping) else set()
    return Before(topics, _last(turns, "customer"), bool(known - _NO_CRITERION), bool(turns))


def _last(turns: list[Mapping[str, object]], role: str) -> str | None:
    texts = (turn.get("text") for turn in reversed(turns) if turn.get("role") == role)
    return next((text for text in texts if isinstance(text, str) and text), None)


def _topics(question: str) -> dict[str, float]:
    """Weigh what a turn is about; the last sentence, the question proper, counts more."""
    words = cue_text(Text(question))
    last = words.sentences[-1] if words.sentences else 0
    topics: dict[str, float] = {}
    for hit in cue_book("question").find(words):
        weight = hit.rule.weight + (1.0 if words.sentences[hit.first] == last else 0.0)
        topics[hit.rule.intent] = max(topics.get(hit.rule.intent, 0.0), weight)
    return topics
