"""The service in this process: wired as in production, on the bus in memory, against a served sandbox."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Wiring
from seldenrijk.chassis.bus.memory import MemoryBus
from seldenrijk.chassis.envelope import decode
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.outgoing import event_message
from seldenrijk.chassis.runtime import Running, open_pulls
from seldenrijk.chatwoot_sync.settings import ChatwootSettings
from seldenrijk.chatwoot_sync.state import SyncState
from seldenrijk.chatwoot_sync.webhook import PATH
from seldenrijk.chatwoot_sync.wiring import wire
from seldenrijk.contracts import (
    Customer,
    Event,
    Message,
    MessageReceived,
    ReplySent,
    conversation_of,
    parse,
)
from seldenrijk.contracts.topology import CHATWOOT_SYNC
from seldenrijk.sandbox.testing import Running as Sandbox
from seldenrijk.sandbox.testing import listen, running_sandbox, served

KEY = "test-identity-key-0123456789"
SECRET = "webhook-secret"
PHONE = "+31612345678"


def conversation(phone: str = PHONE) -> str:
    """The pseudonym of a customer."""
    return conversation_of(phone, KEY.encode())


def received(text: str, number: int = 1, phone: str = PHONE, **fields: Any) -> MessageReceived:
    """A customer's message; ``number`` makes its channel id."""
    sid = f"SM{number:032d}"
    customer = fields.pop("customer", None) or Customer(
        address=f"whatsapp:{phone}", phone=phone, wa_id=phone[1:], profile_name="Jan de Vries"
    )
    now = datetime.now(UTC)
    return MessageReceived.of(
        sid,
        conversation(phone),
        customer=customer,
        business_address="whatsapp:+31850000000",
        message=Message(message_id=sid, text=text, received_at=now, **fields),
    )


def sent(text: str, sid: str, phone: str = PHONE, **fields: Any) -> ReplySent:
    """The channel took a message of the assistant's."""
    values: dict[str, Any] = {"reply_id": f"reply-{sid}", "author": "bot", "channel_message_id": sid}
    return ReplySent.of(sid, conversation(phone), text=text, **(values | fields))


class QuickBus(MemoryBus):
    """The bus in memory, which doesn't look again at what a consumer's filters have passed over."""

    def next_for(self, stream: str, consumer: Any) -> Any:
        found = super().next_for(stream, consumer)
        if found is None and len(consumer.pending) < consumer.max_ack_pending:
            consumer.position = max(self._streams.get(stream, {}), default=0)
        return found


@dataclass
class System:
    """The running service and the sandbox beside it."""

    sandbox: Sandbox
    bus: MemoryBus
    settings: ChatwootSettings
    url: str
    wiring: Wiring[SyncState]
    running: Running
    published: list[str] = field(default_factory=list)

    async def publish(self, *events: Event) -> None:
        """Put events on the bus as another service would."""
        for event in events:
            self.published.append(event.id)
            await self.bus.publish(event_message("gateway", event))

    def heard(self, kind: type[Event]) -> list[Any]:
        """Events of this type that the service itself has published."""
        found = [parse(m.subject, m.data) for m in self.bus.messages()]
        return [e for e in found if isinstance(e, kind) and e.id not in self.published]

    async def state(self, phone: str = PHONE) -> SyncState:
        """What the service remembers of a conversation."""
        entry = await self.bus.get(CHATWOOT_SYNC.bucket, conversation(phone))
        return decode(entry.value, entry.revision, SyncState).state if entry else SyncState()

    def messages(self, conversation_id: int = 1) -> list[Any]:
        """The conversation's messages in Chatwoot, activity lines left out."""
        found = self.sandbox.world.chatwoot.conversations.get(conversation_id)
        return [m for m in found.messages if m.message_type != 2] if found else []

    def texts(self, conversation_id: int = 1) -> list[str]:
        """Their texts."""
        return [m.content for m in self.messages(conversation_id)]

    async def act(self, path: str, conversation_id: int = 1, **body: Any) -> Any:
        """What a member of staff does in the sandbox: reply, assign, status, hand-back."""
        url = f"/chatwoot/conversations/{conversation_id}/{path}"
        answer = await self.sandbox.api.post(url, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def fault(self, **spec: Any) -> None:
        """Plan a fault of Chatwoot's."""
        answer = await self.sandbox.api.post("/faults", json={"vendor": "chatwoot"} | spec)
        assert answer.status_code < 300, answer.text

    async def quiet(self) -> None:
        """Wait until the sandbox has sent its webhooks and the service has handled every event."""
        await until(lambda: not len(self.sandbox.world.tasks) and self._handled())

    def _handled(self) -> bool:
        last = max((m.seq for m in self.bus._streams.get("CONVERSATIONS", {}).values()), default=0)
        ours = [c for (_, name), c in self.bus._consumers.items() if name.startswith("chatwoot-sync-p")]
        taken = max((c.position for c in ours), default=0)
        return taken >= last and not any(c.pending for c in ours)


async def until(condition: Callable[[], Any] | Callable[[], Awaitable[Any]], seconds: float = 30.0) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            result = condition()
            if await result if asyncio.iscoroutine(result) else result:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running_system(**options: Any) -> AsyncIterator[System]:
    """The service wired on a bus in memory, its webhook served, beside a sandbox of its own."""
    seed = options.pop("seed", {})
    sock = listen()
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(
            running_sandbox(chatwoot_webhook_url=url + PATH, chatwoot_webhook_secrets=SECRET, **seed)
        )
        settings = ChatwootSettings(
            **{
                "chatwoot_base_url": sandbox.chatwoot_url,
                "chatwoot_api_key": "sandbox-user-token",
                "chatwoot_bot_token": "sandbox-bot-token",
                "chatwoot_inbox_id": 1,
                "chatwoot_webhook_secrets": f"other,{SECRET}",
                "chatwoot_poll_seconds": 0,
                "chatwoot_notice_seconds": 0,
                "identity_key": KEY,
                "twilio_api_base_url": sandbox.twilio_url,
                "twilio_account_sid": sandbox.world.settings.account_sid,
                "twilio_auth_token": "sandbox-auth-token",
            }
            | options
        )
        bus = QuickBus()
        stack.push_async_callback(bus.close)
        metrics = ChassisMetrics("chatwoot-sync", CollectorRegistry())
        wiring = await partial(wire, settings)(bus, metrics)
        if wiring.close:
            stack.push_async_callback(wiring.close)
        assert wiring.app is not None
        await stack.enter_async_context(served(wiring.app([]), sock))
        for work in wiring.background:
            task = asyncio.ensure_future(work())
            stack.callback(task.cancel)
        running = await open_pulls(bus, CHATWOOT_SYNC, wiring, metrics, settings)
        if wiring.opened:
            wiring.opened(running)
        yield System(sandbox, bus, settings, url, wiring, running)


@pytest.fixture
async def system() -> AsyncIterator[System]:
    async with running_system() as running:
        yield running
