"""Metrics of the extractor."""

from collections.abc import Iterable

from prometheus_client import REGISTRY, CollectorRegistry, Counter


class ExtractorMetrics:
    """Which slots customers fill, and by which engine."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._slots = Counter(
            "seldenrijk_slots_total", "Slots found in messages, by field and engine", ("field", "engine"),
            registry=registry,
        )  # fmt: skip

    def extracted(self, fields: Iterable[str], engine: str) -> None:
        """Count the slots of one message."""
        for field in fields:
            self._slots.labels(field, engine).inc()
