"""A small OpenTelemetry collector: spans that the services export go into the journal, for the page."""

from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from .world import World

MEDIA_TYPE = "application/x-protobuf"


def collector(world: "World") -> Starlette:
    """``POST /v1/traces`` as OTLP over HTTP has it."""

    async def take(request: Request) -> Response:
        asked = ExportTraceServiceRequest()
        try:
            asked.ParseFromString(await request.body())
        except DecodeError:
            return Response("no OTLP request", 400)
        for group in asked.resource_spans:
            for span in spans(group):
                world.journal.add("trace.span", **span)
        return Response(ExportTraceServiceResponse().SerializeToString(), media_type=MEDIA_TYPE)

    return Starlette(routes=[Route("/v1/traces", take, methods=["POST"])])


def spans(group: ResourceSpans) -> list[dict[str, Any]]:
    """Spans of one service: ids in hexadecimal, ``start`` and ``end`` in milliseconds since 1970."""
    names = {item.key: item.value.string_value for item in group.resource.attributes}
    service = names.get("service.name", "")
    found = (span for scope in group.scope_spans for span in scope.spans)
    return [_shown(span, service) for span in found if not span.name.startswith("GET /")]  # no probes


def _shown(span: Span, service: str) -> dict[str, Any]:
    return {
        "trace": span.trace_id.hex(),
        "span": span.span_id.hex(),
        "parent": span.parent_span_id.hex() or None,
        "service": service,
        "name": span.name,
        "start": span.start_time_unix_nano / 1e6,
        "end": span.end_time_unix_nano / 1e6,
        "failed": span.status.code == Status.STATUS_CODE_ERROR,
    }
