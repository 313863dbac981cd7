"""The mirror: what a customer and the assistant say stands in Chatwoot, in order and once."""

from base64 import b64encode
from typing import Any

import pytest

from seldenrijk.contracts import (
    Customer,
    CustomerOptedIn,
    CustomerOptedOut,
    Lead,
    Location,
    Media,
    Message,
    OwnCar,
    PreferencesExtracted,
    Referral,
    Reply,
    ReplyComposed,
    ReplyFailed,
    ReplyStatus,
    ReplySuppressed,
    Slots,
    Understanding,
)

from .conftest import PHONE, conversation, received, running_system, sent

MESSAGES = "/customers/send"


def status(sid: str, word: str, code: int | None = None) -> ReplyStatus:
    return ReplyStatus.of(
        sid, conversation(), ordinal=word, channel_message_id=sid, status=word, error_code=code
    )


def extracted(number: int = 1, **fields: Any) -> PreferencesExtracted:
    message: Message = received("x", number).message
    values: dict[str, Any] = {"understanding": Understanding(intent="car_inquiry", confidence=0.93)}
    return PreferencesExtracted.of(f"x{number}", conversation(), message=message, **(values | fields))


async def test_a_customers_message_makes_contact_and_conversation(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    world = system.sandbox.world.chatwoot
    (contact,) = world.contacts.values()
    assert (contact.name, contact.phone_number) == ("Jan de Vries", PHONE)
    (link,) = world.contact_inboxes
    assert (link.source_id, link.inbox_id) == (f"whatsapp:{PHONE}", 1)
    (opened,) = world.conversations.values()
    assert (opened.status, opened.source_id) == ("pending", f"whatsapp:{PHONE}")


async def test_a_burst_keeps_its_order_and_its_one_conversation(system: Any) -> None:
    texts = [f"bericht {n}" for n in range(15)]
    await system.publish(*(received(text, n) for n, text in enumerate(texts, 1)))
    await system.quiet()
    assert system.texts() == texts
    assert len(system.sandbox.world.chatwoot.conversations) == 1
    assert len(system.sandbox.world.chatwoot.contacts) == 1


async def test_customers_at_once_get_one_conversation_each(system: Any) -> None:
    phones = [f"+3161000{n:04d}" for n in range(4)]
    events = [received(f"{p} {n}", i * 10 + n, p) for i, p in enumerate(phones) for n in (1, 2)]
    await system.publish(*events)
    await system.quiet()
    opened = system.sandbox.world.chatwoot.conversations.values()
    said = {c.source_id: [m.content for m in c.messages if m.message_type != 2] for c in opened}
    assert said == {f"whatsapp:{p}": [f"{p} {n}" for n in (1, 2)] for p in phones}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"kind": "sticker"}, "Sticker"),
        ({"kind": "contacts"}, "👤 Contactkaart"),
        ({"kind": "unknown"}, "Bericht van een soort dat hier niet kan worden getoond"),
        ({"kind": "reaction", "text": "👍"}, "Reactie: 👍"),
        ({"kind": "reaction"}, "Reactie ingetrokken"),
        ({"kind": "button", "payload": "ja"}, "Keuze: ja"),
        ({"kind": "text"}, "(leeg bericht)"),
        (
            {"kind": "location", "location": Location(latitude=52.35, longitude=5.62, label="Harderwijk")},
            "📍 Harderwijk\nhttps://www.google.com/maps?q=52.350000,5.620000",
        ),
        (
            {"text": "Hoi", "referral": Referral(headline="Golf", source_url="https://fb.me/x")},
            "Via advertentie Golf: https://fb.me/x\nHoi",
        ),
    ],
)
async def test_every_kind_has_words(system: Any, fields: dict[str, Any], shown: str) -> None:
    await system.publish(received(**({"text": ""} | fields)))
    await system.quiet()
    assert system.texts() == [shown]


async def test_a_reply_to_an_earlier_message_is_shown_as_one(system: Any) -> None:
    await system.publish(received("die?", reply_to=Reply(message_id="SMb1")))
    await system.quiet()
    assert system.messages()[0].content_attributes == {"in_reply_to_external_id": "SMb1"}


