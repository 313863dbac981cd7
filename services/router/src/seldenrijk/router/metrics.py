"""Metrics of the router."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from seldenrijk.contracts import Understanding


class RouterMetrics:
    """Intents, languages and how sure the engine was."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._intents = Counter(
            "seldenrijk_intents_total",
            "Messages by intent, language and engine",
            ("intent", "language", "engine"),
            registry=registry,
        )
        self._confidence = Histogram(
            "seldenrijk_intent_confidence",
            "Calibrated confidence of the intent",
            buckets=(0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
            registry=registry,
        )

    def routed(self, understanding: Understanding) -> None:
        """Count one understood message."""
        self._intents.labels(understanding.intent, understanding.language, understanding.engine).inc()
        self._confidence.observe(understanding.confidence)
