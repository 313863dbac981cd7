"""Which makes and models a wish means, and which others compare to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.search.index import Index
from seldenrijk.responder.stock.catalog import canonical_make, classes, owners, peers
from seldenrijk.responder.stock.words import squash

_VANS = {"small_van", "van", "large_van", "pickup"}
_VAN_BODIES = ("bestelwagen", "pick-up")


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(squash(name) for name in names)


def _make_keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(squash(canonical_make(name)) for name in names)


@dataclass(frozen=True)
class Wanted:
    """Wanted makes and models, squashed. `free` are makes of which any model will do."""

    makes: frozenset[str]
    models: frozenset[str]
    free: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    def accepts(self, make: str, model: str) -> bool:
        """Whether a squashed make and model is what was asked for."""
        if make in self.free:
            return True
        return model in self.models and (not self.makes or make in self.makes)


def wanted(wish: Slots) -> Wanted:
    """Read makes and models together: "een Golf of een Audi" is a Golf, or any Audi."""
    makes, models = _make_keys(wish.make), _keys(wish.model)
    owned = {model: _make_keys(owners(model)) for model in models}
    free = makes
    if models:
        taken = frozenset().union(*(makes & owned[model] for model in models))
        # Only when every model has found its make are the other makes wishes of their own.
        free = makes - taken if all(makes & owned[model] for model in models) else frozenset()
    pairs = {(make, model) for model in models for make in (makes & owned[model] or owned[model] or makes)}
    return Wanted(makes, models, free, frozenset(pairs))


def excluded(index: Index, wish: Slots) -> int:
    """Cars of a make or model that the customer does not want."""
    models = _keys(wish.exclude.model)
    # "Geen Golf" may come with its make, and does not banish every Volkswagen.
    owning = frozenset().union(*(_make_keys(owners(model)) for model in models))
    makes = _make_keys(wish.exclude.make) - owning
    return index.identified(lambda make, model: make in makes or model in models)


def matching(index: Index, wish: Slots) -> int:
    """Cars of a wanted make and model."""
    return index.identified(wanted(wish).accepts)


def comparable(index: Index, wish: Slots) -> tuple[int, int, int]:
    """Alternatives to the wanted makes and models, nearest first.

    Cars of the same class (for a make alone: of comparable makes), then of the same make, then any that
    serve the same use.
    """
    want = wanted(wish)
    kinds = frozenset().union(*(classes(make, model) for make, model in want.pairs))
    near = index.identified(lambda make, model: model in want.models or bool(kinds & classes(make, model)))
    related = frozenset().union(*(peers(make) for make in want.free))
    near |= index.identified(lambda make, _: make in related)
    same_make = index.identified(lambda make, _: make in want.makes)
    like = _same_use(index, wish, kinds)
    return near & like, same_make & like, like


def _same_use(index: Index, wish: Slots, kinds: frozenset[str]) -> int:
    """Vans for who wants a van, passenger cars for the others, unless a body type was asked for."""
    if wish.body_type:
        return index.all
    vans = index.any_of("body_type", _VAN_BODIES)
    if not kinds & _VANS:
        return index.all & ~vans
    return index.all if kinds - _VANS else vans


def missing(index: Index, wish: Slots) -> tuple[str, ...]:
    """Wanted models, and makes wanted without a model, of which no car at all is available."""
    want = wanted(wish)
    present = index.identities
    models = {model for make, model in present if not want.makes or make in want.makes or make in want.free}
    makes = {make for make, _ in present}
    absent = [model for model in wish.model if squash(model) not in models]
    absent += [
        make for make in wish.make if (key := squash(canonical_make(make))) in want.free and key not in makes
    ]
    return tuple(absent)
