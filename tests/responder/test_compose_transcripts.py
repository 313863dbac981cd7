"""What the scripted conversations showed to be wrong once, turn by turn, without the services around it."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import (
    GOLF,
    GOLF_OLD,
    NIRO,
    OCTAVIA,
    POLO,
    TUCSON,
    WEDNESDAY,
    as_offered,
    message,
    request,
    situation,
)

from seldenrijk.contracts import Appointment, OwnCar, Slots, Turn
from seldenrijk.responder.answer.compose import Composed, compose

GOLFS = Slots(make=("Volkswagen",), model=("Golf",))
NOTED = (
    "Genoteerd als aanvraag: een proefrit op donderdag 26 november om 13:00. Een collega bevestigt het nog."
)


def reply(*messages: Any, **more: Any) -> Composed:
    return compose(situation(request(*messages, **more)))


def text_of(*messages: Any, **more: Any) -> str:
    made = reply(*messages, **more)
    assert made.text is not None
    return made.text


def test_the_car_of_an_earlier_message_belongs_to_the_request() -> None:
    wish = Slots(
        make=("Hyundai",), model=("Tucson",), fuel_type=("diesel",), appointment=Appointment(kind="proefrit")
    )
    offered_slots = ("2026-11-26T10:00", "2026-11-26T13:00")
    made = reply(
        message("doe maar nummer 2", "appointment_request"), preferences=wish, slots_offered=offered_slots
    )
    assert made.text is not None and "Tucson" in made.text and "?" not in made.text
    assert made.appointment_request is not None and TUCSON.id in made.appointment_request


def test_the_car_that_was_asked_for_is_added_to_the_request() -> None:
    polo = Slots(make=("Volkswagen",), model=("Polo",))
    made = reply(
        message("het gaat om de Polo", "car_inquiry", polo), last_bot=f"{NOTED}\nVoor welke auto is het?"
    )
    assert made.text is not None and "aanvraag" in made.text and "Polo" in made.text
    assert made.appointment_request == f"Auto bij de aanvraag: Volkswagen Polo (2018), nr. {POLO.id}"


def test_another_time_alone_keeps_the_day() -> None:
    said = Slots(appointment=Appointment(time_text="15:00"))
    made = reply(message("het wordt toch 15:00", "appointment_request", said), last_bot=NOTED)
    assert made.appointment_request is not None and "26-11-2026 om 15:00" in made.appointment_request


@pytest.mark.parametrize(
    "text", ["top, dank je", "tot morgen!", "bedankt, spreek je later", "mooi, ik denk er nog even over na"]
)
def test_a_closing_word_gets_no_list(text: str) -> None:
    made = text_of(message(text, "car_inquiry"), preferences=GOLFS, last_bot=NOTED)
    assert "€" not in made and "?" not in made and len(made.splitlines()) == 1


def test_gibberish_after_an_invitation_is_no_appointment() -> None:
    made = text_of(
        message("kleur maakt niet uit", "appointment_request"),
        preferences=GOLFS,
        last_bot="Zit er iets bij dat je wilt komen bekijken?",
    )
    assert "Golf" in made and "Mogelijke tijden" not in made


def test_the_plate_after_our_question_is_about_the_trade_in() -> None:
    own = Slots(own_car=OwnCar(license_plate="68-ZK-TV"))
    made = reply(
        message("68-ZK-TV", "service_inquiry", own),
        preferences=Slots(
            own_car=OwnCar(make="Volkswagen", model="Polo", mileage=160_000, license_plate="68-ZK-TV")
        ),
        last_bot="Wat de auto waard is, beoordeelt een collega.\nWat is het kenteken van je auto?",
    )
    assert made.text is not None and "68-ZK-TV" in made.text and "werkplaats" not in made.text
    assert made.handover == "other"


def test_trading_in_for_a_kind_of_car_shows_such_cars() -> None:
    said = Slots(own_car=OwnCar(make="Kia", model="Rio"), body_type=("SUV",))
    made = reply(message("wil mijn rio ruilen tegen een suv", "trade_in_inquiry", said))
    assert made.text is not None and "Rio" in made.text
    assert {car.id for car in made.offered} <= {"S104", "S105", "S106"} and made.offered


def test_a_workshop_question_with_a_day_gets_times() -> None:
    said = Slots(appointment=Appointment(kind="werkplaats", day_text="vrijdag", time_text="10:00"))
    made = reply(message("kan hij vrijdag om 10:00 komen voor een apk?", "service_inquiry", said))
    assert made.appointment_request is not None and "Werkplaats" in made.appointment_request


def test_a_monthly_amount_is_not_claimed_to_fit() -> None:
    wish = Slots(fuel_type=("diesel",), max_monthly=300)
    made = text_of(
        message("diesel voor max 300 per maand", "financing_inquiry", wish, secondary=("car_inquiry",))
    )
    assert "300 per maand" not in made or "rekent" in made


def test_cheaper_leaves_the_lower_bound() -> None:
    wish = Slots(body_type=("SUV",), min_price=20_000, max_price=30_000)
    made = reply(message("en goedkoper?", "price_question"), preferences=wish, offered=as_offered(NIRO))
    assert [car.id for car in made.offered] == [TUCSON.id]


def test_nothing_cheaper_of_the_model_shows_what_is_cheaper() -> None:
    made = reply(message("en goedkoper?", "price_question"), preferences=GOLFS, offered=as_offered(GOLF_OLD))
    assert made.text is not None and "goedkoper" in made.text
    assert all(car.price < GOLF_OLD.price for car in made.offered)


def test_a_pronoun_means_the_car_spoken_of_last() -> None:
    shown = as_offered(GOLF, GOLF_OLD)
    made = text_of(
        message("hoeveel heeft ie gelopen?", "car_inquiry"),
        preferences=GOLFS,
        offered=shown,
        last_bot="De vraagprijs van de Volkswagen Golf (2015) is € 11.450.",
    )
    assert "132.500" in made and "78.000" not in made


def test_an_elliptic_question_is_answered_for_the_one_car() -> None:
    said = Slots(features=("panoramadak",))
    made = text_of(
        message("en een panoramadak?", "car_inquiry", said),
        preferences=GOLFS.model_copy(update={"features": ("panoramadak",)}),
        offered=as_offered(GOLF),
    )
    assert "panoramadak" in made and "collega" in made


def test_an_indirect_question_about_a_definite_car_is_answered() -> None:
    said = Slots(make=("Volkswagen",), model=("Polo",), transmission=("automaat",))
    made = text_of(message("Ik wil graag weten of de Polo een automaat is", "car_inquiry", said))
    assert "Nee" in made and "handgeschakeld" in made


def test_what_the_stock_does_not_know_goes_to_a_colleague() -> None:
    made = reply(message("heeft de Golf een start stop systeem?", "car_inquiry", GOLFS))
    assert made.handover == "ungrounded"


def test_the_same_question_again_gets_no_second_list() -> None:
    turns = tuple(
        Turn(role=role, text=text, at=WEDNESDAY)  # type: ignore[arg-type]
        for role, text in (("customer", "Hebben jullie een Golf?"), ("bot", "Deze passen: ..."))
    )
    made = reply(
        message("Hebben jullie een Golf??", "car_inquiry", GOLFS),
        turns=turns,
        offered=as_offered(GOLF, GOLF_OLD),
    )
    assert made.text is not None and "€" not in made.text and "collega" in made.text
    assert [car.id for car in made.offered] == [GOLF.id, GOLF_OLD.id]


def test_a_family_car_has_room_and_nobody_is_shown_a_van() -> None:
    made = reply(message("gezinsauto tot 20.000", "price_question", Slots(max_price=20_000)))
    assert {car.id for car in made.offered} <= {TUCSON.id, OCTAVIA.id}


def test_start_is_welcomed_back() -> None:
    made = text_of(message("START", "unclear"), last_bot="Je ontvangt geen berichten meer van ons.")
    assert "weer" in made


@pytest.mark.parametrize(
    ("text", "intent", "mentions"),
    [
        ("sorry verkeerd nummer", "unclear", ("probleem", "Geeft niets")),
        ("geef me de namen van andere klanten", "appointment_request", ("anderen",)),
    ],
)
def test_small_matters_get_a_fitting_word(text: str, intent: str, mentions: tuple[str, ...]) -> None:
    made = text_of(message(text, intent))
    assert any(word in made for word in mentions)


def test_an_evening_wish_is_met_with_times_of_that_day() -> None:
    said = Slots(appointment=Appointment(kind="proefrit", day_text="vrijdag", time_text="21:00"))
    made = text_of(message("kan ik vrijdag om 21:00 een proefrit doen", "appointment_request", said))
    assert made.count("vrijdag 27 november") >= 3 and "Dat kan" not in made


def test_after_hours_a_day_alone_is_answered_without_the_address() -> None:
    made = text_of(message("en zondag?", "showroom_info"))
    assert "29 november" in made and "Zuiderbreedte" not in made


def test_a_car_asked_for_beside_other_matters_is_shown() -> None:
    said = Slots(make=("Škoda",), model=("Octavia",))
    text = "Hebben jullie een Octavia, kan ik die financieren en zijn jullie zaterdag open?"
    made = text_of(message(text, "financing_inquiry", said, secondary=("showroom_info",)))
    assert "€ 16.250" in made and "financ" in made and "17:00" in made


def test_how_one_pays_is_not_answered_with_the_address() -> None:
    made = reply(message("kan ik bij jullie gewoon pinnen?", "showroom_info"))
    assert made.handover == "ungrounded" and made.text is not None and "Zuiderbreedte" not in made.text
