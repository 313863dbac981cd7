"""Labels and attributes in Chatwoot's vocabulary, from what is known of a conversation. Pure functions."""

import re
import unicodedata
from typing import Any, Final

from seldenrijk.contracts import Slots, Understanding

from .state import SyncState

SOURCE: Final = "bron-whatsapp"
TEST_DRIVE: Final = "intent-proefrit-gevraagd"
TRADE_IN: Final = "intent-inruil-genoemd"
FINANCING: Final = "intent-financiering-vraag"
OWN_PREFIXES: Final = ("intent-", "interesse-", "type-", "brandstof-", "journey-", "bron-")
LEAD_LABELS: Final = {"hot": "hot-lead", "warm": "warm-lead", "lukewarm": "cold-lead", "cold": "cold-lead"}
TEST_DRIVES: Final = frozenset({"test_drive", "test_drive_soon"})
OWN_LABELS: Final = frozenset(LEAD_LABELS.values())


def slug(text: str) -> str:
    """A value as it may stand in a label: lower case, letters, digits and hyphens (no ':')."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def labels_of(state: SyncState) -> tuple[str, ...]:
    """Our labels for a conversation, sorted; staff's own are added by :func:`merged`."""
    wishes = state.preferences
    found = {SOURCE, LEAD_LABELS[state.lead.quality], f"journey-{state.lead.stage}"}
    if state.understanding is not None:
        found.add(f"intent-{state.understanding.intent}")
    found |= {f"interesse-{slug(make)}" for make in wishes.make}
    found |= {f"type-{slug(body)}" for body in wishes.body_type}
    found |= {f"brandstof-{slug(fuel)}" for fuel in wishes.fuel_type}
    signs = {
        TEST_DRIVE: wants_test_drive(state),
        TRADE_IN: has_trade_in(state),
        FINANCING: asks_financing(state),
    }
    found |= {label for label, present in signs.items() if present}
    return tuple(sorted(label for label in found if not label.endswith("-")))


def is_own(label: str) -> bool:
    """Whether a label is of our vocabulary, so that we may take it away."""
    return label in OWN_LABELS or label.startswith(OWN_PREFIXES)


def merged(present: list[str], own: tuple[str, ...]) -> list[str]:
    """The full set to write: the staff's labels as they are, and ours as they should be."""
    return sorted({label for label in present if not is_own(label)} | set(own))


def wants_test_drive(state: SyncState) -> bool:
    """Whether a test drive has been asked for."""
    return state.preferences.appointment.kind == "proefrit" or bool(TEST_DRIVES & set(state.lead.signals))


def has_trade_in(state: SyncState) -> bool:
    """Whether the customer has a car to trade in."""
    own = state.preferences.own_car
    return (
        _intends(state, "trade_in_inquiry")
        or "trade_in" in state.lead.signals
        or bool(own.make or own.license_plate)
    )


def asks_financing(state: SyncState) -> bool:
    """Whether financing came up."""
    wants_monthly = state.preferences.max_monthly is not None
    return _intends(state, "financing_inquiry") or "financing" in state.lead.signals or wants_monthly


def _intends(state: SyncState, intent: str) -> bool:
    understood = state.understanding
    return understood is not None and intent in {understood.intent, *understood.secondary}


def contact_attributes(state: SyncState) -> dict[str, Any]:
    """The contact's custom attributes; what was never said is left out, so that staff may fill it in."""
    wishes = state.preferences
    known: dict[str, Any] = {
        "lead_score": state.lead.score,
        "lead_quality": state.lead.quality,
        "interest_level": INTEREST[state.lead.quality],
        "urgency": state.understanding.urgency if state.understanding else None,
        "interested_in_make": ", ".join(wishes.make),
        "interested_in_model": ", ".join(wishes.model),
        "interested_in_fuel_type": ", ".join(wishes.fuel_type),
        "budget_max": wishes.max_price,
        "test_drive_requested": wants_test_drive(state),
        "has_trade_in": has_trade_in(state),
        "needs_financing": asks_financing(state),
        "conversation_stage": state.lead.stage,
        "do_not_contact": state.do_not_contact,
    }
    return {key: value for key, value in known.items() if value is not None and value != ""}


INTEREST: Final = {"hot": "hoog", "warm": "hoog", "lukewarm": "gemiddeld", "cold": "laag"}


def conversation_attributes(state: SyncState) -> dict[str, Any]:
    """The conversation's custom attributes: what it is about, for filters and for a glance."""
    understood = state.understanding
    known: dict[str, Any] = {
        "intent": understood.intent if understood else None,
        "intent_confidence": round(understood.confidence, 2) if understood else None,
        "language": understood.language if understood else None,
        "preferences": wishes_in_words(state.preferences),
        "lead_score": state.lead.score,
        "journey": state.lead.stage,
    }
    return {key: value for key, value in known.items() if value is not None and value != ""}


def understood_with(state: SyncState, understanding: Understanding) -> SyncState:
    """The state with a newer understanding; an urgency that was told once stays."""
    earlier = state.understanding
    if understanding.urgency is None and earlier is not None and earlier.urgency is not None:
        understanding = understanding.model_copy(update={"urgency": earlier.urgency})
    return state.model_copy(update={"understanding": understanding})


def wishes_in_words(wishes: Slots) -> str:
    """The customer's wishes in one Dutch line; empty where there are none."""
    parts = [" of ".join(wishes.make), " of ".join(wishes.model), " of ".join(wishes.fuel_type)]
    parts += [" of ".join(wishes.transmission), " of ".join(wishes.body_type), " of ".join(wishes.color)]
    parts.append(_range("€ {:,.0f}", wishes.min_price, wishes.max_price))
    parts.append(f"max. € {euros(wishes.max_monthly)} per maand" if wishes.max_monthly else "")
    parts.append(_range("{:.0f}", wishes.min_year, wishes.max_year, "bouwjaar "))
    parts.append(f"max. {euros(wishes.max_mileage)} km" if wishes.max_mileage else "")
    parts.append(f"minstens {wishes.min_seats} zitplaatsen" if wishes.min_seats else "")
    parts.append(f"{wishes.doors} deurs" if wishes.doors else "")
    parts.append(", ".join(wishes.features))
    return ", ".join(part for part in parts if part)


def euros(amount: int) -> str:
    """A whole number with Dutch separators: 12500 gives 12.500."""
    return f"{amount:,}".replace(",", ".")


def _range(form: str, low: int | None, high: int | None, prefix: str = "") -> str:
    def shown(value: int) -> str:
        return form.format(value).replace(",", ".")

    if low is not None and high is not None:
        return f"{prefix}{shown(low)} tot {shown(high)}"
    if high is not None:
        return f"{prefix}tot {shown(high)}"
    return f"{prefix}vanaf {shown(low)}" if low is not None else ""
