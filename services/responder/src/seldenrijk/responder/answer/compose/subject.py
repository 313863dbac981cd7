"""Answering about definite cars: price, availability, features, photos, and what the stock does not say."""

from seldenrijk.responder.answer.describe import differences, line, name_of, offered, told_apart
from seldenrijk.responder.answer.situation import Situation
from seldenrijk.responder.car import Car

from .block import Block
from .cars import gone_lines, offer

_MANY = 3


def about(s: Situation, cars: tuple[Car, ...]) -> Block:
    """Answer what is asked about these cars; a sold one is called sold and alternatives follow."""
    free = tuple(car for car in cars if car.status == "available")
    taken = tuple(car for car in cars if car.status != "available")
    lines = gone_lines(s, taken)
    if not free:
        return _alternatives(s, lines)
    answers: list[str] = []
    unknown = False
    for car in free[: _MANY if len(s.intents) == 1 else 2]:
        said, missing = _answers(s, car, free)
        answers += said
        unknown = unknown or missing
    questions = (s.words.say("ask.visit_one" if len(free) == 1 else "ask.visit"),)
    return Block(
        tuple(dict.fromkeys([*lines, *answers])),
        () if unknown else questions,
        _kept(s, free),
        handover="ungrounded" if unknown else None,
        money=True,
    )


def _kept(s: Situation, free: tuple[Car, ...]) -> tuple:  # type: ignore[type-arg]
    """What "die tweede" means next: the earlier list stays while it still holds these cars."""
    ids = {car.id for car in s.request.offered}
    return (
        s.request.offered if all(car.id in ids for car in free) else tuple(offered(car) for car in free[:3])
    )


def _alternatives(s: Situation, lines: list[str]) -> Block:
    block = offer(s, tell_gone=False, most=2 if len(lines) > 1 else 3)
    if not block.offered:
        return Block((*lines, s.words.say("cars.notify")), handover="other")
    return Block((*lines, *block.lines), block.questions, block.offered, handover=block.handover, money=True)


def _answers(s: Situation, car: Car, among: tuple[Car, ...]) -> tuple[list[str], bool]:
    """Lines about one car, and whether something was asked that the stock does not say."""
    shown = (s.snapshot.by_id.get(other.id) for other in s.request.offered)
    others = among if "year" in s.asked else (*among, *(other for other in shown if other is not None))
    name = told_apart(car, others)
    said: list[str] = []
    if "availability" in s.asked:
        said.append(s.words.say("cars.available", car=name))
    said += _facts(s, car, name)
    said += _features(s, car, name)
    said += _asked_values(s, car, name)
    if "link" in s.asked:
        said.append(
            s.words.say("cars.link", car=name, url=car.url)
            if car.url
            else s.words.say("cars.no_link", car=name)
        )
    if "unknown" in s.asked:
        return [*said, s.words.say("cars.unknown", car=name)], True
    if not said or said == [s.words.say("cars.available", car=name)]:
        said.append(s.words.say("cars.details", line=line(s.words, car)))
    return said, any(feature not in car.features for feature in s.said.features)


def _facts(s: Situation, car: Car, name: str) -> list[str]:
    w = s.words
    lines = []
    if "price" in s.asked or _only_price(s):
        lines.append(w.say("cars.price", car=name, price=w.euro(car.price)))
    if "year" in s.asked:
        lines.append(w.say("cars.year", car=name, value=car.year))
    if "mileage" in s.asked:
        lines.append(w.say("cars.mileage", car=name, value=w.km(car.mileage)))
    if "fuel_type" in s.asked:
        lines.append(w.say("cars.fact", car=name, value=w.value(car.fuel_type)))
    if "transmission" in s.asked:
        lines.append(w.say("cars.fact", car=name, value=w.adjective(car.transmission)))
    return lines + _listed(s, car, name)


def _only_price(s: Situation) -> bool:
    return (
        "price_question" in s.intents
        and not s.asked
        and not s.topics & {"discount", "bid", "extra", "running"}
    )


def _listed(s: Situation, car: Car, name: str) -> list[str]:
    """Facts that the stock may leave out."""
    w, lines = s.words, []
    for ask, value in (
        ("color", w.value(car.color) if car.color else None),
        ("doors", f"{car.doors} {w.word('doors')}" if car.doors else None),
        ("seats", f"{car.seats} {w.word('seats')}" if car.seats else None),
        ("features", w.join([w.value(f) for f in car.features]) if car.features else None),
    ):
        if ask in s.asked:
            lines.append(
                w.say("cars.fact", car=name, value=value) if value else w.say("cars.unknown", car=name)
            )
    return lines


def _features(s: Situation, car: Car, name: str) -> list[str]:
    return [
        s.words.say(
            "cars.has" if feature in car.features else "cars.not_listed",
            car=name,
            feature=s.words.value(feature),
        )
        for feature in s.said.features
    ]


def _asked_values(s: Situation, car: Car, name: str) -> list[str]:
    """ "Is het een automaat?", "is hij zwart?": yes, or what it is instead."""
    w, lines = s.words, []
    for field in ("transmission", "fuel_type", "color", "body_type"):
        wanted, actual = getattr(s.said, field), getattr(car, field)
        pointed = s.reference.explicit and field in ("color", "fuel_type", "transmission")
        if not wanted or field in s.asked or (pointed and actual in wanted):
            continue
        if actual is None:
            lines.append(w.say("cars.unknown", car=name))
        else:
            key = "cars.is_yes" if actual in wanted else "cars.is_no"
            lines.append(w.say(key, car=name, value=w.adjective(actual)))
    return lines


__all__ = ["about", "differences", "name_of"]
