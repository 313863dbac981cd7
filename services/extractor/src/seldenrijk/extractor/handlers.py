"""The extractor's ordered step: what this message says, and what the customer wants by now."""

import structlog

from seldenrijk.chassis import Context, Outcome
from seldenrijk.claude import ClaudeClient, UnderstandingProposal, merge_understanding
from seldenrijk.contracts import Event, Evidence, MessageRouted, PreferencesExtracted, Turn
from seldenrijk.contracts.plain import plain_of, slots_of
from seldenrijk.nlu import engine
from seldenrijk.nlu.types import Understanding as Found

from .lead import lead_of, noticed
from .merge import merge
from .metrics import ExtractorMetrics
from .state import ExtractorState

log = structlog.get_logger(__name__)
CONTEXT_TURNS = 6


class ExtractorHandler:
    """Implements :class:`seldenrijk.chassis.Handler` for the extractor."""

    def __init__(self, claude: ClaudeClient | None, metrics: ExtractorMetrics) -> None:
        self._claude = claude
        self._metrics = metrics

    async def __call__(
        self, event: Event, state: ExtractorState, context: Context[ExtractorState]
    ) -> Outcome[ExtractorState]:
        """Apply one event."""
        if not isinstance(event, MessageRouted):
            return Outcome(state)
        turns = _context(event.turns, state)
        found = engine.understand(event.message.text, turns, year=event.message.received_at.year)
        plain, by = await self._complete(event, found, turns)
        said = slots_of(plain)
        preferences = merge(state.preferences, said, found.cleared, found.new_search)
        signals = noticed(state.signals, said, preferences, event.understanding)
        self._metrics.extracted(tuple(said.model_dump(exclude_defaults=True)), by)
        log.info("🚗 Extracting car preferences", fields=sorted(plain), engine=by)
        extracted = PreferencesExtracted.of(
            event.id, event.conversation, message=event.message, customer_name=event.customer_name,
            understanding=event.understanding, turns=event.turns, first_contact=event.first_contact,
            held_by=event.held_by, handover_requested=event.handover_requested, slots=said,
            preferences=preferences, cleared=found.cleared, new_search=found.new_search,
            evidence=_evidence(found), engine=by, lead=lead_of(signals),
        )  # fmt: skip
        return Outcome(ExtractorState(preferences=preferences, signals=signals), events=(extracted,))

    async def _complete(
        self, event: MessageRouted, found: Found, turns: list[dict[str, object]]
    ) -> tuple[dict[str, object], str]:
        """The engine's slots; with leftovers that it couldn't place, Claude's beside them."""
        text, year = event.message.text, event.message.received_at.year
        if event.proposed_slots is not None:
            proposal = UnderstandingProposal(intent=None, slots=plain_of(event.proposed_slots))
            return merge_understanding(found.slots, proposal, text=text, year=year), "claude"
        if self._claude is None or not found.leftovers:
            return found.slots, "offline"
        answer = await self._claude.understand(
            text, turns, known=found.slots, leftovers=found.leftovers, at=event.message.received_at
        )
        if answer.value is None:
            return found.slots, "offline"
        return merge_understanding(found.slots, answer.value, text=text, year=year), "claude"


def _context(turns: tuple[Turn, ...], state: ExtractorState) -> list[dict[str, object]]:
    roles = {"customer": "customer", "bot": "bot", "agent": "bot"}
    context: list[dict[str, object]] = [
        {"role": roles[t.role], "text": t.text} for t in turns[-CONTEXT_TURNS:]
    ]
    known = plain_of(state.preferences)
    return [*context, {"role": "state", "slots": known}] if known and context else context


def _evidence(found: Found) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(start=e.start, end=e.end, field=e.field, value=str(e.value)[:80], why=e.why[:120])
        for e in found.evidence[:40]
    )
