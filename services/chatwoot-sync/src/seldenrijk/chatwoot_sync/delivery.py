"""Delivery statuses as Chatwoot knows them, and failures in plain Dutch. Pure functions."""

from collections.abc import Iterable
from typing import Final

from seldenrijk.contracts import ReplyStatus, ReplySuppressed

FAILED: Final = "failed"
RANK: Final = {"sent": 0, "delivered": 1, "read": 2}
FROM_CHANNEL: Final = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": FAILED,
    "undelivered": FAILED,
    "canceled": FAILED,
}
CODES_NL: Final = {
    21610: "De klant heeft zich afgemeld voor berichten.",
    63003: "Dit nummer heeft geen WhatsApp.",
    63005: "WhatsApp heeft de inhoud van dit bericht geweigerd.",
    63007: "Ons WhatsApp-nummer is niet goed ingesteld; meld dit aan de beheerder.",
    63012: "Storing bij WhatsApp; probeer het later opnieuw.",
    63013: "WhatsApp heeft het bericht geweigerd om zijn regels.",
    63014: "De klant heeft ons nummer geblokkeerd.",
    63015: "De klant doet niet mee aan de WhatsApp-testomgeving.",
    63016: "Het 24-uursvenster is gesloten: de klant moet eerst zelf weer schrijven.",
    63018: "Te veel berichten tegelijk; probeer het over een paar minuten opnieuw.",
    63019: "De bijlage kon niet worden opgehaald door WhatsApp.",
    63021: "WhatsApp heeft de inhoud van dit bericht geweigerd.",
    63024: "Dit nummer kan geen WhatsApp-berichten ontvangen.",
    63032: "WhatsApp laat dit bericht nu niet door.",
    63038: "De daglimiet van ons WhatsApp-account is bereikt; meld dit aan de beheerder.",
    63049: "WhatsApp laat dit bericht nu niet door.",
}
SUPPRESSED_NL: Final = {
    "taken_over": "Niet verstuurd: een medewerker heeft het gesprek.",
    "opted_out": "Niet verstuurd: de klant heeft zich afgemeld.",
    "superseded": "Niet verstuurd: er was intussen een nieuwer bericht.",
    "window_closed": "Niet verstuurd: het 24-uursvenster is dicht; de klant moet eerst zelf weer schrijven.",
    "duplicate": "Niet nogmaals verstuurd: dit bericht is al verstuurd.",
    "no_answer_needed": "Niet verstuurd: er is geen antwoord nodig.",
    "empty": "Niet verstuurd: het bericht is leeg.",
}


def status_in_chatwoot(event: ReplyStatus) -> str | None:
    """Chatwoot's word for the channel's status; None for those before ``sent``, which it doesn't show."""
    return FROM_CHANNEL.get(event.status)


def later(known: str, new: str) -> bool:
    """Whether ``new`` tells more than ``known``: reports come in any order, and a failure is final."""
    if known == FAILED:
        return False
    return new == FAILED or RANK[new] > RANK.get(known, -1)


def of_all(parts: Iterable[str]) -> str:
    """The status of a message whose parts stand at these: the worst one."""
    found = list(parts)
    return FAILED if FAILED in found else min(found, key=lambda status: RANK.get(status, -1))


def reason(event: ReplyStatus) -> str:
    """Why a message failed, for the staff."""
    told = CODES_NL.get(event.error_code or 0, "WhatsApp kon dit bericht niet afleveren.")
    return f"{told} (Twilio {event.error_code})" if event.error_code else told


def suppressed(event: ReplySuppressed) -> str:
    """Why a message was not sent, for the staff."""
    return SUPPRESSED_NL[event.reason]
