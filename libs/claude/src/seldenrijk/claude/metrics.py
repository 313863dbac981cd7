"""Prometheus metrics of the calls to Claude; every label has a bounded set of values."""

from typing import get_args

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from .breaker import State
from .models import Tokens
from .result import Purpose, Reason

SECONDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
STATES: dict[State, int] = {"closed": 0, "half_open": 1, "open": 2}


class ClaudeMetrics:
    """``purpose`` is understand or write, ``model`` one of the two configured, ``reason`` a Result's."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.calls = Counter(
            "seldenrijk_claude_calls_total",
            "Operations asked of Claude, by outcome (also those refused before a call)",
            ("purpose", "model", "reason"),
            registry=registry,
        )
        self.seconds = Histogram(
            "seldenrijk_claude_seconds",
            "Time of the operations that reached Claude",
            ("purpose", "model"),
            buckets=SECONDS,
            registry=registry,
        )
        self.tokens = Counter(
            "seldenrijk_claude_tokens_total",
            "Tokens by kind: input, output, cache_read, cache_write",
            ("purpose", "model", "kind"),
            registry=registry,
        )
        self.cost = Counter(
            "seldenrijk_claude_cost_usd_total",
            "US dollars by list price; estimated for calls that were broken off",
            ("purpose", "model"),
            registry=registry,
        )
        self.retries = Counter(
            "seldenrijk_claude_retries_total",
            "Second attempts after a broken connection",
            ("purpose",),
            registry=registry,
        )
        self.dropped = Counter(
            "seldenrijk_claude_dropped_fields_total",
            "Fields of an answer that were not accepted",
            ("field", "why"),
            registry=registry,
        )
        self.in_flight = Gauge(
            "seldenrijk_claude_in_flight", "Calls being made now", ("purpose",), registry=registry
        )
        self.breaker = Gauge(
            "seldenrijk_claude_breaker_state",
            "Circuit breaker: 0 closed, 1 half open, 2 open",
            ("purpose",),
            registry=registry,
        )
        self.spent = Gauge(
            "seldenrijk_claude_spent_today_usd", "Spent since midnight UTC by this process", registry=registry
        )
        for purpose in get_args(Purpose):
            self.breaker.labels(purpose).set(STATES["closed"])

    def finished(self, purpose: Purpose, model: str, reason: Reason) -> None:
        """Count an operation."""
        self.calls.labels(purpose, model, reason).inc()

    def used(self, purpose: Purpose, model: str, tokens: Tokens) -> None:
        """Count the tokens of an answer."""
        for kind, count in (
            ("input", tokens.input),
            ("output", tokens.output),
            ("cache_read", tokens.cache_read),
            ("cache_write", tokens.cache_write_5m + tokens.cache_write_1h),
        ):
            self.tokens.labels(purpose, model, kind).inc(count)

    def breaker_changed(self, purpose: Purpose, state: State) -> None:
        """Show a breaker's state."""
        self.breaker.labels(purpose).set(STATES[state])
