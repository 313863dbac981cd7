"""Writes the plain tables of a dealer file as TOML: strings, numbers, booleans, lists and tables."""

import json
from collections.abc import Mapping
from typing import Any


def dumps(table: Mapping[str, Any]) -> str:
    """A document that ``tomllib`` reads back as the same tables."""
    lines: list[str] = []
    _table(table, (), lines)
    return "\n".join(lines) + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    if path:
        lines.append(f"[{'.'.join(map(json.dumps, path))}]")
    lines += [f"{json.dumps(k)} = {_value(v)}" for k, v in table.items() if not isinstance(v, Mapping)]
    for name, below in table.items():
        if isinstance(below, Mapping):
            _table(below, (*path, name), lines)


def _value(value: Any) -> str:
    """JSON's strings, numbers, booleans and lists are TOML's too."""
    return json.dumps(value, ensure_ascii=False, default=str)
