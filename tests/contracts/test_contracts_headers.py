"""Headers are CloudEvents 1.0 attributes in binary mode."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.contracts import EVENTS, Event, golden, headers_of
from seldenrijk.contracts.topology import SERVICES

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
@pytest.mark.parametrize("source", SERVICES)
def test_headers_are_cloudevents_in_binary_mode(event: type[Event], source: str) -> None:
    example = golden.example(event)
    headers = headers_of(example, source)
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-id"] == headers["Nats-Msg-Id"] == example.id
    assert headers["ce-source"] == f"/seldenrijk/{source}"  # a URI reference that is not empty
    assert headers["ce-type"] == event.type_name()
    assert headers["ce-subject"] == example.conversation
    assert headers["content-type"] == "application/json"
    when = datetime.fromisoformat(headers["ce-time"])
    assert when == example.time and when.tzinfo is not None
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", headers["ce-time"]
    )  # RFC 3339
    assert all(re.fullmatch(r"ce-[a-z0-9]{1,20}", name) for name in headers if name.startswith("ce-"))
    assert all(value.isprintable() and value.isascii() for value in headers.values())


def test_the_trace_travels_where_there_is_one() -> None:
    example = golden.example(EVENTS[0])
    assert headers_of(example, "gateway", TRACE)["traceparent"] == TRACE
    assert "traceparent" not in headers_of(example, "gateway")
    assert "traceparent" not in headers_of(example, "gateway", "")


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS))
def test_any_moment_survives_the_headers(moment: datetime) -> None:
    example = golden.example(EVENTS[0]).model_copy(update={"time": moment})
    assert datetime.fromisoformat(headers_of(example, "gateway")["ce-time"]) == moment


def test_no_header_tells_who_the_customer_is() -> None:
    for event in EVENTS:
        text = " ".join(headers_of(golden.example(event), "gateway", TRACE).values())
        assert "31612345678" not in text and "Sanne" not in text
