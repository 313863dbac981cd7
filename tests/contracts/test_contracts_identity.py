"""Pseudonyms, lanes and ids: the same everywhere, for ever, and telling nothing of the customer."""

import re
import subprocess
import sys
from collections import Counter
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from seldenrijk.contracts import (
    PARTITIONS,
    CustomerOptedIn,
    conversation_of,
    derived_id,
    golden,
    partition_of,
)
from seldenrijk.contracts.base import CONVERSATION_PATTERN, ID_PATTERN

KEY = b"a key for tests only"
VECTORS = [
    ("+31612345678", "clabekj4o6vsao6mftv2aupi2hi", 43),
    ("whatsapp:+31612345678", "clabekj4o6vsao6mftv2aupi2hi", 43),
    ("+31687654321", "c4s24b6doluhzfxs4zrjufrrpgq", 44),
    ("+4915112345678", "csebbmut54rg6dyllefc353efu4", 46),
    ("NL.13491208655302741918", "c36qjyfcjcmxygfjalbedhot3ti", 63),
]
PHONES = st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True)


@pytest.mark.parametrize(("identity", "conversation", "partition"), VECTORS)
def test_pseudonyms_and_lanes_never_change(identity: str, conversation: str, partition: int) -> None:
    assert conversation_of(identity, KEY) == conversation
    assert partition_of(conversation) == partition


@given(PHONES)
def test_a_pseudonym_tells_no_phone_number(phone: str) -> None:
    conversation = conversation_of(phone, KEY)
    digits = phone.removeprefix("+")
    assert re.fullmatch(CONVERSATION_PATTERN, conversation)
    assert digits not in conversation
    assert not any(digits[i : i + 6] in conversation for i in range(len(digits) - 5))


@given(PHONES)
def test_the_channel_prefix_makes_no_difference(phone: str) -> None:
    assert conversation_of(f"whatsapp:{phone}", KEY) == conversation_of(f" {phone} ", KEY)


@given(PHONES, PHONES)
def test_customers_and_keys_differ(one: str, other: str) -> None:
    assume(one != other)
    assert conversation_of(one, KEY) != conversation_of(other, KEY)
    assert conversation_of(one, KEY) != conversation_of(one, KEY + b"!")


@pytest.mark.parametrize(
    ("identity", "key"), [("", KEY), ("whatsapp:", KEY), ("  ", KEY), ("+31612345678", b"")]
)
def test_without_identity_or_key_there_is_no_pseudonym(identity: str, key: bytes) -> None:
    with pytest.raises(ValueError, match="IDENTITY_KEY"):
        conversation_of(identity, key)


def test_customers_spread_evenly_over_the_lanes() -> None:
    customers = 6_400
    lanes = Counter(partition_of(conversation_of(f"+316{n:08d}", KEY)) for n in range(customers))
    assert set(lanes) == set(range(PARTITIONS))
    expected = customers / PARTITIONS
    chi_square = sum((count - expected) ** 2 / expected for count in lanes.values())
    assert chi_square < 120  # 63 degrees of freedom: an even spread passes this with 1 - 2e-5


def test_another_process_gives_the_same_lane_and_id() -> None:
    code = (
        "from seldenrijk.contracts import *;"
        "print(partition_of('c' + 'a' * 26), derived_id('SM1', 'message.received.v1'))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == [str(partition_of("c" + "a" * 26)), derived_id("SM1", "message.received.v1")]


def test_derived_ids_never_change() -> None:
    assert derived_id("SM1", "message.received.v1") == "c6faad4f-76bd-50fd-94cf-824e1f563f6d"
    assert derived_id("SM1", "message.received.v1", 1) == "28289a44-834f-51dc-81bf-f446fabe59eb"


@given(st.text(min_size=1), st.text(min_size=1), st.integers(0, 99))
def test_ids_are_version_five_and_the_same_each_time(cause: str, type_: str, ordinal: int) -> None:
    id_ = derived_id(cause, type_, ordinal)
    assert id_ == derived_id(cause, type_, ordinal)
    assert re.fullmatch(ID_PATTERN, id_)
    assert UUID(id_).version == 5


@given(st.uuids(), st.integers(0, 9), st.integers(0, 9))
def test_ids_differ_by_cause_type_and_ordinal(cause: UUID, one: int, other: int) -> None:
    assert (derived_id(str(cause), "a.b.v1", one) == derived_id(str(cause), "a.b.v1", other)) == (
        one == other
    )
    assert derived_id(str(cause), "a.b.v1", one) != derived_id(str(cause), "a.c.v1", one)


def test_an_event_made_twice_has_one_id() -> None:
    one, other = (CustomerOptedIn.of("SM1", golden.CONVERSATION) for _ in range(2))
    assert one.id == other.id == derived_id("SM1", "customer.opted_in.v1")
    assert CustomerOptedIn.of("SM1", golden.CONVERSATION, ordinal=1).id != one.id


@pytest.mark.parametrize("conversation", ["", "+31612345678", "c" + "A" * 26, "c" + "a" * 25, "c" + "a" * 27])
def test_an_event_takes_nothing_but_a_pseudonym(conversation: str) -> None:
    with pytest.raises(ValidationError):
        CustomerOptedIn.of("SM1", conversation)
