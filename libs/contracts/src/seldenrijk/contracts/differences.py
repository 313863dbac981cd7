"""What differs between two JSON Schemas of one event, and whether that is safe on a living bus.

Three impacts. ``breaking``: a deployed reader, or the next one reading older events, would refuse an
event or miss a value. ``readers_first``: events get wider, so readers must be deployed before writers.
``compatible``: any order will do.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from .shapes import (
    Bound,
    Json,
    alternatives,
    describe,
    label_of,
    lower,
    renames,
    resolve,
    type_of,
    upper,
    values_of,
)

Impact = Literal["breaking", "readers_first", "compatible"]
Fields = dict[str, Json]

IMPACTS: Final[dict[str, Impact]] = {
    "field_removed": "breaking",
    "field_renamed": "breaking",
    "retyped": "breaking",
    "made_required": "breaking",
    "added_required": "breaking",
    "enum_value_dropped": "breaking",
    "literal_changed": "breaking",
    "tightened": "breaking",
    "narrowed": "breaking",
    "enum_value_added": "readers_first",
    "loosened": "readers_first",
    "widened": "readers_first",
    "field_added": "compatible",
    "made_optional": "compatible",
    "default_changed": "compatible",
}
ANNOTATIONS: Final = frozenset(
    {
        "$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default", "examples",
        "deprecated", "readOnly", "writeOnly", "discriminator", "x-readers", "x-writers",
    }
)  # fmt: skip
BOUNDS: Final = (
    ("minimum", "exclusiveMinimum"), ("minLength",), ("minItems",), ("minProperties",),
    ("maximum", "exclusiveMaximum"), ("maxLength",), ("maxItems",), ("maxProperties",),
)  # fmt: skip
STRUCTURE: Final = frozenset(
    {
        "type", "const", "enum", "anyOf", "oneOf", "properties", "required", "additionalProperties",
        "items", "prefixItems", *(key for keys in BOUNDS for key in keys),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One difference: where in the event (``messages[].slots.make``), what kind, in words."""

    path: str
    kind: str
    detail: str

    @property
    def impact(self) -> Impact:
        """What it does to the services that are deployed."""
        return IMPACTS[self.kind]


def differences(old: Json, new: Json) -> list[Difference]:
    """All differences that matter from schema ``old`` to ``new``; texts and titles don't."""
    comparison = _Comparison(old.get("$defs", {}), new.get("$defs", {}))
    comparison.compare("", old, new)
    return list(dict.fromkeys(comparison.found))


