"""From a situation to the facts that its reply may state."""

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.car import Car

from .appointments_when import parse_when
from .claims import Facts, Said
from .claims.numbers import amounts_in
from .hours import exceptions, holidays_ahead, next_opening
from .situation import Situation

_BOUNDS = (
    "min_price",
    "max_price",
    "max_monthly",
    "min_year",
    "max_year",
    "max_mileage",
    "min_seats",
    "doors",
)


def facts_of(s: Situation, secret: str = "") -> Facts:  # nosec B107
    """Everything that the reply to this situation may say; ``secret`` is a text that must not be shown."""
    cars = _cars(s)
    shown = [car.id for car in s.result.cars] or [car.id for car in s.request.offered]
    moments = [*s.plan.proposals, *([s.plan.request] if s.plan.request else []), *s.slots_offered]
    today = s.now.date()
    following = next_opening(s.dealer, s.now)
    holidays = {day for day, _ in holidays_ahead(s.dealer, today)} | {
        day.date for day in exceptions(s.dealer, s.now, 30)
    }
    days = {*holidays, today, *(m.date() for m in moments), *([following.date()] if following else [])}
    return Facts(
        dealer=s.dealer,
        now=s.now,
        language=s.request.language,
        cars=cars,
        listed=tuple(shown),
        counts=frozenset({s.result.exact, len(s.result.offers), len(shown)}),
        moments=tuple(dict.fromkeys(moments)),
        days=frozenset(days),
        said=_said(s),
        secret=secret,
    )


def _cars(s: Situation) -> tuple[Car, ...]:
    """Cars of the search, those that were offered (as they are now), and those that were asked for."""
    earlier = (s.snapshot.by_id.get(car.id) for car in s.request.offered)
    everything = (*s.result.cars, *s.named, *s.gone, *(car for car in earlier if car is not None))
    return tuple({car.id: car for car in everything}.values())


def _said(s: Situation) -> Said:
    texts = [turn.text for turn in s.request.turns if turn.role == "customer"] + [s.text]
    text = "\n".join(texts)
    wish = s.request.preferences
    bounds = {
        value for slots in (wish, s.said) for name in _BOUNDS if (value := getattr(slots, name)) is not None
    }
    own = wish.own_car.model_copy(
        update={k: v for k, v in s.said.own_car.model_dump().items() if v is not None}
    )
    numbers = {value for value in (own.year, own.mileage) if value}
    when = [parse_when(m.message.text, s.now, s.request.language) for m in s.request.messages] + [s.when]
    times = {t for w in when for t in (w.at, w.after, w.before) if t is not None}
    return Said(
        amounts=frozenset({*bounds, *numbers, *amounts_in(text)}),
        wish=_together(wish, s.said),
        own_car=own,
        days=frozenset(day for w in when for day in w.days),
        times=frozenset(times),
        text=text,
        name=s.request.customer_name,
    )


def _together(first: Slots, second: Slots) -> Slots:
    """Preferences and this message's words, so that either may be echoed."""
    merged = {}
    for name in ("make", "model", "fuel_type", "transmission", "body_type", "color", "features"):
        merged[name] = tuple(dict.fromkeys((*getattr(first, name), *getattr(second, name))))
    return first.model_copy(update=merged)
