"""Operations against the stand-in over HTTP: whatever it does, a Result comes back in time."""

import asyncio
import json
import logging
from typing import Any

import pytest

from seldenrijk.claude import ClaudeClient, Result, Rules, WriteRequest
from seldenrijk.sandbox.claude_answers import NONSENSE_TEXT

TEXT = "Zoek een diesel SUV met automaat onder de 150.000 km, budget 15.000"
NEVER = Rules(failures=10_000, least_calls=10_000)


async def test_a_message_is_understood(api: Any, client: ClaudeClient) -> None:
    result = await client.understand(TEXT)
    assert result.reason == "ok"
    assert result.value.intent == "price_question"
    assert result.value.slots == {
        "fuel_type": "diesel",
        "transmission": "automaat",
        "body_type": "SUV",
        "max_mileage": 150_000,
        "max_price": 15_000,
    }
    assert result.use.cost > 0
    assert result.use.model == "claude-haiku-5-5"
    assert result.dropped == ()


async def test_a_reply_is_written_from_the_facts(api: Any, client: ClaudeClient, task: WriteRequest) -> None:
    result = await client.write(task)
    assert result.reason == "ok"
    assert "€ 17.950" in result.value.text
    assert "[A1]" not in result.value.text
    assert "assistent" in result.value.text
    assert result.value.use.model == "claude-sonnet-5-5"
    assert result.value.use.output_tokens > 0


async def test_what_goes_over_the_wire(api: Any, client: ClaudeClient, task: WriteRequest) -> None:
    await client.understand(TEXT, [{"role": "bot", "text": "Welke auto zoekt u?"}], language="nl")
    await client.write(task)
    understand, write = api.bodies
    assert understand["thinking"] == {"type": "disabled"}
    assert write["thinking"] == {"type": "between_tools"}
    assert write["output_config"] == {"effort": "low"}
    assert understand["output_config"]["format"]["type"] == "json_schema"
    for body in (understand, write):
        assert all(block["cache_control"] == {"type": "ephemeral"} for block in body["system"])
        assert not {"temperature", "top_p", "top_k"} & body.keys()
        assert body["messages"][-1]["role"] == "user"
        assert TEXT not in json.dumps(body["system"])


async def test_the_second_call_reads_the_prompt_cache(api: Any, client: ClaudeClient) -> None:
    first = await client.understand(TEXT)
    second = await client.understand("Hebben jullie nog een Polo?")
    assert first.use.cached_tokens == 0
    assert second.use.cached_tokens > 1_000
    assert second.use.cost < first.use.cost


@pytest.mark.parametrize("purpose", ["understand", "write"])
async def test_too_slow(api: Any, clients: Any, task: WriteRequest, purpose: str) -> None:
    api.plan("latency", seconds=600)
    client = clients(claude_understand_seconds=0.1, claude_write_seconds=0.1)
    result = await ask(client, purpose, task)
    assert (result.value, result.reason) == (None, "timeout")
    assert client.budget.spent > 0


async def ask(client: ClaudeClient, purpose: str, request: WriteRequest) -> Result[Any]:
    return await (client.understand(TEXT) if purpose == "understand" else client.write(request))


@pytest.mark.parametrize("purpose", ["understand", "write"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("overloaded", "overloaded"),
        ("server_error", "error"),
        ("rate_limited", "rate_limited"),
        ("unauthorized", "auth"),
        ("unpaid", "auth"),
        ("forbidden", "auth"),
        ("malformed", "malformed"),
        ("not_json", "malformed"),
        ("truncated", "truncated"),
        ("refusal", "refused"),
        ("cut", "error"),
        ("cut_midway", "error"),
    ],
)
async def test_every_failure_has_its_reason(
    api: Any, clients: Any, task: WriteRequest, purpose: str, fault: str, reason: str
) -> None:
    api.plan(fault)
    client = clients(NEVER)
    result = await ask(client, purpose, task)
    assert (result.value, result.reason) == (None, reason)
    model = "claude-haiku-5-5" if purpose == "understand" else "claude-sonnet-5-5"
    labels = {"purpose": purpose, "model": model, "reason": reason}
    assert api.value("seldenrijk_claude_calls_total", **labels) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "error"), (404, "error"), (408, "timeout"), (503, "overloaded"), (504, "timeout")],
)
async def test_other_statuses(api: Any, client: ClaudeClient, status: int, reason: str) -> None:
    api.plan("status", status=status)
    assert (await client.understand(TEXT)).reason == reason


