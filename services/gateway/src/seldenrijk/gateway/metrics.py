"""Metrics of the gateway."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

LATENCY = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 13.0, 30.0, 60.0)


class GatewayMetrics:
    """Webhooks in, replies out."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.webhooks = Counter(
            "seldenrijk_webhooks_total",
            "Twilio webhooks by kind and result (accepted, duplicate, unsigned, bad, unavailable, limited)",
            ("webhook", "result"),
            registry=registry,
        )
        self.webhook_seconds = Histogram(
            "seldenrijk_webhook_seconds", "Time to answer a webhook", ("webhook",), registry=registry
        )
        self.received = Counter(
            "seldenrijk_messages_received_total",
            "Messages of customers by kind",
            ("kind",),
            registry=registry,
        )
        self.sends = Counter(
            "seldenrijk_replies_total",
            "Replies by author and result (sent, rejected, unknown, postponed, suppressed)",
            ("author", "result"),
            registry=registry,
        )
        self.twilio_errors = Counter(
            "seldenrijk_twilio_errors_total",
            "Errors of Twilio by code and action",
            ("code", "action"),
            registry=registry,
        )
        self.reply_seconds = Histogram(
            "seldenrijk_reply_seconds",
            "From the customer's last message to Twilio's acceptance of the assistant's answer",
            buckets=LATENCY,
            registry=registry,
        )
        self.statuses = Counter(
            "seldenrijk_delivery_statuses_total", "Status callbacks by status", ("status",), registry=registry
        )
        self.unanswered = Counter(
            "seldenrijk_unanswered_total", "Messages that the watchdog gave to a person", registry=registry
        )
        self.repaired = Counter(
            "seldenrijk_messages_repaired_total",
            "Messages found in Twilio's list that never reached the webhook",
            registry=registry,
        )
        self.repair_checked = Gauge(
            "seldenrijk_repair_checked_timestamp_seconds",
            "When Twilio's list was last read to its end",
            registry=registry,
        )
        self.breaker_open = Gauge(
            "seldenrijk_twilio_breaker_open",
            "1 while Twilio is down and no replies are fetched",
            registry=registry,
        )
