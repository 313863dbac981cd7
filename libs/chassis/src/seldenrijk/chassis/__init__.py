"""What every service needs: settings, bus, lanes, state, retry, dead letters, telemetry, health."""

from .errors import BusUnavailable, Conflict, Reject, Retry
from .outcome import Context, Handler, JobHandler, Outcome, Timer
from .runtime import Wiring, run
from .settings import ChassisSettings, load

__all__ = [
    "BusUnavailable",
    "ChassisSettings",
    "Conflict",
    "Context",
    "Handler",
    "JobHandler",
    "Outcome",
    "Reject",
    "Retry",
    "Timer",
    "Wiring",
    "load",
    "run",
]
