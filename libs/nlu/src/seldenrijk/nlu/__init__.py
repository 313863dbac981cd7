"""Dutch understanding: text in, intent and slots out. `understand` is the one entrance."""

from seldenrijk.nlu.engine import understand, understand_with_reasons, warm_up
from seldenrijk.nlu.types import Evidence, SlotResult, Understanding

__all__ = ["Evidence", "SlotResult", "Understanding", "understand", "understand_with_reasons", "warm_up"]
