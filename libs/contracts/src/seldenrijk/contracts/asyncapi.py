"""docs/asyncapi.yaml: the bus as an AsyncAPI 3.0 document, made from the models and the topology.

Payloads are written in the part of JSON Schema that AsyncAPI shares with draft 07.
"""

from pathlib import Path
from typing import Any, Final

import orjson

from .base import CONVERSATION_PATTERN, ID_PATTERN, Event
from .catalog import CE_SPEC_VERSION, EVENTS
from .golden import example
from .identity import PARTITIONS
from .schemas import REPOSITORY, Json, schema_of, written_by
from .topology import SERVICES, STREAM, ServiceTopology

TARGET: Final = REPOSITORY / "docs" / "asyncapi.yaml"
HEADERS: Final = "CloudEventsHeaders"
TRACE_PATTERN: Final = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"


def files() -> dict[Path, str]:
    """The document as it should be. Needs PyYAML (the extra ``tools``)."""
    import yaml  # noqa: PLC0415  (the services' own environments have no PyYAML)

    text = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)
    note = "# Generated from the models by `python -m seldenrijk.contracts asyncapi`.\n"
    return {TARGET: note + text}


def document() -> Json:
    """The AsyncAPI document as a plain dictionary without shared objects (YAML needs no anchors)."""
    made = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Seldenrijk WhatsApp assistant",
            "version": "1.0.0",
            "description": "The events between the services. Readers ignore unknown fields.",
        },
        "defaultContentType": "application/json",
        "servers": {"nats": _server()},
        "channels": _channels(),
        "operations": {name: body for s in SERVICES.values() for name, body in _operations(s).items()},
        "components": {"schemas": _schemas(), "messages": {e.type_name(): _message(e) for e in EVENTS}},
    }
    return dict(orjson.loads(orjson.dumps(made)))


def _server() -> Json:
    return {
        "host": "{host}",
        "protocol": "nats",
        "description": "NATS with JetStream; each service has its own user (`NATS_URL`).",
        "variables": {"host": {"default": "localhost:4222", "description": "host and port"}},
    }


def _channels() -> Json:
    channels = {e.name: _channel(e, f"{e.name}.{{partition}}.{{conversation}}", STREAM) for e in EVENTS}
    for service in SERVICES.values():
        for job in service.jobs:
            address = f"job.{service.name}.{job.name}.{{partition}}.{{conversation}}"
            channels[job.name] = _channel(job, address, service.jobs_stream)
    return channels


def _channel(event: type[Event], address: str, stream: str) -> Json:
    name = event.type_name()
    return {
        "address": address,
        "description": f"JetStream stream {stream}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {
            "partition": {
                "description": f"Lane, 0 to {PARTITIONS - 1}: the conversation's CRC-32 modulo {PARTITIONS}.",
                "examples": ["17"],
            },
            "conversation": {
                "description": "Pseudonym of the customer.",
                "location": "$message.payload#/conversation",
            },
        },
    }


def _operations(service: ServiceTopology) -> Json:
    sends = {f"{service.name}.sends.{e.name}": _operation(service, e, "send") for e in written_by(service)}
    receives = {
        f"{service.name}.receives.{e.name}": _operation(service, e, "receive")
        for e in dict.fromkeys((*service.reads, *service.jobs))
    }
    return sends | receives


def _operation(service: ServiceTopology, event: type[Event], action: str) -> Json:
    channel = f"#/channels/{event.name}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": f"{service.name} {action}s {event.type_name()}",
        "tags": [{"name": service.name}],
        "messages": [{"$ref": f"{channel}/messages/{event.type_name()}"}],
    }


def _message(event: type[Event]) -> Json:
    name = event.type_name()
    own = {"properties": {"ce-type": {"const": name}}}
    golden = example(event)
    return {
        "name": name,
        "title": event.__name__,
        "summary": " ".join(str(event.__doc__).replace("``", "`").split("\n\n")[0].split()),
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/traceparent"},
        "headers": {"allOf": [{"$ref": f"#/components/schemas/{HEADERS}"}, own]},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "examples": [{"name": "golden", "payload": orjson.loads(golden.to_json())}],
    }


def _headers() -> Json:
    """CloudEvents 1.0, binary mode, and what JetStream and tracing add."""
    text = {"type": "string", "minLength": 1}
    id_ = {"type": "string", "pattern": ID_PATTERN}
    properties = {
        "ce-specversion": {"const": CE_SPEC_VERSION},
        "ce-id": id_,
        "ce-source": {"type": "string", "format": "uri-reference", "minLength": 1},
        "ce-type": text,
        "ce-time": {"type": "string", "format": "date-time"},
        "ce-subject": {"type": "string", "pattern": CONVERSATION_PATTERN},
        "content-type": {"const": "application/json"},
        "Nats-Msg-Id": id_,
    }
    trace = {"type": "string", "pattern": TRACE_PATTERN}
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes in binary mode; traceparent where there is a trace.",
        "properties": {**properties, "traceparent": trace},
        "required": list(properties),
    }


def _schemas() -> Json:
    """All payloads and their parts. Raises ValueError where two events name different parts alike."""
    found: Json = {HEADERS: _headers()}
    for event in EVENTS:
        schema = schema_of(event)
        parts = {**schema.pop("$defs", {}), event.type_name(): schema}
        for name, part in parts.items():
            made = _draft7({k: v for k, v in part.items() if k not in ("$schema", "$id")})
            if found.setdefault(name, made) != made:
                raise ValueError(f"two different parts are called {name}")
    return dict(sorted(found.items()))


def _draft7(value: Any) -> Any:
    """References into components, and nothing beside a reference: draft 07 would not look at it."""
    if isinstance(value, list):
        return [_draft7(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    made = {key: _draft7(inner) for key, inner in value.items()}
    ref = made.get("$ref")
    if not isinstance(ref, str):
        return made
    target = {"$ref": ref.replace("#/$defs/", "#/components/schemas/")}
    beside = {key: inner for key, inner in made.items() if key != "$ref"}
    return {"allOf": [target], **beside} if beside else target
