"""Planned misfortune: which requests fail, how, how often."""

import asyncio
import random
from collections.abc import Iterable
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Vendor = Literal["twilio", "chatwoot"]
Kind = Literal[
    "delay", "status", "code", "reset", "lost", "callback", "early_callback", "drop", "duplicate", "reorder"
]
REQUEST_KINDS: tuple[Kind, ...] = ("delay", "reset", "lost", "status", "code")
DELIVERY_KINDS: tuple[Kind, ...] = ("delay", "drop", "duplicate", "reorder")


class FaultSpec(BaseModel):
    """A fault to come; those of the Claude stand-in are planned at ``/claude/faults``.

    ``operation`` is a name such as ``messages.create`` or a pattern (``messages.*``); requests that
    the vendor sends are operations too: ``webhook`` (inbound or Chatwoot's) and ``callback``.

    Kinds: ``delay`` waits ``seconds`` and goes on; ``status`` answers ``status`` (with
    ``after``: once the work has been done); ``code`` refuses with Twilio's error ``code``;
    ``reset`` cuts the connection before anything is done; ``lost`` does the work and then cuts the
    connection; ``callback`` accepts the message and later reports ``code``; ``early_callback`` sends
    the first callback before the answer; ``drop``, ``duplicate`` (``count`` times in all, at once) and
    ``reorder`` (held back for ``seconds``) concern what the vendor sends.

    ``times`` ends it after so many hits, ``probability`` lets it hit now and then, ``match`` limits it to
    requests that concern this phone number or contain this text. ``label`` is for whoever planned it.
    """

    model_config = ConfigDict(extra="forbid")

    vendor: Vendor
    operation: str = "*"
    kind: Kind
    status: int = Field(500, ge=200, le=599)
    code: int | None = None
    seconds: float = Field(1.0, ge=0, le=600)
    count: int = Field(2, ge=1, le=1_000)
    retry_after: int | None = None
    body: str | None = None
    after: bool = False
    times: int | None = Field(None, ge=1)
    probability: float = Field(1.0, ge=0, le=1)
    match: str | None = None
    label: str | None = None


class Fault(FaultSpec):
    """A planned fault and how often it has hit."""

    id: str
    hits: int = 0

    @property
    def spent(self) -> bool:
        """It has hit as often as it was meant to."""
        return self.times is not None and self.hits >= self.times


FAULT_LIST = TypeAdapter(list[FaultSpec])


class Faults:
    """All planned faults; draws are seeded, so a run can be repeated."""

    def __init__(self, seed: int = 0, initial: Iterable[FaultSpec] = ()) -> None:
        self._random = random.Random(seed)  # nosec B311 (a run has to be repeatable)
        self._ids = count(1)
        self._faults: dict[str, Fault] = {}
        for spec in initial:
            self.add(spec)

    def add(self, spec: FaultSpec) -> Fault:
        """Plan one."""
        fault = Fault(id=f"f{next(self._ids)}", **spec.model_dump())
        self._faults[fault.id] = fault
        return fault

    def remove(self, id_: str) -> bool:
        """Call one off; False where there is none."""
        return self._faults.pop(id_, None) is not None

    def clear(self) -> None:
        """Call all off."""
        self._faults.clear()

    def listing(self) -> list[dict[str, Any]]:
        """All that are planned or spent."""
        return [fault.model_dump() for fault in self._faults.values()]

    def take(self, vendor: Vendor, operation: str, kinds: tuple[Kind, ...], about: str = "") -> list[Fault]:
        """The faults that hit now, counted as hits. ``about`` is searched for ``match``."""
        hit = []
        for fault in self._faults.values():
            if fault.vendor != vendor or fault.kind not in kinds or fault.spent:
                continue
            if not fnmatchcase(operation, fault.operation) or (fault.match and fault.match not in about):
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            fault.hits += 1
            hit.append(fault)
        return hit

    async def delays(self, hit: Iterable[Fault]) -> None:
        """Wait as the ``delay`` faults among ``hit`` say."""
        for fault in hit:
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
