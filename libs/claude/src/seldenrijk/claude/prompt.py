"""A request to Claude before it is sent: cached system blocks, one user turn, the form of the answer."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .models import Model, Tokens

CHARS_PER_TOKEN = 2.5  # Dutch with the newer tokenizers; low on purpose, for estimates of cost


@dataclass(frozen=True)
class Prompt:
    """``system`` blocks are the same for many calls and marked for the prompt cache, each by itself."""

    system: tuple[str, ...]
    user: str
    max_tokens: int
    schema: dict[str, Any] | None = None
    effort: str | None = None

    def parameters(self, model_id: str, model: Model) -> dict[str, Any]:
        """Keyword arguments for ``messages.create``; thinking is off where the model allows that."""
        parameters: dict[str, Any] = {
            "model": model_id,
            "max_tokens": self.max_tokens,
            "system": [_cached(text) for text in self.system if text],
            "messages": [{"role": "user", "content": self.user}],
        }
        output: dict[str, Any] = {}
        if self.effort is not None:
            output["effort"] = self.effort
        if self.schema is not None:
            output["format"] = {"type": "json_schema", "schema": self.schema}
        if output:
            parameters["output_config"] = output
        if model.thinking_off is not None:
            parameters["thinking"] = {"type": model.thinking_off}
        return parameters

    def most_tokens(self) -> Tokens:
        """An upper estimate of what a call uses."""
        chars = sum(map(len, self.system)) + len(self.user) + len(str(self.schema or ""))
        return Tokens(input=int(chars / CHARS_PER_TOKEN), output=self.max_tokens)


def _cached(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}


@cache
def resource(name: str) -> str:
    """A prompt text of this package."""
    return files(__package__).joinpath("prompts", name).read_text("utf-8")
