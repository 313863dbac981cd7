"""Recordings as files, the conversation behind one, and what a replay finds changed."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.observer import BusEvent
from seldenrijk.sandbox.recordings import MAX_BYTES, BadRecordingError, Recording, Shelf, Turn, parse, slug
from seldenrijk.sandbox.replay import changes, exchanges, words
from seldenrijk.sandbox.testing import Running, running_sandbox

CUSTOMER = "whatsapp:+31612345678"


@pytest.fixture
async def keeping(listener: Listener, tmp_path: Path) -> Any:
    (tmp_path / "scripted").mkdir()
    (tmp_path / "scripted" / "golf.yaml").write_text("name: Golf\nturns: [Ik zoek een Golf]\n")
    (tmp_path / "scripted" / "broken.yaml").write_text("{")
    options = {"recordings": tmp_path / "kept", "scripted": f"{tmp_path / 'scripted'}:{tmp_path / 'nowhere'}"}
    async with running_sandbox(gateway_url=listener.url, **options) as running:
        yield running


def bus_event(type_: str, number: int, **data: Any) -> BusEvent:
    return BusEvent(f"e{number}", f"{type_}.v1", "router", "c1", "2026-11-22T20:00:00+00:00", None, data)


async def understood(sandbox: Running, sid: str, intent: str, **slots: Any) -> None:
    message = {"message_id": sid}
    observer = sandbox.world.observer
    await observer.add(bus_event("message.received", 1, message=message, customer={"address": CUSTOMER}))
    found = {"message": message, "understanding": {"intent": intent}, "slots": slots}
    await observer.add(bus_event("preferences.extracted", 2, **found))


async def test_a_conversation_is_kept_shared_and_forgotten(keeping: Running) -> None:
    api = keeping.api
    assert (await api.post("/recordings", json={"customer": CUSTOMER, "name": "leeg"})).status_code == 409
    sid = (await api.post("/customers/send", json={"text": "Ik zoek een Golf"})).json()["sid"]
    await understood(keeping, sid, "car_inquiry", make=["Volkswagen"], model=["Golf"])
    await api.post("/customers/send", json={"kind": "location", "location": {"label": "Thuis"}})
    id_ = (await api.post("/recordings", json={"customer": CUSTOMER, "name": "Één Golf!"})).json()["id"]
    assert id_ == "n-golf"
    again = (await api.post("/recordings", json={"customer": CUSTOMER, "name": "Één Golf!"})).json()["id"]
    assert again == "n-golf-2"
    listed = {item["id"]: item for item in (await api.get("/recordings")).json()}
    assert listed.keys() == {"n-golf", "n-golf-2", "script-golf"}
    assert listed["n-golf"]["messages"] == 2 and listed["script-golf"]["origin"] == "scripted"
    shown = (await api.get(f"/recordings/{id_}")).json()["turns"]
    assert shown[0]["slots"] == {"make": "Volkswagen", "model": "Golf"}
    assert shown[1]["kind"] == "location" and shown[1]["location"]["label"] == "Thuis"
    file = await api.get(f"/recordings/{id_}/file")
    assert "attachment" in file.headers["content-disposition"]
    taken = await api.post("/recordings/import", content=file.content, params={"name": "x"})
    assert taken.json() == {"ids": ["n-golf-3"]}
    assert (await api.delete(f"/recordings/{id_}")).status_code == 204
    assert (await api.delete(f"/recordings/{id_}")).status_code == 404
    assert (await api.get(f"/recordings/{id_}/file")).status_code == 404
    assert (await api.delete("/recordings/script-golf")).status_code == 404


async def test_what_cannot_be_taken_in(keeping: Running) -> None:
    for content, status in ((b"just words", 422), (b"[]", 422), (b"x" * (MAX_BYTES + 1), 413), (b"{", 422)):
        assert (await keeping.api.post("/recordings/import", content=content)).status_code == status
    for id_ in ("..%2Fsecret", "nobody"):
        assert (await keeping.api.post(f"/recordings/{id_}/replay", json={})).status_code == 404
    assert (await keeping.api.get("/replays/none")).status_code == 404


async def test_a_replay_compares_with_what_was(keeping: Running, listener: Listener) -> None:
    async def answer() -> Response:
        form = listener.requests[-1].form
        settings = keeping.world.settings
        url = f"{keeping.twilio_url}/2010-04-01/Accounts/{settings.account_sid}/Messages.json"
        sent = {"To": form["From"], "From": settings.business_number, "Body": f"Over {form['Body']}"}
        async with httpx.AsyncClient() as client:
            await client.post(url, data=sent, auth=(settings.account_sid, settings.tokens[0]))
        return Response(status_code=200)

    listener.reply = answer
    recording = Recording(
        name="Twee",
        turns=[
            Turn(who="customer", text="Golf"),
            Turn(who="bot", text="Over Golf"),
            Turn(who="customer", text="Polo", intent="car_inquiry"),
            Turn(who="bot", text="Over een Polo"),
        ],
    )
    (id_,) = (await keeping.api.post("/recordings/import", content=recording.dump())).json()["ids"]
    run = (await keeping.api.post(f"/recordings/{id_}/replay", json={})).json()
    async with asyncio.timeout(20):
        while (run := (await keeping.api.get(f"/replays/{run['id']}")).json())["state"] == "running":
            await asyncio.sleep(0.05)
    assert run["state"] == "done" and run["customer"] != CUSTOMER
    assert [row["changed"] for row in run["rows"]] == [[], ["intent", "reply"]]
    assert run["rows"][1]["reply_diff"] == [["same", "Over "], ["gone", "een "], ["same", "Polo"]]


def test_turns_fall_into_exchanges() -> None:
    turns = [
        Turn(who="customer", text="a"), Turn(who="customer", text="b"), Turn(who="bot", text="1"),
        Turn(who="bot", text="2"), Turn(who="customer", text="c"), Turn(who="agent", text="3"),
        Turn(who="hand_back"), Turn(who="customer", text="d"),
    ]  # fmt: skip
    found = exchanges(turns)
    assert [[turn.text for turn in e.said] for e in found] == [["a", "b"], ["c"], ["d"]]
    assert [e.replies for e in found] == [["1", "2"], [], []]
    assert [turn.who for turn in found[1].staff] == ["agent", "hand_back"]


def test_what_was_not_recorded_cannot_differ() -> None:
    now = {"intent": "complaint", "slots": {"make": "Kia"}, "reply": "ja"}
    assert changes({"intent": None, "slots": None, "reply": None}, now) == []
    was = {"intent": "car_inquiry", "slots": {"make": "Kia", "model": "Niro"}, "reply": "ja"}
    assert changes(was, now) == ["intent", "slots.model"]
    assert changes(was | {"reply": "nee"}, now | {"reply": None})[-1] == "reply"


@given(st.text(), st.text())
def test_the_runs_of_words_are_both_texts(was: str, now: str) -> None:
    runs = words(was, now)
    assert "".join(text for kind, text in runs if kind != "new") == was
    assert "".join(text for kind, text in runs if kind != "gone") == now
    assert words(None, None) == []


SHORT = """
conversations:
  - id: kort
    turns:
      - Hallo
      - customer: [Ik zoek een Golf, automaat graag]
        expect: {intent: car_inquiry}
      - bot: Die hebben we
      - role: user
        content: x
        text: Mooi
      - hand_back: true
