"""Prometheus metrics of every service: names, labels and buckets stand here and nowhere else."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LONG = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 30.0, 60.0, 300.0)


class ChassisMetrics:
    """Metrics of lanes, jobs, timers and the bus. Labels are bounded: service, event name, outcome."""

    def __init__(self, service: str, registry: CollectorRegistry = REGISTRY) -> None:
        self.registry = registry
        self._service = service
        self.handled = Counter(
            "seldenrijk_events_handled_total",
            "Events taken from the bus, by what became of them",
            ("service", "event", "outcome"),
            registry=registry,
        )
        self.handle_seconds = Histogram(
            "seldenrijk_event_handle_seconds",
            "Time from taking an event to its acknowledgement",
            ("service", "event"),
            buckets=FAST,
            registry=registry,
        )
        self.age_seconds = Histogram(
            "seldenrijk_event_age_seconds",
            "Age of an event when a service takes it (the lag of that service)",
            ("service",),
            buckets=LONG,
            registry=registry,
        )
        self.dead_letters = Counter(
            "seldenrijk_dead_letters_total",
            "Events given up, by kind of reason",
            ("service", "event", "kind"),
            registry=registry,
        )
        self.conflicts = Counter(
            "seldenrijk_state_conflicts_total",
            "State writes that lost against another writer and were done again",
            ("service",),
            registry=registry,
        )
        self.in_flight = Gauge(
            "seldenrijk_events_in_flight", "Events being handled now", ("service", "kind"), registry=registry
        )
        self.nats_up = Gauge(
            "seldenrijk_nats_up", "1 while NATS can be relied on", ("service",), registry=registry
        )
        self.timer_lateness = Histogram(
            "seldenrijk_timer_lateness_seconds",
            "How late a scheduled event came back",
            ("service",),
            buckets=FAST,
            registry=registry,
        )

    def finished(self, event: str, outcome: str, seconds: float) -> None:
        """Count one event and its handling time."""
        self.handled.labels(self._service, event, outcome).inc()
        self.handle_seconds.labels(self._service, event).observe(seconds)

    def dead(self, event: str, kind: str) -> None:
        """Count a dead letter; ``kind`` is one of bad_event, rejected, bug, expired."""
        self.dead_letters.labels(self._service, event, kind).inc()

    def aged(self, seconds: float) -> None:
        """Note an event's age."""
        self.age_seconds.labels(self._service).observe(max(0.0, seconds))

    def conflict(self) -> None:
        """Count a lost compare-and-set."""
        self.conflicts.labels(self._service).inc()
