"""docs/events.md: every event, who writes and reads it, its fields and an example, made from the models."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from .base import Event
from .catalog import EVENTS, headers_of, subject_of
from .golden import example
from .identity import PARTITIONS
from .schemas import REPOSITORY, Json, pretty, readers_of, schema_of, writers_of
from .shapes import alternatives, describe, lower, resolve, upper, values_of
from .topology import DEAD_PREFIX, DEAD_STREAM, FAMILIES, SERVICES, STREAM

TARGET: Final = REPOSITORY / "docs" / "events.md"
HEADER_MEANINGS: Final = {
    "ce-specversion": "CloudEvents version",
    "ce-id": "the event's id",
    "ce-source": "the service that wrote it",
    "ce-type": "the event and its version",
    "ce-time": "when it was written",
    "ce-subject": "the conversation",
    "content-type": "the body's media type",
    "Nats-Msg-Id": "the event's id again: JetStream drops a second one",
    "traceparent": "W3C trace context, where there is a trace",
}
TRACE: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def files() -> dict[Path, str]:
    """The document as it should be."""
    return {TARGET: render()}


def render() -> str:
    """The whole page as Markdown."""
    parts = [_introduction(), _table_of_events(), _flow(), *map(_event, EVENTS), _parts()]
    return "\n\n".join(parts) + "\n"


def _introduction() -> str:
    rows = _table(
        ("Header", "Meaning", "Example"),
        (
            (f"`{key}`", HEADER_MEANINGS[key], f"`{value}`")
            for key, value in headers_of(example(EVENTS[0]), "gateway", TRACE).items()
        ),
    )
    families = " ".join(f"`{family}.>`" for family in FAMILIES)
    return f"""# Events

<!-- Generated from the models by `python -m seldenrijk.contracts docs`. Change the models, not this page. -->

An event is a frozen model in `libs/contracts`, a JSON body and CloudEvents 1.0 attributes in NATS headers
(binary mode). Readers ignore fields that they don't know; writers only add optional fields; a breaking change
is a new version beside the old one. `python -m seldenrijk.contracts check` holds us to it.

- **Subject**: `<event>.<partition>.<conversation>`, for instance `{subject_of(example(EVENTS[0]))}`.
  The conversation is a pseudonym of the customer (HMAC under `IDENTITY_KEY`), the partition its hash over
  {PARTITIONS} lanes.
- **Id**: a UUIDv5 of the cause's id, the event's type and an ordinal, so the same work done twice gives one
  event.
- **Streams**: `{STREAM}` holds {families}; `{DEAD_STREAM}` holds `{DEAD_PREFIX}.>`. A job travels on
  `job.<service>.<event>.<partition>.<conversation>` in its service's work queue; a timer waits in its
  service's timer stream, comes back on `due.<service>.<event>...` and goes on as an event.

{rows}"""


def _table_of_events() -> str:
    rows = (
        (
            f"[`{e.type_name()}`](#{_anchor(e.type_name())})",
            _kind(e),
            ", ".join(writers_of(e.type_name())),
            ", ".join(readers_of(e.type_name())),
            _first_sentence(e),
        )
        for e in EVENTS
    )
    return "## All events\n\n" + _table(("Event", "Kind", "Written by", "Read by", "Meaning"), rows)


def _flow() -> str:
    """Two pictures, or nobody could follow the arrows: a message's way, and the conversation's."""
    way = ("message", "preferences", "reply")
    pictures = (
        ("The way of a message", [e for e in EVENTS if e.name.split(".")[0] in way]),
        ("The conversation", [e for e in EVENTS if e.name.split(".")[0] not in way]),
    )
    parts = (f"### {title}\n\n```mermaid\n{_picture(events)}\n```" for title, events in pictures)
    return "## Flow\n\n" + "\n\n".join(parts)


def _picture(events: list[type[Event]]) -> str:
    lines = ["flowchart LR"]
    used: set[str] = set()
    for event in events:
        node = _node(event.name)
        writers, readers = writers_of(event.type_name()), readers_of(event.type_name())
        used.update(writers, readers)
        lines.append(f"    {node}([{event.name}])")
        lines += [f"    {_node(writer)} --> {node}" for writer in writers]
        lines += [f"    {node} --> {_node(reader)}" for reader in readers]
    services = [f"    {_node(name)}[{name}]" for name in SERVICES if name in used]
    return "\n".join([lines[0], *services, *lines[1:]])


def _event(event: type[Event]) -> str:
    name = event.type_name()
    schema = schema_of(event)
    kind = _kind(event)
    prefix = f"job.{kind.removeprefix('job of ')}." if kind.startswith("job") else ""
    subject = f"`{prefix}{event.name}.<partition>.<conversation>`"
    return f"""## {name}

