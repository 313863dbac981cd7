"""Everything that one running sandbox consists of."""

import asyncio
from collections.abc import Callable

from .background import Tasks
from .chatwoot.actions import Actions
from .chatwoot.store import ChatwootStore
from .clock import Clock
from .faults import FAULT_LIST, Faults
from .journal import Journal
from .observer import Observer
from .outgoing import Outgoing
from .settings import SandboxSettings
from .specs import VendorSpec
from .twilio.sender import WebhookSender
from .twilio.store import TwilioStore


class World:
    """Shared by all the stand-ins: clock, faults, journal, memory, an HTTP client for webhooks."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.journal = Journal()
        self.on_reset: list[Callable[[], None]] = []
        self.looking_on: asyncio.Task[None] | None = None
        self.tasks = Tasks()
        self.faults = Faults(settings.seed, FAULT_LIST.validate_json(settings.faults))
        self.outgoing = Outgoing()
        self.twilio = TwilioStore(self.clock, settings.max_messages)
        self.twilio_spec = self._spec("twilio_api_v2010.messages.prism.json", "https://api.twilio.com")
        self.chatwoot = ChatwootStore(self.clock, settings)
        self.chatwoot_spec = self._spec("chatwoot_application.prism.json", "https://app.chatwoot.com")
        self.staff = Actions(self, self.chatwoot)
        self.sender = WebhookSender(self)
        self.observer = Observer(self.journal)

    def _spec(self, name: str, host: str) -> VendorSpec:
        return VendorSpec(self.settings.specs / name, host, wanted=self.settings.validate_requests)

    def start(self) -> None:
        """Begin to look on at the event bus, where one is configured. Needs a running loop."""
        settings = self.settings
        if settings.nats_url:
            password = settings.nats_password.get_secret_value() if settings.nats_password else None
            self.looking_on = asyncio.create_task(
                self.observer.run(settings.nats_url, settings.nats_user, password)
            )

    async def stop(self) -> None:
        """End background work and close connections."""
        if self.looking_on:
            self.looking_on.cancel()
            await asyncio.gather(self.looking_on, return_exceptions=True)
        await self.tasks.stop()
        await self.outgoing.close()

    def reset(self) -> None:
        """Forget all that happened and all planned faults; settings stay."""
        self.twilio.clear()
        self.chatwoot.clear()
        self.observer.clear()
        self.faults.clear()
        self.clock.reset()
        self.journal.clear()
        for forget in self.on_reset:
            forget()
