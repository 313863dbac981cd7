"""OpenTelemetry: one trace from the webhook to Twilio's acceptance, carried in NATS headers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

__all__ = ["SpanKind", "setup", "span", "trace_id", "traceparent"]

_propagator = TraceContextTextMapPropagator()


def setup(service: str, endpoint: str | None) -> TracerProvider:
    """Start tracing. Without an endpoint spans are made and carried on, but exported nowhere."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": service, "service.namespace": "seldenrijk"})
    )
    if endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def span(
    name: str, headers: Mapping[str, str] | None = None, kind: SpanKind = SpanKind.CONSUMER
) -> Iterator[Span]:
    """A span that continues the trace of ``headers``, or starts one."""
    parent = _propagator.extract(dict(headers)) if headers else None
    with trace.get_tracer("seldenrijk").start_as_current_span(name, context=parent, kind=kind) as current:
        yield current


def traceparent() -> str | None:
    """W3C trace context of the current span, to travel in a message's headers."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def trace_id() -> str | None:
    """Hex id of the current trace, for log lines and dead letters."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
