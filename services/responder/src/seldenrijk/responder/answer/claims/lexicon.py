"""The makes and models of the market as they are written in texts."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from seldenrijk.responder.stock.words import squash

from .numbers import fold_keeping
from .words import vocabulary

Key = tuple[str, str]

_COMMON = frozenset(vocabulary()["common_names"])
_ALWAYS_PLAIN = {
    "golf",
    "polo",
    "passat",
    "touran",
    "caddy",
    "beetle",
    "fabia",
    "superb",
    "panda",
    "niro",
    "astra",
    "rio",
    "twingo",
}
_CAPITAL_MAKES = {
    "mini",
    "smart",
    "seat",
    "ds",
    "mg",
    "dodge",
    "lotus",
    "saturn",
    "rover",
    "ram",
    "ford",
    "alfa",
    "merc",
}
_EDGE_L, _EDGE_R = r"(?<![a-z0-9])", r"(?![a-z0-9])"


@dataclass(frozen=True)
class Mention:
    """A make, with or without a model, in a text. Canonical names; ``unknown`` is a model nobody knows."""

    start: int
    end: int
    make: str | None
    model: str | None
    unknown: str | None = None


@cache
def _catalog() -> dict[str, dict[str, list[str]]]:
    text = files("seldenrijk.responder.stock").joinpath("models.toml").read_text("utf-8")
    return tomllib.loads(text)


def _variants(model: str) -> list[str]:
    if model.endswith("-serie"):
        digit = model[0]
        return [model, f"{digit} serie", f"{digit}-series", f"{digit} series", f"{digit}er", f"serie {digit}"]
    if model.endswith("-klasse"):
        letter = model.removesuffix("-klasse")
        return [model, f"{letter} klasse", f"{letter}-class", f"{letter} class"]
    return [model]


def _pattern(name: str) -> str:
    """A name with any or no separator between its parts."""
    plain = "".join(c if c.isalnum() or c == "+" else " " for c in squashable(name)).split()
    return r"[\s.\-]?".join(re.escape(part) for part in plain)


def squashable(name: str) -> str:
    """The folded name with its separators."""
    return fold_keeping(name).replace("!", "")


@dataclass(frozen=True)
class Lexicon:
    """Patterns for makes and models; built once for a set of extra names."""

    makes: re.Pattern[str]
    make_of: dict[str, str]
    models: dict[str, re.Pattern[str]]
    alone: re.Pattern[str]
    model_of: dict[str, tuple[Key, ...]]


@cache
def known_names() -> frozenset[Key]:
    """Makes with their models that the catalog has, so that they need no lexicon of their own."""
    return frozenset((make, name) for make, names in _catalog()["models"].items() for name in names)


@lru_cache(maxsize=64)
def lexicon(extra: frozenset[Key]) -> Lexicon:
    """The market's names with those of the stock and of the customer's wish."""
    catalog = _catalog()
    makes = {make: [make, *others] for make, others in catalog["makes"].items()}
    models = {make: list(names) for make, names in catalog["models"].items()}
    for make, model in extra:
        if make:
            makes.setdefault(make, [make])
            if model and model not in models.setdefault(make, []):
                models[make].append(model)
    make_of = {squash(name): make for make, names in makes.items() for name in names}
    model_of: dict[str, tuple[Key, ...]] = {}
    for make, names in models.items():
        for name in names:
            for variant in _variants(name):
                key = squash(variant)
                model_of[key] = tuple(dict.fromkeys((*model_of.get(key, ()), (make, name))))
    return Lexicon(
        makes=_any(name for names in makes.values() for name in names),
        make_of=make_of,
        models={
            make: _any(v for name in names for v in _variants(name))
            for make, names in models.items()
            if names
        },
        alone=_any(v for names in models.values() for name in names for v in _variants(name)),
        model_of=model_of,
    )


def _any(names: Iterable[str]) -> re.Pattern[str]:
    patterns = sorted({_pattern(name) for name in names if squash(name)}, key=len, reverse=True)
    return re.compile(_EDGE_L + r"(?:" + "|".join(patterns) + r")" + r"(?=(?:(?<=[a-z])'?s)?" + _EDGE_R + ")")


_NEXT_WORD = re.compile(r"[ \-](?P<w>[\w.+-]+)")
_NOT_A_MODEL = re.compile(
    r"^(?:dealer\w*|garantie|occasion\w*|auto\w*|modell?en?|model|of|en|and|und|or|oder|is|uit|met|voor"
    r"|van|in|te|de|het|in|cars?|for|from|with)$"
)


def mentions(text: str, left: str, lex: Lexicon, stocked: frozenset[str], german: bool) -> list[Mention]:
    """Makes and models in a text; ``stocked`` are squashed models of the facts, which need no capital.

    In a German text a capital tells nothing, so common words never count there.
    """
    found: list[Mention] = []
    for match in lex.makes.finditer(left):
        make = lex.make_of[squash(match.group(0))]
        if squash(match.group(0)) in _CAPITAL_MAKES and not text[match.start()].isupper():
            continue
        found.append(_with_model(text, left, match.start(), match.end(), make, lex))
    for match in lex.alone.finditer(left):
        if any(m.start <= match.start() < m.end for m in found):
            continue
        key = squash(match.group(0))
        owners = lex.model_of.get(key, ())
        if owners and _counts(text, left, match, key, stocked, german):
            if left[max(0, match.start() - 2) : match.start()] == "e-":
                found.append(
                    Mention(match.start() - 2, match.end(), None, None, unknown=f"e-{match.group(0)}")
                )
                continue
            owner = owners[0][0] if len({make for make, _ in owners}) == 1 else None
            found.append(Mention(match.start(), match.end(), owner, owners[0][1]))
    return sorted(found, key=lambda m: m.start)


def _with_model(text: str, left: str, start: int, end: int, make: str, lex: Lexicon) -> Mention:
    gap = re.match(r"[ \-]+", left[end:])
    place = end + (gap.end() if gap else 0)
    pattern = lex.models.get(make)
    match = pattern.match(left, place) if pattern and gap else None
    if match:
        names = [name for owner, name in lex.model_of[squash(match.group(0))] if owner == make]
        return Mention(start, match.end(), make, names[0])
    word = _NEXT_WORD.match(text[end:]) if gap else None
    if (
        word
        and (word["w"][0].isupper() or word["w"][0].isdigit())
        and not _NOT_A_MODEL.match(word["w"].lower())
        and not re.fullmatch(r"(?:19|20)\d\d\W*|\d{1,3}[.,]\d{3}\W*|€.*", word["w"])
    ):
        return Mention(start, end + word.end("w"), make, None, unknown=word["w"])
    return Mention(start, end, make, None)


def _counts(
    text: str, plain: str, match: re.Match[str], key: str, stocked: frozenset[str], german: bool
) -> bool:
    """Whether a model's name without its make is meant as a car."""
    if key == "mpv":
        return False  # a body type, unless its make stands before it
    if key.isdigit() or len(key) <= 2:
        lead = re.search(
            r"\b(?:de|die|deze|een|the|this|that|der|den|ein|einen)\s+$",
            plain[max(0, match.start() - 12) : match.start()],
        )
        after = plain[match.end() : match.end() + 2]
        return key in stocked and bool(lead) and not re.match(r"[.,]\d|\s?k", after)
    if key in stocked or key in _ALWAYS_PLAIN:
        return True
    capital = any(c.isupper() for c in text[match.start() : match.end()]) or any(c.isdigit() for c in key)
    if key in _COMMON:
        before = text[: match.start()].rstrip()
        return capital and not german and bool(before) and before[-1] not in ".!?\n:"
    return capital
