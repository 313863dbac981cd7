"""What a model costs and how it is told not to think: data from ``models.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

MILLION = 1_000_000


class Tokens(BaseModel):
    """Token counts of one call. ``input`` is what was neither read from nor written to the prompt cache."""

    model_config = ConfigDict(frozen=True)

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0

    @property
    def prompt(self) -> int:
        """All tokens of the prompt, cached or not."""
        return self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h


class Model(BaseModel):
    """Prices in US dollars per million tokens, and the ``thinking.type`` that turns thinking off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float
    output: float
    cache_write_5m: float
    cache_write_1h: float
    cache_read: float
    long_above: int | None = None
    long_factor: float = 1.0
    thinking_off: Literal["disabled", "between_tools"] | None = None

    def cost(self, tokens: Tokens) -> float:
        """US dollars for one call."""
        total = (
            tokens.input * self.input
            + tokens.output * self.output
            + tokens.cache_read * self.cache_read
            + tokens.cache_write_5m * self.cache_write_5m
            + tokens.cache_write_1h * self.cache_write_1h
        )
        long = self.long_above is not None and tokens.prompt > self.long_above
        return total * (self.long_factor if long else 1.0) / MILLION


@cache
def catalog() -> dict[str, Model]:
    """All known models by id."""
    text = files(__package__).joinpath("models.toml").read_text("utf-8")
    return {id_: Model.model_validate(entry) for id_, entry in tomllib.loads(text).items()}


def model_of(id_: str) -> Model:
    """The model with this id or, for a dated id (``claude-haiku-4-5-20251001``), its family.

    An unknown model counts as the dearest known one, so that the budget is never understated.
    """
    known = catalog()
    family = max(
        (name for name in known if id_ == name or id_.startswith(f"{name}-2")), key=len, default=None
    )
    if family is not None:
        return known[family]
    return max(known.values(), key=lambda model: model.output).model_copy(update={"thinking_off": None})
