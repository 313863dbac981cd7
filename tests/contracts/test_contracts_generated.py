"""The committed files say what the models say, and the golden examples travel."""

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from seldenrijk.contracts import BY_TYPE, EVENTS, Event, asyncapi, docs, golden, parse, schemas, subject_of

COMMAND = "python -m seldenrijk.contracts all"
FILES = {**schemas.files(), **golden.files(), **docs.files(), **asyncapi.files()}


@pytest.mark.parametrize("path", sorted(FILES), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_generated_file_is_up_to_date(path: Path) -> None:
    assert path.exists(), f"{path.name} is missing; run: {COMMAND}"
    assert path.read_text(encoding="utf-8") == FILES[path], f"{path.name} is out of date; run: {COMMAND}"


@pytest.mark.parametrize("folder", [schemas.SCHEMAS, golden.GOLDEN], ids=lambda folder: folder.name)
def test_no_file_is_left_of_an_event_that_is_gone(folder: Path) -> None:
    assert set(folder.glob("*")) <= FILES.keys(), f"run: {COMMAND}"


def golden_body(event: type[Event]) -> bytes:
    return (golden.GOLDEN / f"{event.type_name()}.json").read_bytes()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_golden_example_parses_on_its_subject(event: type[Event]) -> None:
    parsed = parse(subject_of(golden.example(event)), golden_body(event))
    assert type(parsed) is event
    assert parsed == golden.example(event)
    assert parse(subject_of(parsed), parsed.to_json()) == parsed


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_golden_example_fits_its_committed_schema(event: type[Event]) -> None:
    schema = schemas.committed()[event.type_name()]
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(orjson.loads(golden_body(event)))


def with_unknown_fields(value: object) -> object:
    """The same value with a field of a newer writer in every object."""
    if isinstance(value, dict):
        return {key: with_unknown_fields(inner) for key, inner in value.items()} | {
            "of_a_newer_writer": {"a": [1]}
        }
    return [with_unknown_fields(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("event", [e for e in EVENTS if e.name != "message.received"], ids=lambda e: e.name)
def test_unknown_fields_at_every_depth_are_ignored(event: type[Event]) -> None:
    newer = orjson.dumps(with_unknown_fields(orjson.loads(golden_body(event))))
    assert parse(subject_of(golden.example(event)), newer) == golden.example(event)


def test_unknown_fields_of_a_received_message_are_ignored_outside_its_free_map() -> None:
    event = BY_TYPE["message.received.v1"]
    body = orjson.loads(golden_body(event))
    newer = with_unknown_fields({**body, "extra": None})
    assert isinstance(newer, dict)
    data = orjson.dumps(newer | {"extra": body["extra"]})
    assert parse(subject_of(golden.example(event)), data) == golden.example(event)


def test_schemas_have_sorted_keys_and_name_their_readers() -> None:
    for path in schemas.SCHEMAS.glob("*.json"):
        schema = orjson.loads(path.read_bytes())
        assert list(schema) == sorted(schema)
        assert schema["x-readers"] == list(schemas.readers_of(path.stem))


def test_events_md_tells_of_every_event_field_and_header() -> None:
    page = docs.TARGET.read_text(encoding="utf-8")
    assert page.count("```mermaid") == 2
    for event in EVENTS:
        section = page.split(f"\n## {event.type_name()}\n")[1].split("\n## ")[0]
        assert f"{event.name}.<partition>.<conversation>`" in section
        assert orjson.loads(section.split("```json")[1].split("```")[0]) == orjson.loads(golden_body(event))
        for name in event.model_fields:
            assert f"| `{name}` |" in section
        for reader in schemas.readers_of(event.type_name()):
            assert reader in section.split("Read by: ")[1].splitlines()[0]
    for header in docs.HEADER_MEANINGS:
        assert f"| `{header}` |" in page


def test_the_links_in_events_md_lead_somewhere() -> None:
    page = docs.TARGET.read_text(encoding="utf-8")
    headings = {
        line.lstrip("# ").lower().replace(".", "") for line in page.splitlines() if line.startswith("#")
    }
    links = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert links
    assert links <= headings


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_golden_example_is_told_in_fields_that_exist(event: type[Event]) -> None:
    assert golden.FIELDS[event].keys() <= event.model_fields.keys()
