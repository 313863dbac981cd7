"""JSON Schemas of the events: what ``check`` compares the models with, and what others can read."""

from pathlib import Path
from typing import Any, Final

import orjson

from .base import Event
from .catalog import EVENTS
from .topology import SERVICES, ServiceTopology

Json = dict[str, Any]

LIBRARY: Final = Path(__file__).resolve().parents[3]
"""libs/contracts in the repository; schemas and golden examples lie beside the source, not inside it."""
REPOSITORY: Final = LIBRARY.parents[1]
SCHEMAS: Final = LIBRARY / "schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def readers_of(type_name: str) -> tuple[str, ...]:
    """Services that read this event, as a job of their own included, in the topology's order."""
    return tuple(s.name for s in SERVICES.values() if type_name in _type_names((*s.reads, *s.jobs)))


def writers_of(type_name: str) -> tuple[str, ...]:
    """Services that write this event, jobs and timers of their own included."""
    return tuple(s.name for s in SERVICES.values() if type_name in _type_names(written_by(s)))


def written_by(service: ServiceTopology) -> tuple[type[Event], ...]:
    """All events that a service puts on the bus, each once: outcomes, jobs, timers."""
    return tuple(dict.fromkeys((*service.writes, *service.jobs, *service.timers)))


def schema_of(event: type[Event]) -> Json:
    """JSON Schema (2020-12) of what a reader accepts, with who reads and writes it at this time.

    The readers are kept in the file, so that an event's removal still tells whom it would break.
    """
    type_name = event.type_name()
    return {
        "$schema": DIALECT,
        "$id": f"https://seldenrijk.nl/events/{type_name}.json",
        **event.model_json_schema(mode="validation"),
        "x-readers": list(readers_of(type_name)),
        "x-writers": list(writers_of(type_name)),
    }


def schemas_of(events: tuple[type[Event], ...] = EVENTS) -> dict[str, Json]:
    """The schemas of the models as they are now, by CloudEvents type."""
    return {event.type_name(): schema_of(event) for event in events}


def committed(folder: Path = SCHEMAS) -> dict[str, Json]:
    """The schemas in ``folder`` (``<type>.json``), by CloudEvents type. ValueError if there is none."""
    found = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise ValueError(f"no schemas in {folder}")
    return found


def pretty(value: Any) -> str:
    """JSON for people and for git: indented, keys sorted, a newline at the end."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"


def files() -> dict[Path, str]:
    """The schema files as they should be."""
    return {SCHEMAS / f"{name}.json": pretty(schema) for name, schema in schemas_of().items()}


def _type_names(events: tuple[type[Event], ...]) -> set[str]:
    return {event.type_name() for event in events}
