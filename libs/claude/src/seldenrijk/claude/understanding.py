"""The question "what does this message ask and say?" as a prompt."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from seldenrijk.contracts.messages import Language

from .delimit import block, lines
from .prompt import Prompt, resource
from .proposal import Slots
from .scheme import schema

MAX_TOKENS = 500
CONTEXT_TURNS = 8
CONTEXT_CHARS = 300
ROLES = ("customer", "bot", "agent")
_schema = cache(schema)


def understanding_prompt(
    text: str,
    context: Sequence[Mapping[str, Any]] = (),
    *,
    language: Language | None = None,
    known: Slots | None = None,
    leftovers: Sequence[str] = (),
) -> Prompt:
    """The prompt for one message; see :meth:`seldenrijk.claude.ClaudeClient.understand`."""
    turns = [entry for entry in context if entry.get("role") in ROLES][-CONTEXT_TURNS:]
    state = next((entry.get("slots") for entry in reversed(context) if entry.get("role") == "state"), None)
    blocks = []
    if turns:
        said = tuple(f"{turn['role']}: {turn.get('text', '')}" for turn in turns)
        blocks.append(lines("context", said, CONTEXT_CHARS))
    if state:
        blocks.append(block("wanted_so_far", json.dumps(state, ensure_ascii=False, default=str)))
    if known:
        blocks.append(block("known", json.dumps(known, ensure_ascii=False, default=str)))
    if leftovers:
        blocks.append(lines("leftovers", tuple(leftovers)[:20], 60))
    if language:
        blocks.append(block("probable_language", language))
    blocks.append(block("message", text))
    return Prompt((resource("understand.md"),), "\n".join(blocks), MAX_TOKENS, _schema())
