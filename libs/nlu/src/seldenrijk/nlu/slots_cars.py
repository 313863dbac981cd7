"""Fills make, model and the other words of the wanted car, what is excluded, and the own car's name."""

import re
from dataclasses import dataclass, field

from seldenrijk.nlu.mentions import Mention
from seldenrijk.nlu.ownership import Ownership
from seldenrijk.nlu.polarity import Polarity
from seldenrijk.nlu.reading import Reading

_SILENT = frozenset({"opt_out", "unclear"})
_NO_TERMS = frozenset({"service_inquiry", "complaint", "showroom_info"})
_POLICY = re.compile(r"\b(?:garantie|subsidie|laadpaal)\b")
_WAY = re.compile(r"\b(?:adres|route)\b")
_TRIM_MAKES = frozenset({"Abarth", "Cupra", "Alpine"})


@dataclass(slots=True)
class Cars:
    """The words of the wanted car and of the own car; `second` names own cars beyond the first."""

    slots: dict[str, object] = field(default_factory=dict)
    exclude: dict[str, object] = field(default_factory=dict)
    own: dict[str, object] = field(default_factory=dict)
    second: list[str] = field(default_factory=list)
    free: list[Mention] = field(default_factory=list)


def fill_cars(reading: Reading, owners: Ownership, workshop: bool = False) -> Cars:
    """Return the slots that name things; an appointment in the workshop names no features of a wanted car."""
    result = Cars()
    if reading.hint in _SILENT:
        return result
    result.own, result.second = _own_car(reading, owners)
    mentions = [o.mention for o in owners.cars if not o.own]
    if reading.hint not in _NO_TERMS and not workshop:
        mentions += [t for t in reading.terms if not _of_own_car(t, owners, reading)]
    if reading.hint is None and _WAY.search(reading.text.folded):
        mentions = [m for m in mentions if m.value != "navigatie"]
    mentions.sort(key=lambda m: (m.first, m.last))
    wanted, excluded, result.free = Polarity(reading).sort(mentions)
    _fill_names(result.slots, wanted, reading)
    _fill_terms(result.slots, wanted, reading)
    _fill_excluded(result, excluded, reading)
    return result


def _own_car(reading: Reading, owners: Ownership) -> tuple[dict[str, object], list[str]]:
    own: dict[str, object] = {}
    second: list[str] = []
    for owned in (o for o in owners.cars if o.own):
        mention = owned.mention
        name = "make" if mention.field == "make" else "model"
        complete = "model" in own or (name in own and own[name] != mention.value)
        if complete:
            if own.get(name) != mention.value:
                second.append(reading.text.source(mention.first, mention.last))
            continue
        own[name] = mention.value
        if name == "model" and len(mention.makes) == 1:
            own["make"] = mention.makes[0]
        reading.note(mention.first, mention.last, f"own_car.{name}", mention.value, owned.why)
    return own, second


def _of_own_car(term: Mention, owners: Ownership, reading: Reading) -> bool:
    if reading.hint in ("car_inquiry", "price_question", "financing_inquiry") and not any(
        o.own for o in owners.cars
    ):
        return False
    return owners.own_at(term.first)


def _fill_names(slots: dict[str, object], wanted: list[Mention], reading: Reading) -> None:
    """Fill make and model; a make follows from a model that belongs to one brand."""
    makes: list[str] = []
    models: list[str] = []
    names = [m for m in wanted if m.field in ("make", "model")]
    for mention in names:
        if mention.field == "make":
            if mention.value in _TRIM_MAKES and models:
                continue
            makes.append(mention.value)
        else:
            models.append(mention.value)
            if len(mention.makes) == 1:
                makes.append(mention.makes[0])
        reading.note(mention.first, mention.last, mention.field, mention.value, mention.why)
    _put(slots, "make", makes)
    _put(slots, "model", models)


def _fill_terms(slots: dict[str, object], wanted: list[Mention], reading: Reading) -> None:
    values: dict[str, list[str]] = {}
    for mention in wanted:
        if mention.field in ("make", "model"):
            continue
        values.setdefault(mention.field, []).append(mention.value)
        reading.note(mention.first, mention.last, mention.field, mention.value, mention.why)
    policy = (
        _POLICY.search(reading.text.folded)
        and reading.hint in ("service_inquiry", None)
        and "make" not in slots
    )
    for name, found in values.items():
        if not (policy and name == "fuel_type"):
            _put(slots, name, found)
    if isinstance(slots.get("features"), str):
        slots["features"] = [slots["features"]]


def _fill_excluded(result: Cars, excluded: list[Mention], reading: Reading) -> None:
    values: dict[str, list[str]] = {}
    for mention in excluded:
        values.setdefault(mention.field, []).append(mention.value)
        reading.note(mention.first, mention.last, f"exclude.{mention.field}", mention.value, "negated")
    for name, found in values.items():
        _put(result.exclude, name, found)


def _put(slots: dict[str, object], name: str, values: list[str]) -> None:
    """Put one value as itself and several as a list, in order of mention, each once."""
    unique = list(dict.fromkeys(values))
    if unique:
        slots[name] = unique[0] if len(unique) == 1 else unique
