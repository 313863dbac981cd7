"""Lead score, quality and stage over a conversation."""

from typing import Any

import pytest

from seldenrijk.contracts import Lead, Slots, Understanding
from seldenrijk.contracts.plain import slots_of
from seldenrijk.extractor.lead import Signals, lead_of, noticed, quality_of
from seldenrijk.extractor.merge import merge


def conversation(*messages: tuple[str, dict[str, Any], dict[str, Any]]) -> Lead:
    signals, known = Signals(), Slots()
    for intent, slots, more in messages:
        said = slots_of(slots)
        known = merge(known, said)
        understanding = Understanding.model_validate({"intent": intent, "confidence": 0.9} | more)
        signals = noticed(signals, said, known, understanding)
    return lead_of(signals)


@pytest.mark.parametrize(
    ("message", "score"),
    [
        (("car_inquiry", {"make": "Kia"}, {}), 15),
        (("car_inquiry", {"make": "Kia", "model": "Rio"}, {}), 25),
        (("car_inquiry", {"fuel_type": "diesel"}, {}), 10),
        (("price_question", {}, {}), 25),
        (("price_question", {"max_price": 10000}, {}), 45),
        (("car_inquiry", {}, {"urgency": "high"}), 20),
        (("car_inquiry", {}, {"urgency": "medium"}), 15),
        (("car_inquiry", {}, {"urgency": "low"}), 8),
        (("appointment_request", {"appointment": {"kind": "proefrit", "day_text": "zaterdag"}}, {}), 15),
        (("appointment_request", {"appointment": {"kind": "proefrit", "day_text": "morgen"}}, {}), 20),
        (("trade_in_inquiry", {}, {}), 10),
        (("financing_inquiry", {}, {}), 10),
        (("general_inquiry", {}, {}), 0),
    ],
)
def test_points(message: tuple[str, dict[str, Any], dict[str, Any]], score: int) -> None:
    assert conversation(message).score == score


def test_a_short_ok_lowers_nothing() -> None:
    golf = ("car_inquiry", {"make": "Volkswagen", "model": "Golf"}, {})
    price = ("price_question", {}, {})
    ok = ("general_inquiry", {}, {})
    assert conversation(golf, price, ok).score == conversation(golf, price).score == 50


def test_the_score_stops_at_a_hundred() -> None:
    everything = ("price_question", {"make": "Kia", "model": "Rio", "fuel_type": "diesel", "max_price": 9000,
                  "appointment": {"kind": "proefrit", "day_text": "vandaag"}},
                  {"urgency": "high", "secondary": ["trade_in_inquiry", "financing_inquiry"]})  # fmt: skip
    lead = conversation(everything)
    assert (lead.score, lead.quality, lead.stage) == (100, "hot", "ready-to-buy")


@pytest.mark.parametrize(
    ("score", "quality"), [(70, "hot"), (69, "warm"), (50, "warm"), (49, "lukewarm"), (29, "cold")]
)
def test_quality(score: int, quality: str) -> None:
    assert quality_of(score) == quality


def test_stages() -> None:
    assert conversation(("general_inquiry", {}, {})).stage == "first-contact"
    assert conversation(("car_inquiry", {"make": "Kia"}, {})).stage == "information-gathering"
    two = (("car_inquiry", {"model": "Rio"}, {}), ("car_inquiry", {"model": "Corsa"}, {}))
    assert conversation(*two).stage == "comparing"
