"""Reading JSON Schemas as pydantic writes them: references, unions, types, bounds."""

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import orjson

Json = dict[str, Any]
NOISE = frozenset({"title", "description", "default", "examples", "deprecated"})


@dataclass(frozen=True)
class Bound:
    """A limit of a number or a length; the higher its ``rank``, the less it lets through."""

    value: float
    exclusive: bool
    sign: int

    @property
    def rank(self) -> tuple[float, bool]:
        """To compare two bounds of the same side."""
        return (self.sign * self.value, self.exclusive)

    def __str__(self) -> str:
        text = "none" if math.isinf(self.value) else f"{self.value:g}"
        return f"{text} (exclusive)" if self.exclusive else text


def lower(schema: Json, key: str, exclusive_key: str = "") -> Bound:
    """The lower limit that holds; lengths and counts start at 0. For integers, > 0 is the same as >= 1."""
    floor = -math.inf if key == "minimum" else 0
    return _bound(schema, key, exclusive_key, floor, 1)


def upper(schema: Json, key: str, exclusive_key: str = "") -> Bound:
    """The upper limit that holds. For integers, < 1 is the same as <= 0."""
    return _bound(schema, key, exclusive_key, math.inf, -1)


def _bound(schema: Json, key: str, exclusive_key: str, none: float, sign: int) -> Bound:
    found = [Bound(schema.get(key, none), False, sign)]
    if exclusive_key in schema:
        whole = schema.get("type") == "integer"
        value = schema[exclusive_key]
        found.append(Bound(value + sign, False, sign) if whole else Bound(value, True, sign))
    return max(found, key=lambda bound: bound.rank)


def resolve(schema: Json, defs: Json) -> Json:
    """The schema with its own ``$ref`` (and an ``allOf`` of one) followed; what stands beside it wins."""
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        target = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["allOf"][0]
        schema = {**target, **{key: value for key, value in schema.items() if key not in ("$ref", "allOf")}}
    return schema


def alternatives(schema: Json, defs: Json) -> list[Json]:
    """The members of a union, nested ones flattened; a schema that is no union is its only member.

    Members keep their ``$ref``. Limits that stand beside the union hold for each member.
    """
    solved = resolve(schema, defs)
    members = solved.get("anyOf") or solved.get("oneOf")
    if members is None and isinstance(solved.get("type"), list):
        members = [{"type": name} for name in solved["type"]]
    if members is None:
        return [schema]
    around = {k: v for k, v in solved.items() if k not in {"anyOf", "oneOf", "type", "discriminator", *NOISE}}
    return [leaf for member in members for leaf in alternatives({**around, **member}, defs)]


def label_of(schema: Json) -> str:
    """Name of the definition that a member refers to, if it does."""
    return str(schema.get("$ref", ""))


def type_of(schema: Json) -> str:
    """JSON type of a resolved schema; ``map``: free keys, ``tuple``: fixed places, ``any``: no type."""
    name = schema.get("type")
    if name is None and (values := values_of(schema)):
        kinds = {_json_type(orjson.loads(value)) for value in values}
        return kinds.pop() if len(kinds) == 1 else "any"
    if name == "object":
        return "object" if "properties" in schema else "map"
    if name == "array":
        return "tuple" if "prefixItems" in schema else "array"
    return name if isinstance(name, str) else "any"


def values_of(schema: Json) -> list[str] | None:
    """The allowed values as JSON texts; None where any value of the type will do."""
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if values is None else [orjson.dumps(value).decode() for value in values]


def describe(schema: Json) -> str:
    """A type in words, for instance ``array of string``, ``Message``, ``string or null``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if members := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(describe(member) for member in members)
    name = type_of(schema)
    if name == "array":
        items = schema.get("items")
        return f"array of {describe(items)}" if isinstance(items, dict) else "array"
    if name == "map":
        values = schema.get("additionalProperties")
        return f"map of {describe(values)}" if isinstance(values, dict) else "map"
    if name == "object":
        return str(schema.get("title", name))
    return name


def renames(removed: Json, added: Json, old_defs: Json, new_defs: Json) -> dict[str, str]:
    """Removed fields and the added ones that look like them: the same shape and a similar name.

    One removed and one added field of the same shape look alike whatever their names.
    """
    only = len(removed) == len(added) == 1
    scored = sorted(
        (
            (SequenceMatcher(None, old, new).ratio(), old, new)
            for old in removed
            for new in added
            if _shape(removed[old], old_defs) == _shape(added[new], new_defs)
        ),
        reverse=True,
    )
    pairs: dict[str, str] = {}
    for ratio, old, new in scored:
        if (ratio >= 0.5 or only) and old not in pairs and new not in pairs.values():
            pairs[old] = new
    return pairs


def _shape(schema: Json, defs: Json) -> str:
    """A text that is equal for fields that accept the same: without titles, words and defaults."""
    return orjson.dumps(_strip(resolve(schema, defs)), option=orjson.OPT_SORT_KEYS).decode()


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _strip(inner) for key, inner in value.items() if key not in NOISE or isinstance(inner, dict)
        }
    return [_strip(inner) for inner in value] if isinstance(value, list) else value


def _json_type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return names.get(type(value), "any")
