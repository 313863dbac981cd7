"""Understanding a message: the offline engine first, Claude where it knows that it doesn't know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from seldenrijk.claude import ClaudeClient, UnderstandingProposal
from seldenrijk.contracts import Message, Turn, Understanding
from seldenrijk.nlu import engine

log = structlog.get_logger(__name__)
KIND_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Understood:
    """A message understood. ``proposed`` are Claude's slots, None where it wasn't asked or had no answer."""

    understanding: Understanding
    slots: dict[str, Any]
    proposed: dict[str, Any] | None = None


class Understander:
    """Text and context in, understanding out; always answers."""

    def __init__(self, claude: ClaudeClient | None, below: float) -> None:
        self._claude = claude
        self._below = below

    async def __call__(
        self, message: Message, turns: tuple[Turn, ...], slots: Mapping[str, Any]
    ) -> Understood:
        """What a message asks for, the slots that the engine saw in it, and Claude's where it was asked."""
        if not message.text.strip():
            return Understood(without_words(message), {})
        context = context_of(turns, slots)
        found = engine.understand(message.text, context, year=message.received_at.year)
        result = Understanding.model_validate(
            {
                "intent": found.intent,
                "secondary": found.secondary,
                "confidence": found.confidence,
                "language": found.language,
                "priority": found.priority,
                "needs_human": found.needs_human,
                "human_reason": found.human_reason,
                "formal": found.formal,
                "urgency": found.urgency,
            }
        )
        understood = Understood(result, dict(found.slots))
        if self._claude is None or result.confidence >= self._below:
            return understood
        answer = await self._claude.understand(
            message.text, context, known=found.slots, leftovers=found.leftovers, at=message.received_at
        )
        if answer.value is None:
            return understood
        return Understood(_joined(result, answer.value), understood.slots, answer.value.slots)


def _joined(offline: Understanding, proposal: UnderstandingProposal) -> Understanding:
    """Claude's intent with what the engine alone can tell; the need for a person is only ever added."""
    if proposal.intent is None:
        return offline
    needs_human = offline.needs_human or proposal.intent in {"complaint", "human_request"}
    reason = offline.human_reason or (proposal.intent if needs_human else None)
    changes = {
        "intent": proposal.intent,
        "engine": "claude",
        "needs_human": needs_human,
        "human_reason": reason,
    }
    return Understanding.model_validate(offline.model_dump() | changes)


def context_of(turns: tuple[Turn, ...], slots: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The last turns as the engine reads them, oldest first, and what was known before this message."""
    roles = {"customer": "customer", "bot": "bot", "agent": "bot"}
    context: list[dict[str, Any]] = [{"role": roles[t.role], "text": t.text} for t in turns[-6:]]
    return [*context, {"role": "state", "slots": dict(slots)}] if slots and context else context


def without_words(message: Message) -> Understanding:
    """A message of another kind without words: its kind is all there is to understand."""
    confidence = KIND_CONFIDENCE if message.kind != "text" else 1.0
    intent = "unclear" if message.kind in {"text", "unknown"} else "general_inquiry"
    return Understanding(intent=intent, confidence=confidence)
