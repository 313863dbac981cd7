"""The task "write the reply" as a prompt, and the text that comes back as a draft."""

import re

from pydantic import BaseModel, ConfigDict

from seldenrijk.contracts import ModelUse, Slots, Turn
from seldenrijk.contracts.messages import Intent, Language

from .delimit import block, clean, lines
from .prompt import Prompt, resource
from .proposal import flat

MAX_TOKENS = 800
TEXT_LIMIT = 3_000  # two WhatsApp messages at Twilio; more is not an answer but an accident
LANGUAGES: dict[Language, str] = {"nl": "Nederlands", "en": "Engels (English)", "de": "Duits (Deutsch)"}
TURNS = 12
_TAGS = re.compile(
    r"</?(?:messages|turns|customer|rejected|dealer|cars|facts|preferences|style)>", re.IGNORECASE
)


class CarFact(BaseModel):
    """A car that may be offered: its id and one line with everything that may be said of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    line: str


class WriteRequest(BaseModel):
    """Everything that a reply may be built from; what is not in here is not known.

    ``messages`` are the unanswered ones, oldest first. ``dealer`` are lines that hardly ever change (they are
    cached); ``facts`` are lines for this reply: relaxed criteria and differences, free slots,
    opened or closed now, who will call back. ``formal`` None: as the customer does.
    ``rejected_because`` with ``rejected_draft`` asks for another text than the one that failed its check.
    """

    model_config = ConfigDict(frozen=True)

    messages: tuple[str, ...]
    intents: tuple[Intent, ...] = ()
    dealer: tuple[str, ...] = ()
    cars: tuple[CarFact, ...] = ()
    facts: tuple[str, ...] = ()
    preferences: Slots = Slots()
    turns: tuple[Turn, ...] = ()
    customer_name: str | None = None
    language: Language = "nl"
    formal: bool | None = None
    first_contact: bool = False
    emoji_allowed: bool = False
    rejected_draft: str | None = None
    rejected_because: str | None = None


class Draft(BaseModel):
    """A text from Claude, not checked against the facts yet; ``use`` has model, tokens, cost, latency."""

    model_config = ConfigDict(frozen=True)

    text: str
    use: ModelUse


def writing_prompt(request: WriteRequest, effort: str | None = None) -> Prompt:
    """The prompt for one reply; rules and dealer facts are cached, the rest is this conversation's."""
    wanted = request.preferences.model_dump(mode="json", exclude_defaults=True)
    said = tuple(f"{turn.role}: {turn.text}" for turn in request.turns[-TURNS:])
    cars = tuple(f"[{car.id}] {car.line}" for car in request.cars)
    blocks = [
        lines("turns", said, 600),
        block("customer", request.customer_name or "", 60),
        lines("preferences", tuple(f"{field}: {value}" for field, value in flat(wanted))),
        lines("cars", cars, 600),
        lines("facts", request.facts, 600),
        lines("style", _style(request)),
        "\n".join(block("messages", text, 2_000) for text in request.messages),
    ]
    if request.rejected_because:
        told = f"{request.rejected_draft or ''}\nAfgekeurd omdat: {request.rejected_because}"
        blocks.append(block("rejected", told))
    blocks.append("Schrijf nu het ene bericht aan de klant.")
    system = (resource("write.md"), lines("dealer", request.dealer, 600))
    return Prompt(system, "\n".join(blocks), MAX_TOKENS, effort=effort)


def _style(request: WriteRequest) -> tuple[str, ...]:
    manner = {True: "u (formeel)", False: "je", None: "zoals de klant; bij twijfel je"}[request.formal]
    style = [
        f"taal: {LANGUAGES[request.language]}",
        f"aanspreekvorm: {manner}",
        "emoji: hoogstens één" if request.emoji_allowed and not request.formal else "emoji: geen",
    ]
    if request.intents:
        style.append(f"gevraagd wordt: {', '.join(request.intents)}")
    if request.first_contact:
        style.append("eerste bericht: meld dat je een automatische assistent bent")
    return tuple(style)


def read_draft(text: str, car_ids: tuple[str, ...] = ()) -> str | None:
    """The message in Claude's answer, in WhatsApp's own markup, or None where it is no message."""
    text = clean(text, TEXT_LIMIT + 1)
    if len(text) > 1 and (text[0], text[-1]) in {('"', '"'), ("“", "”"), ("„", "”")}:
        text = text[1:-1].strip()
    for id_ in car_ids:
        text = text.replace(f"[{id_}] ", "").replace(f"[{id_}]", "")
    text = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"*\1*", text)
    text = re.sub(r"(?m)^#+\s*", "", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if not any(char.isalpha() for char in text) or len(text) > TEXT_LIMIT or _TAGS.search(text):
        return None
    return text
