"""Metrics of the responder."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from seldenrijk.contracts import ReplyDrafted


class ResponderMetrics:
    """Drafts, rejections, hand-overs, waiting, stock."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.drafts = Counter(
            "seldenrijk_drafts_total",
            "Drafts by engine and fate (used, overtaken, silent)",
            ("engine", "fate"),
            registry=registry,
        )
        self.rejections = Counter(
            "seldenrijk_draft_rejections_total",
            "Drafts that the claim checker refused, by kind",
            ("kind",),
            registry=registry,
        )
        self.handovers = Counter(
            "seldenrijk_handovers_total",
            "Conversations handed to a person, by reason",
            ("reason",),
            registry=registry,
        )
        self.write_seconds = Histogram(
            "seldenrijk_write_seconds", "Time to write a checked reply", ("engine",), registry=registry
        )
        self.job_wait = Histogram(
            "seldenrijk_write_wait_seconds",
            "From a reply's request to the start of its writing",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
            registry=registry,
        )
        self.stock_age = Gauge("seldenrijk_stock_age_seconds", "Age of the stock in use", registry=registry)
        self.stock_cars = Gauge(
            "seldenrijk_stock_cars", "Cars for sale in the stock in use", registry=registry
        )
        self.stock_bad_rows = Gauge(
            "seldenrijk_stock_bad_rows", "Rows of the stock that were skipped", registry=registry
        )

    def drafted(self, draft: ReplyDrafted, fate: str) -> None:
        """Count a draft and why earlier ones were refused."""
        self.drafts.labels(draft.engine, fate).inc()
        for kind in draft.rejected:
            self.rejections.labels(kind[:40]).inc()
