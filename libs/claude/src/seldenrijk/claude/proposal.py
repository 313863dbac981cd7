"""Claude's answer as a proposal: read field by field, what is out of the scheme is dropped."""

import json
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from seldenrijk.contracts.messages import Intent, Language

from .delimit import clean
from .scheme import ALWAYS_LISTS, CHOICES, INTENTS, LANGUAGES, NUMBERS, TEXT_LIMIT, TEXTS, many

Slots = dict[str, Any]


class UnderstandingProposal(BaseModel):
    """What Claude makes of a message.

    ``slots`` has the form of the labelling guide: absent means not said, several values are a list,
    ``own_car``, ``appointment`` and ``exclude`` are objects. ``dropped`` names fields not accepted.
    """

    model_config = ConfigDict(frozen=True)

    intent: Intent | None
    secondary: tuple[Intent, ...] = ()
    language: Language | None = None
    slots: Slots = {}
    dropped: tuple[str, ...] = ()


def read_proposal(text: str) -> UnderstandingProposal | None:
    """The proposal in Claude's JSON, or None where it is no JSON object or nothing of it is of use."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    intent, also, language = answer.get("intent"), answer.get("also"), answer.get("language")
    pairs, dropped = _pairs(answer.get("slots"))
    if intent not in INTENTS:
        intent, dropped = None, ["intent", *dropped]
    if language not in LANGUAGES:
        language, dropped = None, ["language", *dropped]
    if intent is None and not pairs:
        return None
    named = also if isinstance(also, list) else [None]
    secondary = [i for i in named if i in INTENTS and i != intent]
    if any(i not in INTENTS for i in named):
        dropped = ["also", *dropped]
    return UnderstandingProposal(
        intent=cast(Intent | None, intent),
        secondary=cast(tuple[Intent, ...], tuple(dict.fromkeys(secondary))),
        language=cast(Language | None, language),
        slots=nested(pairs),
        dropped=tuple(dropped),
    )


def _pairs(entries: object) -> tuple[list[tuple[str, Any]], list[str]]:
    """Accepted (field, value) pairs in order, and the names of what was dropped."""
    if not isinstance(entries, list):
        return [], ["slots"]
    kept: list[tuple[str, Any]] = []
    dropped: list[str] = []
    for entry in entries:
        field = entry.get("field") if isinstance(entry, dict) else None
        if not isinstance(field, str):
            dropped.append("unknown")
            continue
        value = accepted(field, entry.get("value"))
        if value is not None:
            kept.append((field, value))
        else:
            dropped.append(field if field in NUMBERS or field in CHOICES or field in TEXTS else "unknown")
    return kept, dropped


def accepted(field: str, value: object) -> int | str | None:
    """The value in the field's form, or None where the scheme does not know it."""
    if field in CHOICES:
        return value if isinstance(value, str) and value in CHOICES[field] else None
    if field in TEXTS:
        text = " ".join(clean(value).split()) if isinstance(value, str) else ""
        return text if 0 < len(text) <= TEXT_LIMIT else None
    if field in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        low, high = NUMBERS[field]
        return value if low <= value <= high else None
    return None


def flat(slots: Slots) -> list[tuple[str, Any]]:
    """The slots as (field, value) pairs, one for each alternative."""
    pairs: list[tuple[str, Any]] = []
    for key, content in slots.items():
        fields = (
            {f"{key}.{k}": v for k, v in content.items()} if isinstance(content, dict) else {key: content}
        )
        for field, value in fields.items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs += [(field, item) for item in values if item not in (None, "")]
    return pairs


def nested(pairs: list[tuple[str, Any]]) -> Slots:
    """Slots in the guide's form. Of a field with one value the last stands (corrections come last)."""
    values: dict[str, list[Any]] = {}
    for field, value in pairs:
        known = values.setdefault(field, [])
        if value not in known:
            known.append(value)
    slots: Slots = {}
    for field, found in values.items():
        value = found if field in ALWAYS_LISTS or (many(field) and len(found) > 1) else found[-1]
        key, _, sub = field.partition(".")
        if sub:
            slots.setdefault(key, {})[sub] = value
        else:
            slots[key] = value
    return slots
