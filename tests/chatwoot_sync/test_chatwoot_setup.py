"""Setup: an empty account becomes a ready one, a ready one stays as it is, and checking changes nothing."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from seldenrijk.chatwoot_sync import wanted
from seldenrijk.chatwoot_sync.settings import ChatwootSettings
from seldenrijk.chatwoot_sync.setup import Report, set_up, shown
from seldenrijk.sandbox.testing import Running, running_sandbox

HOOK = "https://sync.dealer.example/api/webhooks/chatwoot"


@pytest.fixture
async def empty() -> AsyncIterator[Running]:
    async with running_sandbox(chatwoot_seed=False) as sandbox:
        yield sandbox


def settings(sandbox: Running, **fields: Any) -> ChatwootSettings:
    values: dict[str, Any] = {
        "chatwoot_base_url": sandbox.chatwoot_url,
        "chatwoot_api_key": "sandbox-user-token",
        "chatwoot_webhook_url": HOOK,
    }
    return ChatwootSettings(**(values | fields))


def states(report: Report) -> set[str]:
    return {line.split()[0] for line in report.lines}


async def test_an_empty_account_becomes_ready(empty: Running) -> None:
    report = await set_up(settings(empty), check=False)
    store = empty.world.chatwoot
    (inbox,) = store.inboxes
    assert (inbox["channel_type"], inbox["webhook_url"]) == ("Channel::Api", HOOK)
    assert inbox["additional_attributes"] == {"agent_reply_time_window": 24}
    (bot,) = store.bots
    assert (inbox["agent_bot"], bot["outgoing_url"]) == (bot["id"], None)
    (hook,) = store.hooks
    assert set(hook["subscriptions"]) == set(wanted.SUBSCRIPTIONS)
    assert {row["title"] for row in store.labels} == set(wanted.label_titles())
    assert len(list(store.attributes)) == len(wanted.ATTRIBUTES)
    assert {row["name"] for row in store.teams} == set(wanted.TEAMS)
    assert report.variables == {
        "CHATWOOT_INBOX_ID": "1",
        "CHATWOOT_BOT_TOKEN": bot["access_token"],
        "CHATWOOT_WEBHOOK_SECRETS": f"{inbox['secret']},{hook['secret']}",
    }


async def test_a_second_run_changes_nothing(empty: Running) -> None:
    first = await set_up(settings(empty), check=False)
    second = await set_up(settings(empty), check=False)
    assert states(second) == {"ok"}
    assert second.variables == first.variables
    third = await set_up(settings(empty, chatwoot_inbox_id=1), check=True)
    assert (states(third), third.missing) == ({"ok"}, 0)


async def test_checking_changes_nothing_and_tells_no_secrets(empty: Running) -> None:
    report = await set_up(settings(empty), check=True)
    store = empty.world.chatwoot
    assert (
        not list(store.inboxes) and not list(store.bots) and not list(store.hooks) and not list(store.labels)
    )
    assert states(report) == {"missing"}
    assert report.missing == len(report.lines)
    await set_up(settings(empty), check=False)
    again = await set_up(settings(empty), check=True)
    told = "\n".join(shown(again, check=True))
    assert not any(secret in told for secret in again.variables["CHATWOOT_WEBHOOK_SECRETS"].split(","))


async def test_what_is_there_is_adopted_and_put_right(empty: Running) -> None:
    store = empty.world.chatwoot
    store.add_inbox({"name": "Website", "channel": {"type": "web_widget"}})
    mine = store.add_inbox(
        {"name": wanted.INBOX, "channel": {"type": "api", "webhook_url": "https://old.example"}}
    )
    mine["agent_bot"] = store.add_bot({"name": "Robbie"})["id"]
    store.hooks.add(url=HOOK, name="x", subscriptions=["message_created"], secret="s1")
    store.labels.add(title="hot-lead", description="", color="#000000", show_on_sidebar=True)
    store.teams.add(name="verkoop", description="", allow_auto_assign=False)
    report = await set_up(settings(empty), check=False)
    assert len(list(store.inboxes)) == 2
    assert mine["webhook_url"] == HOOK
    assert [bot["name"] for bot in store.bots] == ["Robbie"]
    (hook,) = store.hooks
    assert set(hook["subscriptions"]) == set(wanted.SUBSCRIPTIONS)
    assert report.variables["CHATWOOT_INBOX_ID"] == str(mine["id"])
    assert next(label for label in store.labels if label["title"] == "hot-lead")["color"] == "#000000"


@pytest.mark.parametrize("inbox", [1, 99])
async def test_an_inbox_that_cannot_do_it_is_refused(
    empty: Running, inbox: int, capsys: pytest.CaptureFixture[str]
) -> None:
    empty.world.chatwoot.add_inbox({"name": "Website", "channel": {"type": "web_widget"}})
    with pytest.raises(SystemExit):
        await set_up(settings(empty, chatwoot_inbox_id=inbox), check=False)
    assert "CHATWOOT_INBOX_ID" in capsys.readouterr().err
    assert not list(empty.world.chatwoot.bots)


async def test_without_a_webhook_address_it_says_so(empty: Running) -> None:
    report = await set_up(settings(empty, chatwoot_webhook_url=None), check=False)
    assert report.missing == 1
    assert any("CHATWOOT_WEBHOOK_URL" in line for line in report.lines)


async def run(sandbox: Running, *arguments: str, **env: str) -> tuple[int, str]:
    wanted_env = {
        "CHATWOOT_BASE_URL": sandbox.chatwoot_url,
        "CHATWOOT_API_KEY": "sandbox-user-token",
        "CHATWOOT_WEBHOOK_URL": HOOK,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "seldenrijk.chatwoot_sync.setup", *arguments,
        env={"PATH": os.environ["PATH"]} | wanted_env | env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_the_command(empty: Running) -> None:
    code, told = await run(empty, "--check")
    assert code == 1 and "missing  API inbox WhatsApp" in told
    code, told = await run(empty)
    assert code == 0 and "made" in told and "CHATWOOT_INBOX_ID=1" in told
    code, told = await run(empty, "--check")
    assert code == 0 and "CHATWOOT_BOT_TOKEN" not in told


async def test_the_command_says_what_is_wrong(empty: Running) -> None:
    for env, words in (
        ({"CHATWOOT_API_KEY": ""}, "CHATWOOT_API_KEY"),
        ({"CHATWOOT_API_KEY": "wrong"}, "401"),
        ({"CHATWOOT_BASE_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
    ):
        code, told = await run(empty, **env)
        assert code == 2 and words in told and "Traceback" not in told
