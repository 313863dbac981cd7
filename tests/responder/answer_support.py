"""Builders for the answer's tests: the dealer, a small stock, requests."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from seldenrijk.contracts import (
    Message,
    OfferedCar,
    ReplyRequested,
    Slots,
    Turn,
    UnansweredMessage,
    Understanding,
    derived_id,
)
from seldenrijk.responder.answer.dealer import Dealer, load_dealer
from seldenrijk.responder.answer.describe import offered
from seldenrijk.responder.answer.situation import Situation, gather
from seldenrijk.responder.car import Car
from seldenrijk.responder.stock.model import Departed, Snapshot

DEALER_FILE = Path(__file__).parents[2] / "deploy" / "dealer.toml"
CONVERSATION = "c" + "a" * 26
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 10:00 in Harderwijk, open
NIGHT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)  # 22:00, closed


@cache
def dealer() -> Dealer:
    return load_dealer(DEALER_FILE)


def car(
    id_: str, make: str, model: str, year: int, mileage: int, price: int, fuel: str, gear: str, **more: Any
) -> Car:
    more.setdefault("url", f"https://www.seldenrijk.nl/voorraad/{id_.lower()}")
    return Car(
        id=id_,
        make=make,
        model=model,
        year=year,
        mileage=mileage,
        price=price,
        fuel_type=fuel,
        transmission=gear,
        **more,
    )  # type: ignore[arg-type]


GOLF = car(
    "S101",
    "Volkswagen",
    "Golf",
    2019,
    78_000,
    18_950,
    "benzine",
    "automaat",
    version="1.5 TSI Highline",
    body_type="hatchback",
    color="wit",
    doors=5,
    seats=5,
    features=("airco", "navigatie", "trekhaak"),
    license_plate="XK-123-B",
)
GOLF_OLD = car(
    "S102",
    "Volkswagen",
    "Golf",
    2015,
    132_500,
    11_450,
    "diesel",
    "handgeschakeld",
    version="1.6 TDI",
    body_type="hatchback",
    color="grijs",
    doors=5,
    seats=5,
    features=("airco", "cruise control"),
)
POLO = car(
    "S103",
    "Volkswagen",
    "Polo",
    2018,
    64_300,
    13_750,
    "benzine",
    "handgeschakeld",
    body_type="hatchback",
    color="zwart",
    doors=5,
    seats=5,
    features=("airco",),
)
TUCSON = car(
    "S104",
    "Hyundai",
    "Tucson",
    2017,
    121_000,
    17_900,
    "diesel",
    "automaat",
    body_type="SUV",
    color="blauw",
    doors=5,
    seats=5,
    features=("trekhaak", "navigatie", "airco"),
)
TIGUAN = car(
    "S105",
    "Volkswagen",
    "Tiguan",
    2020,
    89_900,
    27_950,
    "diesel",
    "automaat",
    body_type="SUV",
    color="zwart",
    doors=5,
    seats=5,
    features=("panoramadak", "navigatie", "airco"),
)
NIRO = car(
    "S106",
    "Kia",
    "Niro",
    2020,
    48_200,
    21_950,
    "hybride",
    "automaat",
    body_type="SUV",
    color="blauw",
    doors=5,
    seats=5,
    monthly=329,
)
OCTAVIA = car(
    "S107",
    "Škoda",
    "Octavia",
    2018,
    98_400,
    16_250,
    "benzine",
    "automaat",
    body_type="stationwagon",
    color="rood",
    doors=5,
    seats=5,
    features=("trekhaak",),
)
ZOE = car(
    "S108",
    "Renault",
    "Zoe",
    2019,
    52_000,
    10_950,
    "elektrisch",
    "automaat",
    body_type="hatchback",
    color="wit",
)
YARIS_SOLD = car(
    "S109",
    "Toyota",
    "Yaris",
    2017,
    71_000,
    12_450,
    "hybride",
    "automaat",
    body_type="hatchback",
    color="rood",
    status="sold",
)
FOCUS_RESERVED = car(
    "S110",
    "Ford",
    "Focus",
    2018,
    83_000,
    12_950,
    "benzine",
    "handgeschakeld",
    body_type="stationwagon",
    color="blauw",
    status="reserved",
)
CARS = (GOLF, GOLF_OLD, POLO, TUCSON, TIGUAN, NIRO, OCTAVIA, ZOE, FOCUS_RESERVED)


@cache
def stock() -> Snapshot:
    return Snapshot(cars=CARS, loaded_at=WEDNESDAY, departed=(Departed(YARIS_SOLD, WEDNESDAY),))


def as_offered(*cars: Car) -> tuple[OfferedCar, ...]:
    return tuple(offered(c) for c in cars)


def message(
    text: str = "",
    intent: str = "general_inquiry",
    slots: Slots | None = None,
    kind: str = "text",
    secondary: tuple[str, ...] = (),
    **understood: Any,
) -> UnansweredMessage:
    return UnansweredMessage(
        event_id=derived_id(text + intent, "message.received.v1"),
        message=Message(message_id="SM" + "0" * 32, kind=kind, text=text, received_at=WEDNESDAY),  # type: ignore[arg-type]
        understanding=Understanding(intent=intent, secondary=secondary, confidence=0.9, **understood),  # type: ignore[arg-type]
        slots=slots or Slots(),
    )


def request(
    *messages: UnansweredMessage, preferences: Slots | None = None, last_bot: str = "", **more: Any
) -> ReplyRequested:
    """A request; the preferences default to what the messages say."""
    said = preferences
    if said is None:
        merged: dict[str, Any] = {}
        for m in messages:
            merged |= {k: getattr(m.slots, k) for k in m.slots.model_fields_set}
        said = Slots(**merged)
    turns = (Turn(role="bot", text=last_bot, at=WEDNESDAY),) if last_bot else ()
    more.setdefault("turns", turns)
    return ReplyRequested.of(
        messages[-1].event_id if messages else "none",
        CONVERSATION,
        time=WEDNESDAY,
        version=1,
        messages=messages,
        preferences=said,
        **more,
    )


def situation(asked: ReplyRequested, now: datetime = WEDNESDAY) -> Situation:
    return gather(asked, dealer(), stock(), now)


class Holder:
    """The stock as the writer gets it."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot if snapshot is not None else stock()
