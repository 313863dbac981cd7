"""The bytes of a feed become numbered rows, in every dialect of CSV and JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import feed, row

from seldenrijk.responder.stock import StockError, validate
from seldenrijk.responder.stock.rows import read_rows


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_with_every_delimiter(delimiter: str) -> None:
    rows = read_rows(feed(row("A1"), row("A2"), delimiter=delimiter), "csv")
    assert [(r.number, r.cells["id"]) for r in rows] == [(2, "A1"), (3, "A2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_in_every_encoding(encoding: str) -> None:
    body = feed(row(merk="Citroën", model="C3")).decode().encode(encoding)
    assert validate(read_rows(body, "csv")).cars[0].make == "Citroën"


def test_a_quote_that_swallows_rows_refuses_the_feed() -> None:
    rows = feed(row("A1"), row("A2"), row("A3")).decode()
    for broken in (
        rows.replace("A2;VW", 'A2;"VW'),
        rows.replace("A1;VW", 'A1;"VW').replace("A3;VW", 'A3;VW"'),
    ):
        with pytest.raises(StockError, match="takes in the rows after it"):
            read_rows(broken.encode(), "csv")


def test_a_quoted_cell_of_several_lines_is_fine() -> None:
    rows = read_rows(feed(row("A1") | {"model": "Golf\nTSI; airco"}, row("A2")), "csv")
    assert [r.cells["id"] for r in rows] == ["A1", "A2"]


def test_ragged_rows_are_reported() -> None:
    body = feed(row("A1")) + b"A2;VW;Golf\nA3;VW;Golf;2018;1;9000;benzine;automaat;;extra\n"
    loaded = validate(read_rows(body, "csv"), 1.0)
    assert [(p.row, p.field) for p in loaded.problems] == [(3, "row"), (4, "row")]
    assert [car.id for car in loaded.cars] == ["A1"]


@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"cars": r}, lambda r: {"total": 2, "tags": ["x"], "voertuigen": r}]
)
def test_json_as_a_list_or_in_an_object(wrap: Any) -> None:
    body = json.dumps(wrap([row("A1"), row("A2")])).encode()
    assert [car.id for car in validate(read_rows(body, "json")).cars] == ["A1", "A2"]


def test_a_json_item_that_is_no_object_is_a_bad_row() -> None:
    loaded = validate(read_rows(json.dumps([row("A1"), "A2", None]).encode(), "json"), 1.0)
    assert [(p.row, p.why) for p in loaded.problems] == [(2, "is not an object"), (3, "is not an object")]


@pytest.mark.parametrize(
    ("body", "fmt", "kind"),
    [
        (b"", "csv", "empty"),
        (b" \n ", "json", "empty"),
        (b"<html><body>Login</body></html>", "csv", "wrong-type"),
        (b"<?xml version='1.0'?>", "json", "wrong-type"),
        (b'[{"id": "A1", "merk": "VW"', "json", "unreadable"),
        (b'{"a": 1}', "json", "unreadable"),
        (b"3", "json", "unreadable"),
        (b'{"a": [{"id": 1}], "b": [{"id": 2}]}', "json", "unreadable"),
        (b"just one line of text", "csv", "unreadable"),
        (b"[" * 100_000, "json", "unreadable"),
    ],
)
def test_a_body_that_is_no_feed_is_refused(body: bytes, fmt: Any, kind: str) -> None:
    with pytest.raises(StockError) as error:
        read_rows(body, fmt)
    assert error.value.kind == kind


@given(st.binary(max_size=300), st.sampled_from(["csv", "json"]))
def test_any_bytes_are_a_feed_or_a_stock_error(body: bytes, fmt: Any) -> None:
    try:
        validate(read_rows(body, fmt))
    except StockError as error:
        assert error.kind
