"""How a question about cars is answered: about definite ones, by a list, or by asking back."""

from seldenrijk.responder.answer import asks
from seldenrijk.responder.answer.situation import Situation

from .block import Block
from .cars import offer, said_before
from .subject import about

_NAMED_LIST = 3


def cars(s: Situation) -> Block:
    """Answer a car inquiry or a question about prices."""
    block = _cars(s)
    if s.topics & {"notify"} and not s.named and not block.handover:
        return Block(
            (*block.lines, s.words.say("cars.notify")),
            block.questions[:1],
            block.offered,
            handover="other",
            money=True,
        )
    return block


def _cars(s: Situation) -> Block:
    if s.searches and not s.asked and said_before(s):
        return offer(s)
    if s.reference.explicit and s.meant and s.reference.wish is None and not _new_search(s):
        return about(s, s.meant)
    if s.vanished and not s.meant:
        return Block((s.words.say("cars.unsure"),), handover="ungrounded")
    if s.reference.cars and s.reference.wish is None and not _new_search(s):
        return _pronoun(s)
    only = s.snapshot.by_id.get(s.request.offered[0].id) if _elliptic(s) else None
    if only is not None:
        return about(s, (only,))
    if _unknown_thing(s):
        ask = (s.words.say("cars.which_named"),) if len(s.named) > 1 else ()
        return Block((s.words.say("cars.unknown_thing"),), ask, handover="ungrounded")
    if _asks_about_named(s):
        if s.named and len(s.named) <= _NAMED_LIST:
            return about(s, s.named)
        if not s.named and s.gone:
            return about(s, s.gone)
    if s.asked and "price" not in s.asked and s.wants_nothing:
        return Block((), (s.words.say("cars.which_named"),))
    return offer(s)


def _new_search(s: Situation) -> bool:
    """Whether the message names a car that was not among the offered ones."""
    models = {model.casefold() for model in s.said.model}
    shown = {car.model.casefold() for car in s.request.offered}
    makes = {make.casefold() for make in s.said.make} - {car.make.casefold() for car in s.request.offered}
    bounds = s.said.max_price or s.said.min_price or s.said.max_mileage or s.said.min_year
    return bool(models - shown or (makes and not models) or (bounds and not asks.is_question(s.text)))


def _pronoun(s: Situation) -> Block:
    """ "Zit er een trekhaak op?" after a list: answered for each car where that is short, else asked back."""
    one_thing = (
        len(s.said.features) == 1 or len(s.asked) == 1 or bool(s.said.transmission or s.said.fuel_type)
    )
    if len(s.meant) == 1 or (s.meant and one_thing and asks.is_question(s.text) and "unknown" not in s.asked):
        return about(s, s.meant)
    if s.meant and (s.asked or s.said.features) and asks.is_question(s.text):
        return Block((), (s.words.say("cars.which"),), s.request.offered)
    return offer(s)


def _asks_about_named(s: Situation) -> bool:
    if not s.said.model:
        return False
    question = asks.is_question(s.text)
    values = s.said.transmission or s.said.fuel_type or s.said.body_type
    definite = asks.about_definite(s.text, s.said.model)
    return bool(s.asked or (question and (s.said.features or s.gone)) or (definite and values))


def _unknown_thing(s: Situation) -> bool:
    """Whether it is asked if a named model has something that the stock knows nothing of."""
    said = s.said
    understood = (
        s.asked or said.features or said.transmission or said.fuel_type or said.color or said.body_type
    )
    return asks.about_definite(s.text, said.model) and asks.about_equipment(s.text) and not understood


def _elliptic(s: Situation) -> bool:
    """ "En een panoramadak?" while one car is spoken of."""
    said = s.said
    thing = said.features or said.transmission or said.fuel_type or said.color
    single = len(s.request.offered) == 1 and not (said.model or said.make or said.body_type)
    return bool(single and thing and "?" in s.text and not _new_search(s))
