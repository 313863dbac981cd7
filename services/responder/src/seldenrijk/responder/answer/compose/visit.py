"""Appointments: proposals, requests for the staff, cancellations. Never a confirmation."""

from datetime import date, datetime

from seldenrijk.responder.answer.appointments import Plan, to_iso
from seldenrijk.responder.answer.describe import name_of, offered
from seldenrijk.responder.answer.hours import day_of, opening
from seldenrijk.responder.answer.situation import Situation
from seldenrijk.responder.answer.wording import capital
from seldenrijk.responder.car import Car

from .block import Block

_STAFF_KIND = {
    "proefrit": "Proefrit",
    "bezichtiging": "Bezichtiging",
    "terugbellen": "Terugbellen",
    "werkplaats": "Werkplaats",
}


def appointment(s: Situation) -> Block:
    """Answer a wish for an appointment, or a choice among proposed moments."""
    w = s.words
    if s.cancels:
        kind = _STAFF_KIND.get(s.appointment.kind or "", "Afspraak")
        return Block((w.say("appointment.cancelled"),), appointment_request=f"Afzegging: {kind.lower()}")
    if s.choice.kind == "which":
        return Block((), (w.say("appointment.which"),), s.request.offered, s.request.slots_offered)
    if "duration" in s.topics and not s.when.said:
        return Block((w.say("appointment.duration"),), (w.say("ask.moment"),), s.request.offered)
    taken = [car for car in _cars(s) if car.status != "available"]
    if taken and s.appointment.kind in (None, "proefrit", "bezichtiging"):
        return Block(
            tuple(w.say(f"cars.{car.status}", car=name_of(car)) for car in taken[:1]),
            (w.say("ask.colleague"),),
        )
    if s.plan.request is not None:
        return _requested(s, s.plan.request)
    return _proposed(s, s.plan)


def _cars(s: Situation) -> tuple[Car, ...]:
    """The car that the visit is for, when it is clear."""
    if s.reference.explicit and s.meant:
        return s.meant[:1]
    found = s.named or s.gone or s.meant
    if len(found) != 1 and s.request.preferences.model and s.result.exact == 1:
        return s.result.cars[:1]  # the whole wish tells which of several is meant
    if found:
        return found[:1] if len(found) == 1 else ()
    shown = [s.snapshot.by_id[car.id] for car in s.request.offered if car.id in s.snapshot.by_id]
    return tuple(shown) if len(shown) == 1 else ()


def _requested(s: Situation, moment: datetime) -> Block:
    w, kind = s.words, s.appointment.kind
    car = next(iter(_cars(s)), None)
    when = w.moment(moment)
    name = w.phrase(f"kinds.{kind or 'none'}")
    with_car = car is not None and kind in (None, "proefrit", "bezichtiging")
    if with_car and car is not None:
        text = w.say("appointment.request_car", kind=name, when=when, car=name_of(car))
    else:
        text = w.say("appointment.request", kind=name, when=when)
    ask = (w.say("ask.car_for_visit"),) if kind == "proefrit" and car is None else ()
    day = f"{_STAFF_DAYS[moment.weekday()]} {moment:%d-%m-%Y}"
    staff = f"{_STAFF_KIND.get(kind or '', 'Afspraak')} op {day} om {moment:%H:%M}"
    staff += f", {name_of(car)} ({car.year}), nr. {car.id}" if car is not None and with_car else ""
    return Block((text,), ask, s.request.offered, appointment_request=staff)


def car_noted(s: Situation) -> Block | None:
    """The answer to "for which car is it?": the request stays, the car is added. None: not clear yet."""
    car = next(iter(_cars(s)), None)
    if car is None or car.status != "available":
        return None
    name = f"{name_of(car)} ({car.year})"
    note = f"Auto bij de aanvraag: {name}, nr. {car.id}"
    text = s.words.say("appointment.car_noted", car=name)
    return Block((text,), offered=(offered(car),), appointment_request=note)


_STAFF_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def _proposed(s: Situation, plan: Plan) -> Block:
    w = s.words
    kind = w.phrase(f"kinds.{s.appointment.kind or 'none'}")
    lines = [_refusal(s, plan, kind)] if plan.refusal else []
    if s.choice.kind == "other" and not plan.refusal:
        lines.append(w.say("appointment.other"))
    if not plan.proposals:
        return Block((*lines, w.say("appointment.none")), handover="other")
    if plan.on_day is not None:
        day = w.day(plan.on_day)
        lines.append(w.say("appointment.propose_day", day=day, day_cap=capital(day), kind=kind))
    else:
        lines.append(w.say("appointment.instead" if plan.refusal else "appointment.propose", kind=kind))
    items = [
        w.phrase("appointment.item", n=n, when=w.moment(m)) for n, m in enumerate(plan.proposals, start=1)
    ]
    return Block((*lines, *items), (w.say("ask.slot"),), s.request.offered, to_iso(plan.proposals))


def _refusal(s: Situation, plan: Plan, kind: str) -> str:
    w, day = s.words, plan.wanted
    if plan.refusal in ("past", "soon", "far") or day is None:
        key = plan.refusal if plan.refusal in ("past", "soon", "far", "not_then") else "not_then"
        return w.say(f"appointment.{key}", kind=kind)
    if plan.refusal == "closed_day":
        return _closed(s, day)
    span = opening(s.dealer, day)
    if plan.refusal == "closed_time" and span is not None:
        opens, closes = w.clock(span[0]), w.clock(span[1])
        return w.say("appointment.closed_time", day=w.day(day), opens=opens, closes=closes)
    return w.say("appointment.not_then", kind=kind)


def _closed(s: Situation, day: date) -> str:
    w, found = s.words, day_of(s.dealer, day)
    if found.holiday:
        return w.say("appointment.closed_holiday", day=w.day(day), holiday=w.value(found.holiday))
    return w.say("appointment.closed_day", day=w.day(day), day_cap=capital(w.day(day)))
