"""``python -m seldenrijk.chatwoot_sync.setup``: make an account of Chatwoot ready, or only check it.

Idempotent: what is there is adopted, what is missing is made, and every step is told.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import httpx
import typer
from prometheus_client import CollectorRegistry

from seldenrijk.chassis import Retry, load
from seldenrijk.chassis.settings import fail

from . import wanted
from .account import Account
from .breaker import Breaker
from .metrics import SyncMetrics
from .settings import ChatwootSettings
from .transport import Api, Missing, Refused

BOT_DESCRIPTION: Final = "Beantwoordt klanten op WhatsApp tot een medewerker het overneemt"


@dataclass
class Report:
    """What was found and done. ``variables`` are for the service's environment."""

    lines: list[str] = field(default_factory=list)
    missing: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    def add(self, state: str, what: str) -> None:
        """One line: ``ok``, ``made``, ``changed``, ``missing`` or ``note``."""
        self.lines.append(f"{state:8} {what}")
        self.missing += state == "missing"


class Setup:
    """Brings an account to :mod:`seldenrijk.chatwoot_sync.wanted`; with ``check`` it only looks."""

    def __init__(self, account: Account, settings: ChatwootSettings, *, check: bool) -> None:
        self._account = account
        self._settings = settings
        self._check = check
        self.report = Report()

    async def run(self) -> Report:
        """All steps. Raises Retry or Refused where Chatwoot doesn't let us."""
        inbox = await self._inbox()
        await self._bot(inbox)
        await self._webhook()
        await self._labels()
        await self._attributes()
        await self._teams()
        if self.report.secrets:
            self.report.variables["CHATWOOT_WEBHOOK_SECRETS"] = ",".join(self.report.secrets)
        return self.report

    def _may(self, what: str) -> bool:
        """Whether something that is missing may be made; tells so where it may not."""
        if self._check:
            self.report.add("missing", what)
        return not self._check

    async def _inbox(self) -> int | None:
        channel: dict[str, Any] = {
            "additional_attributes": {"agent_reply_time_window": wanted.REPLY_WINDOW_HOURS}
        }
        if self._settings.chatwoot_webhook_url:
            channel["webhook_url"] = self._settings.chatwoot_webhook_url
        inbox = await self._present_inbox()
        if inbox is None:
            if not self._may(f"API inbox {wanted.INBOX}"):
                return None
            inbox = await self._account.create_inbox(wanted.INBOX, channel)
            self.report.add("made", f"API inbox {wanted.INBOX} ({inbox['id']})")
        elif not fits(inbox, channel):
            if self._may(f"inbox {inbox['id']}: 24-hour reply window and webhook address"):
                inbox = await self._account.update_inbox(int(inbox["id"]), channel)
                self.report.add("changed", f"inbox {inbox['id']}: 24-hour reply window, webhook address")
        else:
            self.report.add("ok", f"API inbox {inbox.get('name')} ({inbox['id']})")
        self.report.variables["CHATWOOT_INBOX_ID"] = str(inbox["id"])
        if inbox.get("webhook_url"):
            self._secret(inbox.get("secret"), "the inbox")
        return int(inbox["id"])

    async def _present_inbox(self) -> dict[str, Any] | None:
        wanted_id = self._settings.chatwoot_inbox_id
        if wanted_id is not None:
            try:
                found = await self._account.inbox(wanted_id)
            except Missing:
                fail(f"CHATWOOT_INBOX_ID {wanted_id}: Chatwoot has no such inbox")
            if found.get("channel_type") != "Channel::Api":
                fail(
                    f"CHATWOOT_INBOX_ID {wanted_id}: not an API inbox; customers' messages can't be put there"
                )
            return found
        ours = [i for i in await self._account.inboxes() if i.get("channel_type") == "Channel::Api"]
        return next((i for i in ours if i.get("name") == wanted.INBOX), None)

    def _secret(self, secret: Any, of: str) -> None:
        if secret:
            self.report.secrets.append(str(secret))
        else:
            self.report.add("note", f"Chatwoot tells no secret of {of}: copy it from its settings page")

    async def _bot(self, inbox_id: int | None) -> None:
        bots = await self._account.bots()
        connected = await self._account.bot_of(inbox_id) if inbox_id is not None else None
        bot = next((b for b in bots if b["id"] == connected), None)
        bot = bot or next((b for b in bots if b.get("name") == wanted.BOT), None)
        if bot is None:
            if not self._may(f"agent bot {wanted.BOT}"):
                return
            bot = await self._account.create_bot(wanted.BOT, BOT_DESCRIPTION)
            self.report.add("made", f"agent bot {wanted.BOT} ({bot['id']})")
        else:
            self.report.add("ok", f"agent bot {bot.get('name')} ({bot['id']})")
        if bot.get("access_token"):
            self.report.variables["CHATWOOT_BOT_TOKEN"] = str(bot["access_token"])
        if inbox_id is not None and connected != bot["id"] and self._may("agent bot connected to the inbox"):
            await self._account.connect_bot(inbox_id, int(bot["id"]))
            self.report.add("changed", "agent bot connected to the inbox")

    async def _webhook(self) -> None:
        url = self._settings.chatwoot_webhook_url
        if url is None:
            self.report.add("missing", "CHATWOOT_WEBHOOK_URL: without it the staff's answers come late")
            return
        hook = next((h for h in await self._account.webhooks() if h.get("url") == url), None)
        if hook is None:
            if not self._may("account webhook"):
                return
            hook = await self._account.create_webhook(url, "seldenrijk", wanted.SUBSCRIPTIONS)
            self.report.add("made", "account webhook")
        elif not set(wanted.SUBSCRIPTIONS) <= set(hook.get("subscriptions") or []):
            if self._may("subscriptions of the account webhook"):
                secret = hook.get("secret")
                hook = await self._account.update_webhook(int(hook["id"]), url, wanted.SUBSCRIPTIONS)
                hook.setdefault("secret", secret)
                self.report.add("changed", "subscriptions of the account webhook")
        else:
            self.report.add("ok", "account webhook")
        self._secret(hook.get("secret"), "the account webhook")

    async def _labels(self) -> None:
        present = await self._account.labels()
        absent = [title for title in wanted.label_titles() if title not in present]
        if self._all("labels", len(wanted.label_titles()), absent):
            for title in absent:
                await tolerant(self._account.create_label(title, wanted.color_of(title)))

    async def _attributes(self) -> None:
        present = {number: await self._account.attributes(number) for number in (0, 1)}
        absent = [a for a in wanted.ATTRIBUTES if a.key not in present[a.model_number]]
        names = [f"{a.model} {a.key}" for a in absent]
        if self._all("custom attributes", len(wanted.ATTRIBUTES), names):
            for a in absent:
                kind = wanted.DISPLAY_TYPES[a.kind]
                await tolerant(self._account.create_attribute(a.model_number, a.key, a.title, kind))

    async def _teams(self) -> None:
        present = await self._account.teams()
        absent = [name for name in wanted.TEAMS if name not in present]
        if self._all("teams", len(wanted.TEAMS), absent):
            for name in absent:
                await tolerant(self._account.create_team(name))

    def _all(self, what: str, total: int, absent: list[str]) -> bool:
        """Tell how many there are; whether the absent ones are to be made."""
        if not absent:
            self.report.add("ok", f"{total} {what}")
        elif self._may(f"{len(absent)} of {total} {what}: {', '.join(absent)}"):
            self.report.add("made", f"{len(absent)} of {total} {what}")
            return True
        return False


