"""What a text says of cars: every number and property holds for one and the same car of the facts."""

import re
from collections.abc import Iterable, Sequence

from seldenrijk.responder.car import Car

from .amounts import Item, Test, items_of, narrowed
from .anchors import Anchor
from .page import Page, Segment
from .properties import properties

_ALL = re.compile(r"\b(?:beide|beiden|allebei|alle(?: twee| drie| beide)?|both|all|beides|allemaal)\b")
_REASONS = {
    "price": "deze prijs hoort niet bij deze auto",
    "monthly": "dit maandbedrag staat niet in de feiten",
    "mileage": "deze kilometerstand hoort niet bij deze auto",
    "year": "dit jaar hoort niet bij deze auto",
    "mixed": "deze gegevens horen niet bij een en dezelfde auto",
    "number": "dit getal staat niet in de feiten",
}


def check_attributes(page: Page, anchors: dict[int, list[Anchor]]) -> None:
    """Walk through the segments; a segment without a car goes on about the cars before."""
    carried: tuple[Car, ...] = ()
    for segment in page.segments:
        here = anchors[segment.start]
        items = items_of(page, segment, here, carried)
        items += properties(page, segment, here, carried)
        items += _links(page, segment)
        carried = _judge(page, segment, here, sorted(items, key=lambda i: i.start), carried)


def _links(page: Page, segment: Segment) -> list[Item]:
    return [
        Item(start, start, "url", _is(id_))
        for start, id_ in page.url_cars
        if segment.start <= start < segment.end
    ]


def _is(id_: str) -> Test:
    return lambda car: car.id == id_


def _judge(
    page: Page, segment: Segment, here: list[Anchor], items: list[Item], carried: tuple[Car, ...]
) -> tuple[Car, ...]:
    """Check the items against their cars; gives the cars that the next segment may go on about."""
    if not here:
        cars = carried or page.facts.cars
        settled = _settle(page, cars, items, everything=page.facts.cars)
        return settled if items and carried else carried
    groups = _grouped(here, items)
    if len(here) > 1 and _ALL.search(page.all_of(segment)):
        groups = [
            (anchor, [*own, *(i for i in items if i.number is None and i not in own)])
            for anchor, own in groups
        ]
    elif not _fits(groups):
        in_order = _in_order(here, items)
        groups = in_order if in_order and _fits(in_order) else groups
    kept: list[Car] = []
    for anchor, own in groups:
        if anchor.own and not anchor.cars:
            _settle(page, (), own)
        elif not anchor.cars:
            _settle(page, (), [i for i in own if i.number is not None or i.kind == "url"])
        else:
            cars = (
                _listed(page, anchor.cars)
                if len(here) == 1 and _ALL.search(page.all_of(segment))
                else anchor.cars
            )
            numbered = [i for i in own if i.number is not None]
            cars = narrowed(cars, numbered) or cars
            if (
                len(here) == 1
                and len(cars) > 1
                and narrowed(cars, numbered)
                and _ALL.search(page.all_of(segment))
            ):
                for car in cars:
                    kept += _settle(page, (car,), [i for i in own if i.number is None])
                continue
            kept += _settle(page, cars, own)
    return tuple(dict.fromkeys(kept)) or carried


def _listed(page: Page, cars: tuple[Car, ...]) -> tuple[Car, ...]:
    """Those of the cars that are shown, where any is."""
    return tuple(car for car in cars if car.id in page.facts.listed) or cars


def _grouped(anchors: Sequence[Anchor], items: Sequence[Item]) -> list[tuple[Anchor, list[Item]]]:
    """Each item goes to the nearest car before it, or to the first one."""
    groups: list[tuple[Anchor, list[Item]]] = [(anchor, []) for anchor in anchors]
    for item in items:
        place = max((n for n, anchor in enumerate(anchors) if anchor.start <= item.start), default=0)
        # "De blauwe Tucson": a property right before the name belongs to it.
        following = place + 1 if place + 1 < len(anchors) else place
        gap = anchors[following].start - item.end
        if item.number is None and 0 <= gap <= 2 and following != place:
            place = following
        groups[place][1].append(item)
    return groups


def _fits(groups: Sequence[tuple[Anchor, list[Item]]]) -> bool:
    return all(not items or narrowed(anchor.cars, items) for anchor, items in groups)


def _in_order(anchors: Sequence[Anchor], items: Sequence[Item]) -> list[tuple[Anchor, list[Item]]] | None:
    """ "De Golf en de Polo kosten X en Y": the first of each kind to the first car, and so on."""
    groups: list[tuple[Anchor, list[Item]]] = [(anchor, []) for anchor in anchors]
    nearest = {id(item): anchor for anchor, own in _grouped(anchors, items) for item in own}
    for kind in {item.kind for item in items}:
        same = [item for item in items if item.kind == kind]
        for place, item in enumerate(same):
            if len(same) != len(anchors):
                place = next(n for n, anchor in enumerate(anchors) if anchor is nearest[id(item)])  # noqa: PLW2901
            groups[place][1].append(item)
    return groups


def _settle(
    page: Page, cars: Iterable[Car], items: Sequence[Item], everything: Sequence[Car] = ()
) -> tuple[Car, ...]:
    """Prove the items by a car that passes all of them, or reject those that fail."""
    cars = tuple(cars)
    kept = narrowed(cars, items)
    runs = _runs(items)
    if not kept and len(runs) > 1 and _each_its_own(cars, runs):
        return tuple(car for run in runs for car in _settle(page, cars, run))
    if not kept and everything:
        kept = narrowed(everything, items)
    if kept:
        for item in items:
            page.prove(item.kind, item.start, item.end, ", ".join(car.id for car in kept[:3]))
        page.cars += [kept[0].id] if len(kept) == 1 and items else [car.id for car in kept[:1] if items]
        return kept
    failing = [item for item in items if not any(item.test(car) for car in cars)]
    for item in failing or items:
        kind = item.kind if failing else "mixed"
        page.reject(
            kind,
            item.start,
            max(item.end, item.start + 1),
            _REASONS.get(kind, "dit klopt niet voor deze auto"),
        )
    return cars


def _runs(items: Sequence[Item]) -> list[list[Item]]:
    """ "Een uit 2019 voor X en een uit 2015 voor Y": a new car begins where a kind of fact comes again."""
    runs: list[list[Item]] = [[]]
    for item in items:
        if any(item.kind == earlier.kind and item.kind not in ("feature", "version") for earlier in runs[-1]):
            runs.append([])
        runs[-1].append(item)
    return runs


def _each_its_own(cars: Sequence[Car], runs: Sequence[Sequence[Item]]) -> bool:
    """Whether every run fits a car, no two the same one."""
    fitting = [narrowed(cars, run) for run in runs]
    chosen = [cars_of_run[0].id for cars_of_run in fitting if cars_of_run]
    return len(chosen) == len(runs) == len(set(chosen))
