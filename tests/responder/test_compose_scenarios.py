"""The built-in replies to the owner's scenarios, their follow-ups, and everything around them."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import (
    FOCUS_RESERVED,
    GOLF,
    GOLF_OLD,
    NIGHT,
    POLO,
    WEDNESDAY,
    as_offered,
    message,
    request,
    situation,
)

from seldenrijk.contracts import Appointment, OwnCar, Slots
from seldenrijk.responder.answer.compose import Composed, compose

GOLFS = Slots(make=("Volkswagen",), model=("Golf",))


def reply(*messages: Any, now: Any = WEDNESDAY, **more: Any) -> Composed:
    return compose(situation(request(*messages, **more), now))


def text_of(*messages: Any, **more: Any) -> str:
    made = reply(*messages, **more)
    assert made.text is not None
    return made.text


def test_golf_in_stock() -> None:
    made = reply(message("Hallo, ik zoek een Volkswagen Golf", "car_inquiry", GOLFS), first_contact=True)
    assert [car.id for car in made.offered] == ["S101", "S102"]
    assert made.text is not None
    for fact in (
        "2019",
        "78.000 km",
        "benzine",
        "automaat",
        "€ 18.950",
        "https://www.seldenrijk.nl/voorraad/s101",
        "automatische assistent",
    ):
        assert fact in made.text
    assert len(made.text.splitlines()) <= 7


def test_cars_in_the_range() -> None:
    wish = Slots(min_price=20_000, max_price=30_000)
    made = reply(
        message(
            "Ik wil graag een auto kopen tussen 20k en 30k",
            "price_question",
            wish,
            secondary=("car_inquiry",),
        )
    )
    assert made.offered
    assert all(20_000 <= car.price <= 30_000 for car in made.offered)


def test_financing_gives_options_and_no_rate() -> None:
    text = text_of(message("Wat zijn de mogelijkheden voor financiering?", "financing_inquiry"))
    assert "financiering voor particulieren" in text
    assert "financial lease" in text
    assert "%" not in text


def test_a_test_drive_gets_numbered_moments() -> None:
    made = reply(
        message(
            "Kan ik een afspraak maken voor een proefrit?",
            "appointment_request",
            Slots(appointment=Appointment(kind="proefrit")),
        )
    )
    assert len(made.slots) == 3
    assert "1. " in (made.text or "")
    assert "proefrit" in (made.text or "")


def test_diesel_suv_automatic() -> None:
    wish = Slots(fuel_type=("diesel",), body_type=("SUV",), transmission=("automaat",), max_mileage=150_000)
    made = reply(message("Zoek een diesel SUV met automaat onder de 150000 km", "car_inquiry", wish))
    assert {car.id for car in made.offered} == {"S104", "S105"}


def test_nothing_exact_is_said_with_the_difference() -> None:
    wish = Slots(make=("Volkswagen",), model=("Golf",), max_price=11_000)
    made = reply(message("golf tot 11000", "car_inquiry", wish))
    assert "€ 450 boven je budget" in (made.text or "")
    assert "niet" in (made.text or "")


@pytest.mark.parametrize(
    ("model", "make", "word"), [("Yaris", "Toyota", "verkocht"), ("Focus", "Ford", "gereserveerd")]
)
def test_a_taken_car_is_called_so(model: str, make: str, word: str) -> None:
    made = reply(
        message(f"Is de {model} nog beschikbaar?", "car_inquiry", Slots(make=(make,), model=(model,)))
    )
    assert word in (made.text or "").splitlines()[0]
    assert FOCUS_RESERVED.id not in [car.id for car in made.offered]


def test_a_feature_of_the_second_one() -> None:
    made = reply(
        message("heeft de tweede cruise control?", "car_inquiry", Slots(features=("cruise control",))),
        offered=as_offered(GOLF, GOLF_OLD),
    )
    assert (made.text or "").startswith("Ja")


def test_what_the_stock_does_not_say_goes_to_a_colleague() -> None:
    made = reply(
        message(
            "wat is het verbruik van de Polo?", "car_inquiry", Slots(make=("Volkswagen",), model=("Polo",))
        )
    )
    assert made.handover == "ungrounded"
    assert "collega" in (made.text or "")


@pytest.mark.parametrize(
    "topic", ["hoe zit het met garantie?", "bezorgen jullie ook?", "moet ik een aanbetaling doen?"]
)
def test_unset_facts_are_not_claimed(topic: str) -> None:
    made = reply(message(topic, "service_inquiry" if "garantie" in topic else "general_inquiry"))
    assert made.handover == "ungrounded"


def test_trade_in_asks_for_what_is_missing_only() -> None:
    rio = OwnCar(make="Kia", model="Rio", year=2013)
    assert "kenteken" in text_of(message("wat is mijn rio waard", "trade_in_inquiry", Slots(own_car=rio)))
    with_plate = rio.model_copy(update={"license_plate": "12-ABC-3"})
    text = text_of(message("12-ABC-3", "trade_in_inquiry", Slots(own_car=with_plate)))
    assert "kilometer" in text
    full = with_plate.model_copy(update={"mileage": 98_000})
    made = reply(message("98.000", "trade_in_inquiry", Slots(own_car=full)))
    assert "?" not in (made.text or "")
    assert made.handover == "other"


def test_the_next_question_is_never_answered_already() -> None:
    wish = Slots(max_price=30_000, transmission=("automaat",))
    text = text_of(message("automaat tot 30000", "car_inquiry", wish))
    assert "budget in gedachten" not in text
    assert "handgeschakeld?" not in text


def test_several_messages_get_one_reply_to_all() -> None:
    text = text_of(
        message("Hallo", "general_inquiry"),
        message("heb je de Polo nog?", "car_inquiry", Slots(make=("Volkswagen",), model=("Polo",))),
        message("en tot hoe laat zijn jullie zaterdag open", "showroom_info"),
    )
    assert "Polo" in text
    assert "17:00" in text


def test_formal_gets_u_and_no_emoji() -> None:
    text = text_of(message("Dank u wel", "general_inquiry"), formal=True)
    assert "🙂" not in text
    assert " je " not in text_of(message("Ik zoek een Golf", "car_inquiry", GOLFS), formal=True)


def test_one_emoji_in_three_messages() -> None:
    thanks = message("dankjewel", "general_inquiry")
    assert "🙂" in text_of(thanks, replies_without_emoji=2)
    assert "🙂" not in text_of(thanks, replies_without_emoji=1)


def test_out_of_hours_it_says_when_people_are_back() -> None:
    assert "09:00" in text_of(message("hoe zit het met garantie?", "service_inquiry"), now=NIGHT)
    assert "09:00" in text_of(message("slecht!", "complaint"), now=NIGHT)


@pytest.mark.parametrize("kind", ["image", "video", "document"])
def test_what_a_person_must_see_is_handed_over(kind: str) -> None:
    assert reply(message("", "unclear", kind=kind)).handover == "media"


def test_a_caption_is_answered_too() -> None:
    made = reply(
        message(
            "wat kost deze Polo?",
            "price_question",
            Slots(make=("Volkswagen",), model=("Polo",)),
            kind="image",
        )
    )
    assert "€ 13.750" in (made.text or "")
    assert made.handover == "media"


def test_a_voice_message_is_asked_in_writing_and_the_second_handed_over() -> None:
    first = reply(message("", "unclear", kind="audio"))
    assert first.handover is None
    again = reply(message("", "unclear", kind="audio"), last_bot=first.text or "")
    assert again.handover == "media"


@pytest.mark.parametrize("kind", ["location", "contacts", "unknown", "button", "list_reply"])
def test_no_kind_becomes_an_empty_turn(kind: str) -> None:
    assert reply(message("", "unclear", kind=kind)).text


@pytest.mark.parametrize("kind", ["sticker", "reaction"])
def test_a_sticker_or_reaction_needs_no_answer(kind: str) -> None:
    assert reply(message("", "unclear", kind=kind), last_bot="We zijn open tot 18:00.").text is None


def test_ok_after_an_answer_needs_none_but_a_question_does() -> None:
    assert reply(message("ok 👍", "unclear"), last_bot="We zijn open tot 18:00.").text is None
    assert reply(
        message("ok maar tot hoe laat open?", "showroom_info"), last_bot="We zijn open tot 18:00."
    ).text
    assert (
        reply(message("ok", "unclear"), last_bot="Zal ik een collega vragen om mee te kijken?").handover
        == "human_request"
    )


def test_a_robot_says_so() -> None:
    assert "automatische assistent" in text_of(message("ben je een robot?", "general_inquiry"))


def test_christmas_is_closed_by_its_name() -> None:
    text = text_of(message("zijn jullie open met kerst?", "showroom_info"))
    assert "25 december" in text and "gesloten" in text
    assert "Christmas" in text_of(message("are you open at christmas?", "showroom_info"), language="en")


def test_cheaper_means_cheaper_than_what_was_shown() -> None:
    made = reply(
        message("en goedkoper?", "price_question"),
        preferences=Slots(make=("Volkswagen",)),
        offered=as_offered(GOLF, POLO),
    )
    assert [car.id for car in made.offered] == ["S102"]


def test_a_cancellation_is_passed_on_unconfirmed() -> None:
    made = reply(
        message(
            "Helaas moet ik de proefrit cancelen",
            "appointment_request",
            Slots(appointment=Appointment(kind="proefrit")),
        )
    )
    assert made.appointment_request == "Afzegging: proefrit"
    assert "collega" in (made.text or "")


@pytest.mark.parametrize(("language", "words"), [("en", "automated assistant"), ("de", "automatische")])
def test_other_languages(language: str, words: str) -> None:
    text = text_of(message("Golf", "car_inquiry", GOLFS), language=language, first_contact=True)
    assert words in text
    assert not any(dutch in text for dutch in ("handgeschakeld", "benzine", " je "))


def test_yes_to_an_invitation_proposes_moments() -> None:
    made = reply(
        message("ja graag", "general_inquiry"),
        last_bot="Zal ik tijden voor een proefrit voorstellen?",
        offered=as_offered(GOLF),
    )
    assert len(made.slots) == 3


def test_yes_to_a_colleague_is_passed_on_whatever_the_intent() -> None:
    last = "Een collega maakt de berekening.\nZal ik een collega een berekening laten maken?"
    assert reply(message("ja graag", "financing_inquiry"), last_bot=last).handover == "human_request"