async def test_a_huge_retry_after_is_not_obeyed_by_waiting(api: Any, clients: Any) -> None:
    api.plan("rate_limited", retry_after=4_000_000)
    client = clients()
    assert (await client.understand(TEXT)).reason == "rate_limited"
    assert (await client.understand(TEXT)).reason == "breaker_open"
    assert len(api.bodies) == 1


async def test_no_retry_storm(api: Any, clients: Any, task: WriteRequest) -> None:
    client = clients(NEVER)
    for kind in ("overloaded", "rate_limited", "server_error"):
        api.calm()
        api.plan(kind, retry_after=0)
        await client.write(task)
    assert len(api.bodies) == 3


async def test_a_broken_connection_is_tried_once_more(api: Any, client: ClaudeClient) -> None:
    api.plan("cut", times=1)
    result = await client.understand(TEXT)
    assert result.ok
    assert api.value("seldenrijk_claude_retries_total", purpose="understand") == 1
    api.plan("cut")
    assert (await client.understand(TEXT)).reason == "error"
    assert len(api.bodies) == 4


async def test_nobody_listens(clients: Any, task: WriteRequest) -> None:
    client = clients(anthropic_base_url="http://127.0.0.1:9")
    assert (await client.understand(TEXT)).reason == "error"
    assert (await client.write(task)).reason == "error"


async def test_an_unknown_model_is_no_exception(clients: Any, task: WriteRequest) -> None:
    client = clients(claude_write_model="claude-of-tomorrow")
    assert (await client.write(task)).reason == "error"


async def test_what_is_out_of_the_scheme_is_dropped_and_counted(api: Any, client: ClaudeClient) -> None:
    api.plan("out_of_scheme")
    result = await client.understand(TEXT)
    assert result.reason == "ok"
    assert result.value.intent is None
    assert result.value.slots == {"transmission": "automaat"}
    assert set(result.dropped) == {
        "intent",
        "also",
        "language",
        "fuel_type",
        "unknown",
        "max_price",
        "min_year",
    }
    assert api.value("seldenrijk_claude_dropped_fields_total", field="fuel_type", why="scheme") == 1


async def test_invented_values_are_dropped_and_counted(api: Any, client: ClaudeClient) -> None:
    api.plan("nonsense")
    result = await client.understand(TEXT)
    assert result.value.slots == {}
    assert set(result.dropped) == {"max_price", "own_car.license_plate", "appointment.time_text"}
    assert api.value("seldenrijk_claude_dropped_fields_total", field="max_price", why="text") == 1


async def test_invented_replies_come_back_for_the_checker(
    api: Any, client: ClaudeClient, task: WriteRequest
) -> None:
    api.plan("nonsense")
    assert (await client.write(task)).value.text == NONSENSE_TEXT


async def test_an_answer_with_our_blocks_in_it_is_no_message(
    api: Any, client: ClaudeClient, task: WriteRequest
) -> None:
    api.plan("out_of_scheme", purpose="write")
    assert (await client.write(task)).reason == "malformed"


async def test_cancelling_leaves_nothing_behind(api: Any, clients: Any) -> None:
    api.plan("latency", seconds=600)
    client = clients(claude_understand_concurrency=1)
    task = asyncio.create_task(client.understand(TEXT))
    while api.value("seldenrijk_claude_in_flight", purpose="understand") < 1:
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert api.value("seldenrijk_claude_in_flight", purpose="understand") == 0
    api.calm()
    assert (await client.understand(TEXT)).ok


async def test_a_crowd_is_refused_at_once(api: Any, clients: Any, task: WriteRequest) -> None:
    api.plan("latency", seconds=0.3)
    client = clients(claude_write_concurrency=3)
    results = await asyncio.gather(*(client.write(task) for _ in range(8)))
    reasons = [result.reason for result in results]
    assert reasons.count("ok") == 3
    assert reasons.count("busy") == 5


async def test_neither_key_nor_text_is_logged(
    api: Any, clients: Any, task: WriteRequest, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    client = clients(NEVER)
    for kind in ("unauthorized", "overloaded", "malformed", "cut"):
        api.calm()
        api.plan(kind)
        await client.understand(TEXT)
        await client.write(task)
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 1
    assert "sk-ant" not in caplog.text
    assert "diesel" not in caplog.text
    assert "Golf" not in caplog.text
