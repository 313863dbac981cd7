"""docs/asyncapi.yaml is an AsyncAPI 3.0 document, whole in itself, that says what the code does.

The laws of the specification that matter here are checked by hand: no maintained Python package
carries its JSON Schema.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import yaml
from jsonschema import Draft7Validator

from seldenrijk.contracts import EVENTS, Event, asyncapi, golden, headers_of, subject_of
from seldenrijk.contracts.schemas import readers_of, writers_of
from seldenrijk.contracts.topology import SERVICES

Json = dict[str, Any]
DOCUMENT: Json = yaml.safe_load(asyncapi.TARGET.read_text(encoding="utf-8"))
ALLOWED = {
    "root": {"asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components"},
    "channel": {"address", "messages", "title", "summary", "description", "parameters", "servers", "tags"},
    "parameter": {"enum", "default", "description", "examples", "location"},
    "operation": {"action", "channel", "title", "summary", "description", "tags", "messages"},
    "message": {"headers", "payload", "correlationId", "contentType", "name", "title", "summary", "examples"},
    "server": {"host", "protocol", "description", "variables"},
}


def walk(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from walk(one)


def references() -> list[str]:
    return [v["$ref"] for v in walk(DOCUMENT) if isinstance(v, dict) and isinstance(v.get("$ref"), str)]


def at(reference: str) -> Any:
    """What a reference inside the document points at. Raises KeyError where it points nowhere."""
    assert reference.startswith("#/")
    found: Any = DOCUMENT
    for token in reference.removeprefix("#/").split("/"):
        found = found[token.replace("~1", "/").replace("~0", "~")]
    return found


def payload_validator(name: str) -> Draft7Validator:
    return Draft7Validator({**DOCUMENT, "$ref": f"#/components/schemas/{name}"})


def test_the_document_itself() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert set(DOCUMENT) <= ALLOWED["root"]
    assert {"title", "version"} <= set(DOCUMENT["info"])
    for server in DOCUMENT["servers"].values():
        assert {"host", "protocol"} <= set(server) <= ALLOWED["server"]
        assert set(re.findall(r"{(\w+)}", server["host"])) == set(server["variables"])
    for kind in ("schemas", "messages"):
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in DOCUMENT["components"][kind])


def test_every_reference_resolves_and_stands_alone() -> None:
    assert len(references()) > 100
    for reference in references():
        assert isinstance(at(reference), dict)
    for value in walk(DOCUMENT):
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            assert set(value) == {"$ref"}


def test_channels_have_the_parameters_of_their_address_and_messages_of_components() -> None:
    for channel in DOCUMENT["channels"].values():
        assert set(channel) <= ALLOWED["channel"]
        assert set(re.findall(r"{(\w+)}", channel["address"])) == set(channel["parameters"])
        assert all(set(parameter) <= ALLOWED["parameter"] for parameter in channel["parameters"].values())
        assert all(
            message["$ref"].startswith("#/components/messages/") for message in channel["messages"].values()
        )
    addresses = [channel["address"] for channel in DOCUMENT["channels"].values()]
    assert len(set(addresses)) == len(addresses)


def test_operations_speak_of_messages_of_their_own_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        assert set(operation) <= ALLOWED["operation"]
        assert operation["action"] in {"send", "receive"}
        channel = operation["channel"]["$ref"]
        assert channel.startswith("#/channels/")
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/")
            assert isinstance(at(message["$ref"]), dict)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_has_its_channel_message_senders_and_receivers(event: type[Event]) -> None:
    name = event.type_name()
    address = DOCUMENT["channels"][event.name]["address"]
    pattern = re.sub(r"{\w+}", "[a-z0-9]+", re.escape(address).replace(r"\{", "{").replace(r"\}", "}"))
    job = next((f"job.{s.name}." for s in SERVICES.values() if event in s.jobs), "")
    assert re.fullmatch(pattern, job + subject_of(golden.example(event)))
    found = {
        action: {
            o["tags"][0]["name"]
            for o in DOCUMENT["operations"].values()
            if o["action"] == action and o["channel"]["$ref"] == f"#/channels/{event.name}"
        }
        for action in ("send", "receive")
    }
    assert found == {"send": set(writers_of(name)), "receive": set(readers_of(name))}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_message_fits_headers_payload_and_example(event: type[Event]) -> None:
    message = DOCUMENT["components"]["messages"][event.type_name()]
    assert set(message) <= ALLOWED["message"]
    example = golden.example(event)
    headers = Draft7Validator({**DOCUMENT, **message["headers"]})
    headers.validate(headers_of(example, "gateway", "00-" + "a" * 32 + "-" + "b" * 16 + "-01"))
    other = golden.example(EVENTS[0] if event is not EVENTS[0] else EVENTS[1])
    assert not headers.is_valid(headers_of(other, "gateway"))
    payload = payload_validator(event.type_name())
    payload.validate(orjson.loads(example.to_json()))
    for shown in message["examples"]:
        payload.validate(shown["payload"])
    assert not payload.is_valid(orjson.loads(other.to_json()))


def test_payload_schemas_are_draft_07() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)
    keywords = {
        key for value in walk(DOCUMENT["components"]["schemas"]) if isinstance(value, dict) for key in value
    }
    assert not keywords & {"$defs", "prefixItems", "unevaluatedProperties", "$id", "$schema"}
