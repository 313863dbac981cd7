"""The search: exclude, filter, rank; relax when nothing fits; and keep the record of it."""

from collections.abc import Collection, Iterator

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import identity
from seldenrijk.responder.search.criteria import Criterion, criteria, excluded
from seldenrijk.responder.search.index import Index, index_of
from seldenrijk.responder.search.rank import Order, ranked
from seldenrijk.responder.search.relax import Group, difference, far_given_up, one_given_up, two_given_up
from seldenrijk.responder.search.result import Group as Left
from seldenrijk.responder.search.result import Offer, SearchResult, Step
from seldenrijk.responder.stock.model import Snapshot

_EXAMPLES = 3


def search(
    snapshot: Snapshot, wish: Slots, limit: int = 3, *, order: Order = "best", skip: Collection[str] = ()
) -> SearchResult:
    """Find at most `limit` available cars for a wish.

    Reserved and sold cars are never among them, nor those whose ids are in `skip` (already shown). When no
    car meets every criterion, the offers miss exactly one each, or two where no car misses only one; what
    they miss is named. What the wish excludes is never offered. Without any ground for comparison (an
    unknown model and nothing else said) there are no offers.
    """
    index = index_of(snapshot)
    return _Search(index, wish, limit, order).run(skip)


def unavailable(snapshot: Snapshot, wish: Slots, limit: int = 3) -> tuple[Car, ...]:
    """Cars of the wanted make and model that are reserved, sold or withdrawn: to be told, not offered.

    They meet every criterion of the wish ("is die witte Golf er nog?"); nothing without a make or model.
    """
    if not (wish.make or wish.model):
        return ()
    index = Index((*snapshot.reserved, *snapshot.sold, *snapshot.withdrawn))
    found, _ = criteria(index, wish)
    mask = index.all & ~excluded(index, wish)
    for criterion in found:
        mask &= criterion.mask
    return tuple(ranked(index, mask, wish, limit))


class _Search:
    """One search under way."""

    def __init__(self, index: Index, wish: Slots, limit: int, order: Order) -> None:
        self.index = index
        self.wish = wish
        self.limit = max(0, limit)
        self.order: Order = order
        self.steps: list[Step] = []

    def run(self, skip: Collection[str]) -> SearchResult:
        found, unchecked = criteria(self.index, self.wish)
        universe = self._universe(skip)
        exact = self._filter(universe, found)
        if exact:
            cars = ranked(self.index, exact, self.wish, self.limit, self.order)
            offers = [Offer(car) for car in cars]
        else:
            offers = self._one(universe, found)
            offers = offers or self._first(two_given_up(universe, found))
            offers = offers or self._first(far_given_up(universe, found))
        return SearchResult(
            exact=exact.bit_count(),
            offers=tuple(offers),
            considered=len(self.index.cars),
            not_in_stock=identity.missing(self.index, self.wish),
            unchecked=unchecked,
            steps=tuple(self.steps),
        )

    def _universe(self, skip: Collection[str]) -> int:
        shown = 0
        for number in skip:
            shown |= self.index.ids.get(number, 0)
        unwanted = excluded(self.index, self.wish)
        mask = self.index.all
        groups: tuple[tuple[Left, int], ...] = (("excluded", unwanted), ("shown", shown))
        for name, group in groups:
            dropped = mask & group
            mask &= ~group
            if dropped:
                self.steps.append(
                    Step("exclude", (name,), None, mask.bit_count(), dropped.bit_count(), self._ids(dropped))
                )
        return mask

    def _filter(self, mask: int, found: list[Criterion]) -> int:
        for criterion in found:
            dropped = mask & ~criterion.mask
            mask &= criterion.mask
            counts = mask.bit_count(), dropped.bit_count()
            self.steps.append(
                Step("filter", (criterion.field,), criterion.wanted, *counts, self._ids(dropped))
            )
        return mask

    def _one(self, universe: int, found: list[Criterion]) -> list[Offer]:
        """Fill up from the lighter criteria; a last resort only serves when there is nothing at all."""
        offers: list[Offer] = []
        for group in one_given_up(universe, found):
            if len(offers) >= self.limit or (offers and group.criteria[0].last_resort):
                break
            offers += self._offers(group, self.limit - len(offers))
        return offers

    def _first(self, groups: Iterator[Group]) -> list[Offer]:
        group = next(groups, None)
        return self._offers(group, self.limit) if group else []

    def _offers(self, group: Group, limit: int) -> list[Offer]:
        cars = ranked(self.index, group.mask, self.wish, limit, self.order)
        fields = tuple(criterion.field for criterion in group.criteria)
        wanted = group.criteria[0].wanted if len(fields) == 1 else None
        ids = tuple(car.id for car in cars[:_EXAMPLES])
        self.steps.append(Step("relax", fields, wanted, group.mask.bit_count(), 0, ids))
        return [Offer(car, tuple(difference(c, car, self.wish) for c in group.criteria)) for car in cars]

    def _ids(self, mask: int) -> tuple[str, ...]:
        return tuple(car.id for _, car in zip(range(_EXAMPLES), self.index.members(mask), strict=False))
