"""The rules of the compatibility check, one by one, on made-up models."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from seldenrijk.contracts.differences import Difference, differences

Old = dict[str, tuple[Any, Any]]


def schema(fields: Old, name: str = "Made") -> dict[str, Any]:
    model: type[BaseModel] = create_model(name, **fields)  # type: ignore[call-overload]
    return model.model_json_schema()


def changes(old: Old, new: Old) -> list[Difference]:
    return differences(schema(old), schema(new))


class Wheel(BaseModel):
    size: int
    brand: str | None = None


class SmallerWheel(BaseModel):
    brand: str | None = None


class Kept(BaseModel):
    kind: Literal["kept"] = "kept"
    a: int


class Gone(BaseModel):
    kind: Literal["gone"] = "gone"
    b: int


class Less(BaseModel):
    kind: Literal["kept"] = "kept"


class Node(BaseModel):
    value: int
    next: "Node | None" = None


class OtherNode(BaseModel):
    value: str
    next: "OtherNode | None" = None


def renamed(model: type[BaseModel], name: str) -> type[BaseModel]:
    """The same class under another's name, as if it had been edited."""
    copy: type[BaseModel] = type(name, (model,), {"__module__": model.__module__})
    return copy


BASE: Old = {"text": (str, ...), "count": (int, 0)}
RULES: list[tuple[str, Old, Old, list[tuple[str, str]]]] = [
    ("removed", BASE, {"text": (str, ...)}, [("count", "field_removed")]),
    (
        "renamed",
        BASE,
        {"words": (str, ...), "count": (int, 0)},
        [("text", "field_renamed"), ("words", "added_required")],
    ),
    (
        "renamed optional",
        {"profile_name": (str, "")},
        {"name": (str, "")},
        [("profile_name", "field_renamed")],
    ),
    (
        "removed and another added",
        BASE,
        {"text": (str, ...), "flag": (bool, False)},
        [("count", "field_removed"), ("flag", "field_added")],
    ),
    ("retyped", BASE, {"text": (int, ...), "count": (int, 0)}, [("text", "retyped")]),
    ("whole to real number", BASE, {"text": (str, ...), "count": (float, 0)}, [("count", "retyped")]),
    ("value to list", BASE, {"text": (list[str], ...), "count": (int, 0)}, [("text", "retyped")]),
    ("list to pair", {"a": (list[int], ...)}, {"a": (tuple[int, int], ...)}, [("a", "retyped")]),
    ("map to record", {"a": (dict[str, int], ...)}, {"a": (Wheel, ...)}, [("a", "retyped")]),
    ("made required", BASE, {"text": (str, ...), "count": (int, ...)}, [("count", "made_required")]),
    ("made optional", BASE, {"text": (str, ""), "count": (int, 0)}, [("text", "made_optional")]),
    ("added required", BASE, {**BASE, "other": (bool, ...)}, [("other", "added_required")]),
    ("added", BASE, {**BASE, "other": (bool, False)}, [("other", "field_added")]),
    ("default", BASE, {"text": (str, ...), "count": (int, 3)}, [("count", "default_changed")]),
    (
        "value dropped",
        {"a": (Literal["x", "y"], ...)},
        {"a": (Literal["x"], ...)},
        [("a", "enum_value_dropped")],
    ),
    ("value added", {"a": (Literal["x"], ...)}, {"a": (Literal["x", "y"], ...)}, [("a", "enum_value_added")]),
    ("literal changed", {"a": (Literal["x"], ...)}, {"a": (Literal["y"], ...)}, [("a", "literal_changed")]),
    ("literal of another type", {"a": (Literal[1], ...)}, {"a": (Literal["1"], ...)}, [("a", "retyped")]),
    ("text to values", {"a": (str, ...)}, {"a": (Literal["x", "y"], ...)}, [("a", "tightened")]),
    ("values to text", {"a": (Literal["x", "y"], ...)}, {"a": (str, ...)}, [("a", "loosened")]),
    (
        "null no more",
        {"a": (str | None, None)},
        {"a": (str, "")},
        [("a", "default_changed"), ("a", "narrowed")],
    ),
    ("null allowed", {"a": (str, ...)}, {"a": (str | None, ...)}, [("a", "widened")]),
    ("retyped beside null", {"a": (str | None, ...)}, {"a": (int | None, ...)}, [("a", "retyped")]),
    ("union grows", {"a": (str | int, ...)}, {"a": (str | int | bool, ...)}, [("a", "widened")]),
    ("union shrinks", {"a": (str | int, ...)}, {"a": (str, ...)}, [("a", "narrowed")]),
    ("union in another order", {"a": (str | int | None, ...)}, {"a": (None | int | str, ...)}, []),
    ("anything", {"a": (str, ...)}, {"a": (Any, ...)}, [("a", "widened")]),
    ("no longer anything", {"a": (Any, ...)}, {"a": (str, ...)}, [("a", "retyped")]),
    ("items retyped", {"a": (list[str], ...)}, {"a": (list[int], ...)}, [("a[]", "retyped")]),
    ("pair retyped", {"a": (tuple[int, str], ...)}, {"a": (tuple[int, int], ...)}, [("a[1]", "retyped")]),
    ("map values retyped", {"a": (dict[str, str], ...)}, {"a": (dict[str, int], ...)}, [("a{}", "retyped")]),
    ("list to tuple of any length", {"a": (list[str], ...)}, {"a": (tuple[str, ...], ...)}, []),
]


