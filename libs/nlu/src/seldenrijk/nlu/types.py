"""The results of the understanding: plain, frozen values that any process can build and compare."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which characters of the original text gave a field its value, and by which rule."""

    start: int
    end: int
    field: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class SlotResult:
    """What one message says about the wanted car, the own car and the appointment.

    `slots` has the form of the labelling guide: scalars, lists where there is more than one
    alternative, and dicts for own_car, appointment and exclude. Absent means not said. `moments` are
    all days and times of the message, wanted or not.
    """

    slots: dict[str, object]
    evidence: tuple[Evidence, ...] = ()
    leftovers: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    new_search: bool = False
    moments: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything the engine knows about one message; `language` nl|en|de, `priority` low|medium|high."""

    intent: str
    secondary: tuple[str, ...]
    confidence: float
    language: str
    priority: str
    needs_human: bool
    human_reason: str | None
    formal: bool | None
    urgency: str | None
    slots: dict[str, object]
    evidence: tuple[Evidence, ...]
    leftovers: tuple[str, ...]
    cleared: tuple[str, ...]
    new_search: bool
