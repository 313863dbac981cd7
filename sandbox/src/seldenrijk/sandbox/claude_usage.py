"""Token counts of the Claude stand-in, with a prompt cache that works like the real one."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from .claude_wire import TextBlock, TokensRequest

CHARS_PER_TOKEN = 3.0
LEAST_CACHED = 1_024  # tokens; shorter prefixes are not cached
LIFE = {"5m": 300.0, "1h": 3_600.0}


def tokens(text: str) -> int:
    """About as many tokens as Dutch text has."""
    return max(1, round(len(text) / CHARS_PER_TOKEN)) if text else 0


def prompt_tokens(request: TokensRequest) -> int:
    """All tokens of a request's prompt."""
    schema = str(request.schema_asked or "")
    return tokens(request.system_text) + tokens(request.user_text) + tokens(schema) + 8


class PromptCache:
    """Prefixes seen before: by model, up to the last system block marked for the cache."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def clear(self) -> None:
        """Forget all prefixes."""
        self._until.clear()

    def usage(self, request: TokensRequest, answer: str) -> dict[str, Any]:
        """The ``usage`` of a response; reading or writing a prefix renews its life."""
        prefix, ttl = _prefix(request)
        cached = tokens(prefix)
        total = prompt_tokens(request)
        read = written = 0
        if ttl is not None and cached >= LEAST_CACHED:
            key = hashlib.sha256(f"{request.model}\0{request.schema_asked}\0{prefix}".encode()).hexdigest()
            hit = self._until.get(key, 0.0) > self._clock()
            read, written = (cached, 0) if hit else (0, cached)
            self._until[key] = self._clock() + LIFE[ttl]
        return {
            "input_tokens": total - read - written,
            "output_tokens": tokens(answer),
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "cache_creation": {
                "ephemeral_5m_input_tokens": written if ttl == "5m" else 0,
                "ephemeral_1h_input_tokens": written if ttl == "1h" else 0,
            },
            "service_tier": "standard",
        }


def _prefix(request: TokensRequest) -> tuple[str, str | None]:
    """The text up to the last marked system block, and that mark's time to live."""
    blocks: list[TextBlock] = request.system if isinstance(request.system, list) else []
    marked = [index for index, block in enumerate(blocks) if block.cache_control is not None]
    if not marked:
        return "", None
    last = blocks[marked[-1]].cache_control
    return "\n".join(block.text for block in blocks[: marked[-1] + 1]), last.ttl if last else None