"""


def test_shorter_ways_of_writing() -> None:
    (found,) = parse(SHORT.encode())
    assert [(turn.who, turn.text) for turn in found.turns] == [
        ("customer", "Hallo"), ("customer", "Ik zoek een Golf"), ("customer", "automaat graag"),
        ("bot", "Die hebben we"), ("customer", "Mooi"), ("hand_back", ""),
    ]  # fmt: skip
    assert found.name == "kort" and found.turns[1].intent == "car_inquiry"


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)
TURNS = st.builds(
    Turn,
    who=st.sampled_from(["customer", "bot", "agent", "hand_back"]),
    text=TEXTS,
    after=st.floats(0, 100),
    slots=st.none() | st.dictionaries(st.sampled_from(["make", "max_price"]), TEXTS | st.integers()),
)


@given(st.builds(Recording, name=TEXTS.filter(bool), turns=st.lists(TURNS, min_size=1, max_size=5)))
def test_a_recording_survives_its_file(recording: Recording) -> None:
    assert parse(recording.dump().encode()) == [recording]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_brings_the_reader_down(data: bytes) -> None:
    try:
        assert parse(data)
    except BadRecordingError as error:
        assert str(error)


def test_names_become_file_names(tmp_path: Path) -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("…") == "gesprek"
    assert not Shelf(tmp_path).remove("../x")
