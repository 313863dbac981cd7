"""Prices beyond the price tag, financing and trade-in: what the dealer file says, else a colleague."""

from seldenrijk.responder.answer.describe import name_of, offered, own_car
from seldenrijk.responder.answer.situation import Situation

from .block import Block
from .car_talk import cars


def price(s: Situation) -> Block:
    """Prices of cars, cars within a budget, bids and discounts."""
    w = s.words
    if "bid" in s.topics:
        return Block((w.say("price.bid"),), handover="other", money=True)
    if "discount" in s.topics:
        return _with_price(s, w.say("price.no_discount"))
    if "running" in s.topics:
        return Block((w.say("price.running"),), (w.say("ask.colleague"),), s.request.offered, money=True)
    if "extra" in s.topics:
        return _with_price(s, w.say("price.extra"))
    block = cars(s)
    return block if block.lines or block.questions else Block((), (w.say("cars.which_named"),), money=True)


def _with_price(s: Situation, sentence: str) -> Block:
    """The price of the one car that is meant, where it is clear, and then what a colleague must say."""
    meant = [car for car in (s.meant or s.named) if car.status == "available"]
    lines = (
        [s.words.say("cars.price", car=name_of(meant[0]), price=s.words.euro(meant[0].price))]
        if len(meant) == 1
        else []
    )
    return Block(
        (*lines, sentence),
        (),
        tuple(offered(car) for car in meant[:1]) or s.request.offered,
        handover="other",
        money=True,
    )


def financing(s: Situation) -> Block:
    """The forms of financing without any rate; the calculation is a colleague's."""
    w, dealer = s.words, s.dealer
    if "person_situation" in s.topics:
        return Block((w.say("financing.person"),), handover="financing_problem", money=True)
    options = dealer.financing.get(s.request.language, ())
    if not options or dealer.services.financing is not True:
        return Block(
            (w.say("financing.unset"), w.say("general.passed_on")), handover="ungrounded", money=True
        )
    lines = [w.say("financing.options", options=w.join(list(options)))]
    interest = dealer.statement("interest", s.request.language)
    lines.append(interest if interest and "interest" in s.topics else w.say("financing.terms"))
    meant = [car for car in (s.meant or s.named) if car.status == "available" and car.monthly]
    if len(meant) == 1:
        amount = w.euro(meant[0].monthly or 0)
        lines.insert(0, w.say("financing.monthly", car=name_of(meant[0]), monthly=amount))
    known = s.meant or s.named or s.request.preferences.max_monthly
    questions = [w.say("ask.calculate")] if known else [w.say("ask.car_for_financing")]
    return Block(tuple(lines), tuple(questions), s.request.offered, money=True)


def trade_in(s: Situation) -> Block:
    """Trade-in: note what is known of the own car, ask for what is missing, name no amount."""
    w = s.words
    if s.dealer.services.trade_in is not True:
        return Block((w.say("trade_in.unset"),), handover="ungrounded", money=True)
    car = s.request.preferences.own_car.model_copy(
        update={k: v for k, v in s.said.own_car.model_dump().items() if v is not None}
    )
    told = own_car(w, car)
    lines = [w.say("trade_in.noted", car=told)] if told else [w.say("trade_in.intro")]
    if car.license_plate and car.mileage:
        return Block((*lines, w.say("trade_in.complete")), handover="other", money=True)
    key = (
        "plate_mileage"
        if not (car.license_plate or car.mileage)
        else "plate"
        if not car.license_plate
        else "mileage"
    )
    return Block((*lines, w.say("trade_in.value")), (w.say(f"ask.{key}"),), money=True)
