"""Subjects of jobs, timers, dead letters: each spelled once."""

from seldenrijk.contracts import Event, partition_of
from seldenrijk.contracts.topology import DEAD_PREFIX, ServiceTopology

MSG_ID = "Nats-Msg-Id"
REDRIVE_FOR = "Redrive-For"
"""Header of an event that comes again after it was a dead letter: only this service handles it."""
SCHEDULE = "Nats-Schedule"
SCHEDULE_TARGET = "Nats-Schedule-Target"


def job_subject(service: str, job: Event) -> str:
    """``job.<service>.<event>.<partition>.<conversation>`` in the service's work queue."""
    return f"job.{service}.{job.name}.{partition_of(job.conversation)}.{job.conversation}"


def timer_subject(service: str, event: Event, key: str) -> str:
    """Where a schedule is kept; one pending message for each conversation, event and key."""
    return f"timer.{service}.{event.name}.{partition_of(event.conversation)}.{event.conversation}.{key}"


def due_subject(service: str, event: Event) -> str:
    """Where the server puts a scheduled message when its time has come."""
    return f"due.{service}.{event.name}.{partition_of(event.conversation)}.{event.conversation}"


def dead_subject(service: str, conversation: str) -> str:
    """``dead.<service>.<conversation>``; ``unknown`` where no conversation could be read."""
    return f"{DEAD_PREFIX}.{service}.{conversation}"


def jobs_durable(topology: ServiceTopology) -> str:
    """The shared consumer of a service's work queue."""
    return f"{topology.name}-jobs"


def due_durable(topology: ServiceTopology) -> str:
    """The shared consumer of a service's due timers."""
    return f"{topology.name}-due"


def stray_durable(topology: ServiceTopology) -> str:
    """The shared consumer that looks for subjects nobody reads."""
    return f"{topology.name}-stray"


def matches(pattern: str, subject: str) -> bool:
    """Whether a subject fits a pattern with NATS' wildcards."""
    wanted, given = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        return len(given) >= len(wanted) and _tokens_match(wanted[:-1], given)
    return len(wanted) == len(given) and _tokens_match(wanted, given)


def _tokens_match(wanted: list[str], given: list[str]) -> bool:
    return all(w in {"*", g} for w, g in zip(wanted, given, strict=False))