@dataclass
class _Comparison:
    old_defs: Fields
    new_defs: Fields
    found: list[Difference] = field(default_factory=list)
    inside: set[tuple[str, str]] = field(default_factory=set)

    def add(self, path: str, kind: str, detail: str) -> None:
        self.found.append(Difference(path, kind, detail))

    def compare(self, path: str, old: Json, new: Json) -> None:
        """Compare two places; a definition that contains itself is entered once."""
        refs = (old.get("$ref", ""), new.get("$ref", ""))
        if all(refs) and refs in self.inside:
            return
        entered = {refs} if all(refs) else set()
        self.inside |= entered
        self._default(path, old, new)
        befores, afters = alternatives(old, self.old_defs), alternatives(new, self.new_defs)
        if len(befores) == len(afters) == 1:
            self._one(path, befores[0], afters[0])
        else:
            self._union(path, befores, afters)
        self.inside -= entered

    def _default(self, path: str, old: Json, new: Json) -> None:
        before, after = old.get("default"), new.get("default")
        nested = isinstance(before, dict) or isinstance(after, dict)  # told at the nested fields themselves
        if "default" in old and "default" in new and _json(before) != _json(after) and not nested:
            self.add(path, "default_changed", f"default {_json(before)} is now {_json(after)}")

    def _one(self, path: str, old: Json, new: Json) -> None:
        old, new = resolve(old, self.old_defs), resolve(new, self.new_defs)
        before, after = type_of(old), type_of(new)
        if before != after:
            kind = "widened" if after == "any" else "retyped"
            self.add(path, kind, f"{describe(old)} is now {describe(new)}")
            return
        self._values(path, old, new)
        self._constraints(path, old, new)
        if before == "object":
            self._fields(path, old, new)
        if before in ("object", "map"):
            self._inner(
                f"{path}{{}}", old.get("additionalProperties", True), new.get("additionalProperties", True)
            )
        if before in ("array", "tuple"):
            self._inner(f"{path}[]", old.get("items", True), new.get("items", True))
            pairs = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
            for index, (one, other) in enumerate(pairs):
                self.compare(f"{path}[{index}]", one, other)

    def _union(self, path: str, befores: list[Json], afters: list[Json]) -> None:
        matches = [(old, self._match(old, afters)) for old in befores]
        used = [id(new) for _, new in matches if new is not None]
        lost = [old for old, new in matches if new is None]
        gained = [new for new in afters if id(new) not in used]
        gained_types = [new for new in gained if type_of(resolve(new, self.new_defs)) != "null"]
        for old, new in matches:
            if new is not None:
                self.compare(path, _bare(old), _bare(new))
        for old in lost:
            if gained_types and type_of(old) != "null":
                new = gained_types.pop(0)
                gained = [other for other in gained if other is not new]
                text = (
                    f"{describe(resolve(old, self.old_defs))} is now {describe(resolve(new, self.new_defs))}"
                )
                self.add(path, "retyped", text)
            else:
                self.add(path, "narrowed", f"may no longer be {describe(resolve(old, self.old_defs))}")
        for new in gained:
            self.add(path, "widened", f"may now also be {describe(resolve(new, self.new_defs))}")

    def _match(self, old: Json, afters: list[Json]) -> Json | None:
        """The alternative of the same type that fits best: the same definition, else the least broken."""
        wanted = type_of(resolve(old, self.old_defs))
        same = [new for new in afters if type_of(resolve(new, self.new_defs)) in (wanted, "any")]
        return min(
            same, key=lambda new: (label_of(new) != label_of(old), self._damage(old, new)), default=None
        )

    def _damage(self, old: Json, new: Json) -> int:
        trial = _Comparison(self.old_defs, self.new_defs, inside=set(self.inside))
        trial.compare("", _bare(old), _bare(new))
        return sum(d.impact == "breaking" for d in trial.found)

    def _values(self, path: str, old: Json, new: Json) -> None:
        before, after = values_of(old), values_of(new)
        if before is None or after is None:
            if before is None and after is not None:
                self.add(path, "tightened", f"any {type_of(old)} is now one of {', '.join(after)}")
            elif before is not None:
                self.add(path, "loosened", f"one of {', '.join(before)} is now any {type_of(new)}")
            return
        dropped, gained = [v for v in before if v not in after], [v for v in after if v not in before]
        if dropped and gained and len(before) == len(after) == 1:
            self.add(path, "literal_changed", f"{before[0]} is now {after[0]}")
            return
        for value in dropped:
            self.add(path, "enum_value_dropped", f"value {value} is gone")
        for value in gained:
            self.add(path, "enum_value_added", f"value {value} is new")

    def _constraints(self, path: str, old: Json, new: Json) -> None:
        for keys in BOUNDS:
            bound = upper if keys[0].startswith("max") else lower
            self._bound(path, keys[0], bound(old, *keys), bound(new, *keys))
        for key in sorted((old.keys() | new.keys()) - ANNOTATIONS - STRUCTURE):
            before, after = old.get(key), new.get(key)
            if before != after and (before or after):
                text = f"{key} {_json(before)} is now {_json(after)}"
                self.add(path, "tightened" if after else "loosened", text)

    def _bound(self, path: str, name: str, old: Bound, new: Bound) -> None:
        if old.rank != new.rank:
            self.add(path, "tightened" if new.rank > old.rank else "loosened", f"{name} {old} is now {new}")

    def _inner(self, path: str, old: Json | bool, new: Json | bool) -> None:
        """What stands inside: values of a map, items of a list, or whatever a record does not name."""
        if isinstance(old, dict) and isinstance(new, dict):
            self.compare(path, old, new)
        elif old != new:
            self.add(
                path,
                "loosened" if new is True or old is False else "tightened",
                f"{_kind(old)} is now {_kind(new)}",
            )

    def _fields(self, path: str, old: Json, new: Json) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        was, must = set(old.get("required", ())), set(new.get("required", ()))
        added = {name: after[name] for name in after if name not in before}
        removed = {name: before[name] for name in before if name not in after}
        renamed = renames(removed, added, self.old_defs, self.new_defs)
        for name in before:
            place = f"{path}.{name}".lstrip(".")
            if name in renamed:
                self.add(place, "field_renamed", f"looks renamed to {renamed[name]}")
            elif name not in after:
                self.add(place, "field_removed", "the field is gone")
            else:
                if (name in was) != (name in must):
                    kind = "made_required" if name in must else "made_optional"
                    self.add(place, kind, f"is now {kind.removeprefix('made_')}")
                self.compare(place, before[name], after[name])
        for name, value in added.items():
            kind = "added_required" if name in must else "field_added"
            if kind == "added_required" or name not in renamed.values():
                what = describe(resolve(value, self.new_defs))
                self.add(
                    f"{path}.{name}".lstrip("."), kind, f"new field, {what}{', required' * (name in must)}"
                )


def _bare(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "default"}


def _kind(schema: Json | bool) -> str:
    return describe(schema) if isinstance(schema, dict) else ("anything" if schema else "nothing")


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
