"""Offering cars: what fits, or honestly what comes closest."""

from rapidfuzz import fuzz

from seldenrijk.responder.answer.describe import name_of, numbered, offered, wish_in_words
from seldenrijk.responder.answer.situation import Situation
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import Offer
from seldenrijk.responder.stock.words import fold

from .block import Block

_SAME = 92.0
"""Similarity (0 to 100) from which a question counts as asked again; the router's measure."""


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
    beside = [i for i in s.intents if i not in ("car_inquiry", "price_question", "general_inquiry")]
    room = min(most, 2) if beside else most
    found = s.result.offers[:room] if s.result.exact or s.reference.wish is None else _cheaper(s)[:room]
    if not found:
        return _nothing(s, lines)
    if said_before(s) and {o.car.id for o in found} <= {car.id for car in s.request.offered}:
        again = (*lines, s.words.say("cars.same_again"))
        return Block(again, (s.words.say("ask.colleague"),), s.request.offered, money=True)
    lines += [_intro(s, len(found)), *numbered(s.words, found), *_monthly(s)]
    return Block(tuple(lines), _questions(s, len(found)), tuple(offered(o.car) for o in found), money=True)


def _cheaper(s: Situation) -> tuple[Offer, ...]:
    """Cheaper cars that differ from the wish in something else, when nothing cheaper fits it."""
    limit = s.wish.max_price
    if s.reference.wish != "cheaper" or limit is None:
        return ()
    return tuple(offer for offer in s.result.offers if offer.car.price <= limit)


def said_before(s: Situation) -> bool:
    """Whether the customer asks word for word what was asked before."""
    earlier = (turn.text for turn in s.request.turns if turn.role == "customer")
    return any(fuzz.ratio(fold(text), fold(s.text)) >= _SAME for text in earlier)


def _monthly(s: Situation) -> list[str]:
    """Nothing is known of a car's monthly amount: that is said where one was wished for."""
    wished = s.request.preferences.max_monthly
    if wished is None or "max_monthly" not in s.result.unchecked or "financing_inquiry" in s.intents:
        return []
    return [s.words.say("cars.monthly_unknown", amount=s.words.euro(wished))]


def _nothing(s: Situation, lines: list[str]) -> Block:
    if s.reference.wish is not None:
        key = "cars.cheaper_none" if s.reference.wish == "cheaper" else "cars.no_more"
        return Block((*lines, s.words.say(key)), (s.words.say("ask.colleague"),), money=True)
    wish = wish_in_words(s.words, s.wish)
    return Block((*lines, s.words.say("cars.nothing", wish=wish)), (s.words.say("ask.colleague"),))


def _intro(s: Situation, shown: int) -> str:
    exact, wished = s.result.exact, s.request.preferences
    if "max_monthly" in s.result.unchecked:
        wished = wished.model_copy(update={"max_monthly": None})
    wish = wish_in_words(s.words, wished)
    if s.reference.wish == "cheaper" and not exact:
        return s.words.say("cars.cheaper_other")
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
