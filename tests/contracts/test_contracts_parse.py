"""Reading the bus: nothing but our events gets through, and no error quotes what was in them."""

import copy
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seldenrijk.contracts import (
    EVENTS,
    PARTITIONS,
    BadEvent,
    Event,
    golden,
    parse,
    partition_of,
    subject_filter,
    subject_of,
)

SECRET = "Sanne van de Zuiderbreedte 06-12345678"
EVENT = golden.example(EVENTS[0])
BODY: dict[str, Any] = orjson.loads(EVENT.to_json())


def error_of(subject: str, data: bytes) -> str:
    with pytest.raises(BadEvent) as caught:
        parse(subject, data)
    assert caught.value.__cause__ is None
    return str(caught.value)


@given(st.sampled_from(EVENTS), st.binary(max_size=200))
def test_garbage_is_a_bad_event_and_not_quoted(event: type[Event], garbage: bytes) -> None:
    text = error_of(subject_of(golden.example(event)), garbage)
    assert text.startswith(f"not a {event.type_name()}: ")
    assert len(text) < 400


@given(st.sampled_from(EVENTS), st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
))  # fmt: skip
def test_other_json_is_a_bad_event(event: type[Event], value: Any) -> None:
    data = orjson.dumps(value)
    assert error_of(subject_of(golden.example(event)), data).startswith(f"not a {event.type_name()}: ")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [leaf for key, inner in items for leaf in leaves(inner, (*path, key))]
    return below or [path]


@given(st.sampled_from(EVENTS), st.data())
def test_a_spoilt_value_is_never_quoted(event: type[Event], data: st.DataObject) -> None:
    body = orjson.loads(golden.example(event).to_json())
    path = data.draw(st.sampled_from(leaves(body)))
    spoilt = copy.deepcopy(body)
    place = spoilt
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = {"spoilt": SECRET}
    try:
        parse(subject_of(golden.example(event)), orjson.dumps(spoilt))
    except BadEvent as error:
        assert not re.search("Sanne|Zuiderbreedte|06-|12345678|spoilt", str(error))


def test_an_error_names_the_places_that_are_wrong() -> None:
    body = {**BODY, "message": {**BODY["message"], "kind": SECRET}, "time": SECRET}
    assert error_of(subject_of(EVENT), orjson.dumps(body)) == "not a message.received.v1: message.kind, time"


@given(st.text(max_size=60))
def test_a_strange_subject_is_a_bad_event_and_not_quoted(subject: str) -> None:
    text = error_of(subject, EVENT.to_json())
    assert text in {"no event of this name"} or text.startswith("a subject has four tokens, this one has ")


def test_a_body_cannot_pose_as_another_event_or_travel_in_anothers_name() -> None:
    other = golden.example(EVENTS[1])
    assert "type" in error_of(subject_of(EVENT), orjson.dumps({**BODY, "type": other.type}))
    wrong_lane = (partition_of(EVENT.conversation) + 1) % PARTITIONS
    for tail in (f"{wrong_lane}.{EVENT.conversation}", f"{partition_of('c' + 'a' * 26)}.c{'a' * 26}"):
        assert error_of(f"{EVENT.name}.{tail}", EVENT.to_json()).startswith("the subject names another")
    assert error_of(f"{EVENT.name}.0{subject_of(EVENT).split('.')[2]}.{EVENT.conversation}", EVENT.to_json())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_events_and_their_parts_are_frozen(event: type[Event]) -> None:
    example = golden.example(event)
    for name in event.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(example, name, getattr(example, name))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_every_part_of_an_event_is_frozen_and_ignores_unknown_fields(event: type[Event]) -> None:
    from seldenrijk import contracts

    for name in event.model_json_schema().get("$defs", {}):
        config = getattr(contracts, name).model_config
        assert config.get("frozen") and config.get("extra") == "ignore", name


def test_a_filter_matches_one_event_type_in_one_lane() -> None:
    assert subject_filter(EVENTS[0], 17) == "message.received.17.*"
    for partition in (-1, PARTITIONS):
        with pytest.raises(ValueError, match="partition"):
            subject_filter(EVENTS[0], partition)
