"""Where the engine knows that it doesn't know, Claude is asked; whatever happens, there is an answer."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from seldenrijk.claude import ClaudeClient, ClaudeSettings
from seldenrijk.contracts import Message
from seldenrijk.router.understand import Understander
from seldenrijk.sandbox.claude import create_app
from seldenrijk.sandbox.testing import listen, served

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
async def claude() -> AsyncIterator[ClaudeClient]:
    sock = listen()
    async with served(create_app(api_key="sk-test"), sock):
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        settings = ClaudeSettings(anthropic_api_key=SecretStr("sk-test"), anthropic_base_url=url)
        client = ClaudeClient.from_settings(settings, registry=CollectorRegistry())
        assert client is not None
        yield client
        await client.aclose()


def message(text: str) -> Message:
    return Message(message_id="SM1", text=text, received_at=NOW)


async def test_a_sure_answer_costs_nothing(claude: ClaudeClient) -> None:
    understood = await Understander(claude, below=0.5)(message("Hallo, ik zoek een Volkswagen Golf"), (), {})
    assert understood.understanding.engine == "offline"
    assert understood.proposed is None


async def test_an_unsure_one_is_asked_about(claude: ClaudeClient) -> None:
    understood = await Understander(claude, below=1.01)(message("Hallo, ik zoek een Volkswagen Golf"), (), {})
    assert understood.understanding.engine == "claude"
    assert understood.proposed is not None


async def test_without_an_answer_the_engines_stands(claude: ClaudeClient) -> None:
    await claude.aclose()
    understood = await Understander(claude, below=1.01)(message("Hallo, ik zoek een Volkswagen Golf"), (), {})
    assert understood.understanding.engine == "offline"
    assert understood.understanding.intent == "car_inquiry"