def fits(inbox: dict[str, Any], channel: dict[str, Any]) -> bool:
    """Whether an inbox has the channel's settings already."""
    window = (inbox.get("additional_attributes") or {}).get("agent_reply_time_window")
    address = inbox.get("webhook_url")
    return str(window) == str(wanted.REPLY_WINDOW_HOURS) and channel.get("webhook_url", address) == address


async def tolerant(making: Any) -> None:
    """Make something; that another run has made it meanwhile (422) is as good."""
    try:
        await making
    except Refused as error:
        if error.status != 422:
            raise


@asynccontextmanager
async def opened(settings: ChatwootSettings) -> AsyncIterator[Account]:
    """The account that the settings name."""
    if settings.chatwoot_api_key is None:
        fail("configuration error: CHATWOOT_API_KEY: an administrator's access token is needed")
    token = settings.chatwoot_api_key.get_secret_value()
    async with httpx.AsyncClient(timeout=settings.chatwoot_timeout_seconds) as http:
        number = settings.chatwoot_account_id
        api = Api(http, settings.chatwoot_base_url, number, Breaker(), SyncMetrics(CollectorRegistry()))
        yield Account(api, token, number)


async def set_up(settings: ChatwootSettings, *, check: bool) -> Report:
    """Run the setup. Raises Retry or Refused."""
    async with opened(settings) as account:
        return await Setup(account, settings, check=check).run()


def shown(report: Report, *, check: bool) -> Iterable[str]:
    """The report's lines; secrets only where they were asked for by setting up."""
    yield from report.lines
    if not check and report.variables:
        yield ""
        yield "# set these for chatwoot-sync:"
        yield from (f"{name}={value}" for name, value in report.variables.items())


def main(
    check: Annotated[bool, typer.Option(help="Only report; exit code 1 where something is missing.")] = False,
) -> None:
    """Make Chatwoot ready for the assistant: inbox, bot, webhooks, labels, attributes, teams."""
    settings = load(ChatwootSettings)
    try:
        report = asyncio.run(set_up(settings, check=check))
    except (Retry, Refused) as error:
        fail(f"Chatwoot at {settings.chatwoot_base_url}: {error}")
    for line in shown(report, check=check):
        typer.echo(line)
    raise typer.Exit(1 if report.missing else 0)


if __name__ == "__main__":
    typer.run(main)