async def photographed(system: Any, size: int = 4) -> Media:
    """A photo that a customer sent to Twilio, as the gateway tells of it."""
    media = {"content_type": "image/jpeg", "data": b64encode(b"\xff" * size).decode()}
    made = await system.sandbox.api.post(MESSAGES, json={"from": PHONE, "kind": "image", "media": media})
    assert made.status_code < 300, made.text
    item = next(m.media[0] for m in system.sandbox.world.twilio.messages.values() if m.media)
    account = system.settings.twilio_account_sid
    path = f"/2010-04-01/Accounts/{account}/Messages/{item.message_sid}/Media/{item.sid}"
    return Media(url=system.sandbox.twilio_url + path, content_type="image/jpeg")


async def test_a_photo_is_copied_and_the_credentials_stay_at_twilio(system: Any) -> None:
    media = await photographed(system)
    await system.fault(vendor="twilio", operation="media*", kind="status", status=404, times=1)
    await system.publish(received("mijn auto", kind="image", media=(media,)))
    await system.quiet()
    (message,) = system.messages()
    (file,) = message.attachments
    assert (message.content, message.source_id) == ("mijn auto", f"SM{1:032d}")
    assert (file.content_type, file.size, file.filename) == ("image/jpeg", 4, "bijlage-1.jpg")
    assert system.sandbox.world.twilio.leaked_credentials == 0


async def test_a_photo_that_is_too_large_is_told_of() -> None:
    async with running_system(media_max_bytes=100) as system:
        media = await photographed(system, 101)
        await system.publish(received("", kind="image", media=(media,)))
        await system.quiet()
        assert system.texts() == ["📷 Foto\nBijlage te groot om te kopiëren; bekijk hem op de telefoon."]


async def test_an_existing_contact_is_adopted_and_named(system: Any) -> None:
    call = system.sandbox.world.chatwoot
    async with running_client(system) as client:
        fields = {"inbox_id": 1, "name": PHONE, "phone_number": PHONE, "identifier": "crm-7"}
        await client.post("/contacts", json=fields)
    await system.publish(received("Hallo"))
    await system.quiet()
    (contact,) = call.contacts.values()
    assert (contact.name, contact.identifier) == ("Jan de Vries", "crm-7")
    assert system.texts() == ["Hallo"]


def running_client(system: Any) -> Any:
    import httpx

    return httpx.AsyncClient(
        base_url=f"{system.sandbox.chatwoot_url}/api/v1/accounts/1",
        headers={"api_access_token": "sandbox-user-token"},
    )


async def test_a_name_that_the_staff_gave_stays(system: Any) -> None:
    async with running_client(system) as client:
        await client.post(
            "/contacts", json={"inbox_id": 1, "name": "Dhr. J. de Vries", "phone_number": PHONE}
        )
    await system.publish(received("Hallo"))
    await system.quiet()
    assert [c.name for c in system.sandbox.world.chatwoot.contacts.values()] == ["Dhr. J. de Vries"]


async def test_a_customer_without_a_phone_number(system: Any) -> None:
    bsuid = "NL.ABC123"
    customer = Customer(address=f"whatsapp:{bsuid}", bsuid=bsuid, profile_name="Sam")
    await system.publish(received("Hoi", phone=bsuid, customer=customer))
    await system.quiet()
    (contact,) = system.sandbox.world.chatwoot.contacts.values()
    assert (contact.name, contact.phone_number, contact.identifier) == ("Sam", None, f"whatsapp:{bsuid}")
    await system.act("reply", text="Dag Sam")
    await system.quiet()
    assert [r.conversation for r in system.heard(ReplyComposed)] == [conversation(bsuid)]


async def test_a_phone_number_taken_meanwhile_is_adopted(system: Any) -> None:
    """Chatwoot says 422 because the filter didn't show the contact that has the number."""
    async with running_client(system) as client:
        await client.post("/contacts", json={"inbox_id": 1, "name": "Jan", "phone_number": PHONE})
        empty = '{"meta": {}, "payload": []}'
        filter_ = {"operation": "contacts.filter", "kind": "status", "status": 200, "times": 2}
        await system.fault(**filter_, body=empty)
        await system.publish(received("Hallo"))
        await system.quiet()
    assert len(system.sandbox.world.chatwoot.contacts) == 1
    assert system.texts() == ["Hallo"]


