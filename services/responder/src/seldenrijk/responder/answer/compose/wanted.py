"""Which intents a reply answers: the router's, put right by what stands in the conversation."""

import re

from seldenrijk.contracts.messages import Intent
from seldenrijk.contracts.slots import Appointment, OwnCar
from seldenrijk.responder.answer import asks
from seldenrijk.responder.answer.situation import Situation

_INVITED = re.compile(
    r"(?:bekijken|proefrijden|proefrit|come and see|test drive|ansehen|Probe fahren|Probefahrt)[^?]*\?$"
)
_VISIT = re.compile(
    r"\b(?:proef\w*|afspra\w*|langs\w*|kom\w*|bezichtig\w*|bekijk\w*|kijken|bel\w*|breng\w*|plan\w*|verzet\w*"
    r"|annul\w*|afzeg\w*|moment\w*|tijd\w*|uur|test ?drive|appointment|visit|come|call|time|termin\w*"
    r"|probe\w*|vorbei\w*|besichtig\w*|ansehen|anrufen|zeit\w*|uhr)\b",
    re.IGNORECASE,
)
_IN_STOCK = re.compile(
    r"\b(?:hebben|heb|heeft) (?:je|jij|jullie|u|gij)\b|\bdo you have\b|\bhaben sie\b|\bhabt ihr\b",
    re.IGNORECASE,
)
_DEALINGS = frozenset({"payment", "deposit", "delivery", "export", "papers", "reserve"})
_CARS_SHOWN = frozenset(
    {"car_inquiry", "price_question", "trade_in_inquiry", "appointment_request", "service_inquiry", "unclear"}
)
_CLOSING_WORDS = 9


def wanted(s: Situation, beside_media: bool) -> list[Intent]:
    """The intents to answer, each once; a choice of a moment counts as one whatever the router thought."""
    if s.agrees and _INVITED.search(s.last_bot_text.rstrip().split("\n")[-1]) and not s.slots_offered:
        return ["appointment_request"]
    if "opt_out" in s.intents:
        return ["opt_out"]  # whoever wants no more messages gets none about cars
    if _closes(s) or s.topics & {"wrong_number", "privacy"}:
        return ["general_inquiry"]
    intents = _with_choice(s, _corrected(s, list(s.intents)))
    if set(intents) <= {"unclear", "general_inquiry"} and (s.reference.explicit or s.reference.wish):
        intents = ["car_inquiry", *[i for i in intents if i != "unclear"]]
    if {"car_inquiry", "price_question"} <= set(intents):
        intents.remove("car_inquiry")
    if "appointment_request" in intents and not s.searches and "car_inquiry" in intents and not s.asked:
        intents.remove("car_inquiry")
    if beside_media:
        intents = [i for i in intents if i != "unclear"]
    return list(dict.fromkeys(intents))


def _closes(s: Situation) -> bool:
    """Thanks or a goodbye that asks nothing, whatever was spoken of before."""
    asks_something = "?" in s.text or s.searches or s.asked or s.choice.kind == "picked" or s.reference.wish
    short = len(s.text.split()) <= _CLOSING_WORDS
    ends = bool(s.topics & {"thanks", "bye", "thinking"}) and not s.request.first_contact
    return ends and short and not asks_something


def _with_choice(s: Situation, intents: list[Intent]) -> list[Intent]:
    other = s.choice.kind == "other" and "appointment_request" in intents
    about_cars = bool(set(intents) & {"car_inquiry", "price_question"})
    if s.choice.kind == "picked" or ((s.choice.kind == "which" or other) and not about_cars):
        rest = [i for i in intents if i not in ("unclear", "general_inquiry")]
        return ["appointment_request", *rest]
    return intents


def _corrected(s: Situation, intents: list[Intent]) -> list[Intent]:
    if "appointment_request" in intents and not _about_visit(s):
        knows = s.asked or s.searches or s.reference.explicit or not s.wants_nothing
        intents = ["car_inquiry" if i == "appointment_request" and knows else i for i in intents]
    if "service_inquiry" in intents and s.said.appointment.day_text and asks.is_question(s.text):
        intents = ["appointment_request" if i == "service_inquiry" else i for i in intents]
    if answers_trade_in(s):
        intents = ["trade_in_inquiry", *(i for i in intents if i in ("appointment_request", "showroom_info"))]
    place = s.topics & {"hours", "address", "phone", "email", "walk_in", "transport"}
    if "showroom_info" in intents and s.topics & _DEALINGS and not place:
        intents = ["general_inquiry" if i == "showroom_info" else i for i in intents]
    if _IN_STOCK.search(s.text) and s.searches and not set(intents) & _CARS_SHOWN:
        intents.insert(0, "car_inquiry")
    if "trade_in_inquiry" in intents and s.searches and "car_inquiry" not in intents and not _traded_for(s):
        intents.append("car_inquiry")
    return intents


def _about_visit(s: Situation) -> bool:
    """Whether anything in the messages speaks of a visit, a call or a moment."""
    said = s.said.appointment != Appointment() or s.choice.kind != "none" or s.cancels or s.agrees
    return bool(said or _VISIT.search(s.text) or (s.when.said and s.slots_offered))


def _traded_for(s: Situation) -> bool:
    """Whether the wanted car is one that was shown already: nothing needs to be shown again."""
    shown = {car.model for car in s.request.offered}
    return bool(s.said.model) and set(s.said.model) <= shown


def answers_trade_in(s: Situation) -> bool:
    """Whether facts about one's own car follow on our question for them."""
    if s.said.own_car == OwnCar():
        return False
    words = [s.words.alternatives(key) for key in ("trade_in.value", "ask.plate", "ask.mileage")]
    return any(text in s.last_bot_text for texts in words for text in texts)


def names_car_for_request(s: Situation) -> bool:
    """Whether a car is named because we asked which one the noted request is for."""
    asked = any(text in s.last_bot_text for text in s.words.alternatives("ask.car_for_visit"))
    return asked and bool(s.said.model or s.reference.explicit) and not s.when.said


__all__ = ["answers_trade_in", "names_car_for_request", "wanted"]
