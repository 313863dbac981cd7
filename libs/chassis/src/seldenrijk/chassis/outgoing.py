"""From a handler's outcome to messages on the bus."""

from datetime import UTC

from seldenrijk.contracts import Event, derived_id, headers_of, subject_of

from . import telemetry
from .bus import OutMessage
from .bus.names import MSG_ID, SCHEDULE, SCHEDULE_TARGET, due_subject, job_subject, timer_subject
from .outcome import Outcome, S, Timer


def event_message(service: str, event: Event) -> OutMessage:
    """An event on its way into the conversations' stream."""
    return OutMessage(subject_of(event), headers_of(event, service, telemetry.traceparent()), event.to_json())


def job_message(service: str, job: Event) -> OutMessage:
    """A job on its way into the service's work queue."""
    return OutMessage(
        job_subject(service, job), headers_of(job, service, telemetry.traceparent()), job.to_json()
    )


def timer_message(service: str, timer: Timer) -> OutMessage:
    """A message for the server to deliver later (JetStream message schedules, ADR-51 of NATS)."""
    at = timer.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = headers_of(timer.event, service, telemetry.traceparent()) | {
        SCHEDULE: f"@at {at}",
        SCHEDULE_TARGET: due_subject(service, timer.event),
        # a schedule that replaces another one is another message: the time belongs to its id
        MSG_ID: derived_id(timer.event.id, "schedule", at),
        "due-at": at,
    }
    return OutMessage(timer_subject(service, timer.event, timer.key), headers, timer.event.to_json())


def messages_of(service: str, outcome: Outcome[S]) -> tuple[OutMessage, ...]:
    """Everything that an outcome asks for, in the order in which it is published."""
    return (
        *(timer_message(service, t) for t in outcome.timers),
        *(job_message(service, j) for j in outcome.jobs),
        *(event_message(service, e) for e in outcome.events),
    )
