"""Structured logs without personal data: JSON, or readable lines on a terminal."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from .telemetry import trace_id

NOISY = (
    "aiohttp",
    "anthropic",
    "httpcore",
    "httpx",
    "httpx2",
    "nats",
    "twilio.async_http_client",
    "twilio.http_client",
    "uvicorn.access",
)
PRIVATE_KEYS = frozenset(
    {
        "text",
        "body",
        "name",
        "profile_name",
        "phone",
        "address",
        "from",
        "to",
        "email",
        "customer",
        "password",
        "token",
    }
)
_PHONE = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
# ids and times consist of digits too: they are recognised by their form and left alone
_HARMLESS = re.compile(r"^[0-9a-f]{16,64}$|^[0-9a-f-]{36}$|^\d{4}-\d\d-\d\dT[\d:.+Z-]+$", re.IGNORECASE)


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Blank out phone numbers, e-mail addresses and the fields that hold a customer's words."""
    for key, value in event.items():
        if key in PRIVATE_KEYS and value is not None:
            event[key] = "[redacted]"
        elif isinstance(value, str) and key != "timestamp" and not _HARMLESS.match(value):
            event[key] = scrub(value)
    return event


def scrub(text: str) -> str:
    """A text with phone numbers and e-mail addresses blanked out."""
    return _EMAIL.sub("[e-mail]", _PHONE.sub("[number]", text))


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if (found := trace_id()) is not None:
        event.setdefault("trace_id", found)
    return event


def _upper_level(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["level"] = str(event["level"]).upper()
    return event


def setup(service: str, level: str = "INFO", style: str = "auto") -> None:
    """Route structlog and the standard library's logging through one redacting pipeline to stdout."""
    console = style == "console" or (style == "auto" and sys.stdout.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _upper_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # these log addresses, query strings or whole requests at INFO
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)
