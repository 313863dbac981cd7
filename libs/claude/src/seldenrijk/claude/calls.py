"""One guarded call: limit, budget, breaker, deadline, one quick second try; never an exception."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anthropic
from anthropic.types import Message

from seldenrijk.contracts import ModelUse

from .budget import DailyBudget
from .failures import broken_connection, in_short, reason_of, retry_after
from .lane import Admission, Lane, admit
from .metrics import ClaudeMetrics
from .models import Tokens
from .prompt import Prompt
from .result import Reason, Result

log = logging.getLogger(__name__)
T = TypeVar("T")
RETRY_WITHIN = 0.5  # of the deadline; later there is no time left for a whole answer
_STOPPED: dict[str | None, Reason] = {
    "refusal": "refused",
    "max_tokens": "truncated",
    "model_context_window_exceeded": "truncated",
}


class Caller:
    """Makes calls on lanes that share an account: a refused key closes them all."""

    def __init__(
        self,
        sdk: anthropic.AsyncAnthropic,
        lanes: tuple[Lane, ...],
        budget: DailyBudget,
        metrics: ClaudeMetrics,
        auth_hold: float,
    ) -> None:
        self._sdk, self._lanes, self._budget, self._metrics = sdk, lanes, budget, metrics
        self._auth_hold = auth_hold
        self._auth_told = False
        self._messages = sdk.messages  # imports half of the SDK: not within the first call's deadline

    async def ask(self, lane: Lane, prompt: Prompt, read: Callable[[str], T | None]) -> Result[T]:
        """Send ``prompt``; ``read`` makes a value of the answer's text or None of what is no answer."""
        started = time.perf_counter()
        admission = admit(lane, self._budget, self._metrics, estimate=lane.model.cost(prompt.most_tokens()))
        if isinstance(admission, str):
            self._metrics.finished(lane.purpose, lane.model_id, admission)
            return Result(None, admission)
        with admission:
            answer = await self._answer(admission, prompt)
            seconds = time.perf_counter() - started
            result = self._result(admission, answer, read, seconds)
            admission.reported(result.reason)
            if isinstance(answer, Exception):
                self._failed(lane, result.reason, answer)
            elif lane.breaker.state == "closed":
                self._auth_told = False
        self._metrics.finished(lane.purpose, lane.model_id, result.reason)
        self._metrics.seconds.labels(lane.purpose, lane.model_id).observe(seconds)
        return result

    async def _answer(self, admission: Admission, prompt: Prompt) -> Message | Exception:
        lane = admission.lane
        parameters = prompt.parameters(lane.model_id, lane.model)
        try:
            async with asyncio.timeout(lane.seconds):
                return await self._send(lane, parameters)
        except Exception as error:  # noqa: BLE001 (the one place that turns failures into reasons)
            return error

    async def _send(self, lane: Lane, parameters: dict[str, Any]) -> Message:
        started = time.perf_counter()
        create: Callable[..., Awaitable[Message]] = self._messages.create
        try:
            return await create(**parameters)
        except anthropic.APIConnectionError as error:
            if not broken_connection(error) or time.perf_counter() - started > lane.seconds * RETRY_WITHIN:
                raise
        self._metrics.retries.labels(lane.purpose).inc()
        return await create(**parameters)

    def _result(
        self,
        admission: Admission,
        answer: Message | Exception,
        read: Callable[[str], T | None],
        seconds: float,
    ) -> Result[T]:
        latency = round(seconds * 1000)
        if isinstance(answer, Exception):
            if isinstance(answer, anthropic.APIStatusError):
                admission.cost = 0.0
            return Result(None, reason_of(answer), latency_ms=latency)
        try:
            use = self._booked(admission, answer, latency)
            stopped = _STOPPED.get(answer.stop_reason)
            text = "".join(block.text for block in answer.content if block.type == "text")
        except (AttributeError, TypeError, ValueError):  # the SDK does not validate what it receives
            return Result(None, "malformed", latency_ms=latency)
        value = None if stopped else read(text)
        reason: Reason = stopped or ("malformed" if value is None else "ok")
        return Result(value, reason, use, latency_ms=latency)

    def _booked(self, admission: Admission, answer: Message, latency: int) -> ModelUse:
        tokens = _tokens(answer)
        lane = admission.lane
        admission.cost = lane.model.cost(tokens)
        self._metrics.used(lane.purpose, lane.model_id, tokens)
        return ModelUse(
            model=lane.model_id,
            input_tokens=tokens.prompt - tokens.cache_read,
            output_tokens=tokens.output,
            cached_tokens=tokens.cache_read,
            cost=admission.cost,
            latency_ms=latency,
        )

    def _failed(self, lane: Lane, reason: Reason, error: Exception) -> None:
        if reason == "auth":
            for each in self._lanes:
                each.breaker.hold(self._auth_hold)
            if not self._auth_told:
                log.error("Claude refuses the key or the account: %s", in_short(error))
            self._auth_told = True
            return
        hold = retry_after(error) if reason in ("rate_limited", "overloaded") else None
        if hold is not None:
            lane.breaker.hold(hold)
        log.warning("Claude gave no answer: purpose=%s reason=%s %s", lane.purpose, reason, in_short(error))


def _tokens(answer: Message) -> Tokens:
    usage = answer.usage
    written = usage.cache_creation_input_tokens or 0
    hour = usage.cache_creation.ephemeral_1h_input_tokens if usage.cache_creation else 0
    return Tokens(
        input=usage.input_tokens,
        output=usage.output_tokens,
        cache_read=usage.cache_read_input_tokens or 0,
        cache_write_5m=written - hour,
        cache_write_1h=hour,
    )
