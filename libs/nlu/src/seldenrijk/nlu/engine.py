"""The one public entrance: a message, and the turns before it, in; an Understanding out.

Pure and deterministic: no clock, no network, no state but the packaged data, loaded once.
"""

from collections.abc import Mapping, Sequence

from seldenrijk.nlu.cues import cue_book
from seldenrijk.nlu.cues_tokens import cue_text
from seldenrijk.nlu.features import features
from seldenrijk.nlu.intent import Decision, decide
from seldenrijk.nlu.intent_context import before
from seldenrijk.nlu.language import language_of
from seldenrijk.nlu.model import packaged_model
from seldenrijk.nlu.signals import signals_of
from seldenrijk.nlu.slots import extract
from seldenrijk.nlu.text import Text
from seldenrijk.nlu.types import Evidence, Understanding

_NO_SLOTS = frozenset(["unclear", "opt_out"])


def understand(
    text: str, context: Sequence[Mapping[str, object]] | None = None, *, year: int | None = None
) -> Understanding:
    """Understand one message.

    `context` holds the earlier turns, oldest first: `{"role": "customer"|"bot", "text"}` and
    optionally a last `{"role": "state", "slots"}`. `year` is the year in which the message was written:
    with it "max 5 jaar oud" gives a min_year; without it an age gives nothing. Never raises on any
    text; reads its first 4,096 characters.
    """
    return _understand(text, context, year)[0]


def understand_with_reasons(
    text: str, context: Sequence[Mapping[str, object]] | None = None
) -> tuple[Understanding, Decision]:
    """Understand one message and tell how the intent was found: cues, probabilities and rules."""
    return _understand(text, context)


def warm_up() -> None:
    """Load all packaged data, so that the first message is as fast as the others."""
    understand("Hallo, ik zoek een Volkswagen Golf", [{"role": "bot", "text": "Waarmee kan ik u helpen?"}])


def _understand(
    raw: str, context: Sequence[Mapping[str, object]] | None, year: int | None = None
) -> tuple[Understanding, Decision]:
    text = Text(raw)
    slots = extract(raw, context, year=year)
    words = cue_text(text, (*slots.evidence, *slots.moments))
    hits = cue_book().find(words)
    earlier = before(context)
    learned = packaged_model().probabilities(features(words, hits, slots, earlier.topic))
    decision = decide(words, hits, slots, earlier, learned)
    intent = decision.intent
    slots = extract(raw, context, intent_hint=intent, year=year)  # whose car is meant depends on the intent
    signals = signals_of(text, words, intent, decision.secondary)
    silent = intent in _NO_SLOTS
    return Understanding(
        intent=intent,
        secondary=decision.secondary,
        confidence=decision.confidence,
        language=language_of(text),
        priority=signals.priority,
        needs_human=signals.human_reason is not None,
        human_reason=signals.human_reason,
        formal=signals.formal,
        urgency=signals.urgency,
        slots={} if silent else slots.slots,
        evidence=_cue_evidence(text, decision) + (() if silent else slots.evidence),
        leftovers=() if silent else slots.leftovers,
        cleared=() if silent else slots.cleared,
        new_search=slots.new_search and not silent,
    ), decision


def _cue_evidence(text: Text, decision: Decision) -> tuple[Evidence, ...]:
    """Return the words that spoke for the chosen intents, with their reasons."""
    chosen = (decision.intent, *decision.secondary)
    found: dict[tuple[int, int, str], Evidence] = {}
    for hit in decision.hits:
        if hit.rule.intent in chosen:
            start, end = text.original(*decision.span(hit))
            found.setdefault(
                (start, end, hit.rule.intent), Evidence(start, end, "intent", hit.rule.intent, hit.rule.why)
            )
    return tuple(found.values())
