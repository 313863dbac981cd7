"""Metrics of the mirror: names and labels stand here and nowhere else."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge


class SyncMetrics:
    """Counters of calls, webhooks and repairs. Labels are bounded: operation, outcome."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.requests = Counter(
            "seldenrijk_chatwoot_requests_total",
            "Calls to Chatwoot by operation and outcome",
            ("operation", "outcome"),
            registry=registry,
        )
        self.webhooks = Counter(
            "seldenrijk_chatwoot_webhooks_total",
            "Webhooks of Chatwoot by what became of them",
            ("outcome",),
            registry=registry,
        )
        self.skipped = Counter(
            "seldenrijk_chatwoot_skipped_total",
            "Things that Chatwoot refuses for good and that were therefore not mirrored",
            ("event",),
            registry=registry,
        )
        self.recovered = Counter(
            "seldenrijk_chatwoot_recovered_total",
            "Staff actions whose webhook never came, found by the cursor",
            ("kind",),
            registry=registry,
        )
        self.available = Gauge(
            "seldenrijk_chatwoot_available", "1 while Chatwoot can be used", registry=registry
        )
        self.available.set(1)

    def asked(self, operation: str, outcome: str) -> None:
        """Count a call."""
        self.requests.labels(operation, outcome).inc()
