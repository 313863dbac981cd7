"""Scores predictions against labelled rows, by the definitions of the labelling guide.

An intent is right if it equals the gold one or stands in `also_ok`. Slots are compared as items:
one per list value and per sub-field. A frame is right if the intent and all slot items are.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_FIELDS = (
    "make", "model", "fuel_type", "transmission", "body_type", "color", "min_price", "max_price",
    "max_monthly", "min_year", "max_year", "max_mileage", "min_seats", "doors", "features", "own_car",
    "appointment", "exclude",
)  # fmt: skip
_PARTS = {
    "own_car": ("make", "model", "year", "mileage", "license_plate"),
    "appointment": ("kind", "day_text", "time_text"),
}
_NUMBERS = frozenset([
    "min_price", "max_price", "max_monthly", "min_year", "max_year", "max_mileage", "min_seats", "doors",
    "own_car.year", "own_car.mileage", "exclude.doors", "exclude.min_seats",
])  # fmt: skip
_LOOSE = ("appointment.day_text", "appointment.time_text")
_SMALL = frozenset(["om", "op", "de", "in", "het", "s", "aan", "uur", "u", "at", "on", "am", "um", "the"])
Item = tuple[str, object]


@dataclass(slots=True)
class Counts:
    """True positives, false positives, false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Return the share of what was predicted that is right, 0 when nothing was."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Return the share of what was to be found that was found, 0 when there was nothing."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Report:
    """Figures over a set of rows; `wrong` names rows whose frame is wrong, with what is."""

    rows: int = 0
    intent: int = 0
    strict: int = 0
    slots_exact: int = 0
    frame: int = 0
    by_intent: dict[str, Counts] = field(default_factory=dict)
    by_slot: dict[str, Counts] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, list[Item], list[Item]]] = field(default_factory=list)

    def share(self, count: int) -> float:
        """Return a count as a share of the rows."""
        return count / self.rows if self.rows else 0.0

    @property
    def micro(self) -> Counts:
        """Return the counts of all slots together."""
        total = Counts()
        for counts in self.by_slot.values():
            total.tp, total.fp, total.fn = total.tp + counts.tp, total.fp + counts.fp, total.fn + counts.fn
        return total

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 of the intents that occur in the gold rows."""
        gold = [counts for counts in self.by_intent.values() if counts.tp + counts.fn]
        return sum(counts.f1 for counts in gold) / len(gold) if gold else 0.0


def score(gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]) -> Report:
    """Score predictions by id; a missing one counts as wrong."""
    report = Report()
    for row in gold:
        answer = predicted.get(str(row["id"]), {})
        given, wanted = str(answer.get("intent") or "(none)"), row["intent"]
        right = given == wanted or given in row.get("also_ok", ())
        report.rows += 1
        report.intent += right
        report.strict += given == wanted
        _count_intent(report, wanted, given, right)
        tp, fp, fn = match(items(row["slots"]), items(answer.get("slots")))
        for kind, found in (("tp", tp), ("fp", fp), ("fn", fn)):
            for name, _ in found:
                counts = report.by_slot.setdefault(name, Counts())
                setattr(counts, kind, getattr(counts, kind) + 1)
        exact = not fp and not fn
        report.slots_exact += exact
        report.frame += exact and right
        if not (exact and right):
            report.wrong.append((str(row["id"]), wanted, given, sorted(fp, key=str), sorted(fn, key=str)))
    return report


def _count_intent(report: Report, wanted: str, given: str, right: bool) -> None:
    gold = report.by_intent.setdefault(wanted, Counts())
    if right:
        gold.tp += 1
        return
    gold.fn += 1
    report.by_intent.setdefault(given, Counts()).fp += 1


def items(slots: object) -> set[Item]:
    """Flatten slots to comparable items; what is outside the scheme is left out."""
    found: set[Item] = set()
    if not isinstance(slots, Mapping):
        return found
    for name, value in slots.items():
        if name not in _FIELDS:
            continue
        if name in _PARTS or name == "exclude":
            parts = value.items() if isinstance(value, Mapping) else ()
            for part, inner in parts:
                if name == "exclude" or part in _PARTS[name]:
                    _add(found, f"{name}.{part}", inner)
        else:
            _add(found, name, value)
    return found


def _add(found: set[Item], name: str, value: object) -> None:
    for one in value if isinstance(value, list | tuple) else [value]:
        if one is not None and one != "" and not isinstance(one, Mapping | list):
            found.add((name, normal(name, one)))


def normal(name: str, value: object) -> object:
    """Return the form in which a value is compared."""
    if name in _NUMBERS:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return round(value)
        digits = re.sub(r"\D", "", str(value))
        return int(digits) if digits and not isinstance(value, bool) else str(value)
    text = unicodedata.normalize("NFKD", str(value))
    text = "".join(char for char in text if not unicodedata.combining(char)).casefold()
    if name in _LOOSE:
        return " ".join(re.findall(r"[a-z0-9]+", text))
    keep = r"[^a-z0-9!]" if name.endswith("model") else r"[^a-z0-9]"
    return re.sub(keep, "", text)


def match(gold: set[Item], given: set[Item]) -> tuple[set[Item], set[Item], set[Item]]:
    """Return items found, too many and missed; day and time also match when one holds the other's words."""
    tp, fn, fp = gold & given, gold - given, given - gold
    for name in _LOOSE:
        for wanted in [item for item in fn if item[0] == name]:
            other = next((i for i in fp if i[0] == name and _similar(str(wanted[1]), str(i[1]))), None)
            if other:
                tp, fn, fp = tp | {wanted}, fn - {wanted}, fp - {other}
    return tp, fp, fn


def _similar(one: str, other: str) -> bool:
    first, second = set(one.split()) - _SMALL, set(other.split()) - _SMALL
    if not first or not second:
        return one == other
    return first <= second or second <= first
