"""Every vector: Twilio's own, the shared ones when they are at hand, and those committed here."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from seldenrijk.gateway.signature import Form, Verifier, parse_form

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "specs" / "webhook_signature_vectors.json"


def vectors() -> list[Any]:
    own = json.loads((HERE / "signature_vectors.json").read_text())["twilio"]
    shared = json.loads(SHARED.read_text())["twilio"] if SHARED.exists() else []
    return [pytest.param(v, id=v["name"][:60]) for v in own + shared]


@pytest.mark.parametrize("vector", vectors())
def test_vectors(vector: dict[str, Any]) -> None:
    algorithm = vector.get("algorithm", "HMAC_SHA1")
    shared_key = vector["token"] if algorithm == "HMAC_SHA256" else None
    verifier = Verifier("https://unused.example", [vector["token"]], shared_key)
    if "body" in vector and vector.get("params") is None:
        params: Form | str = vector["body"]
    else:
        params = Form([(k, v) for k, v in vector.get("params") or []])
    header = f"key=x,algorithm={algorithm}" if algorithm != "HMAC_SHA1" else ""
    assert verifier.valid(vector["url"], params, vector["signature"], header) is vector["valid"]


def test_blank_values_are_signed_and_kept() -> None:
    form = parse_form(b"Body=&NumMedia=1&From=whatsapp%3A%2B31612345678")
    signature = RequestValidator("t").compute_signature("https://a.example/hook", form)
    assert Verifier("https://a.example", ["t"]).valid("https://a.example/hook", form, signature)
    assert form.getlist("Body") == [""]


def test_the_public_url_counts_not_the_host() -> None:
    verifier = Verifier("https://gateway.example/", ["t"])
    assert (
        verifier.url("/api/webhooks/twilio", "a=b%20c")
        == "https://gateway.example/api/webhooks/twilio?a=b%20c"
    )
    assert verifier.url("/api/webhooks/twilio", "") == "https://gateway.example/api/webhooks/twilio"


def test_both_tokens_count_during_a_rotation() -> None:
    form = Form([("Body", "hallo")])
    url = "https://a.example/hook"
    verifier = Verifier("https://a.example", ["new", "old"])
    for token, valid in (("new", True), ("old", True), ("older", False)):
        assert verifier.valid(url, form, RequestValidator(token).compute_signature(url, form)) is valid


def test_the_header_cannot_choose_another_key_or_algorithm() -> None:
    form = Form([("Body", "hallo")])
    url = "https://a.example/hook"
    with_token = RequestValidator("token").compute_signature(url, form, "HMAC_SHA256")
    with_key = RequestValidator("key").compute_signature(url, form, "HMAC_SHA256")
    header = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    assert not Verifier("https://a.example", ["token"]).valid(url, form, with_token, header)
    assert not Verifier("https://a.example", ["token"], "key").valid(url, form, with_token, header)
    assert Verifier("https://a.example", ["token"], "key").valid(url, form, with_key, header)
    assert not Verifier("https://a.example", ["token"], "key").valid(url, form, with_key)
    assert not Verifier("https://a.example", ["token"], "key").valid(url, form, with_key, "algorithm=MD5")


PAIRS = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=20)), min_size=1, max_size=8)


@given(PAIRS.filter(lambda ps: all(not 0xD800 <= ord(c) < 0xE000 for p in ps for s in p for c in s)))
def test_what_twilio_signs_is_accepted_and_any_change_is_not(pairs: list[tuple[str, str]]) -> None:
    url = "https://a.example/api/webhooks/twilio?x=1"
    form = parse_form(urlencode(pairs).encode())
    signature = RequestValidator("secret").compute_signature(url, form)
    verifier = Verifier("https://a.example", ["secret"])
    assert verifier.valid(url, form, signature)
    changed = Form([(k, v + "x") for k, v in pairs])
    assert not verifier.valid(url, changed, signature)
    assert not verifier.valid(urlsplit(url)._replace(query="x=2").geturl(), form, signature)


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_refused(body: bytes) -> None:
    try:
        form = parse_form(body)
    except ValueError:
        return
    assert all(form.getlist(key) for key in form)
