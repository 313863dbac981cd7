"""What a customer's message looks like to the staff (Dutch): every kind has words, none is empty."""

from seldenrijk.contracts import Message

KINDS = {
    "image": "📷 Foto",
    "audio": "🎤 Spraakbericht",
    "video": "🎬 Video",
    "document": "📄 Document",
    "sticker": "Sticker",
    "contacts": "👤 Contactkaart",
    "unknown": "Bericht van een soort dat hier niet kan worden getoond",
}


def shown(message: Message, missing: tuple[str, ...] = ()) -> str:
    """The text for the staff. ``missing`` are reasons why attachments could not be copied."""
    parts = [part for part in (_referral(message), _body(message), *missing) if part]
    return "\n".join(parts)


def _body(message: Message) -> str:
    if message.kind == "location" and message.location is not None:
        return "\n".join(part for part in (_location(message), message.text) if part)
    if message.kind == "reaction":
        return f"Reactie: {message.text}" if message.text else "Reactie ingetrokken"
    if message.text:
        return message.text
    if message.payload:
        return f"Keuze: {message.payload}"
    return KINDS.get(message.kind, "" if message.media else "(leeg bericht)") or KINDS["document"]


def _location(message: Message) -> str:
    place = message.location
    if place is None:
        return ""
    named = ", ".join(part for part in (place.label, place.address) if part)
    link = f"https://www.google.com/maps?q={place.latitude:.6f},{place.longitude:.6f}"
    return f"📍 {named}\n{link}" if named else f"📍 {link}"


def _referral(message: Message) -> str:
    source = message.referral
    if source is None:
        return ""
    named = ": ".join(part for part in (source.headline, source.source_url) if part)
    return f"Via advertentie {named}".strip() if named else ""
