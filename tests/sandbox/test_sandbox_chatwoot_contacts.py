"""Contacts of the Chatwoot stand-in."""

from typing import Any

import pytest

from seldenrijk.sandbox.testing import Running

PHONE = "+31612345678"


def condition(value: str, key: str = "phone_number", operator: str = "equal_to") -> dict[str, Any]:
    return {"attribute_key": key, "filter_operator": operator, "values": [value]}


async def test_create_find_show_change(staff: Any) -> None:
    fields = {"inbox_id": 1, "name": "Jo", "phone_number": PHONE, "custom_attributes": {"lead_score": 10}}
    made = (await staff.ok("POST", "/contacts", fields))["payload"]
    assert made["contact"]["phone_number"] == PHONE
    assert made["contact_inbox"]["inbox"]["id"] == 1
    for value in (PHONE, PHONE.removeprefix("+")):
        found = await staff.ok("POST", "/contacts/filter", {"payload": [condition(value)]})
        assert [contact["id"] for contact in found["payload"]] == [made["contact"]["id"]]
        assert found["meta"]["count"] == 1
    path = f"/contacts/{made['contact']['id']}"
    await staff.ok("PUT", path, {"name": "Johan", "custom_attributes": {"urgency": "high"}})
    shown = (await staff.ok("GET", path))["payload"]
    assert shown["name"] == "Johan"
    assert shown["custom_attributes"] == {"lead_score": 10, "urgency": "high"}


async def test_the_filter_is_exact_and_the_search_is_not(staff: Any) -> None:
    for phone in (PHONE, PHONE + "9"):
        await staff.ok("POST", "/contacts", {"inbox_id": 1, "name": "x", "phone_number": phone})
    exact = await staff.ok("POST", "/contacts/filter", {"payload": [condition(PHONE)]})
    part = await staff.ok("GET", "/contacts/search", params={"q": "612345678"})
    assert (len(exact["payload"]), len(part["payload"])) == (1, 2)
    both = [
        condition("x", "name") | {"query_operator": "AND"},
        condition("+316123456789", operator="contains"),
    ]
    joined = await staff.ok("POST", "/contacts/filter", {"payload": both})
    assert len(joined["payload"]) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("phone_number", PHONE), ("identifier", "u-1"), ("email", "a@b.nl")]
)
async def test_what_is_unique_is_refused_twice(staff: Any, field: str, value: str) -> None:
    await staff.ok("POST", "/contacts", {"inbox_id": 1, "name": "x", field: value})
    again = await staff.call("POST", "/contacts", json={"inbox_id": 1, "name": "y", field: value})
    assert again.status_code == 422
    assert again.json()["attributes"] == [field]
    assert "has already been taken" in again.json()["message"]


async def test_a_number_is_e164(staff: Any) -> None:
    answer = await staff.call("POST", "/contacts", json={"inbox_id": 1, "phone_number": "0612345678"})
    assert (answer.status_code, answer.json()["attributes"]) == (422, ["phone_number"])


async def test_an_address_belongs_to_one_contact(staff: Any) -> None:
    ids = []
    for phone in (PHONE, "+31687654321"):
        made = await staff.ok("POST", "/contacts", {"inbox_id": 1, "phone_number": phone})
        ids.append(made["payload"]["contact"]["id"])
    link = {"inbox_id": 1, "source_id": f"whatsapp:{PHONE}"}
    first = await staff.ok("POST", f"/contacts/{ids[0]}/contact_inboxes", link)
    assert first == await staff.ok("POST", f"/contacts/{ids[0]}/contact_inboxes", link)
    taken = await staff.call("POST", f"/contacts/{ids[1]}/contact_inboxes", json=link)
    assert taken.status_code == 422


async def test_merging_keeps_the_base_and_moves_everything(staff: Any, sandbox: Running) -> None:
    base = (await staff.ok("POST", "/contacts", {"inbox_id": 1, "name": "Basis"}))["payload"]["contact"]
    conversation = await staff.open(PHONE)
    other = conversation["meta"]["sender"]["id"]
    body = {"base_contact_id": base["id"], "mergee_contact_id": other}
    merged = await staff.ok("POST", "/actions/contact_merge", body)
    assert (merged["id"], merged["name"], merged["phone_number"]) == (base["id"], "Basis", PHONE)
    assert (await staff.call("GET", f"/contacts/{other}")).status_code == 404
    moved = await staff.ok("GET", f"/contacts/{base['id']}/conversations")
    assert [c["id"] for c in moved["payload"]] == [conversation["id"]]


async def test_searching_has_a_limit(staff: Any) -> None:
    codes = [(await staff.call("GET", "/contacts/search", params={"q": "x"})).status_code for _ in range(101)]
    assert codes.count(200) == 100
    assert codes[-1] == 429


async def test_contact_labels_are_replaced(staff: Any) -> None:
    contact = (await staff.open())["meta"]["sender"]["id"]
    await staff.ok("POST", f"/contacts/{contact}/labels", {"labels": ["a", "b"]})
    await staff.ok("POST", f"/contacts/{contact}/labels", {"labels": ["c"]})
    assert (await staff.ok("GET", f"/contacts/{contact}/labels"))["payload"] == ["c"]
