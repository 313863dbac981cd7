"""The compatibility check on the real schemas: every edit of every event is judged as it should be."""

import copy
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, create_model

from seldenrijk.contracts import EVENTS, Event, schemas
from seldenrijk.contracts.compatibility import Report, compare
from seldenrijk.contracts.differences import differences
from seldenrijk.contracts.topology import SERVICES

Json = dict[str, Any]
CURRENT = schemas.schemas_of()


def records(schema: Json) -> Iterator[Json]:
    """The event itself and every part inside it."""
    yield schema
    yield from (part for part in schema.get("$defs", {}).values() if "properties" in part)


def report_of(name: str, mutant: Json) -> Report:
    return compare({name: CURRENT[name]}, {name: mutant})


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Json, Json, str]:
    """An event, a copy of its schema, a record in that copy and one of its fields."""
    name = draw(st.sampled_from(sorted(CURRENT)))
    mutant = copy.deepcopy(CURRENT[name])
    record = draw(st.sampled_from(list(records(mutant))))
    return name, mutant, record, draw(st.sampled_from(sorted(record["properties"])))


def assert_caught(name: str, mutant: Json, field: str, *kinds: str) -> None:
    report = report_of(name, mutant)
    assert not report.compatible
    assert {change.event for change in report.breaking} == {name}
    assert {change.path.rpartition(".")[2].rstrip("[]{}") for change in report.breaking} == {field}
    assert {change.kind for change in report.breaking} <= set(kinds)
    for change in report.breaking:
        assert change.readers == schemas.readers_of(name) != ()


@given(places())
def test_any_removal_is_caught(place: tuple[str, Json, Json, str]) -> None:
    name, mutant, record, field = place
    del record["properties"][field]
    record["required"] = [other for other in record.get("required", []) if other != field]
    assert_caught(name, mutant, field, "field_removed")


@given(places(), st.sampled_from(["_", "2", "_text"]))
def test_any_renaming_is_caught_and_called_so(place: tuple[str, Json, Json, str], suffix: str) -> None:
    name, mutant, record, field = place
    record["properties"][f"{field}{suffix}"] = record["properties"].pop(field)
    record["required"] = [other for other in record.get("required", []) if other != field]
    assert_caught(name, mutant, field, "field_renamed")
    assert all(f"{field}{suffix}" in change.detail for change in report_of(name, mutant).breaking)


