"""What the Claude stand-in says: answers built from the prompt alone, so always the same."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from .claude_reading import reading
from .claude_wire import MessagesRequest

Answerer = Callable[[MessagesRequest], str | Awaitable[str]]

_WORDS = {
    "nl": ("Dit past bij uw vraag:", "Dit past bij je vraag:", "Daar antwoordt een collega op.",
           "U schrijft met onze automatische assistent; u kunt altijd om een medewerker vragen.",
           "Je chat met onze automatische assistent; je kunt altijd om een medewerker vragen."),
    "en": ("This fits your question:", "This fits your question:", "A colleague will answer that.",
           "You are chatting with our automatic assistant; you can ask for a person at any time.",
           "You are chatting with our automatic assistant; you can ask for a person at any time."),
    "de": ("Das passt zu Ihrer Frage:", "Das passt zu deiner Frage:", "Darauf antwortet ein Kollege.",
           "Hier schreibt unser automatischer Assistent; Sie können jederzeit einen Menschen verlangen.",
           "Hier schreibt unser automatischer Assistent; du kannst jederzeit einen Menschen verlangen."),
}  # fmt: skip

OUT_OF_SCHEME = {
    "intent": "sell_everything",
    "also": ["car_inquiry", 7],
    "language": "fy",
    "slots": [
        {"field": "fuel_type", "value": "kernenergie"},
        {"field": "horsepower", "value": 900},
        {"field": "max_price", "value": "veel"},
        {"field": "min_year", "value": 1066},
        "gold",
        {"field": "transmission", "value": "automaat"},
    ],
}
NONSENSE_SLOTS = {
    "intent": "car_inquiry",
    "also": [],
    "language": "nl",
    "slots": [
        {"field": "max_price", "value": 123_400},
        {"field": "own_car.license_plate", "value": "ZZ-999-Z"},
        {"field": "appointment.time_text", "value": "kwart over drie"},
    ],
}
NONSENSE_TEXT = (
    "Wij hebben nog een Ferrari Testarossa uit 2031 voor € 1.234 met 17 km, gegarandeerd beschikbaar. "
    "Bel 0900-7777777, we zijn zondag tot 23:59 open. Rente 0,1%, 12 jaar garantie!"
)


def default_answer(request: MessagesRequest) -> str:
    """JSON where a schema is asked for, otherwise a reply made of the facts in the prompt."""
    schema = request.schema_asked
    if schema is None:
        return written(request)
    if {"intent", "slots"} <= schema.get("properties", {}).keys():
        return json.dumps(reading("\n".join(blocks(request.user_text, "message"))), ensure_ascii=False)
    return json.dumps(instance(schema), ensure_ascii=False)


def blocks(prompt: str, tag: str) -> list[str]:
    """The contents of the blocks with this tag, as they were before they were put in."""
    found = re.findall(rf"<{tag}>\n(.*?)\n</{tag}>", prompt, re.DOTALL)
    return [t.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for t in found]


def _lines(prompt: str, tag: str) -> list[str]:
    return [line for content in blocks(prompt, tag) for line in content.splitlines() if line.strip()]


def written(request: MessagesRequest) -> str:
    """A reply from the blocks of the writing task: at most three cars, then the other facts."""
    user = request.user_text
    style = " ".join(_lines(user, "style"))
    language = "en" if "English" in style else "de" if "Deutsch" in style else "nl"
    formal_intro, intro, colleague, formal_notice, notice = _WORDS[language]
    formal = "formeel" in style
    cars = [re.sub(r"^\[[^\]]*\] ", "", line) for line in _lines(user, "cars")][:3]
    facts = _lines(user, "facts")[:3]
    answer = [formal_notice if formal else notice] if "automatische assistent" in style else []
    if cars:
        answer += [formal_intro if formal else intro, *(f"- {car}" for car in cars)]
    answer += facts
    if not cars and not facts:
        answer += _about_dealer(request) or [colleague]
    return "\n".join(answer)


def _about_dealer(request: MessagesRequest) -> list[str]:
    """Dealer facts that share a word with the customer's messages."""
    asked = set(re.findall(r"[a-zà-ÿ]{4,}", "\n".join(blocks(request.user_text, "messages")).lower()))
    known = _lines(request.system_text, "dealer")
    return [line for line in known if asked & set(re.findall(r"[a-zà-ÿ]{4,}", line.lower()))][:2]


def instance(schema: dict[str, Any]) -> Any:
    """The smallest thing that fits a schema."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return instance(schema["anyOf"][0])
    if schema.get("type") == "object":
        return {key: instance(schema["properties"][key]) for key in schema.get("required", [])}
    return {"array": [], "integer": 0, "number": 0, "boolean": False, "null": None}.get(schema["type"], "")
