"""What exactly is asked: patterns on the folded text, by language-independent names. Pure."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from seldenrijk.responder.stock.words import fold

_QUESTION = re.compile(
    r"^(?:en |ja |maar |hoi |hallo )?(?:is|heeft|heb|zit|kan|mag|wat|welke?|hoe|hoeveel|waar|wanneer"
    r"|wie|does|do|has|what|which|how|can|hat|ist|gibt|was|wo)\b"
)

_INDIRECT = re.compile(
    r"\b(?:weten|vraag me af|benieuwd|wonder|know|wissen) (?:of|wat|hoe|welke|if|whether|ob)\b"
)


@cache
def _patterns(table: str) -> dict[str, re.Pattern[str]]:
    text = files("seldenrijk.responder.answer").joinpath("texts", "asks.toml").read_text("utf-8")
    return {name: re.compile(pattern) for name, pattern in tomllib.loads(text)[table].items()}


def about_car(text: str) -> tuple[str, ...]:
    """What is asked about a car: "price", "availability", "unknown" (what the stock never states), ..."""
    plain = fold(text)
    return tuple(name for name, pattern in _patterns("about_car").items() if pattern.search(plain))


def topics(text: str) -> frozenset[str]:
    """Which topics beside the cars a text touches."""
    plain = fold(text)
    return frozenset(name for name, pattern in _patterns("topics").items() if pattern.search(plain))


def is_question(text: str) -> bool:
    """Whether a text asks something, with or without a question mark."""
    plain = fold(text)
    return "?" in text or _QUESTION.match(plain) is not None or _INDIRECT.search(plain) is not None


def about_definite(text: str, models: tuple[str, ...]) -> bool:
    """Whether a question is about a definite car ("is de Swift ..."), not for any of its kind."""
    names = "|".join(re.escape(fold(model)) for model in models)
    article = r"\b(?:de|die|deze|the|that|this|der|die|das|diese[rs]?)(?: \w+){0,2}"
    pointed = re.search(rf"{article} (?:{names})\b", fold(text))
    return bool(names) and is_question(text) and pointed is not None


def about_equipment(text: str) -> bool:
    """Whether it is asked what a car has, in words that may name something unknown."""
    return re.search(r"\b(?:heeft|zit(?:ten)? er|has|does|hat)\b", fold(text)) is not None
