"""Settings from the environment."""

from typing import Any

import pytest

from seldenrijk.claude import ClaudeClient, ClaudeSettings


async def test_without_a_key_there_is_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    assert ClaudeClient.from_settings(ClaudeSettings()) is None
    monkeypatch.setenv("ANTHROPIC_API_KEY", "  ")
    assert ClaudeClient.from_settings(ClaudeSettings()) is None


async def test_settings_come_from_the_environment(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
    monkeypatch.setenv("CLAUDE_DAILY_BUDGET_USD", "2.5")
    settings = ClaudeSettings()
    assert settings.anthropic_base_url == api.url
    assert settings.claude_daily_budget_usd == 2.5
    assert "sk-ant-secret" not in repr(settings)
    async with ClaudeClient.from_settings(settings) as client:
        assert (await client.understand("hallo")).reason == "auth"
