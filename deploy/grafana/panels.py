# ruff: noqa: E501  (a table: one line a panel)
"""What the dashboards show: one line a panel. Names of metrics are those of the services' metrics modules.

``RATE`` becomes Grafana's ``$__rate_interval``. A panel whose series appear only when something goes wrong ends in
``or vector(0)``, so that "nothing happened" and "nothing is measured" look different.
"""

from dataclasses import dataclass
from typing import Final

RATE: Final = "$__rate_interval"


@dataclass(frozen=True)
class Panel:
    """A panel: its queries as (expression, legend), its unit, how wide it is (of 24), and as what it is drawn."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    width: int = 8
    kind: str = "timeseries"
    about: str = ""
    warn: float | None = None


@dataclass(frozen=True)
class Dashboard:
    """A dashboard: rows of panels."""

    uid: str
    title: str
    about: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]


def quantiles(metric: str, by: str = "", legend: str = "") -> tuple[tuple[str, str], ...]:
    """p50, p95 and p99 of a histogram."""
    labels = f"le, {by}" if by else "le"
    return tuple(
        (
            f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket[{RATE}])))",
            f"p{str(q)[2:].ljust(2, '0')}{legend}",
        )
        for q in (0.5, 0.95, 0.99)
    )


def rate(metric: str, by: str = "", where: str = "", rare: bool = False) -> str:
    """Events a second, by labels; ``rare``: zero where there were none."""
    grouped = f"sum by ({by}) " if by else "sum "
    expression = f"{grouped}(rate({metric}{where}[{RATE}]))"
    return f"{expression} or vector(0)" if rare else expression


def count(metric: str, by: str = "", where: str = "", rare: bool = False, window: str = "$__range") -> str:
    """How many in the time shown."""
    grouped = f"sum by ({by}) " if by else "sum "
    expression = f"{grouped}(increase({metric}{where}[{window}]))"
    return f"{expression} or vector(0)" if rare else expression


SENT: Final = '{result="sent"}'
ERROR_RATIO: Final = (
    f'(sum(rate(seldenrijk_events_handled_total{{outcome=~"put_back|dead"}}[{RATE}])) or vector(0))'
    f" / clamp_min(sum(rate(seldenrijk_events_handled_total[{RATE}])), 0.001)"
)

OVERVIEW = Dashboard(
    "seldenrijk-overview", "Overview", "Is the assistant answering, how fast, how well, and what does it cost?",
    (
        (
            "Now",
            (
                Panel("Messages a minute", ((f"60 * ({rate('seldenrijk_messages_received_total')})", ""),), width=4, kind="stat"),
                Panel("Replies a minute", ((f"60 * ({rate('seldenrijk_replies_total', where=SENT)})", ""),), width=4, kind="stat"),
                Panel("Reply latency p95", (quantiles("seldenrijk_reply_seconds")[1],), "s", 4, "stat", warn=5.0),
                Panel("Services that can work", (("sum(seldenrijk_nats_up)", ""),), width=4, kind="stat"),
                Panel("Unanswered today", ((count("seldenrijk_unanswered_total", rare=True, window="1d"), ""),), width=4, kind="stat", warn=1.0),
                Panel("Claude today", (("sum(seldenrijk_claude_spent_today_usd) or vector(0)", ""),), "currencyUSD", 4, "stat"),
            ),
        ),
        (
            "Traffic and answers",
            (
                Panel("Messages by kind", ((rate("seldenrijk_messages_received_total", "kind"), "{{kind}}"),), "reqps"),
                Panel("Replies by result", ((rate("seldenrijk_replies_total", "author, result"), "{{author}} {{result}}"),), "reqps"),
                Panel("Reply latency", quantiles("seldenrijk_reply_seconds"), "s", warn=5.0, about="From the customer's last message to Twilio's acceptance; waiting for the customer to finish is part of it."),
                Panel("Intents", ((rate("seldenrijk_intents_total", "intent"), "{{intent}}"),), "reqps"),
                Panel("Hand-overs by reason", ((rate("seldenrijk_handovers_total", "reason", rare=True), "{{reason}}"),), "reqps"),
                Panel("Errors, share of events", ((ERROR_RATIO, "errors"),), "percentunit", warn=0.001),
            ),
        ),
        (
            "Understanding and writing",
            (
                Panel("Who understood", ((rate("seldenrijk_intents_total", "engine"), "{{engine}}"),), "reqps"),
                Panel("Confidence of the intent", quantiles("seldenrijk_intent_confidence"), "percentunit"),
                Panel("Drafts by engine and fate", ((rate("seldenrijk_drafts_total", "engine, fate"), "{{engine}} {{fate}}"),), "reqps"),
                Panel("Drafts refused by the claim checker", ((rate("seldenrijk_draft_rejections_total", "kind", rare=True), "{{kind}}"),), "reqps"),
                Panel("Claude's cost an hour", ((f"3600 * ({rate('seldenrijk_claude_cost_usd_total', 'purpose', rare=True)})", "{{purpose}}"),), "currencyUSD"),
                Panel("Claude's calls", ((rate("seldenrijk_claude_calls_total", "purpose, reason", rare=True), "{{purpose}} {{reason}}"),), "reqps"),
            ),
        ),
    ),
)  # fmt: skip

PIPELINE = Dashboard(
    "seldenrijk-pipeline", "Pipeline", "Each service: how much, how late, what was retried or given up.",
    (
        (
            "Flow",
            (
                Panel("Events by service", ((rate("seldenrijk_events_handled_total", "service"), "{{service}}"),), "reqps"),
                Panel("Lag: age of an event when taken, p95", ((f"histogram_quantile(0.95, sum by (le, service) (rate(seldenrijk_event_age_seconds_bucket[{RATE}])))", "{{service}}"),), "s", warn=5.0),
                Panel("Handling time p95", ((f"histogram_quantile(0.95, sum by (le, service) (rate(seldenrijk_event_handle_seconds_bucket[{RATE}])))", "{{service}}"),), "s"),
                Panel("In hand, by kind", (("sum by (service, kind) (seldenrijk_events_in_flight)", "{{service}} {{kind}}"),)),
                Panel("Outcomes", ((rate("seldenrijk_events_handled_total", "outcome"), "{{outcome}}"),), "reqps"),
                Panel("Handling time by event, p95", ((f"histogram_quantile(0.95, sum by (le, event) (rate(seldenrijk_event_handle_seconds_bucket[{RATE}])))", "{{event}}"),), "s"),
            ),
        ),
        (
            "Trouble",
            (
                Panel("Retries", ((rate("seldenrijk_events_handled_total", "service, event", '{outcome="put_back"}', rare=True), "{{service}} {{event}}"),), "reqps"),
                Panel("Dead letters", ((count("seldenrijk_dead_letters_total", "service, event, kind", rare=True, window="1h"), "{{service}} {{event}} {{kind}}"),), warn=1.0),
                Panel("State conflicts", ((rate("seldenrijk_state_conflicts_total", "service", rare=True), "{{service}}"),), "reqps"),
                Panel("Link to NATS", (("min by (service) (seldenrijk_nats_up)", "{{service}}"),)),
                Panel("Lateness of timers p95", ((f"histogram_quantile(0.95, sum by (le, service) (rate(seldenrijk_timer_lateness_seconds_bucket[{RATE}])))", "{{service}}"),), "s"),
                Panel("Waiting to be written p95", (quantiles("seldenrijk_write_wait_seconds")[1],), "s"),
            ),
        ),
        (
            "Processes",
            (
                Panel("Memory", (("process_resident_memory_bytes{job=\"seldenrijk\"}", "{{service}}"),), "bytes"),
                Panel("Processor", ((f"rate(process_cpu_seconds_total{{job=\"seldenrijk\"}}[{RATE}])", "{{service}}"),), "percentunit"),
                Panel("Reachable", (("up{job=\"seldenrijk\"}", "{{service}}"),)),
            ),
        ),
    ),
)  # fmt: skip

CHANNELS = Dashboard(
    "seldenrijk-channels", "Twilio and Chatwoot", "The two outside systems: what they accept, refuse and how fast.",
    (
        (
            "Twilio",
            (
                Panel("Webhooks by result", ((rate("seldenrijk_webhooks_total", "webhook, result"), "{{webhook}} {{result}}"),), "reqps"),
                Panel("Time to answer a webhook", quantiles("seldenrijk_webhook_seconds"), "s", warn=1.0),
                Panel("Unsigned webhooks", ((count("seldenrijk_webhooks_total", "webhook", '{result="unsigned"}', rare=True, window="1h"), "{{webhook}}"),), warn=1.0),
                Panel("Delivery statuses", ((rate("seldenrijk_delivery_statuses_total", "status", rare=True), "{{status}}"),), "reqps"),
                Panel("Errors by code", ((rate("seldenrijk_twilio_errors_total", "code, action", rare=True), "{{code}} {{action}}"),), "reqps"),
                Panel("Sends of unknown outcome", ((count("seldenrijk_replies_total", "author", '{result="unknown"}', rare=True, window="1h"), "{{author}}"),), warn=1.0),
                Panel("Messages found by the repair job", ((count("seldenrijk_messages_repaired_total", rare=True, window="1h"), "found"),)),
                Panel("Twilio's breaker", (("max(seldenrijk_twilio_breaker_open)", "open"),)),
            ),
        ),
        (
            "Chatwoot",
            (
                Panel("Chatwoot usable", (("min(seldenrijk_chatwoot_available)", "usable"),)),
                Panel("Calls by outcome", ((rate("seldenrijk_chatwoot_requests_total", "outcome", rare=True), "{{outcome}}"),), "reqps"),
                Panel("Webhooks by outcome", ((rate("seldenrijk_chatwoot_webhooks_total", "outcome", rare=True), "{{outcome}}"),), "reqps"),
                Panel("Lag of the mirror p95", ((f"histogram_quantile(0.95, sum by (le) (rate(seldenrijk_event_age_seconds_bucket{{service=\"chatwoot-sync\"}}[{RATE}])))", "p95"),), "s"),
                Panel("Refused for good", ((count("seldenrijk_chatwoot_skipped_total", "event", rare=True, window="1d"), "{{event}}"),)),
                Panel("Missed webhooks found", ((count("seldenrijk_chatwoot_recovered_total", "kind", rare=True, window="1d"), "{{kind}}"),)),
            ),
        ),
    ),
)  # fmt: skip

BUSINESS = Dashboard(
    "seldenrijk-business", "Business", "What customers want, and how much of it the assistant answers alone.",
    (
        (
            "Customers",
            (
                Panel("Messages", ((count("seldenrijk_messages_received_total"), ""),), width=4, kind="stat"),
                Panel("Answered by the assistant", ((count("seldenrijk_replies_total", where='{author="bot",result="sent"}'), ""),), width=4, kind="stat"),
                Panel("Handed to a person", ((count("seldenrijk_handovers_total", rare=True), ""),), width=4, kind="stat"),
                Panel("Containment", ((f"1 - ({count('seldenrijk_handovers_total', rare=True)}) / clamp_min({count('seldenrijk_replies_total', where=SENT)}, 1)", ""),), "percentunit", 4, "stat", about="Share of replies that led to no hand-over."),
                Panel("Asked for an appointment", ((count("seldenrijk_intents_total", where='{intent="appointment_request"}', rare=True), ""),), width=4, kind="stat"),
                Panel("Cars for sale", (("max(seldenrijk_stock_cars)", ""),), width=4, kind="stat"),
            ),
        ),
        (
            "Wishes",
            (
                Panel("What they ask", ((count("seldenrijk_intents_total", "intent", window="1h"), "{{intent}}"),)),
                Panel("Languages", ((count("seldenrijk_intents_total", "language", window="1h"), "{{language}}"),)),
                Panel("What they tell about the car they seek", ((count("seldenrijk_slots_total", "field", rare=True, window="1h"), "{{field}}"),)),
                Panel("Why a person took over", ((count("seldenrijk_handovers_total", "reason", rare=True, window="1h"), "{{reason}}"),)),
                Panel("Stock: age", (("max(seldenrijk_stock_age_seconds)", "age"),), "s", warn=900.0),
                Panel("Stock: rows that could not be read", (("max(seldenrijk_stock_bad_rows)", "rows"),), warn=1.0),
            ),
        ),
    ),
)  # fmt: skip

DASHBOARDS: Final = (OVERVIEW, PIPELINE, CHANNELS, BUSINESS)
