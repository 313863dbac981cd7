"""The learned part: multinomial logistic regression on binary features, small and in plain Python.

Stored as `data/model/intents.json`: feature names, one signed byte per feature and intent (base64)
and one scale. No numerical library is needed to use it.
"""

import base64
import json
import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add
from typing import Any

from seldenrijk.nlu.cues import INTENTS


@dataclass(frozen=True, slots=True)
class Model:
    """Weights per feature, in the order of INTENTS, to be multiplied by `scale`."""

    rows: dict[str, tuple[int, ...]]
    bias: tuple[float, ...]
    scale: float

    def probabilities(self, names: Iterable[str]) -> dict[str, float]:
        """Return the probability of every intent for the features that are on."""
        total: list[int] = [0] * len(INTENTS)
        rows = self.rows
        for name in names:
            row = rows.get(name)
            if row is not None:
                total = list(map(add, total, row))
        return softmax([t * self.scale + b for t, b in zip(total, self.bias, strict=True)])


def softmax(scores: list[float]) -> dict[str, float]:
    """Turn scores in the order of INTENTS into probabilities by intent."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return {intent: power / total for intent, power in zip(INTENTS, powers, strict=True)}


def to_json(names: list[str], rows: list[list[int]], bias: list[float], scale: float) -> dict[str, Any]:
    """Return the form in which a model is stored."""
    weights = array("b", [value for row in rows for value in row])
    return {
        "intents": list(INTENTS),
        "bias": bias,
        "scale": scale,
        "features": "\n".join(names),
        "weights": base64.b64encode(weights.tobytes()).decode("ascii"),
    }


def from_json(data: dict[str, Any]) -> Model:
    """Build a model from its stored form; raises ValueError when it is of other intents or damaged."""
    names = data["features"].split("\n")
    weights = array("b")
    weights.frombytes(base64.b64decode(data["weights"]))
    width = len(INTENTS)
    if tuple(data["intents"]) != INTENTS or len(weights) != width * len(names):
        raise ValueError("the stored intent model does not fit: run `python -m seldenrijk.nlu train`")
    values = weights.tolist()
    rows = {name: tuple(values[n * width : (n + 1) * width]) for n, name in enumerate(names)}
    return Model(rows, tuple(data["bias"]), data["scale"])


@lru_cache(maxsize=1)
def packaged_model() -> Model:
    """Return the model of the package, which `python -m seldenrijk.nlu train` writes."""
    path = files("seldenrijk.nlu").joinpath("data/model/intents.json")
    return from_json(json.loads(path.read_text(encoding="utf-8")))
