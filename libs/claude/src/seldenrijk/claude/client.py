"""The client that services use: two typed operations, a Result for each, no exceptions."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import anthropic
import httpx2
from prometheus_client import REGISTRY, CollectorRegistry
from pydantic import SecretStr

from seldenrijk.contracts.messages import Language

from .breaker import Breaker, Rules
from .budget import DailyBudget
from .calls import Caller
from .evidence import supported
from .lane import Lane
from .metrics import ClaudeMetrics
from .models import model_of
from .proposal import Slots, UnderstandingProposal, read_proposal
from .result import Purpose, Result
from .settings import ClaudeSettings
from .understanding import understanding_prompt
from .writing import Draft, WriteRequest, read_draft, writing_prompt

# idle connections are kept for a minute instead of 5 s: a new TLS handshake costs a tenth of the deadline
CONNECTIONS = httpx2.Limits(max_connections=1_000, max_keepalive_connections=100, keepalive_expiry=60.0)


class ClaudeClient:
    """Understanding and writing by Claude, each with a deadline, a breaker and a share of the budget.

    Create it inside a running event loop, close it with :meth:`aclose` or use it as a context manager.
    """

    def __init__(
        self,
        settings: ClaudeSettings,
        api_key: SecretStr,
        *,
        registry: CollectorRegistry = REGISTRY,
        budget: DailyBudget | None = None,
        rules: Rules | None = None,
    ) -> None:
        self._settings = settings
        self._metrics = ClaudeMetrics(registry)
        self.budget = budget or DailyBudget(settings.claude_daily_budget_usd)
        self._rules = rules or Rules(
            failures=settings.claude_breaker_failures, cool_down=settings.claude_breaker_seconds
        )
        self._understand = self._lane(
            "understand",
            settings.claude_understand_model,
            settings.claude_understand_seconds,
            settings.claude_understand_concurrency,
        )
        self._write = self._lane(
            "write",
            settings.claude_write_model,
            settings.claude_write_seconds,
            settings.claude_write_concurrency,
        )
        self._sdk = _sdk(settings, api_key)
        lanes = (self._understand, self._write)
        self._caller = Caller(self._sdk, lanes, self.budget, self._metrics, settings.claude_auth_hold_seconds)

    @classmethod
    def from_settings(
        cls, settings: ClaudeSettings, *, registry: CollectorRegistry = REGISTRY
    ) -> "ClaudeClient | None":
        """A client, or None where no key is set."""
        key = settings.anthropic_api_key
        if key is None or not key.get_secret_value().strip():
            return None
        return cls(settings, key, registry=registry)

    def _lane(self, purpose: Purpose, model_id: str, seconds: float, limit: int) -> Lane:
        breaker = Breaker(self._rules, changed=lambda state: self._metrics.breaker_changed(purpose, state))
        return Lane(purpose, model_id, model_of(model_id), seconds, limit, breaker)

    async def understand(
        self,
        text: str,
        context: Sequence[Mapping[str, Any]] = (),
        *,
        language: Language | None = None,
        known: Slots | None = None,
        leftovers: Sequence[str] = (),
        at: datetime | None = None,
    ) -> Result[UnderstandingProposal]:
        """What Claude makes of a message: intent, language and slots in the labelling guide's form.

        ``context`` are earlier turns, oldest first (``{"role", "text"}``, optionally
        ``{"role": "state", "slots"}``); ``known`` are the engine's certain slots, ``leftovers`` the words
        that it could not place; ``at`` is the message's time, for "at most five years old". Slots that are
        out of the scheme, or whose numbers are not in ``text``, are named in ``dropped`` and left out.
        """
        prompt = understanding_prompt(text, context, language=language, known=known, leftovers=leftovers)
        result = await self._caller.ask(self._understand, prompt, read_proposal)
        if result.value is None:
            return result
        slots, unsupported = supported(result.value.slots, text, at.year if at else None)
        for field in result.value.dropped:
            self._metrics.dropped.labels(field, "scheme").inc()
        for field in unsupported:
            self._metrics.dropped.labels(field, "text").inc()
        dropped = result.value.dropped + unsupported
        proposal = result.value.model_copy(update={"slots": slots, "dropped": dropped})
        return replace(result, value=proposal, dropped=dropped)

    async def write(self, request: WriteRequest) -> Result[Draft]:
        """A draft of the reply, from the request's facts only; whoever sends it checks it first."""
        prompt = writing_prompt(request, self._settings.claude_write_effort)
        ids = tuple(car.id for car in request.cars)
        result = await self._caller.ask(self._write, prompt, lambda text: read_draft(text, ids))
        if result.value is None or result.use is None:
            return Result(None, result.reason, result.use, latency_ms=result.latency_ms)
        return Result(
            Draft(text=result.value, use=result.use), "ok", result.use, latency_ms=result.latency_ms
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sdk.close()

    async def __aenter__(self) -> "ClaudeClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _sdk(settings: ClaudeSettings, key: SecretStr) -> anthropic.AsyncAnthropic:
    """The SDK without retries of its own (it obeys a retry-after of hours) and without texts in its spans."""
    # at DEBUG (also by ANTHROPIC_LOG) the SDK logs whole requests, customers' words included
    logging.getLogger("anthropic").setLevel(logging.WARNING)
    longest = max(settings.claude_understand_seconds, settings.claude_write_seconds)
    return anthropic.AsyncAnthropic(
        api_key=key.get_secret_value().strip(),
        base_url=settings.anthropic_base_url,
        max_retries=0,
        timeout=longest,
        http_client=anthropic.DefaultAioHttpClient(limits=CONNECTIONS),
        open_telemetry={"propagation": False, "traces": {"enabled": True, "content_mode": "metadata_only"}},
    )
