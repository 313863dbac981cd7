"""The engine's slots and Claude's, field by field."""

from collections.abc import Collection
from typing import Any

from .evidence import supported
from .proposal import Slots, UnderstandingProposal, flat, nested

Groups = dict[str, list[Any]]  # all values of each field


def merge_understanding(
    engine_slots: Slots,
    proposal: UnderstandingProposal | None,
    *,
    text: str,
    uncertain: Collection[str] = (),
    year: int | None = None,
) -> dict[str, Any]:
    """The slots of a message: what the engine is certain of stays, Claude fills what it left over.

    ``uncertain`` names engine fields ("max_price", "own_car.model", or "own_car" for all of it) that
    Claude's value may replace; where Claude has none, the engine's stays. Claude's numbers count
    only if ``text`` contains them (see :func:`~seldenrijk.claude.evidence.supported`; ``year`` is the year of
    the message, for relative ages). A value that the engine excludes is not let in as wanted, nor the
    reverse. Both in and out have the guide's form; the arguments are not changed.
    """
    merged = _grouped(flat(engine_slots))
    if proposal is None:
        return _ungrouped(merged)
    certain = {field: values for field, values in merged.items() if not _named(field, uncertain)}
    claude = _grouped(flat(supported(proposal.slots, text, year)[0]))
    waiting: Groups = {}
    for field, values in claude.items():
        refused = claude.get(f"exclude.{field}", [])  # where Claude contradicts itself, "geen" counts
        fitting = [v for v in values if v not in refused and _fits(field, [v], certain)]
        if fitting and field not in certain:
            waiting[field] = fitting
    _take_in(merged, waiting)
    return _ungrouped(merged)


def _take_in(merged: Groups, waiting: Groups) -> None:
    """Let in what does not contradict the rest, until nothing more fits (one may make room for another)."""
    progress = True
    while progress:
        fitting = [f for f, v in waiting.items() if _fits(f, v, {k: m for k, m in merged.items() if k != f})]
        progress = bool(fitting)
        for field in fitting[:1]:
            merged[field] = waiting.pop(field)


def _grouped(pairs: list[tuple[str, Any]]) -> Groups:
    groups: Groups = {}
    for field, value in pairs:
        groups.setdefault(field, []).append(value)
    return groups


def _ungrouped(groups: Groups) -> Slots:
    return nested([(field, value) for field, values in groups.items() for value in values])


def _named(field: str, names: Collection[str]) -> bool:
    return field in names or field.partition(".")[0] in names


def _fits(field: str, values: list[Any], others: Groups) -> bool:
    """Neither wanted and excluded at once, nor a range turned round."""
    opposite = field.removeprefix("exclude.") if field.startswith("exclude.") else f"exclude.{field}"
    if set(values) & set(others.get(opposite, [])):
        return False
    bound, _, what = field.partition("_")
    if what not in ("price", "year") or bound not in ("min", "max"):
        return True
    other = others.get(f"{'max' if bound == 'min' else 'min'}_{what}", [])
    return not other or (values[-1] <= other[-1]) == (bound == "min") or values[-1] == other[-1]