@given(places(), st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null"]))
def test_any_retyping_is_caught(place: tuple[str, Json, Json, str], type_: str) -> None:
    name, mutant, record, field = place
    before = record["properties"][field]
    kinds = {member.get("type", "object") for member in before.get("anyOf", [before])}
    if type_ in kinds:
        type_ = "boolean" if "boolean" not in kinds else "string"
    record["properties"][field] = {"type": type_}
    assert_caught(name, mutant, field, "retyped", "narrowed")


@given(places())
def test_making_any_optional_field_required_is_caught(place: tuple[str, Json, Json, str]) -> None:
    name, mutant, record, field = place
    required = set(record.get("required", ()))
    if field in required:
        record["required"] = sorted(required - {field})
        assert report_of(name, mutant).compatible
        assert {change.kind for change in report_of(name, mutant).changes} == {"made_optional"}
    else:
        record["required"] = sorted(required | {field})
        assert_caught(name, mutant, field, "made_required")


def enums(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if isinstance(value.get("enum"), list):
            yield value
        for inner in value.values():
            yield from enums(inner)
    if isinstance(value, list):
        for inner in value:
            yield from enums(inner)


WITH_ENUMS = sorted(name for name, schema in CURRENT.items() if any(enums(schema)))


@given(st.data())
def test_any_dropped_value_is_caught_and_a_new_one_goes_to_readers_first(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(WITH_ENUMS))
    mutant = copy.deepcopy(CURRENT[name])
    enum = data.draw(st.sampled_from(list(enums(mutant))))
    dropped = data.draw(st.sampled_from(enum["enum"]))
    enum["enum"].remove(dropped)
    report = report_of(name, mutant)
    assert {change.kind for change in report.changes} == {"enum_value_dropped"}
    assert all(f'"{dropped}"' in change.detail for change in report.breaking)
    enum["enum"] += [dropped, "a value of tomorrow"]
    report = report_of(name, mutant)
    assert report.compatible
    assert {change.kind for change in report.of("readers_first")} == {"enum_value_added"}


class Newer(BaseModel):
    """A part that did not exist before."""

    one: int
    many: tuple[str, ...] = ()


TYPES = st.sampled_from(
    [
        str | None,
        int | None,
        float,
        bool,
        tuple[str, ...],
        dict[str, int],
        Literal["a", "b"] | None,
        Newer | None,
    ]
)
FIELDS = st.dictionaries(st.from_regex(r"new_[a-z]{1,8}", fullmatch=True), TYPES, min_size=1, max_size=4)


@given(st.sampled_from(EVENTS), FIELDS)
def test_any_added_optional_fields_are_compatible(event: type[Event], added: dict[str, Any]) -> None:
    fields: Any = {name: (type_ | None, None) for name, type_ in added.items()}
    bigger: type[Event] = create_model(event.__name__, __base__=event, **fields)
    report = report_of(event.type_name(), schemas.schema_of(bigger))
    assert report.compatible
    assert {(c.kind, c.path) for c in report.changes} == {("field_added", name) for name in added}


@given(places(), FIELDS)
def test_any_fields_added_to_a_part_are_compatible(
    place: tuple[str, Json, Json, str], added: dict[str, Any]
) -> None:
    name, mutant, record, _ = place
    fields: Any = {field: (type_ | None, None) for field, type_ in added.items()}
    part: type[BaseModel] = create_model("Added", **fields)
    schema = part.model_json_schema()
    record["properties"] |= schema["properties"]
    mutant.setdefault("$defs", {}).update(schema.get("$defs", {}))
    report = report_of(name, mutant)
    assert report.compatible
    assert {change.kind for change in report.changes} == {"field_added"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_removed_event_names_those_who_read_it(event: type[Event]) -> None:
    name = event.type_name()
    report = compare(CURRENT, {other: schema for other, schema in CURRENT.items() if other != name})
    assert [(c.event, c.kind) for c in report.breaking] == [(name, "event_removed")]
    assert report.breaking[0].readers == schemas.readers_of(name)


def test_a_new_event_is_compatible_and_a_renamed_one_is_called_so() -> None:
    fresh = {**CURRENT, "stock.changed.v1": {"type": "object", "properties": {"a": {"type": "string"}}}}
    assert [c.kind for c in compare(CURRENT, fresh).changes] == ["event_added"]
    moved = dict(CURRENT)
    moved["reply.drafted.v2"] = moved.pop("reply.drafted.v1")
    report = compare(CURRENT, moved)
    assert [(c.kind, c.detail) for c in report.breaking] == [
        ("event_renamed", "looks renamed to reply.drafted.v2")
    ]


def test_a_reader_at_the_time_of_the_commit_is_named_though_it_has_left_the_topology() -> None:
    old = copy.deepcopy(CURRENT)
    old["reply.failed.v1"]["x-readers"].append("billing")
    old["reply.failed.v1"]["properties"]["gone"] = {"type": "string"}
    (change,) = compare(old, CURRENT).breaking
    assert change.readers == ("chatwoot-sync", "billing")


def test_jobs_are_read_by_their_owner() -> None:
    assert schemas.readers_of("reply.requested.v1") == ("responder",)
    assert set(schemas.readers_of("message.received.v1")) <= SERVICES.keys()


@given(st.sampled_from(sorted(CURRENT)), st.sampled_from(sorted(CURRENT)))
def test_a_schema_differs_from_itself_in_nothing(one: str, other: str) -> None:
    assert differences(CURRENT[one], copy.deepcopy(CURRENT[one])) == []
    assert one == other or differences(CURRENT[one], CURRENT[other]) != []
