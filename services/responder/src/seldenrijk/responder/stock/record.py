"""From one row's cells to one car: forgiving in form, strict in meaning."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock import vocabulary
from seldenrijk.responder.stock.catalog import canonical_make, split_model
from seldenrijk.responder.stock.columns import field_of
from seldenrijk.responder.stock.features import read_features, read_flag
from seldenrijk.responder.stock.model import Problem
from seldenrijk.responder.stock.rows import Row
from seldenrijk.responder.stock.words import squash, text_of, whole_number, year_of

_REQUIRED: dict[str, Callable[[Any], Any]] = {
    "year": year_of,
    "mileage": whole_number,
    "price": whole_number,
    "fuel_type": lambda v: vocabulary.fuel(text_of(v)),
    "transmission": lambda v: vocabulary.gearbox(text_of(v)),
}
_OPTIONAL: dict[str, Callable[[Any], Any]] = {
    "body_type": lambda v: vocabulary.body(text_of(v)),
    "color": lambda v: vocabulary.color(text_of(v)),
    "seats": whole_number,
    "doors": whole_number,
    "monthly": whole_number,
}
_RANGES = {"seats": (1, 9), "doors": (2, 5), "monthly": (1, 100_000)}
RANK = {"available": 0, "reserved": 1, "withdrawn": 2, "sold": 3}
TAKEN = {"sold", "withdrawn"}


class Bad(Exception):  # noqa: N818 - it ends the reading of one row and goes no further
    """A row that cannot become a car: the field and the reason."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field, self.why = field, why


def by_field(cells: Mapping[Any, Any]) -> dict[str, Any]:
    """Cells by the field they mean; of two columns for one field the first filled one counts."""
    known: dict[str, Any] = {}
    for column, value in cells.items():
        field = field_of(column) if isinstance(column, str) else None
        if field and (field not in known or known[field] in (None, "")):
            known[field] = value
    return known


def id_of(cells: Mapping[str, Any]) -> str:
    """Id of the row: its own, else the number plate, which is as unique."""
    return text_of(cells.get("id")) or squash(text_of(cells.get("license_plate"))).upper()


def _status(cells: Mapping[str, Any]) -> str:
    flags = [name for name in ("sold", "reserved") if _says_yes(cells.get(name))]
    stated = vocabulary.status(text_of(cells.get("status")))
    return max((*flags, stated), key=lambda status: RANK[status])


def _says_yes(value: object) -> bool:
    """Whether a yes/no cell says yes; a date in a column "verkocht" says so too."""
    text = text_of(value).casefold()
    return value is True or (bool(text) and text not in {"nee", "n", "no", "false", "0", "onwaar"})


def says_taken(cells: Mapping[str, Any]) -> bool:
    """Whether the row calls the car sold or withdrawn, whatever else is wrong with it."""
    try:
        return _status(cells) in TAKEN
    except ValueError:
        return False


def car(row: Row, cells: Mapping[str, Any], number: str) -> tuple[Car, list[Problem]]:
    """Give the car of a row and the fields that had to be left out. Raises Bad."""
    if row.fault:
        raise Bad("row", row.fault)
    fields = _required(cells, number)
    notes: list[Problem] = []
    for name, read in _OPTIONAL.items():
        try:
            fields[name] = _optional(name, cells.get(name), read)
        except ValueError as error:
            notes.append(Problem(row.number, name, str(error), skipped=False))
    fields["features"] = _features(cells)
    fields["license_plate"] = text_of(cells.get("license_plate")).upper() or None
    fields["url"] = _url(cells.get("url"))
    return _checked(fields), notes


def _required(cells: Mapping[str, Any], number: str) -> dict[str, Any]:
    if not number:
        raise Bad("id", "is missing")
    make = canonical_make(_needed(cells, "make"))
    model, rest = split_model(make, _needed(cells, "model"))
    fields: dict[str, Any] = {"id": number, "make": make, "model": model}
    fields["version"] = text_of(cells.get("version")) or rest or None
    for name, read in _REQUIRED.items():
        # Every electric car on sale is an automatic; feeds leave the gearbox of those empty.
        if name == "transmission" and not text_of(cells.get(name)) and fields["fuel_type"] == "elektrisch":
            fields[name] = "automaat"
            continue
        _needed(cells, name)
        fields[name] = _read(name, cells[name], read)
    fields["status"] = _read("status", cells, _status)
    if fields["year"] > datetime.now(UTC).year + 1:
        raise Bad("year", "lies in the future")
    return fields


def _needed(cells: Mapping[str, Any], name: str) -> str:
    text = text_of(cells.get(name))
    if not text:
        raise Bad(name, "is missing")
    return text


def _read(name: str, value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except ValueError as error:
        raise Bad(name, str(error)) from None


def _optional(name: str, value: Any, read: Callable[[Any], Any]) -> Any:
    if not text_of(value):
        return None
    result = read(value)
    if result == 0:
        return None  # feeds write 0 for a number that they do not know
    low, high = _RANGES.get(name, (None, None))
    if low is not None and high is not None and not low <= result <= high:
        raise ValueError(f"is not between {low} and {high}")
    return result


def _features(cells: Mapping[str, Any]) -> tuple[str, ...]:
    found = set(read_features(cells.get("features")))
    for name, value in cells.items():
        if name.startswith("feature:"):
            found |= set(read_flag(name.removeprefix("feature:"), value))
    return tuple(sorted(found))


def _url(value: Any) -> str | None:
    text = text_of(value)
    return text if text.startswith(("https://", "http://")) and " " not in text and len(text) <= 500 else None


def _checked(fields: dict[str, Any]) -> Car:
    try:
        return Car(**fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Bad(str(first["loc"][0]), f"is not acceptable ({first['type'].replace('_', ' ')})") from None