async def test_a_recently_resolved_conversation_is_reopened_for_the_assistant(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("status", status="resolved")
    system.sandbox.world.clock.advance(60)
    await system.publish(received("Nog een vraag", 2))
    await system.quiet()
    (opened,) = system.sandbox.world.chatwoot.conversations.values()
    assert opened.status == "pending"
    assert system.texts() == ["Hallo", "Nog een vraag"]


async def test_an_old_resolved_conversation_stays_closed_and_a_new_one_begins() -> None:
    async with running_system(chatwoot_reopen_days=0) as system:
        await system.publish(received("Hallo"))
        await system.quiet()
        await system.act("status", status="resolved")
        await system.publish(received("Nog een vraag", 2))
        await system.quiet()
        opened = system.sandbox.world.chatwoot.conversations
        assert {id_: c.status for id_, c in opened.items()} == {1: "resolved", 2: "pending"}
        assert (system.texts(1), system.texts(2)) == (["Hallo"], ["Nog een vraag"])


async def test_a_deleted_conversation_is_replaced(system: Any) -> None:
    await system.publish(received("een"))
    await system.quiet()
    del system.sandbox.world.chatwoot.conversations[1]
    await system.publish(received("twee", 2), sent("drie", "SMb1"))
    await system.quiet()
    assert system.texts(2) == ["twee", "drie"]


async def test_ids_that_stand_for_somebody_else_now_are_not_believed(system: Any) -> None:
    """Chatwoot came back from a backup: our conversation's number was given to another customer."""
    await system.publish(received("van Jan"))
    await system.quiet()
    system.sandbox.world.chatwoot.clear()
    other = "+31687654321"
    async with running_client(system) as client:
        made = await client.post("/contacts", json={"inbox_id": 1, "name": "Piet", "phone_number": other})
        contact = made.json()["payload"]["contact"]["id"]
        fields = {"inbox_id": 1, "contact_id": contact, "source_id": f"whatsapp:{other}"}
        link = {"inbox_id": 1, "source_id": f"whatsapp:{other}"}
        await client.post(f"/contacts/{contact}/contact_inboxes", json=link)
        assert (await client.post("/conversations", json=fields)).status_code == 200
    await system.publish(received("weer van Jan", 2))
    await system.quiet()
    assert system.texts(1) == []
    assert system.texts(2) == ["weer van Jan"]


async def test_statuses_only_go_forward(system: Any) -> None:
    await system.publish(received("Hallo"), status("SMb1", "delivered"), sent("Dag", "SMb1"))
    await system.quiet()
    assert system.messages()[1].status == "delivered"
    await system.publish(status("SMb1", "read"), status("SMb1", "sent"))
    await system.quiet()
    assert system.messages()[1].status == "read"


async def test_a_failure_is_final_and_told_in_dutch(system: Any) -> None:
    await system.publish(received("Hallo"), sent("Dag", "SMb1"))
    await system.publish(status("SMb1", "undelivered", 63016), status("SMb1", "delivered"))
    await system.quiet()
    shown = system.messages()[1]
    assert shown.status == "failed"
    told = shown.content_attributes["external_error"]
    assert told == "Het 24-uursvenster is gesloten: de klant moet eerst zelf weer schrijven. (Twilio 63016)"


async def test_an_answer_in_parts_is_as_good_as_its_worst_part(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="lang antwoord")
    await system.quiet()
    (reply,) = system.heard(ReplyComposed)
    about = {"reply_id": reply.id, "author": "agent", "chatwoot_message_id": reply.chatwoot_message_id}
    await system.publish(
        sent("lang", "SMa1", part=1, parts=2, **about), sent("antwoord", "SMa2", part=2, parts=2, **about)
    )
    await system.publish(status("SMa1", "read"), status("SMa2", "delivered"))
    await system.quiet()
    assert [(m.content, m.status) for m in system.messages()][1:] == [("lang antwoord", "delivered")]
    await system.publish(status("SMa2", "failed", 63003))
    await system.quiet()
    assert system.messages()[1].status == "failed"


async def test_a_reply_that_never_went_out_is_a_note(system: Any) -> None:
    failed = ReplyFailed.of(
        "r1", conversation(), reply_id="r1", author="bot", reason_nl="Geen WhatsApp.", text="Dag"
    )
    await system.publish(received("Hallo"), failed)
    await system.quiet()
    note = system.messages()[1]
    assert (note.private, note.sender.kind) == (True, "agent_bot")
    assert note.content == "⚠️ **Niet afgeleverd:** Geen WhatsApp.\n\n> Dag"


async def test_the_agent_is_told_at_once_what_was_not_sent(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    await system.act("reply", text="te laat")
    await system.quiet()
    (reply,) = system.heard(ReplyComposed)
    about = {"reply_id": reply.id, "author": "agent", "chatwoot_message_id": reply.chatwoot_message_id}
    await system.publish(ReplySuppressed.of(reply.id, conversation(), reason="window_closed", **about))
    await system.quiet()
    message, note = system.messages()[1:]
    assert (message.status, note.private) == ("failed", True)
    assert "24-uursvenster" in message.content_attributes["external_error"]
    assert "24-uursvenster" in note.content


async def test_labels_are_the_full_set_and_staffs_own_stay(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    system.sandbox.world.chatwoot.conversations[1].labels = ["vip", "type-sedan"]
    wishes = Slots(
        make=("Volkswagen",), fuel_type=("plug-in hybride",), body_type=("coupé",), max_price=25000
    )
    lead = Lead(score=75, quality="hot", stage="comparing", signals=("model", "test_drive_soon"))
    await system.publish(extracted(preferences=wishes, lead=lead))
    await system.quiet()
    assert system.sandbox.world.chatwoot.conversations[1].labels == [
        "brandstof-plug-in-hybride", "bron-whatsapp", "hot-lead", "intent-car_inquiry",
        "intent-proefrit-gevraagd", "interesse-volkswagen", "journey-comparing", "type-coupe", "vip",
    ]  # fmt: skip
    (contact,) = system.sandbox.world.chatwoot.contacts.values()
    assert contact.custom_attributes == {
        "lead_score": 75, "lead_quality": "hot", "interest_level": "hoog", "interested_in_make": "Volkswagen",
        "interested_in_fuel_type": "plug-in hybride", "budget_max": 25000, "test_drive_requested": True,
        "has_trade_in": False, "needs_financing": False, "conversation_stage": "comparing",
        "do_not_contact": False,
    }  # fmt: skip


async def test_attributes_of_others_stay_and_unchanged_ones_are_not_asked_for(system: Any) -> None:
    await system.publish(received("Hallo"))
    await system.quiet()
    opened = system.sandbox.world.chatwoot.conversations[1]
    opened.custom_attributes = {"verkoper": "Kees"}
    trade = {"preferences": Slots(own_car=OwnCar(make="Opel"))}
    await system.publish(extracted(1, **trade))
    await system.quiet()
    assert opened.custom_attributes["verkoper"] == "Kees"
    assert opened.custom_attributes["intent"] == "car_inquiry"
    before = opened.updated
    await system.publish(extracted(2, **trade))
    await system.quiet()
    assert opened.updated == before


async def test_opting_out_and_in_is_shown(system: Any) -> None:
    await system.publish(received("STOP"), CustomerOptedOut.of("o1", conversation()))
    await system.quiet()
    (contact,) = system.sandbox.world.chatwoot.contacts.values()
    assert contact.custom_attributes["do_not_contact"] is True
    assert system.messages()[1].private
    await system.publish(CustomerOptedIn.of("o2", conversation()))
    await system.quiet()
    assert contact.custom_attributes["do_not_contact"] is False


async def test_media_from_elsewhere_is_never_fetched(system: Any) -> None:
    elsewhere = Media(url=f"{system.sandbox.url}/evil", content_type="image/png")
    async with running_system(twilio_api_base_url="https://api.twilio.com") as other:
        await other.publish(received("kijk", kind="image", media=(elsewhere,)))
        await other.quiet()
        assert other.texts() == ["kijk\nBijlage niet gekopieerd: hij staat niet bij Twilio."]