{_text(str(schema["description"]))}

- Subject: {subject}
- Kind: {kind}
- Written by: {", ".join(writers_of(name)) or "nobody"}
- Read by: {", ".join(readers_of(name)) or "nobody"}

{_fields(schema, schema.get("$defs", {}))}

<details><summary>Example</summary>

```json
{pretty(orjson.loads(example(event).to_json())).rstrip()}
```

</details>"""


def _parts() -> str:
    defs: Json = {}
    for event in EVENTS:
        defs |= schema_of(event).get("$defs", {})
    sections = (
        f"### {name}\n\n{_text(str(part.get('description', '')))}\n\n{_fields(part, defs)}"
        for name, part in sorted(defs.items())
    )
    return "## Parts of events\n\n" + "\n\n".join(sections)


def _fields(schema: Json, defs: Json) -> str:
    required = schema.get("required", ())
    rows = (
        (f"`{name}`", _type(field), "required" if name in required else _default(field), _notes(field, defs))
        for name, field in schema["properties"].items()
    )
    return _table(("Field", "Type", "Default", "Notes"), rows)


def _type(field: Json) -> str:
    if "$ref" in field or "anyOf" in field:
        members = field.get("anyOf", [field])
        return " or ".join(_type(member) if "$ref" not in member else _link(member) for member in members)
    items = field.get("items")
    return f"array of {_type(items)}" if isinstance(items, dict) else describe(field)


def _link(field: Json) -> str:
    name = describe(field)
    return f"[{name}](#{name.lower()})"


def _default(field: Json) -> str:
    default = field.get("default", ...)
    if default is ... or isinstance(default, dict):
        return "empty"
    return f"`{orjson.dumps(default).decode()}`"


def _notes(field: Json, defs: Json) -> str:
    """The field's own words, its values and limits, those of a list's items included."""
    found = [_text(str(field["description"]))] if "description" in field and "$ref" not in field else []
    for member in alternatives(field, defs):
        solved = resolve(member, defs)
        items = solved.get("items")
        for schema in (solved, resolve(items, defs) if isinstance(items, dict) else {}):
            found += _limits(schema)
    return "; ".join(found)


def _limits(schema: Json) -> Iterator[str]:
    if values := values_of(schema):
        yield ", ".join(f"`{value.strip(chr(34))}`" for value in values)
    if "minimum" in schema or "exclusiveMinimum" in schema:
        yield f"at least {lower(schema, 'minimum', 'exclusiveMinimum')}"
    if "maximum" in schema or "exclusiveMaximum" in schema:
        yield f"at most {upper(schema, 'maximum', 'exclusiveMaximum')}"
    for key, words in (("minLength", "length at least {}"), ("maxLength", "length at most {}")):
        if key in schema:
            yield words.format(schema[key])
    yield from (f"{key} `{schema[key]}`" for key in ("format", "pattern") if key in schema)


def _kind(event: type[Event]) -> str:
    for service in SERVICES.values():
        if event in service.jobs:
            return f"job of {service.name}"
        if event in service.timers:
            return f"timer of {service.name}"
    return "event"


def _first_sentence(event: type[Event]) -> str:
    return _text(str(event.__doc__)).split(". ")[0].rstrip(".") + "."


def _text(words: str) -> str:
    return " ".join(words.replace("``", "`").split())


def _node(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


def _anchor(heading: str) -> str:
    return heading.replace(".", "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in lines)
