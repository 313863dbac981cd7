"""What an account of Chatwoot shall contain: the one list behind setup, its check and the documents."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from seldenrijk.contracts import Lead
from seldenrijk.contracts.messages import Intent
from seldenrijk.contracts.slots import Body, Fuel

from . import handover, labels

INBOX: Final = "WhatsApp"
BOT: Final = "Assistent"
REPLY_WINDOW_HOURS: Final = 24
SUBSCRIPTIONS: Final = (
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
)
MAKES: Final = (
    "Alfa Romeo", "Audi", "BMW", "Citroën", "Cupra", "Dacia", "Fiat", "Ford", "Honda", "Hyundai", "Jaguar",
    "Jeep", "Kia", "Land Rover", "Lexus", "Mazda", "Mercedes-Benz", "MINI", "Mitsubishi", "Nissan", "Opel",
    "Peugeot", "Polestar", "Porsche", "Renault", "SEAT", "Skoda", "Smart", "Suzuki", "Tesla", "Toyota",
    "Volkswagen", "Volvo",
)  # fmt: skip
"""Makes whose label has a colour; the labels of other makes work without one."""
COLORS: Final = {"hot-lead": "#d92d20", "warm-lead": "#f79009", "cold-lead": "#2e90fa"}
FAMILY_COLORS: Final = {
    "intent": "#7a5af8",
    "interesse": "#12b76a",
    "type": "#0e9384",
    "brandstof": "#4e5ba6",
    "journey": "#ee46bc",
    "bron": "#667085",
}

DisplayType = Literal["text", "number", "checkbox"]
DISPLAY_TYPES: Final[dict[DisplayType, int]] = {"text": 0, "number": 1, "checkbox": 7}


@dataclass(frozen=True)
class Attribute:
    """A custom attribute of contacts or conversations; ``title`` is what the staff read."""

    model: Literal["contact", "conversation"]
    key: str
    title: str
    kind: DisplayType = "text"

    @property
    def model_number(self) -> int:
        """Chatwoot's number for the model: 0 conversations, 1 contacts."""
        return 1 if self.model == "contact" else 0


ATTRIBUTES: Final = (
    Attribute("contact", "lead_score", "Leadscore", "number"),
    Attribute("contact", "lead_quality", "Leadkwaliteit"),
    Attribute("contact", "interest_level", "Interesse"),
    Attribute("contact", "urgency", "Urgentie"),
    Attribute("contact", "interested_in_make", "Gewenst merk"),
    Attribute("contact", "interested_in_model", "Gewenst model"),
    Attribute("contact", "interested_in_fuel_type", "Gewenste brandstof"),
    Attribute("contact", "budget_max", "Budget tot", "number"),
    Attribute("contact", "test_drive_requested", "Proefrit gevraagd", "checkbox"),
    Attribute("contact", "has_trade_in", "Heeft inruilauto", "checkbox"),
    Attribute("contact", "needs_financing", "Vraagt financiering", "checkbox"),
    Attribute("contact", "conversation_stage", "Fase"),
    Attribute("contact", "do_not_contact", "Niet benaderen", "checkbox"),
    Attribute("conversation", "intent", "Onderwerp"),
    Attribute("conversation", "intent_confidence", "Zekerheid onderwerp", "number"),
    Attribute("conversation", "language", "Taal"),
    Attribute("conversation", "preferences", "Wensen"),
    Attribute("conversation", "lead_score", "Leadscore", "number"),
    Attribute("conversation", "journey", "Fase"),
)
TEAMS: Final = handover.TEAMS


def label_titles() -> tuple[str, ...]:
    """All labels that setup makes."""
    stages = get_args(Lead.model_fields["stage"].annotation)
    titles = {labels.SOURCE, labels.TEST_DRIVE, labels.TRADE_IN, labels.FINANCING, *labels.OWN_LABELS}
    titles |= {f"intent-{intent}" for intent in get_args(Intent)}
    titles |= {f"journey-{stage}" for stage in stages}
    titles |= {f"type-{labels.slug(body)}" for body in get_args(Body)}
    titles |= {f"brandstof-{labels.slug(fuel)}" for fuel in get_args(Fuel)}
    titles |= {f"interesse-{labels.slug(make)}" for make in MAKES}
    return tuple(sorted(titles))


def color_of(title: str) -> str:
    """A label's colour: by heat, else by family."""
    return COLORS.get(title) or FAMILY_COLORS.get(title.partition("-")[0], "#667085")
