"""Confidence that means something: of the answers given 0.9, nine in ten are right.

The table is fitted on predictions for messages the model had not seen (isotonic regression, see
train.py) and stored as `data/model/confidence.json`: points between which it is a straight line.
"""

import json
from bisect import bisect_right
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _points() -> tuple[tuple[float, ...], tuple[float, ...]]:
    path = files("seldenrijk.nlu").joinpath("data/model/confidence.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    return tuple(data["raw"]), tuple(data["right"])


def calibrated(raw: float) -> float:
    """Turn a raw confidence into the share of such answers that is right, 0 to 1, three decimals."""
    xs, ys = _points()
    return interpolate(xs, ys, raw)


def interpolate(xs: tuple[float, ...], ys: tuple[float, ...], x: float) -> float:
    """Read a table of points as straight lines; outside it the first or last value holds."""
    at = bisect_right(xs, x)
    if at == 0:
        return ys[0]
    if at == len(xs):
        return ys[-1]
    share = (x - xs[at - 1]) / (xs[at] - xs[at - 1])
    return round(ys[at - 1] + share * (ys[at] - ys[at - 1]), 3)
