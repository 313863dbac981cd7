"""The stand-in for the Messages API: as strict as the API, and to be spoiled on demand."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import httpx
import pytest

from seldenrijk.sandbox.claude import create_app
from seldenrijk.sandbox.claude_answers import instance
from seldenrijk.sandbox.claude_faults import ClaudeFaults, FaultSpec
from seldenrijk.sandbox.claude_usage import PromptCache
from seldenrijk.sandbox.claude_wire import MessagesRequest
from seldenrijk.sandbox.testing import listen, running_sandbox, served

HEADERS = {"authorization": "Bearer sk-ant-test-key-never-logged", "anthropic-version": "2026-10-21"}
BODY: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "<messages>\nWaar zitten jullie?\n</messages>"}],
}


@pytest.fixture
async def http(api: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=api.url, headers=HEADERS) as client:
        yield client


async def test_a_message_in_the_vendors_form(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/messages", json=BODY)
    assert answer.status_code == 200
    assert answer.headers["request-id"].startswith("req_")
    body = answer.json()
    assert (body["type"], body["role"], body["stop_reason"]) == ("message", "assistant", "end_turn")
    assert body["usage"]["input_tokens"] > 0
    assert (await http.post("/v1/messages", json=BODY)).json()["content"] == body["content"]


PREFILLED = [{"role": "user", "content": "x"}, {"role": "assistant", "content": "{"}]
MARKED = {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}


def wanting(schema: dict[str, Any]) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"temperature": 0.2}, 400, "temperature: Extra inputs are not permitted"),
        ({"top_p": 0.2}, 400, "top_p"),
        ({"top_k": 5}, 400, "top_k"),
        ({"max_tokens": "many"}, 400, "max_tokens"),
        ({"messages": []}, 400, "messages"),
        ({"messages": PREFILLED}, 400, "prefill"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, 400, "thinking"),
        ({"thinking": {"type": "between_tools"}}, 400, "thinking.type"),
        ({"model": "claude-sonnet-5-5", "thinking": {"type": "disabled"}}, 400, "thinking.type"),
        ({"model": "claude-of-tomorrow"}, 404, "model"),
        ({"system": [MARKED] * 5}, 400, "maximum"),
        (wanting({"type": "object"}), 400, "additional"),
        (wanting({"type": "integer", "minimum": 1}), 400, "minimum"),
    ],
)  # fmt: skip
async def test_what_the_api_refuses(http: httpx.AsyncClient, change: Any, status: int, said: str) -> None:
    answer = await http.post("/v1/messages", json=BODY | change)
    assert answer.status_code == status
    assert answer.json()["type"] == "error"
    assert said in answer.json()["error"]["message"]


async def test_keys_and_version(api: Any) -> None:
    async with httpx.AsyncClient(base_url=api.url) as http:
        version = {"anthropic-version": "2023-06-01"}
        assert (await http.post("/v1/messages", json=BODY, headers=version)).status_code == 401
        wrong = version | {"x-api-key": "sk-ant-other"}
        assert (await http.post("/v1/messages", json=BODY, headers=wrong)).status_code == 401
        good = {"x-api-key": "sk-ant-test-key-never-logged"}
        assert (await http.post("/v1/messages", json=BODY, headers=good)).status_code == 400
        assert (await http.post("/v1/messages", json=BODY, headers=good | version)).status_code == 200


async def test_the_sdk_counts_tokens(api: Any) -> None:
    async with anthropic.AsyncAnthropic(
        api_key="sk-ant-test-key-never-logged", base_url=api.url, max_retries=0
    ) as sdk:
        counted = await sdk.messages.count_tokens(model="claude-haiku-5-5", messages=BODY["messages"])
        assert counted.input_tokens > 10
        with pytest.raises(anthropic.BadRequestError):
            await sdk.messages.count_tokens(model="claude-haiku-5-5", messages=[])


async def test_faults_are_planned_listed_and_called_off(http: httpx.AsyncClient) -> None:
    made = await http.post("/faults", json={"kind": "rate_limited", "retry_after": 7, "times": 1})
    assert made.status_code == 201
    refused = await http.post("/v1/messages", json=BODY)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert (await http.post("/v1/messages", json=BODY)).status_code == 200
    assert [fault["hits"] for fault in (await http.get("/faults")).json()] == [1]
    assert (await http.delete(f"/faults/{made.json()['id']}")).status_code == 204
    assert (await http.delete("/faults/c99")).status_code == 404
    await http.post("/faults", json={"kind": "overloaded"})
    assert (await http.delete("/faults")).status_code == 204
    assert (await http.post("/v1/messages", json=BODY)).status_code == 200
    assert (await http.post("/faults", json={"kind": "earthquake"})).status_code == 422


async def test_requests_are_kept_without_keys(http: httpx.AsyncClient) -> None:
    await http.post("/v1/messages", json=BODY)
    await http.post("/v1/messages", json=BODY | {"temperature": 1})
    first, second = (await http.get("/requests")).json()
    assert first["body"] == BODY
    assert (first["purpose"], first["status"], second["status"]) == ("write", 200, 400)
    assert "authorization" not in first["headers"]
    assert (await http.delete("/requests")).status_code == 204
    assert (await http.get("/requests")).json() == []


async def test_any_answerer_may_speak() -> None:
    async def answerer(request: MessagesRequest) -> str:
        return f"u schreef {len(request.user_text)} tekens"

    sock = listen()
    async with served(create_app(answerer), sock):
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=url, headers=HEADERS) as http:
            body = (await http.post("/v1/messages", json=BODY)).json()
    assert body["content"][0]["text"].startswith("u schreef")


async def test_it_stands_in_the_sandbox_under_a_prefix() -> None:
    async with (
        running_sandbox() as sandbox,
        httpx.AsyncClient(base_url=sandbox.claude_url, headers=HEADERS) as http,
    ):
        assert (await http.post("/v1/messages", json=BODY)).status_code == 200
        assert (await http.post("/faults", json={"kind": "cut"})).status_code == 201
        with pytest.raises(httpx.TransportError):
            await http.post("/v1/messages", json=BODY)


def test_latency_may_be_drawn() -> None:
    faults = ClaudeFaults(seed=1)
    faults.add(FaultSpec(kind="latency", seconds=1.8, distribution="lognormal", spread=0.3, purpose="write"))
    faults.add(
        FaultSpec(kind="latency", seconds=0.4, distribution="uniform", spread=0.5, purpose="understand")
    )
    drawn = sorted(faults.seconds(faults.take("write")) for _ in range(400))
    assert 1.6 < drawn[200] < 2.0
    assert drawn[0] < drawn[-1]
    assert all(0.2 <= faults.seconds(faults.take("understand")) <= 0.6 for _ in range(50))


def test_faults_may_hit_now_and_then() -> None:
    faults = ClaudeFaults(seed=2)
    faults.add(FaultSpec(kind="overloaded", probability=0.3))
    assert 60 < sum(bool(faults.take("write")) for _ in range(300)) < 120


def test_the_prompt_cache_forgets() -> None:
    now = [0.0]
    cache = PromptCache(lambda: now[0])
    long = [{"type": "text", "text": "regel " * 2_000, "cache_control": {"type": "ephemeral"}}]
    request = MessagesRequest.model_validate(BODY | {"system": long})
    assert cache.usage(request, "ja")["cache_creation_input_tokens"] > 1_024
    now[0] = 299
    assert cache.usage(request, "ja")["cache_read_input_tokens"] > 1_024
    now[0] = 700
    assert cache.usage(request, "ja")["cache_read_input_tokens"] == 0


def test_the_smallest_instance_of_a_schema() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"enum": ["x"]}, "b": {"anyOf": [{"type": "integer"}]}, "c": {"const": 3}},
        "required": ["a", "b", "c"],
    }
    assert instance(schema) == {"a": "x", "b": 0, "c": 3}
    assert instance({"type": "array"}) == []
    assert instance({"type": "string"}) == ""
