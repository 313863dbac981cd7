"""Budget and breaker: by themselves with a clock in hand, and through the client."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.claude import DailyBudget, Rules, WriteRequest
from seldenrijk.claude.breaker import Breaker, Permit
from seldenrijk.claude.models import Tokens, catalog, model_of

TEXT = "Zoek een diesel"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def breaker(**rules: Any) -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(Rules(**rules), clock=clock), clock


def leave(subject: Breaker) -> Permit:
    permit = subject.admit()
    assert permit is not None
    return permit


def fail(subject: Breaker, times: int = 1) -> None:
    for _ in range(times):
        subject.failed(leave(subject))


def test_opens_after_failures_in_a_row_and_recovers_by_a_probe() -> None:
    subject, clock = breaker(failures=3, cool_down=10)
    fail(subject, 2)
    subject.succeeded(leave(subject))
    fail(subject, 2)
    assert subject.state == "closed"
    fail(subject)
    assert subject.state == "open"
    assert subject.admit() is None
    clock.now += 10
    probe = leave(subject)
    assert probe.probe
    assert subject.admit() is None
    subject.succeeded(probe)
    assert subject.state == "closed"


def test_each_failed_probe_doubles_the_wait_up_to_a_limit() -> None:
    subject, clock = breaker(failures=1, cool_down=10, longest=30)
    fail(subject)
    for wait in (10, 20, 30, 30):
        clock.now += wait - 1
        assert subject.admit() is None
        clock.now += 1
        fail(subject)


def test_opens_by_ratio_within_the_window_only() -> None:
    subject, clock = breaker(failures=100, ratio=0.5, least_calls=10, window=30)
    for _ in range(4):
        fail(subject)
        subject.succeeded(leave(subject))
    assert subject.state == "closed"
    clock.now += 31
    fail(subject)
    assert subject.state == "closed"
    for _ in range(4):
        subject.succeeded(leave(subject))
        fail(subject)
    fail(subject)
    assert subject.state == "open"


def test_a_cancelled_probe_makes_room_for_another() -> None:
    subject, clock = breaker(failures=1, cool_down=10)
    fail(subject)
    clock.now += 10
    subject.abandoned(leave(subject))
    assert leave(subject).probe


def test_stragglers_from_before_do_not_close_or_prolong() -> None:
    subject, clock = breaker(failures=1, cool_down=10)
    early, late = leave(subject), leave(subject)
    fail(subject)
    subject.succeeded(early)
    assert subject.state == "open"
    clock.now += 9
    subject.failed(late)
    clock.now += 1
    assert subject.state == "half_open"


def test_hold_only_ever_prolongs() -> None:
    subject, clock = breaker(cool_down=10)
    subject.hold(100)
    subject.hold(5)
    clock.now += 99
    assert subject.state == "open"


@given(st.lists(st.tuples(st.sampled_from("sfaw"), st.floats(0, 20)), max_size=60))
def test_at_most_one_probe_and_always_a_way_back(events: list[tuple[str, float]]) -> None:
    subject, clock = breaker(failures=2, cool_down=10, longest=40)
    for event, wait in events:
        clock.now += wait
        permit = subject.admit()
        if permit is None:
            continue
        if permit.probe:
            assert subject.admit() is None
        {"s": subject.succeeded, "f": subject.failed, "a": subject.abandoned, "w": subject.abandoned}[event](
            permit
        )
    clock.now += 40
    subject.succeeded(leave(subject))
    assert subject.state == "closed"


def test_the_budget_counts_what_is_reserved_and_starts_afresh_each_day() -> None:
    now = [datetime(2026, 11, 22, 23, 0, tzinfo=UTC)]
    budget = DailyBudget(1.0, now=lambda: now[0])
    assert budget.reserve(0.6)
    assert not budget.reserve(0.6)
    budget.settle(0.6, 0.3)
    assert budget.reserve(0.6)
    budget.settle(0.6, 0.6)
    assert not budget.reserve(0.2)
    now[0] += timedelta(hours=2)
    assert budget.spent == 0
    assert budget.reserve(0.2)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=50), st.floats(0, 5))
def test_the_budget_is_never_exceeded(calls: list[tuple[float, float]], limit: float) -> None:
    budget = DailyBudget(limit)
    for estimate, share in calls:
        if budget.reserve(estimate):
            budget.settle(estimate, estimate * share)
    assert budget.spent <= limit + 1e-9


def test_prices() -> None:
    haiku = model_of("claude-haiku-5-5")
    assert haiku.cost(Tokens(input=50_000, output=1_000)) == pytest.approx(0.0055)
    assert haiku.cost(Tokens(input=200_000)) == pytest.approx(0.1)
    assert haiku.cost(Tokens(cache_read=10_000)) == pytest.approx(0.0001)
    sonnet = model_of("claude-sonnet-5-5")
    assert sonnet.cost(Tokens(input=1_000_000, output=100_000)) == pytest.approx(3.0)
    assert model_of("claude-haiku-4-5-20251001") is catalog()["claude-haiku-4-5"]
    assert model_of("claude-of-tomorrow").output == max(model.output for model in catalog().values())


async def test_budget_used_up(api: Any, clients: Any, task: WriteRequest) -> None:
    client = clients(claude_daily_budget_usd=0.02)
    reasons = [(await client.write(task)).reason for _ in range(10)]
    assert reasons[0] == "ok"
    assert reasons[-1] == "budget"
    assert client.budget.spent <= 0.02
    assert len(api.bodies) == reasons.count("ok")
    labels = {"purpose": "write", "model": "claude-sonnet-5-5"}
    assert api.value("seldenrijk_claude_cost_usd_total", **labels) == pytest.approx(client.budget.spent)


async def test_no_budget_no_call(api: Any, clients: Any) -> None:
    assert (await clients(claude_daily_budget_usd=0).understand(TEXT)).reason == "budget"
    assert api.bodies == []


async def test_breaker_opens_and_recovers(api: Any, clients: Any, task: WriteRequest) -> None:
    api.plan("overloaded", purpose="understand")
    client = clients(Rules(failures=3, cool_down=0.2))
    assert [(await client.understand(TEXT)).reason for _ in range(5)] == ["overloaded"] * 3 + [
        "breaker_open"
    ] * 2
    assert api.value("seldenrijk_claude_breaker_state", purpose="understand") == 2
    assert (await client.write(task)).ok
    api.calm()
    result = await client.understand(TEXT)
    while result.reason == "breaker_open":
        await asyncio.sleep(0.01)
        result = await client.understand(TEXT)
    assert result.ok
    assert api.value("seldenrijk_claude_breaker_state", purpose="understand") == 0
    assert (await client.understand(TEXT)).ok


async def test_bad_answers_do_not_open_the_breaker(api: Any, clients: Any) -> None:
    client = clients(Rules(failures=2))
    for kind in ("malformed", "refusal", "truncated"):
        api.calm()
        api.plan(kind)
        for _ in range(3):
            assert (await client.understand(TEXT)).reason != "breaker_open"


async def test_a_refused_key_closes_everything_for_longer(
    api: Any, clients: Any, task: WriteRequest, caplog: Any
) -> None:
    api.plan("unauthorized", times=1)
    client = clients(claude_auth_hold_seconds=0.2, claude_breaker_failures=100)
    assert (await client.understand(TEXT)).reason == "auth"
    assert (await client.write(task)).reason == "breaker_open"
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    result = await client.write(task)
    while result.reason == "breaker_open":
        await asyncio.sleep(0.01)
        result = await client.write(task)
    assert result.ok
