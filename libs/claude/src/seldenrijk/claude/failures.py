"""What an exception of the SDK means for us."""

from traceback import extract_tb

import anthropic

from .result import Reason

HOLD_LIMIT = 60.0  # seconds; a retry-after of hours would keep Claude away long after the trouble
_REFUSED_TYPES = frozenset({"authentication_error", "billing_error", "permission_error"})


def reason_of(error: Exception) -> Reason:
    """The reason for a Result."""
    if isinstance(error, TimeoutError | anthropic.APITimeoutError):
        return "timeout"
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error)
    if isinstance(error, anthropic.APIResponseValidationError):
        return "malformed"
    return "error"


def _of_status(error: anthropic.APIStatusError) -> Reason:
    unpaid = "spend_limit" in (error.error_code or "")
    if error.status_code in (401, 402, 403) or error.type in _REFUSED_TYPES or unpaid:
        return "auth"
    if error.status_code == 429:
        return "rate_limited"
    if error.status_code in (503, 529) or error.type == "overloaded_error":
        return "overloaded"
    return "timeout" if error.status_code in (408, 504) else "error"


def retry_after(error: Exception) -> float | None:
    """Seconds that the API asks us to stay away, at most :data:`HOLD_LIMIT`; None where it does not say."""
    if not isinstance(error, anthropic.APIStatusError):
        return None
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, HOLD_LIMIT) if seconds > 0 else None


def broken_connection(error: Exception) -> bool:
    """The connection failed before an answer: trying again at once is worth it, once."""
    return isinstance(error, anthropic.APIConnectionError) and not isinstance(
        error, anthropic.APITimeoutError
    )


def in_short(error: Exception) -> str:
    """For the log: class, status, type, request id (of a bug: where); not the message, which may quote."""
    parts = [type(error).__name__]
    if isinstance(error, anthropic.APIStatusError):
        parts += [str(error.status_code), error.type or "", error.error_code or "", error.request_id or ""]
    elif not isinstance(error, anthropic.APIError | TimeoutError):
        parts += [f"in {frame.name} line {frame.lineno}" for frame in extract_tb(error.__traceback__)[-1:]]
    return " ".join(part for part in parts if part)
