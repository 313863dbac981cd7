"""Column names of real feeds and the field that each one means (columns.toml)."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from seldenrijk.responder.stock.features import is_feature
from seldenrijk.responder.stock.words import fold, squash


@cache
def _by_name() -> dict[str, str]:
    text = files("seldenrijk.responder.stock").joinpath("columns.toml").read_text("utf-8")
    return {
        squash(alias): field for field, aliases in tomllib.loads(text).items() for alias in aliases.split()
    }


@cache
def field_of(column: str) -> str | None:
    """Field that a column means: one of Car's, "sold", "reserved", "feature:<name>", or None.

    A unit in brackets does not matter: "Prijs (€)" is price, "Kilometerstand [km]" mileage.
    """
    name = squash(re.sub(r"[(\[].*", "", column))
    if name in _by_name():
        return _by_name()[name]
    plain = fold(column)
    return f"feature:{plain}" if is_feature(plain) else None
