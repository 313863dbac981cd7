"""A scripted conversation as it stands in YAML; ``evals/replies/README.md`` explains it to its writers."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent / "replies"
Kind = Literal[
    "text", "image", "audio", "video", "document", "location", "contacts", "sticker", "reaction", "button",
    "list_reply",
]  # fmt: skip
_STRICT = ConfigDict(extra="forbid", frozen=True)


class ScriptError(Exception):
    """A script cannot be read; the text names the file and the place."""


def _listed(value: Any) -> Any:
    """One thing alone is a list of one."""
    return value if isinstance(value, list) or value is None else [value]


Anyof = str | list[str]
Patterns = Annotated[list[Anyof], BeforeValidator(_listed)]


class Cars(BaseModel):
    """Bounds that every offered car meets; ``ids``: exactly these, ``count``: at least so many."""

    model_config = _STRICT

    ids: list[str] | None = None
    count: int = 1
    make: list[str] | None = None
    model: list[str] | None = None
    fuel_type: list[str] | None = None
    transmission: list[str] | None = None
    body_type: list[str] | None = None
    color: list[str] | None = None
    min_price: int | None = None
    max_price: int | None = None
    min_year: int | None = None
    max_mileage: int | None = None
    min_seats: int | None = None
    features: list[str] | None = None


class Expect(BaseModel):
    """What must hold after a step. A pattern is a text (any case) or ``/a regular expression/``."""

    model_config = _STRICT

    must_mention: Patterns = []
    must_not_mention: Patterns = []
    must_mention_when_closed: Patterns = []
    cars: Cars | Literal["none", "any"] | None = None
    slots: dict[str, Any] = {}
    intent: Annotated[list[str] | None, BeforeValidator(_listed)] = None
    language: Literal["nl", "en", "de"] | None = None
    formal: bool | None = None
    max_lines: int = 8
    max_questions: int = 2
    max_cars: int = 3
    emoji: bool | None = None
    handover: Annotated[list[str], BeforeValidator(_listed)] | Literal[False] | None = None
    silence: Annotated[list[str], BeforeValidator(_listed)] | None = None
    replies: int | None = None
    appointment_request: Literal["none"] | Patterns | None = Field(None, union_mode="left_to_right")


class Part(BaseModel):
    """One message of the customer; ``after`` is a pause before it (seconds)."""

    model_config = _STRICT

    text: str = ""
    kind: Kind = "text"
    choice: str | None = None
    after: float = 0.0
    filename: str | None = None


def _parts(value: Any) -> Any:
    return [{"text": item} if isinstance(item, str) else item for item in _listed(value)]


class Step(BaseModel):
    """One step: the customer writes (several messages are a burst), or the staff or the dealer act."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customer: Annotated[list[Part] | None, BeforeValidator(lambda v: v if v is None else _parts(v))] = None
    pause: float = 0.6
    deliver: int = Field(1, ge=1, description="how often each webhook is delivered")
    agent: str | None = None
    note: str | None = None
    take_over: bool = False
    hand_back: bool = False
    sell: list[str] = []
    reserve: list[str] = []
    wait: float = 0.0
    expect: Expect = Expect()


class Script(BaseModel):
    """A conversation of one customer. ``stock`` and ``dealer`` choose the system that it is held with."""

    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    about: str = Field(min_length=5)
    profile: str | None = None
    address: str | None = None
    stock: str | None = None
    dealer: dict[str, Any] = {}
    turns: list[Step] = Field(min_length=1)


def load(folder: Path = FOLDER) -> list[Script]:
    """All scripts of a folder in the order of the files. Raises ScriptError."""
    found: list[Script] = []
    for path in sorted(folder.glob("*.yaml")):
        found += _read(path)
    doubled = sorted({s.name for s in found if [o.name for o in found].count(s.name) > 1})
    if doubled:
        raise ScriptError(f"names used twice: {', '.join(doubled)}")
    return found


def _read(path: Path) -> list[Script]:
    try:
        listed = yaml.safe_load(path.read_text("utf-8"))["conversations"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ScriptError(f"{path.name}: {error}") from error
    scripts = []
    for number, item in enumerate(listed):
        try:
            scripts.append(Script.model_validate(item))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            name = item.get("name", number) if isinstance(item, dict) else number
            raise ScriptError(f"{path.name}: {name}: {where}: {first['msg']}") from error
    return scripts
