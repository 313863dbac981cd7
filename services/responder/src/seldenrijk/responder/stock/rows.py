"""From the bytes of a feed to numbered rows: CSV or JSON, in the dialects that exports come in."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from seldenrijk.responder.stock.model import StockError

Format = Literal["csv", "json"]
_DELIMITERS = ";,\t|"
_EXTRA = "(more cells than columns)"


@dataclass(frozen=True)
class Row:
    """One row of a feed. `number` is the spreadsheet's row in CSV (the header is 1), else counted from 1.

    `fault` says what is wrong with the row as a row, before any of its cells is read.
    """

    number: int
    cells: Mapping[str, Any]
    fault: str | None = None


def read_rows(body: bytes, fmt: Format) -> list[Row]:
    """Read all rows. Raises StockError when the body as a whole cannot be read."""
    text = _decode(body)
    start = text.lstrip()[:1]
    if not start:
        raise StockError("empty", "the feed is empty")
    if start == "<":
        raise StockError("wrong-type", "the feed is HTML or XML")
    return list(_json_rows(text) if fmt == "json" else _csv_rows(text))


def _decode(body: bytes) -> str:
    for encoding in ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StockError("unreadable", "the feed is not text")


def _json_rows(text: str) -> Iterator[Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise StockError("unreadable", "the feed is not valid JSON") from None
    for number, item in enumerate(_items(data), start=1):
        if isinstance(item, dict):
            yield Row(number, item)
        else:
            yield Row(number, {}, "is not an object")


def _items(data: Any) -> list[Any]:
    """Find the list of cars: the document itself, or the only list of objects in its top object."""
    if isinstance(data, list):
        return data
    lists = [v for v in data.values() if isinstance(v, list)] if isinstance(data, dict) else []
    of_objects = [v for v in lists if any(isinstance(item, dict) for item in v)]
    chosen = of_objects or lists
    if len(chosen) != 1:
        raise StockError("unreadable", "the JSON holds no single list of cars")
    return chosen[0]


def _csv_rows(text: str) -> Iterator[Row]:
    lines = text.replace("\x00", "")
    header = lines.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    if not header.count(delimiter):
        raise StockError("unreadable", "the first line is no CSV header of several columns")
    reader = csv.DictReader(io.StringIO(lines, newline=""), delimiter=delimiter, restkey=_EXTRA)
    try:
        for number, cells in enumerate(reader, start=2):
            if _swallowed(cells, header.count(delimiter), delimiter):
                raise StockError("unreadable", f"a quote opened in row {number} takes in the rows after it")
            yield Row(number, cells, _fault(cells))
    except csv.Error:
        raise StockError("unreadable", "the feed is not valid CSV") from None


def _swallowed(cells: Mapping[str, Any], delimiters: int, delimiter: str) -> bool:
    """Whether a cell holds whole rows, because a quote was not closed: their cars would vanish unseen."""
    texts = [text for text in cells.values() if isinstance(text, str) and "\n" in text]
    return any(line.count(delimiter) >= delimiters for text in texts for line in text.split("\n")[1:])


def _fault(cells: Mapping[str, Any]) -> str | None:
    if _EXTRA in cells:
        return "has more cells than the header has columns"
    if None in cells.values():
        return "has fewer cells than the header has columns"
    return None
