"""The engine's slots and Claude's, field by field."""

from collections.abc import Collection
from typing import Any

from .evidence import supported
from .proposal import Slots, UnderstandingProposal, flat, nested


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
    engine = flat(engine_slots)
    if proposal is None:
        return nested(engine)
    claude = flat(supported(proposal.slots, text, year)[0])
    offered = {field for field, _ in claude}
    certain = [pair for pair in engine if not (_named(pair[0], uncertain) and pair[0] in offered)]
    taken = {field for field, _ in certain}
    opposite = {(_opposite(field), value) for field, value in certain}
    added = [pair for pair in claude if pair[0] not in taken and pair not in opposite]
    return nested(_consistent(certain, added))


def _named(field: str, names: Collection[str]) -> bool:
    return field in names or field.partition(".")[0] in names


def _opposite(field: str) -> str:
    return field.removeprefix("exclude.") if field.startswith("exclude.") else f"exclude.{field}"


def _consistent(certain: list[tuple[str, Any]], added: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Without additions that would turn a range round (a lower bound above the upper one)."""
    known = dict(certain)
    kept = list(certain)
    for field, value in added:
        low, high = {
            "min_price": (value, known.get("max_price")),
            "max_price": (known.get("min_price"), value),
            "min_year": (value, known.get("max_year")),
            "max_year": (known.get("min_year"), value),
        }.get(field, (None, None))
        if low is None or high is None or low <= high:
            kept.append((field, value))
            known[field] = value
    return kept
