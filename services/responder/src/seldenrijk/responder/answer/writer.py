"""The reply to a request: Claude's draft or the built-in text, and nothing without a passed check."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from seldenrijk.claude import Draft, Result, WriteRequest
from seldenrijk.contracts.replies import ModelUse, OfferedCar, ReplyDrafted, ReplyRequested
from seldenrijk.responder.stock.model import Snapshot

from . import notices
from .appointments import to_iso
from .claims import Facts, Verdict, check
from .compose import Composed, compose
from .dealer import Dealer
from .describe import offered
from .known import facts_of
from .prompt import SECRET, write_request
from .situation import Situation, gather

_CONSIDERED = 12
_REASONS = 6


class Stock(Protocol):
    """What the writer needs of the stock."""

    @property
    def snapshot(self) -> Snapshot:
        """The stock at this moment."""
        ...


class Author(Protocol):
    """What the writer needs of Claude; :class:`seldenrijk.claude.ClaudeClient` is one."""

    async def write(self, request: WriteRequest) -> Result[Draft]:
        """A draft from the request's facts, or why there is none."""
        ...


@dataclass
class _Attempt:
    """What was tried so far."""

    rejected: list[str] = field(default_factory=list)
    use: list[ModelUse] = field(default_factory=list)


async def write_reply(
    request: ReplyRequested, *, stock: Stock, dealer: Dealer, claude: Author | None, now: datetime
) -> ReplyDrafted:
    """Write the reply to everything that a request holds. ``now`` is aware.

    The built-in composer decides whether something is to be said at all, what is proposed and whether a
    person is needed; Claude only words it. Every text returned has passed the claim check.
    """
    s = gather(request, dealer, stock.snapshot, now)
    facts = facts_of(s, SECRET)
    built = compose(s)
    if built.text is None:
        return _drafted(s, built, None, _Attempt())
    attempt = _Attempt()
    if claude is not None and _for_claude(s, built):
        draft = await _draft(claude, s, facts, attempt)
        if draft is not None:
            return _drafted(s, _as_written(s, facts, built, draft), draft[1], attempt, "claude")
    verdict = check(built.text, facts)
    if verdict.passed:
        return _drafted(s, built, verdict, attempt)
    attempt.rejected += verdict.kinds
    return _safe(s, facts, attempt)


def _for_claude(s: Situation, built: Composed) -> bool:
    """Fixed sentences stay fixed: hand-overs to a person and opt-outs are not reworded."""
    fixed = {"complaint", "human_request", "legal", "financing_problem", "dispute", "opt_out_data", "media"}
    return built.handover not in fixed and "opt_out" not in s.intents


async def _draft(claude: Author, s: Situation, facts: Facts, attempt: _Attempt) -> tuple[str, Verdict] | None:
    """A draft that passed its check; redone once with the reason, else None."""
    before: tuple[str, str] | None = None
    for _ in range(2):
        result = await claude.write(write_request(s, facts, before))
        if result.use is not None:
            attempt.use.append(result.use)
        if result.value is None:
            return None
        verdict = check(result.value.text, facts)
        if verdict.passed:
            return result.value.text, verdict
        attempt.rejected += verdict.kinds
        before = (result.value.text, "; ".join(v.reason for v in verdict.violations[:_REASONS]))
    return None


def _as_written(s: Situation, facts: Facts, built: Composed, draft: tuple[str, Verdict]) -> Composed:
    """What Claude's text offers: the cars and moments that it names, in its order."""
    text, verdict = draft
    named = [facts.by_id(id_) for id_ in verdict.cars]
    cars = tuple(offered(car) for car in named if car is not None and car.status == "available")[:3]
    kept: tuple[OfferedCar, ...] = cars or built.offered
    proposed = tuple(m for m in s.plan.proposals if s.words.clock(m) in text)
    slots = (
        to_iso(proposed)
        if proposed and built.slots and built.slots != s.request.slots_offered
        else built.slots
    )
    return Composed(text, kept, slots, built.handover, built.appointment_request)


def _safe(s: Situation, facts: Facts, attempt: _Attempt) -> ReplyDrafted:
    """The built-in text failed its own check: a hand-over sentence that claims nothing else."""
    text = notices.notice(s.words, "ungrounded", s.dealer, s.now)
    if s.request.first_contact:
        text = f"{s.words.say('disclosure.first', dealer=s.dealer.name)}\n{text}"
    verdict = check(text, facts)
    if not verdict.passed:
        text = s.words.say("general.fallback")
        verdict = check(text, facts)
        attempt.rejected += verdict.kinds
    return _drafted(s, Composed(text, s.request.offered, handover="ungrounded"), verdict, attempt)


def _drafted(
    s: Situation, composed: Composed, verdict: Verdict | None, attempt: _Attempt, engine: str = "builtin"
) -> ReplyDrafted:
    r = s.request
    return ReplyDrafted.of(
        r.id,
        r.conversation,
        version=r.version,
        text=composed.text,
        offered=composed.offered,
        slots_offered=composed.slots,
        handover=composed.handover,
        claims=verdict.claims if verdict else (),
        rejected=tuple(dict.fromkeys(attempt.rejected)),
        considered=_considered(s),
        engine=engine,
        model_use=tuple(attempt.use),
        appointment_request=composed.appointment_request,
    )


def _considered(s: Situation) -> tuple[str, ...]:
    """Why cars were kept or dropped, for the inspector."""
    steps: Sequence[object] = s.result.steps[:_CONSIDERED]
    return tuple(str(step)[:300] for step in steps)
