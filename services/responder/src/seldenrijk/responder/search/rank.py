"""The order of cars that all fit: nearness to the wish, price, age, mileage, and variety."""

import heapq
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search.index import Index
from seldenrijk.responder.stock.catalog import canonical_make
from seldenrijk.responder.stock.words import squash

Order = Literal["best", "price", "price-descending", "year", "mileage"]
"""How to order what fits: the best fit, the cheapest, the dearest, the newest, the fewest kilometres."""

Term = Callable[[Car], float]

_POOL = 40  # variety is sought among so many of the best
_PLAIN: dict[str, Callable[[Car], tuple[int, int]]] = {
    "price": lambda car: (car.price, car.mileage),
    "price-descending": lambda car: (-car.price, car.mileage),
    "year": lambda car: (-car.year, car.mileage),
    "mileage": lambda car: (car.mileage, -car.year),
}


def ranked(index: Index, mask: int, wish: Slots, limit: int, order: Order = "best") -> list[Car]:
    """Give at most `limit` cars of a bit set, best first; of equal ones the lowest id first."""
    if limit <= 0:
        return []
    cars = index.members(mask)
    plain = _PLAIN.get(order)
    if plain is not None:
        return heapq.nsmallest(limit, cars, key=lambda car: (plain(car), car.id))
    base, terms = index.base, _terms(index, wish)
    costs = ((base[car.id] + sum([term(car) for term in terms]), car.id, car) for car in cars)
    pool = heapq.nsmallest(max(_POOL, limit), costs)
    return _varied([(points, car) for points, _, car in pool], limit)


def _varied(pool: list[tuple[float, Car]], limit: int) -> list[Car]:
    """Take the best, then again and again the best that is not another one of the same."""
    chosen: list[Car] = []
    while pool and len(chosen) < limit:
        place = min(
            range(len(pool)), key=lambda i: (pool[i][0] + _sameness(pool[i][1], chosen), pool[i][1].id)
        )
        chosen.append(pool.pop(place)[1])
    return chosen


def _sameness(car: Car, chosen: list[Car]) -> float:
    points = 0.0
    for other in chosen:
        if car.make == other.make:
            points += 0.08 + (0.17 if car.model == other.model else 0.0)
        points += 0.05 * (car.fuel_type == other.fuel_type) + 0.04 * (car.body_type == other.body_type)
        if abs(car.price - other.price) < 0.04 * other.price:
            points += 0.04
    return points


def _terms(index: Index, wish: Slots) -> list[Term]:
    """What the wish adds to the points against a car."""
    terms = list(_mention_terms(index, wish))
    if wish.min_price is not None or wish.max_price is not None:
        terms.append(_price_term(wish.min_price, wish.max_price))
    if wish.max_mileage is not None:
        terms.append(_mileage_term(wish.max_mileage))
    if wish.min_year is not None or wish.max_year is not None:
        terms.append(_year_term(wish.min_year, wish.max_year))
    if wish.features:
        wanted = frozenset(wish.features)
        terms.append(lambda car: 0.5 * len(wanted.difference(car.features)))
    return terms


def _price_term(low: int | None, high: int | None) -> Term:
    """Inside the bounds the distance to the price aimed at, outside steeply the distance to the bound."""
    if low is not None and high is not None:
        aim = (low + high) / 2
    else:
        aim = 0.85 * high if high is not None else 1.15 * (low or 0)
    scale = max(aim, 1.0)

    def term(car: Car) -> float:
        over = car.price - high if high is not None else 0
        under = low - car.price if low is not None else 0
        return (0.4 * abs(car.price - aim) + 4 * max(0, over, under)) / scale

    return term


def _mileage_term(bound: int) -> Term:
    return lambda car: 4 * max(0, car.mileage - bound) / max(bound, 1)


def _year_term(low: int | None, high: int | None) -> Term:
    return lambda car: 0.3 * max(0, (low or car.year) - car.year, car.year - (high or car.year))


def _mention_terms(index: Index, wish: Slots) -> Iterator[Term]:
    """Of alternatives the first named is meant most; what was not named at all comes last."""
    for field in ("fuel_type", "body_type", "color", "transmission"):
        if values := getattr(wish, field):
            yield _mention_term(operator.attrgetter(field), values)
    if wish.make:
        keys = [squash(canonical_make(make)) for make in wish.make]
        # Among other models the wanted make's own come first: for an Aygo X an Aygo.
        yield _mention_term(lambda car: index.keys[car.id][0], keys, unnamed=0.2)
    if wish.model:
        yield _mention_term(lambda car: index.keys[car.id][1], [squash(model) for model in wish.model])


def _mention_term(read: Callable[[Car], str | None], values: Sequence[str], unnamed: float = 0.1) -> Term:
    places: dict[str | None, float] = {value: 0.05 * place for place, value in enumerate(values)}
    last = unnamed + 0.05 * (len(values) - 1)
    return lambda car: places.get(read(car), last)
