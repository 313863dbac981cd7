"""Offering cars: what fits, or honestly what comes closest."""

from seldenrijk.responder.answer.describe import name_of, numbered, offered, wish_in_words
from seldenrijk.responder.answer.situation import Situation
from seldenrijk.responder.car import Car

from .block import Block


def gone_lines(s: Situation, cars: tuple[Car, ...]) -> list[str]:
    """That cars asked for are reserved, sold or withdrawn; one line for each status."""
    lines: dict[str, str] = {}
    for car in cars:
        lines.setdefault(car.status, s.words.say(f"cars.{car.status}", car=f"{name_of(car)} ({car.year})"))
    return list(lines.values())


def offer(s: Situation, *, tell_gone: bool = True, most: int = 3) -> Block:
    """The search's cars with an honest introduction, and the most useful question."""
    if not s.snapshot.cars:
        return Block((s.words.say("cars.no_stock"), s.words.say("general.passed_on")), handover="ungrounded")
    if s.wants_nothing and s.reference.wish is None:
        return Block((), (s.words.say("ask.wish"),))
    lines = gone_lines(s, s.gone) if tell_gone and not s.named else []
    # "En goedkoper?" is not answered with something that is not.
    room = most if len(s.intents) == 1 else min(most, 2)
    found = s.result.offers[:room] if s.result.exact or s.reference.wish is None else ()
    if not found:
        return _nothing(s, lines)
    lines += [_intro(s, len(found)), *numbered(s.words, found)]
    return Block(tuple(lines), _questions(s, len(found)), tuple(offered(o.car) for o in found), money=True)


def _nothing(s: Situation, lines: list[str]) -> Block:
    if s.reference.wish is not None:
        key = "cars.cheaper_none" if s.reference.wish == "cheaper" else "cars.no_more"
        return Block((*lines, s.words.say(key)), (s.words.say("ask.colleague"),), money=True)
    wish = wish_in_words(s.words, s.wish)
    return Block((*lines, s.words.say("cars.nothing", wish=wish)), (s.words.say("ask.colleague"),))


def _intro(s: Situation, shown: int) -> str:
    wish = wish_in_words(s.words, s.request.preferences)
    exact = s.result.exact
    if s.reference.wish is not None and exact:
        return s.words.say(f"cars.{s.reference.wish}")
    if exact == 0:
        return s.words.say("cars.none", wish=wish)
    if exact == 1:
        return s.words.say("cars.one", wish=wish)
    if exact > shown:
        return s.words.say("cars.many", count=exact, shown=shown, wish=wish)
    return s.words.say("cars.all", wish=wish)


def _questions(s: Situation, shown: int) -> tuple[str, ...]:
    """Narrow down while there is much to choose from, else invite; nothing that was answered already."""
    wish, exact = s.request.preferences, s.result.exact
    if exact > 3:
        if wish.max_price is None and wish.min_price is None and wish.max_monthly is None:
            return (s.words.say("ask.budget"),)
        if not (wish.make or wish.model or wish.body_type):
            return (s.words.say("ask.kind"),)
        if not wish.transmission and "automaat" not in wish.exclude.transmission:
            return (s.words.say("ask.transmission"),)
        if not wish.fuel_type:
            return (s.words.say("ask.fuel"),)
    return (s.words.say("ask.visit_one" if shown == 1 else "ask.visit"),)
