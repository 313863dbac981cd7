"""The built-in composer: a reply from facts only, in the customer's language, without a language model."""

from .block import Block, Composed
from .layout import compose

__all__ = ["Block", "Composed", "compose"]
