"""Pure functions: Markdown to WhatsApp, labels, statuses, identities, forms."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.chatwoot_sync import delivery, labels, staff, wanted
from seldenrijk.chatwoot_sync.identity import belongs_to, conversation_in, source_id_of
from seldenrijk.chatwoot_sync.markdown import whatsapp
from seldenrijk.chatwoot_sync.media import origin_of
from seldenrijk.chatwoot_sync.settings import ChatwootSettings
from seldenrijk.chatwoot_sync.state import SyncState, newest
from seldenrijk.contracts import (
    ConversationTakenOver,
    Customer,
    Lead,
    ReplyComposed,
    ReplyStatus,
    ReplySuppressed,
    Slots,
    Understanding,
    conversation_of,
)
from seldenrijk.contracts.replies import DeliveryStatus

from .conftest import KEY, PHONE, conversation


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Dag **Jan**!", "Dag *Jan*!"),
        ("*cursief* en **vet** en ~~weg~~", "_cursief_ en *vet* en ~weg~"),
        ("[de Golf](https://dealer.example/1)", "de Golf: https://dealer.example/1"),
        ("[https://x.example](https://x.example)", "https://x.example"),
        ("<https://x.example> blijft", "<https://x.example> blijft"),
        ("[info@dealer.example](mailto:info@dealer.example)", "info@dealer.example"),
        ("[bel ons](tel:+31341799554)", "bel ons: +31341799554"),
        ("[@Kees](mention://user/2/Kees) kijk", "@Kees kijk"),
        ("regel een\\\nregel twee", "regel een\nregel twee"),
        ("regel een  \nregel twee\r\n", "regel een\nregel twee"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        ("12\\. juni \\*ster\\*", "12. juni *ster*"),
        ("- een\n- twee", "- een\n- twee"),
        ("€ 18.950,- (vanaf)", "€ 18.950,- (vanaf)"),
        ("bestand_naam_lang", "bestand_naam_lang"),
        ("", ""),
    ],
)
def test_what_an_agent_writes_is_shown_by_whatsapp(markdown: str, text: str) -> None:
    assert whatsapp(markdown) == text


@given(st.text(max_size=400))
def test_any_text_survives(text: str) -> None:
    shown = whatsapp(text)
    assert whatsapp(text) == shown
    words = [c for c in text if c.isalnum()]
    assert [c for c in shown if c.isalnum()] == words or "](" in text


@pytest.mark.parametrize(
    "piece", ["**a ", "~~a ", "[", "[a](", "*a", "\\", "[a](<", "(", " *", "**", '[a](b "']
)
def test_marks_without_an_end_take_no_time(piece: str) -> None:
    """With unbounded patterns some of these take minutes."""
    whatsapp(piece * (40_000 // len(piece)))


@given(st.text(max_size=60))
def test_a_label_is_always_one_that_chatwoot_takes(text: str) -> None:
    slug = labels.slug(text)
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in slug)


def test_labels_are_of_the_vocabulary() -> None:
    state = SyncState(
        understanding=Understanding(
            intent="trade_in_inquiry", secondary=("financing_inquiry",), confidence=1
        ),
        preferences=Slots(make=("Citroën", "Škoda"), body_type=("SUV",), fuel_type=("elektrisch",)),
        lead=Lead(score=55, quality="warm", stage="ready-to-buy"),
    )
    assert labels.labels_of(state) == (
        "brandstof-elektrisch", "bron-whatsapp", "intent-financiering-vraag", "intent-inruil-genoemd",
        "intent-trade_in_inquiry", "interesse-citroen", "interesse-skoda", "journey-ready-to-buy",
        "type-suv", "warm-lead",
    )  # fmt: skip
    assert set(labels.labels_of(state)) <= set(wanted.label_titles())
    assert all(":" not in title and title == title.lower() for title in wanted.label_titles())
    assert all(wanted.color_of(title).startswith("#") for title in wanted.label_titles())


def test_staffs_own_labels_are_left_alone() -> None:
    assert labels.merged(["vip", "hot-lead", "type-suv"], ("cold-lead",)) == ["cold-lead", "vip"]


def test_every_attribute_that_is_set_is_defined_by_setup() -> None:
    state = SyncState(
        understanding=Understanding(intent="car_inquiry", confidence=1, urgency="high"),
        preferences=Slots(make=("a",), model=("b",), fuel_type=("lpg",), max_price=1),
    )
    defined = {(a.model, a.key) for a in wanted.ATTRIBUTES}
    used = {("contact", key) for key in labels.contact_attributes(state)}
    used |= {("conversation", key) for key in labels.conversation_attributes(state)}
    assert used == defined


def test_an_urgency_that_was_told_once_stays() -> None:
    urgent = labels.understood_with(
        SyncState(), Understanding(intent="car_inquiry", confidence=1, urgency="high")
    )
    later = labels.understood_with(urgent, Understanding(intent="showroom_info", confidence=1))
    assert later.understanding is not None
    assert (later.understanding.intent, later.understanding.urgency) == ("showroom_info", "high")


WORDS = ("sent", "delivered", "read", "failed")


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_a_status_never_goes_back(reports: list[str]) -> None:
    shown, best = "sent", 0
    for report in reports:
        if delivery.later(shown, report):
            shown = report
        best = max(best, WORDS.index(report))
        if "failed" in reports[: reports.index(report) + 1]:
            break
    assert shown == WORDS[best]


@pytest.mark.parametrize("status", DeliveryStatus.__args__)  # type: ignore[attr-defined]
def test_every_status_of_the_channel_is_known(status: Any) -> None:
    event = ReplyStatus.of("s", conversation(), channel_message_id="SM1", status=status, error_code=99999)
    assert delivery.status_in_chatwoot(event) in {None, *WORDS}
    assert delivery.reason(event) == "WhatsApp kon dit bericht niet afleveren. (Twilio 99999)"


def test_every_reason_for_not_sending_has_words() -> None:
    for reason in delivery.SUPPRESSED_NL:
        event = ReplySuppressed.of("s", conversation(), reason=reason)
        assert delivery.suppressed(event).endswith(".")


def test_the_address_leads_back_to_the_pseudonym() -> None:
    customer = Customer(
        address="whatsapp:+31612345678", phone="+31612345678", bsuid="NL.42", wa_id="31612345678"
    )
    for identity in ("+31612345678", "NL.42"):
        pseudonym = conversation_of(identity, KEY.encode())
        assert source_id_of(customer, pseudonym, KEY.encode()) == f"whatsapp:{identity}"
        shown = {"contact_inbox": {"source_id": f"whatsapp:{identity}"}}
        assert conversation_in(shown, KEY.encode()) == pseudonym


@pytest.mark.parametrize("source", ["", "whatsapp:", "abc", None])
def test_other_addresses_lead_nowhere(source: str | None) -> None:
    assert (
        conversation_in({"contact_inbox": {"source_id": source}, "meta": {"sender": None}}, KEY.encode())
        is None
    )


def test_whose_conversation_it_is() -> None:
    customer = Customer(address=f"whatsapp:{PHONE}", phone=PHONE)
    source = f"whatsapp:{PHONE}"
    assert belongs_to({"meta": {"sender": {"phone_number": PHONE}}}, customer, source)
    assert belongs_to({"meta": {"sender": {"phone_number": None, "identifier": source}}}, customer, source)
    assert belongs_to({"meta": {}}, customer, source)
    assert not belongs_to({"meta": {"sender": {"phone_number": "+31687654321"}}}, customer, source)
    last = {"messages": [{"conversation": {"contact_inbox": {"source_id": source}}}]}
    assert belongs_to(last | {"meta": {"sender": {"phone_number": "+31687654321"}}}, customer, source)


MESSAGE = {"id": 5, "message_type": 1, "sender": {"id": 2, "type": "User"}, "created_at": 1_780_000_000}


def test_the_apis_form_and_the_webhooks_form_make_the_same_events() -> None:
    api = MESSAGE | {"content": "Dag", "source_id": None, "private": False}
    moment = datetime.fromtimestamp(1_780_000_000, UTC).isoformat()
    hook = api | {"message_type": "outgoing", "sender": {"id": 2, "type": "user"}, "created_at": moment}
    for message in (api, hook):
        assert staff.is_staffs(message)
    one, two = (staff.written(m, conversation(), 1) for m in (api, hook))
    assert [e.id for e in one] == [e.id for e in two]
    assert isinstance(one[0], ConversationTakenOver) and isinstance(one[1], ReplyComposed)
    assert one[1].expires_at == two[1].expires_at  # type: ignore[union-attr,attr-defined]


@given(st.dictionaries(st.sampled_from([*MESSAGE, "private", "source_id", "content_attributes"]), st.none()))
def test_a_message_with_holes_is_no_message_of_the_staffs_or_one(holes: dict[str, None]) -> None:
    assert staff.is_staffs(MESSAGE | holes) in {True, False}


def test_a_message_without_words_only_takes_over() -> None:
    assert len(staff.written(MESSAGE | {"content": None}, conversation(), 1)) == 1
    assert len(staff.written(MESSAGE | {"content": "x" * 20_001}, conversation(), 1)) == 1


def test_ports_and_hosts_tell_origins_apart() -> None:
    assert origin_of("https://api.twilio.com/x") == origin_of("https://API.twilio.com:443/y")
    others = (
        "http://api.twilio.com",
        "https://api.twilio.com.evil.example",
        "https://api.twilio.com@evil.example",
    )
    for url in (*others, "https://api.twilio.com:8443", "//api.twilio.com", ""):
        assert origin_of(url) != origin_of("https://api.twilio.com")


@given(st.integers(0, 300), st.integers(1, 200))
def test_ledgers_are_bounded(size: int, limit: int) -> None:
    kept = newest({n: n for n in range(size)}, limit)
    assert list(kept) == list(range(max(0, size - limit), size))


def test_settings_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATWOOT_WEBHOOK_SECRETS", " a, b ,,")
    settings = ChatwootSettings()
    assert [s.get_secret_value() for s in settings.chatwoot_webhook_secrets] == ["a", "b"]
    assert settings.missing == ("CHATWOOT_INBOX_ID", "IDENTITY_KEY")
    assert not settings.configured
    for url in ("app.chatwoot.com", "ftp://x", ""):
        with pytest.raises(ValueError):
            ChatwootSettings(chatwoot_base_url=url)
