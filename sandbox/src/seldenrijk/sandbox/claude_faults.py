"""Planned misfortune of the Claude stand-in, chosen by purpose."""

import math
import random
from collections.abc import Iterable
from itertools import count
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .claude_wire import MessagesRequest

Purpose = Literal["understand", "write", "any"]
Kind = Literal[
    "latency",
    "rate_limited",
    "overloaded",
    "server_error",
    "unauthorized",
    "unpaid",
    "forbidden",
    "status",
    "cut",
    "cut_midway",
    "malformed",
    "not_json",
    "truncated",
    "refusal",
    "out_of_scheme",
    "nonsense",
]
STATUS: dict[str, int] = {
    "rate_limited": 429,
    "overloaded": 529,
    "server_error": 500,
    "unauthorized": 401,
    "unpaid": 402,
    "forbidden": 403,
}


class FaultSpec(BaseModel):
    """A fault to come.

    ``latency`` waits ``seconds`` and then goes on: fixed, or drawn from a ``distribution`` around that median
    (``lognormal`` with sigma ``spread``, ``uniform`` within plus or minus ``spread`` times the median). The
    next seven refuse with their status, ``status`` with any (``rate_limited`` and ``overloaded`` with
    ``retry_after`` where given). ``cut`` drops the connection before an answer, ``cut_midway`` in its
    body. ``malformed`` answers broken JSON text where JSON was asked for, ``not_json`` a body that is a web
    page, ``truncated`` half an answer with stop reason max_tokens, ``refusal`` none, ``out_of_scheme`` JSON
    with values that no schema knows, ``nonsense`` invented cars and prices. ``times`` ends it after so many
    hits, ``probability`` lets it hit now and then; ``label`` is for whoever planned it.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    purpose: Purpose = "any"
    seconds: float = Field(1.0, ge=0, le=600)
    distribution: Literal["fixed", "lognormal", "uniform"] = "fixed"
    spread: float = Field(0.3, ge=0, le=2)
    status: int = Field(500, ge=400, le=599)
    retry_after: float | None = None
    times: int | None = Field(None, ge=1)
    probability: float = Field(1.0, ge=0, le=1)
    label: str | None = None


class Fault(FaultSpec):
    """A planned fault and how often it has hit."""

    id: str
    hits: int = 0


def purpose_of(request: MessagesRequest) -> Purpose:
    """Understanding asks for JSON, writing for text."""
    return "understand" if request.schema_asked is not None else "write"


class ClaudeFaults:
    """All planned faults. Draws are seeded, so a run can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._ids = count(1)
        self._faults: dict[str, Fault] = {}

    def add(self, spec: FaultSpec) -> Fault:
        """Plan one."""
        fault = Fault(id=f"c{next(self._ids)}", **spec.model_dump())
        self._faults[fault.id] = fault
        return fault

    def remove(self, id_: str) -> bool:
        """Call one off; False where there is none."""
        return self._faults.pop(id_, None) is not None

    def clear(self) -> None:
        """Call all off."""
        self._faults.clear()

    def listing(self) -> list[Fault]:
        """All that are planned or spent."""
        return list(self._faults.values())

    def take(self, purpose: Purpose) -> list[Fault]:
        """The faults that hit this request: every latency, and at most one other."""
        hit: list[Fault] = []
        for fault in self._faults.values():
            spent = fault.times is not None and fault.hits >= fault.times
            if spent or fault.purpose not in ("any", purpose) or _second(fault, hit):
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            fault.hits += 1
            hit.append(fault)
        return hit

    def seconds(self, hit: Iterable[Fault]) -> float:
        """How long the hits make the request wait."""
        return sum(self._drawn(fault) for fault in hit if fault.kind == "latency")

    def _drawn(self, fault: Fault) -> float:
        if fault.distribution == "lognormal":
            return fault.seconds * math.exp(self._random.gauss(0.0, fault.spread))
        if fault.distribution == "uniform":
            return fault.seconds * max(0.0, 1 + self._random.uniform(-fault.spread, fault.spread))
        return fault.seconds


def _second(fault: Fault, hit: list[Fault]) -> bool:
    return fault.kind != "latency" and any(other.kind != "latency" for other in hit)
