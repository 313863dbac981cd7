"""Lead score and journey stage: pure functions over what is known of the whole conversation."""

from collections.abc import Iterable
from typing import Final, Literal

from pydantic import BaseModel

from seldenrijk.contracts import Lead, Slots, Understanding

POINTS: Final = {
    "model": 25,
    "make": 15,
    "year_or_fuel": 10,
    "price_question": 25,
    "budget": 20,
    "urgency_high": 20,
    "urgency_medium": 15,
    "urgency_low": 8,
    "test_drive": 15,
    "test_drive_soon": 20,
    "trade_in": 10,
    "financing": 10,
}
OUTDONE: Final = {
    "make": {"model"},
    "urgency_medium": {"urgency_high"},
    "urgency_low": {"urgency_high", "urgency_medium"},
    "test_drive": {"test_drive_soon"},
}
"""A signal that doesn't count beside a stronger one of its kind."""
SOON: Final = (
    "vandaag",
    "morgen",
    "vanmiddag",
    "vanavond",
    "vanochtend",
    "nu",
    "today",
    "tomorrow",
    "heute",
    "now",
)
Quality = Literal["hot", "warm", "lukewarm", "cold"]
Stage = Literal["first-contact", "information-gathering", "comparing", "ready-to-buy"]


class Signals(BaseModel):
    """Everything that ever counted in this conversation; nothing is taken away by a short "ok"."""

    seen: tuple[str, ...] = ()
    messages: int = 0
    cars_asked: tuple[str, ...] = ()


def noticed(signals: Signals, said: Slots, preferences: Slots, understanding: Understanding) -> Signals:
    """The signals after one more message."""
    intents = {understanding.intent, *understanding.secondary}
    new = [
        *(["model"] if preferences.model else []),
        *(["make"] if preferences.make else []),
        *(["year_or_fuel"] if _year_or_fuel(preferences) else []),
        *(["price_question"] if "price_question" in intents else []),
        *(["budget"] if preferences.max_price or preferences.min_price or preferences.max_monthly else []),
        *([f"urgency_{understanding.urgency}"] if understanding.urgency else []),
        *_test_drive(said),
        *(["trade_in"] if "trade_in_inquiry" in intents else []),
        *(["financing"] if "financing_inquiry" in intents or preferences.max_monthly else []),
    ]
    cars = (*signals.cars_asked, *said.model)
    return Signals(
        seen=tuple(dict.fromkeys((*signals.seen, *new))),
        messages=signals.messages + 1,
        cars_asked=tuple(dict.fromkeys(cars))[-10:],
    )


def _year_or_fuel(preferences: Slots) -> bool:
    return bool(preferences.fuel_type or preferences.min_year or preferences.max_year)


def _test_drive(said: Slots) -> Iterable[str]:
    if said.appointment.kind not in {"proefrit", "bezichtiging"}:
        return []
    day = (said.appointment.day_text or "").lower()
    soon = any(day.startswith(word) for word in SOON)
    return ["test_drive_soon" if soon else "test_drive"]


def lead_of(signals: Signals) -> Lead:
    """Score, quality and stage of a conversation."""
    counted = [s for s in signals.seen if not OUTDONE.get(s, set()) & set(signals.seen)]
    score = min(100, sum(POINTS[s] for s in counted))
    return Lead(
        score=score, quality=quality_of(score), stage=stage_of(signals, score), signals=tuple(counted)
    )


def quality_of(score: int) -> Quality:
    """hot from 70, warm from 50, lukewarm from 30, else cold."""
    if score >= 70:
        return "hot"
    if score >= 50:
        return "warm"
    return "lukewarm" if score >= 30 else "cold"


def stage_of(signals: Signals, score: int) -> Stage:
    """Where the customer is on the way to a car."""
    seen = set(signals.seen)
    if seen & {"test_drive", "test_drive_soon"} or score >= 70:
        return "ready-to-buy"
    if len(signals.cars_asked) >= 2 or {"price_question", "model"} <= seen:
        return "comparing"
    return "information-gathering" if seen or signals.messages > 1 else "first-contact"
