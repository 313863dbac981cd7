"""Laws of the bus: nobody writes into the void, nobody waits for what is never written."""

import re
from collections import Counter
from typing import get_args

import pytest

from seldenrijk.contracts import BY_NAME, BY_TYPE, EVENTS, Event
from seldenrijk.contracts.schemas import written_by
from seldenrijk.contracts.topology import DEAD_PREFIX, FAMILIES, SERVICES, ServiceTopology

READ_BY_NOBODY: dict[str, str] = {}
"""Events that are written for people and archives only, with the reason."""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_is_named_as_its_type_and_class(event: type[Event]) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", event.name)
    assert re.fullmatch(rf"{re.escape(event.name)}\.v[1-9]\d*", event.type_name())
    assert get_args(event.model_fields["type"].annotation) == (event.type_name(),)
    assert event.name.replace(".", "").replace("_", "") == event.__name__.lower().replace(
        "delivery", "replydelivery"
    )
    assert event.__doc__


def test_names_types_and_services_are_unique() -> None:
    assert len(BY_TYPE) == len(EVENTS) == len(BY_NAME)
    assert all(name == service.name for name, service in SERVICES.items())
    buckets = Counter(bucket for service in SERVICES.values() for bucket in service.all_buckets)
    assert set(buckets.values()) == {1}
    streams = Counter(stream for s in SERVICES.values() for stream in (s.jobs_stream, s.timers_stream))
    assert set(streams.values()) == {1}


def test_every_event_class_is_in_the_catalog() -> None:
    assert set(Event.__subclasses__()) >= set(EVENTS)
    made = {c for c in Event.__subclasses__() if c.__module__.startswith("seldenrijk.contracts.")}
    assert made == set(EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_every_event_is_written_and_read_by_somebody(event: type[Event]) -> None:
    assert any(event in written_by(service) for service in SERVICES.values())
    read = any(event in service.reads or event in service.jobs for service in SERVICES.values())
    assert read != (event.name in READ_BY_NOBODY)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_a_service_names_events_of_the_catalog_each_once(service: ServiceTopology) -> None:
    for events in (service.reads, service.writes, service.jobs, service.timers):
        assert set(events) <= set(EVENTS)
        assert len(set(events)) == len(events)


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_timers_come_back_to_their_owner_as_its_own_events(service: ServiceTopology) -> None:
    assert set(service.timers) <= set(service.writes)
    assert set(service.timers) <= set(service.reads)


def test_jobs_and_timers_belong_to_one_service() -> None:
    for event in EVENTS:
        owners = [s.name for s in SERVICES.values() if event in (*s.jobs, *s.timers)]
        assert len(owners) <= 1
        if owners:
            assert [s.name for s in SERVICES.values() if event in written_by(s)] == owners


def test_jobs_are_calls_and_never_wait_in_a_lane() -> None:
    for service in SERVICES.values():
        assert not set(service.jobs) & {*service.reads, *service.writes, *service.timers}


def test_every_subject_lies_in_the_stream_and_every_family_has_an_event() -> None:
    assert {event.name.split(".")[0] for event in EVENTS} == set(FAMILIES)
    assert DEAD_PREFIX not in FAMILIES
    assert len(set(FAMILIES)) == len(FAMILIES)


def test_lanes_have_names_of_their_own() -> None:
    durables = [service.durable(partition) for service in SERVICES.values() for partition in range(64)]
    assert len(set(durables)) == len(durables)
    assert all(re.fullmatch(r"[a-z-]+-p\d+", durable) for durable in durables)
