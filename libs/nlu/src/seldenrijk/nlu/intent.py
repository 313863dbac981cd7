"""What a message is about: cues, the learned part, the slots and the turns before, in one decision.

The order of the labelling guide decides between several requests: opt_out, complaint, human_request,
appointment_request, then whichever is asked first.
"""

import math
from dataclasses import dataclass

from seldenrijk.nlu.confidence import calibrated
from seldenrijk.nlu.cues import INTENTS, Hit
from seldenrijk.nlu.cues_tokens import CueText
from seldenrijk.nlu.intent_context import Before
from seldenrijk.nlu.intent_rules import Facts, adjustments, apart, facts_of, fixed, governed
from seldenrijk.nlu.model import softmax
from seldenrijk.nlu.types import SlotResult

RANK = ("opt_out", "complaint", "human_request", "appointment_request")
STRONG = 3.5  # a cue of this weight is a request on its own
_FLOOR = 1e-4  # the learned part is never surer than this that an intent is absent
_SUPPORT = 0.02  # what the learned part must at least give an intent that a strong cue names
_LIKELY = 0.2  # among the other intents: at least this share of the likeliest one
_APART = 0.005  # and this where the two stand in clauses of their own
_PRECEDENCE = 5.0  # what the guide's order adds, in nats
_CUE = 0.2  # what a cue adds on top of the learned part, in nats per unit of weight
_SECOND = 0.12  # a further intent is reported from this probability on, if a strong cue names it


@dataclass(frozen=True, slots=True)
class Decision:
    """The intent, further intents, a calibrated confidence, and what led there."""

    intent: str
    secondary: tuple[str, ...]
    confidence: float
    raw: float  # the uncalibrated confidence, for fitting the calibration
    hits: tuple[Hit, ...]
    scores: dict[str, float]  # probability by intent after all rules
    why: tuple[str, ...]
    words: CueText
    learned: str  # what the learned part alone would say

    def span(self, hit: Hit) -> tuple[int, int]:
        """Return where a cue stands in the folded text."""
        return self.words.spans[hit.first][0], self.words.spans[hit.last - 1][1]


def decide(
    words: CueText, hits: list[Hit], slots: SlotResult, earlier: Before, learned: dict[str, float]
) -> Decision:
    """Decide what a message is about; `learned` gives the model's probability of every intent."""
    facts = facts_of(words, hits, slots, earlier)
    answer = fixed(facts)
    if answer:
        intent, secondary, why = answer
        return Decision(
            intent,
            secondary,
            calibrated(0.995),
            0.995,
            tuple(hits),
            {intent: 0.995},
            (why,),
            words,
            max(learned, key=learned.__getitem__),
        )
    scores = {
        name: math.log(max(learned[name], _FLOOR)) + _CUE * facts.strength.get(name, 0.0) for name in INTENTS
    }
    reasons: list[str] = []
    for name, bonus, reason in adjustments(facts):
        scores[name] += bonus
        reasons.append(reason)
    chosen = _by_order(facts, learned, scores)
    if chosen:
        scores[chosen] += _PRECEDENCE
        reasons.append(f"the guide's order of requests: {chosen}")
    final = softmax([scores[name] for name in INTENTS])
    intent = max(INTENTS, key=lambda name: final[name])
    raw = final[intent]
    return Decision(
        intent,
        _secondary(intent, facts, final),
        calibrated(raw),
        raw,
        tuple(hits),
        final,
        tuple(reasons),
        words,
        max(learned, key=learned.__getitem__),
    )


def _by_order(facts: Facts, learned: dict[str, float], scores: dict[str, float]) -> str | None:
    """Return the request that the guide puts first when strong cues name more than one."""
    top = max(learned.values())
    lost = governed(facts)
    named = [n for n in INTENTS if facts.strength.get(n, 0.0) >= STRONG and n not in lost]
    ranked = next((name for name in RANK if name in named and learned[name] >= _SUPPORT), None)
    if ranked:
        return ranked
    best = max(named, key=lambda name: learned[name], default="unclear")
    likely = [
        name
        for name in named
        if name != "unclear" and learned[name] >= (_APART if apart(facts, name, best) else _LIKELY) * top
    ]
    return min(likely, key=lambda name: (facts.first[name], -scores[name])) if len(likely) > 1 else None


def _secondary(intent: str, facts: Facts, final: dict[str, float]) -> tuple[str, ...]:
    """Return further intents asked, likeliest first; nothing that ranks above the primary."""
    above = RANK[: RANK.index(intent)] if intent in RANK else RANK
    others = [
        name
        for name in INTENTS
        if name not in (intent, *above, "unclear")
        and facts.strength.get(name, 0.0) >= STRONG
        and (final[name] >= _SECOND or facts.strength[name] >= 4)
    ]
    if intent in ("opt_out", "unclear"):
        return ()
    return tuple(sorted(others, key=lambda name: -final[name]))[:3]
