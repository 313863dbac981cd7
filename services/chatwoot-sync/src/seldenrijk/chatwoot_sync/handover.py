"""What the staff get at a hand-over: the note, the team, the priority. Pure functions, Dutch texts."""

from typing import Final

from seldenrijk.contracts import Appointment, HandoverRequested, OfferedCar, OwnCar

from .labels import euros, wishes_in_words
from .state import SyncState

REASONS: Final = {
    "complaint": "Klacht",
    "human_request": "De klant vraagt om een medewerker",
    "legal": "Juridische vraag",
    "financing_problem": "Probleem met financiering of BKR",
    "dispute": "Geschil over schade of kilometerstand",
    "unclear": "De assistent begrijpt de klant niet",
    "repeated": "De klant stelt dezelfde vraag opnieuw",
    "ungrounded": "Geen antwoord dat de assistent kan waarmaken",
    "undeliverable": "Een bericht kon niet worden afgeleverd",
    "uncertain_delivery": "Onzeker of een bericht is aangekomen",
    "unanswered": "Een bericht is niet op tijd beantwoord",
    "window_closed": "Buiten het 24-uursvenster van WhatsApp",
    "processing_error": "Een bericht kon niet automatisch worden verwerkt",
    "media": "Bijlage die de assistent niet kan beoordelen",
    "opt_out_data": "Verzoek over persoonsgegevens",
    "after_hours": "Vraag voor een medewerker, buiten openingstijden",
    "other": "Aandacht van een medewerker nodig",
}
SOFT: Final = frozenset(
    {
        "after_hours",
        "media",
        "opt_out_data",
        "other",
        "processing_error",
        "repeated",
        "unanswered",
        "unclear",
        "ungrounded",
    }
)
"""Questions to a colleague; the assistant goes on beside them until a person acts (docs/adr/0004)."""
PRIORITIES_NL: Final = {"low": "laag", "medium": "normaal", "high": "hoog", "urgent": "spoed"}
SALES: Final = "verkoop"
WORKSHOP: Final = "werkplaats"
ADMINISTRATION: Final = "klantenservice"
TEAMS: Final = (SALES, WORKSHOP, ADMINISTRATION)
BY_REASON: Final = {
    "complaint": ADMINISTRATION,
    "legal": ADMINISTRATION,
    "dispute": ADMINISTRATION,
    "opt_out_data": ADMINISTRATION,
}


def team_for(request: HandoverRequested, state: SyncState) -> str:
    """The name of the team that a hand-over goes to."""
    if request.reason in BY_REASON:
        return BY_REASON[request.reason]
    workshop = state.understanding is not None and state.understanding.intent == "service_inquiry"
    return WORKSHOP if workshop or state.preferences.appointment.kind == "werkplaats" else SALES


def priority_of(request: HandoverRequested) -> str:
    """Chatwoot's priority: a complaint is always urgent."""
    return "urgent" if request.reason == "complaint" else request.priority


def note(request: HandoverRequested, state: SyncState) -> str:
    """The private note (Markdown): why, what it is about, what was offered, how warm the lead is."""
    lines = [f"**Overdracht aan een medewerker: {REASONS[request.reason]}**"]
    if request.summary:
        lines += ["", request.summary]
    facts = [
        ("Prioriteit", PRIORITIES_NL[priority_of(request)]),
        ("Wensen", wishes_in_words(state.preferences) or "nog niet bekend"),
        ("Eigen auto", _own_car(state.preferences.own_car)),
        ("Afspraak", state.appointment_request or _appointment(state.preferences.appointment)),
        ("Leadscore", f"{state.lead.score} ({state.lead.quality}, {state.lead.stage})"),
    ]
    lines += ["", *(f"- {name}: {value}" for name, value in facts if value)]
    if state.offered:
        lines += ["", "Aangeboden auto's:", *(f"- {_car(car)}" for car in state.offered)]
    if not request.notice:
        lines += ["", "De klant weet al dat een medewerker antwoordt."]
    lines += ["", "De assistent zwijgt tot het gesprek weer op 'In afwachting' (pending) staat."]
    return "\n".join(lines)


def _own_car(car: OwnCar) -> str:
    mileage = f"{euros(car.mileage)} km" if car.mileage else None
    parts = (car.make, car.model, str(car.year) if car.year else None, mileage, car.license_plate)
    return " ".join(part for part in parts if part)


def _appointment(wish: Appointment) -> str:
    return " ".join(part for part in (wish.kind, wish.day_text, wish.time_text) if part)


def _car(car: OfferedCar) -> str:
    facts = f"{car.title}, {car.year}, {euros(car.mileage)} km, € {euros(car.price)}"
    return f"{facts} {car.url}" if car.url else facts