@pytest.mark.parametrize(("old", "new", "expected"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_each_rule(old: Old, new: Old, expected: list[tuple[str, str]]) -> None:
    assert [(c.path, c.kind) for c in changes(old, new)] == expected


LIMITS: list[tuple[type, dict[str, Any], dict[str, Any], str | None]] = [
    (int, {}, {"ge": 0}, "tightened"),
    (int, {"ge": 0}, {}, "loosened"),
    (int, {"ge": 0}, {"ge": 1}, "tightened"),
    (int, {"ge": 1}, {"gt": 0}, None),
    (int, {"le": 9}, {"lt": 10}, None),
    (float, {"ge": 0}, {"gt": 0}, "tightened"),
    (float, {"gt": 0}, {"ge": 0}, "loosened"),
    (float, {"le": 1}, {"le": 0.5}, "tightened"),
    (float, {"le": 1}, {"le": 2}, "loosened"),
    (str, {}, {"max_length": 20}, "tightened"),
    (str, {"max_length": 20}, {"max_length": 10}, "tightened"),
    (str, {"max_length": 20}, {"max_length": 30}, "loosened"),
    (str, {}, {"min_length": 0}, None),
    (str, {}, {"min_length": 1}, "tightened"),
    (str, {}, {"pattern": "^a"}, "tightened"),
    (str, {"pattern": "^a"}, {"pattern": "^b"}, "tightened"),
    (str, {"pattern": "^a"}, {}, "loosened"),
    (int, {}, {"multiple_of": 2}, "tightened"),
    (list[str], {}, {"max_length": 3}, "tightened"),
    (list[str], {"max_length": 3}, {}, "loosened"),
]


@pytest.mark.parametrize(("type_", "before", "after", "expected"), LIMITS)
@pytest.mark.parametrize(
    "wrap",
    [lambda t: t, lambda t: t | None, list.__class_getitem__],
    ids=["bare", "null", "list"],
)
def test_limits(
    type_: type,
    before: dict[str, Any],
    after: dict[str, Any],
    expected: str | None,
    wrap: Callable[[Any], Any],
) -> None:
    old: Old = {"a": (wrap(Annotated[type_, Field(**before)]), ...)}
    new: Old = {"a": (wrap(Annotated[type_, Field(**after)]), ...)}
    assert [c.kind for c in changes(old, new)] == ([expected] if expected else [])


def test_a_set_instead_of_a_list_is_tighter() -> None:
    assert [c.kind for c in changes({"a": (list[str], ...)}, {"a": (set[str], ...)})] == ["tightened"]


def test_a_change_in_a_nested_model_is_found_at_every_place() -> None:
    old: Old = {"one": (Wheel, ...), "many": (list[Wheel], ...), "maybe": (Wheel | None, None)}
    slim = renamed(SmallerWheel, "Wheel")
    new: Old = {"one": (slim, ...), "many": (list[slim], ...), "maybe": (slim | None, None)}  # type: ignore[valid-type]
    assert [(c.path, c.kind) for c in changes(old, new)] == [
        ("one.size", "field_removed"), ("many[].size", "field_removed"), ("maybe.size", "field_removed"),
    ]  # fmt: skip


def test_moving_a_model_to_another_name_is_no_change() -> None:
    assert changes({"a": (Wheel, ...)}, {"a": (renamed(Wheel, "Tyre"), ...)}) == []


def test_unions_of_models_are_matched_by_name_then_by_fit() -> None:
    assert [c.kind for c in changes({"a": (Kept | Gone, ...)}, {"a": (Kept, ...)})] != []
    found = changes({"a": (Kept | Gone, ...)}, {"a": (Gone | renamed(Less, "Kept"), ...)})
    assert [(c.path, c.kind) for c in found] == [("a.a", "field_removed")]
    assert changes({"a": (Kept | Gone, ...)}, {"a": (Gone | Kept, ...)}) == []


def test_a_discriminated_union_is_a_union() -> None:
    old: Old = {"a": (Annotated[Kept | Gone, Field(discriminator="kind")], ...)}
    new: Old = {"a": (Annotated[renamed(Less, "Kept") | Gone, Field(discriminator="kind")], ...)}
    assert [(c.path, c.kind) for c in changes(old, new)] == [("a.a", "field_removed")]


def test_a_model_that_contains_itself_is_compared_once() -> None:
    assert changes({"a": (Node, ...)}, {"a": (Node, ...)}) == []
    found = changes({"a": (Node, ...)}, {"a": (OtherNode, ...)})
    assert ("a.value", "retyped") in [(c.path, c.kind) for c in found]


def test_titles_and_descriptions_do_not_matter() -> None:
    new: Old = {"text": (str, Field(description="words", title="T", examples=["x"])), "count": (int, 0)}
    assert changes(BASE, new) == []


def test_forbidding_unknown_fields_is_breaking() -> None:
    class Strict(BaseModel):
        model_config: ClassVar[Any] = {"extra": "forbid"}
        text: str
        count: int = 0

    found = differences(schema(BASE), Strict.model_json_schema())
    assert [(c.kind, c.impact) for c in found] == [("tightened", "breaking")]


def test_an_unheard_of_keyword_is_not_let_through() -> None:
    old, new = schema(BASE), schema(BASE)
    new["properties"]["text"]["contains"] = {"const": 1}
    assert [c.impact for c in differences(old, new)] == ["breaking"]


IMPACT_CASES = [
    ({"a": (Literal["x"], ...)}, {"a": (Literal["x", "y"], ...)}, "readers_first"),
    ({"a": (str, ...)}, {"a": (str | None, ...)}, "readers_first"),
    ({"a": (str, ...)}, {"a": (str, "")}, "compatible"),
    ({"a": (str, "")}, {"a": (str, ...)}, "breaking"),
]


@pytest.mark.parametrize(("old", "new", "impact"), IMPACT_CASES)
def test_impacts(old: Old, new: Old, impact: str) -> None:
    assert [c.impact for c in changes(old, new)] == [impact]
