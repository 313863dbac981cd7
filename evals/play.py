"""Plays a script against a running system as a customer of its own, and keeps what came of each step."""

import asyncio
import csv
import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from .calendar import Calendar, fill
from .script import Script, Step
from .watch import Record, Seen, Watcher, moment, settled

ANSWER_SECONDS = 30.0
STAFF_SECONDS = 20.0
LINGER = 0.4
"""After an answer: time for a second one that should not come."""
STOCK_SECONDS = 2.5
"""Two refreshes of the stock, which is read every second in these runs."""


@dataclass
class Outcome:
    """What came of one step: ``last`` is when its last message was sent, ``wait`` seconds to the reply."""

    step: Step
    said: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    last: float = 0.0
    wait: float | None = None
    settled: bool = True
    extracted: list[Record] = field(default_factory=list)
    composed: list[Record] = field(default_factory=list)
    handovers: list[Record] = field(default_factory=list)
    suppressed: list[Record] = field(default_factory=list)
    first: bool = False
    last_event: str = "none"


@dataclass
class Played:
    """A script and what came of it; ``trouble`` is what went wrong outside the expectations."""

    script: Script
    customer: str
    outcomes: list[Outcome] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Player:
    """Everything that the conversations of one system share."""

    def __init__(self, url: str, watcher: Watcher, calendar: Calendar, stock: Path) -> None:
        self.watcher = watcher
        self.calendar = calendar
        self.stock = stock
        fresh = httpx.Limits(max_keepalive_connections=0)  # an idle connection may be closed under our feet
        self.http = httpx.AsyncClient(base_url=f"{url}/api", timeout=60, trust_env=False, limits=fresh)
        self._numbers = itertools.count(1)

    async def play(self, script: Script) -> Played:
        """Hold the conversation to its end."""
        sender = f"+3168{next(self._numbers):07d}"
        played = Played(script, script.address or f"whatsapp:{sender}")
        started = time.monotonic()
        try:
            for step in script.turns:
                played.outcomes.append(await self._step(script, played, sender, step))
        except (httpx.HTTPError, TimeoutError) as error:
            played.trouble.append(f"{type(error).__name__}: {error}")
        played.seconds = time.monotonic() - started
        return played

    async def _step(self, script: Script, played: Played, sender: str, step: Step) -> Outcome:
        seen = self.watcher.of(played.customer)
        sends, events = len(seen.sends), len(seen.events)
        outcome = Outcome(step, first=not seen.sends)
        if step.customer:
            sids = await self._write(script, sender, step, outcome)
            outcome.settled = await self.watcher.until(lambda: settled(seen, sids), ANSWER_SECONDS)
            await asyncio.sleep(LINGER)
        await self._act(seen, played, step)
        await asyncio.sleep(step.wait)
        _fill(outcome, seen, sends, events)
        return outcome

    async def _write(self, script: Script, sender: str, step: Step, outcome: Outcome) -> list[str]:
        sids = []
        for number, part in enumerate(step.customer or ()):
            await asyncio.sleep(part.after or (step.pause if number else 0.0))
            text = fill(part.text, self.calendar.values())
            body: dict[str, Any] = {"from": sender, "kind": part.kind, "text": text}
            body |= {"address": script.address} if script.address else {}
            body |= {"profile_name": script.profile} if script.profile else {}
            body |= {"choice": {"text": part.choice, "payload": part.choice}} if part.choice else {}
            # the webhook goes out by itself: the pauses of a burst are the customer's, not the gateway's
            outcome.last = time.time()
            answer = await self.http.post("/customers/send", json=body, params={"wait": False})
            sent = answer.raise_for_status().json()
            if step.deliver > 1:
                await self.http.post(
                    f"/twilio/messages/{sent['sid']}/deliver", json={"times": step.deliver - 1}
                )
            sids.append(sent["sid"])
            shown = text if part.kind == "text" else f"[{part.kind}] {part.choice or text}".strip()
            outcome.said.append(shown)
        return sids

    async def _act(self, seen: Seen, played: Played, step: Step) -> None:
        """What staff and dealer do in this step."""
        if step.agent is not None:
            count = len(seen.sends)
            await self._staff(played, "reply", {"text": step.agent})
            await self._expected(seen, lambda: len(seen.sends) > count, played, "the colleague's answer")
        if step.note is not None:
            await self._staff(played, "reply", {"text": step.note, "private": True})
            await asyncio.sleep(1.0)
        if step.take_over:
            count = len(seen.of("conversation.taken_over"))
            await self._staff(played, "assign", {"agent_id": 2})
            await self._expected(
                seen, lambda: len(seen.of("conversation.taken_over")) > count, played, "the take-over"
            )
        if step.hand_back:
            count = len(seen.of("conversation.released"))
            await self._staff(played, "hand-back", None)
            await self._expected(
                seen, lambda: len(seen.of("conversation.released")) > count, played, "the hand-back"
            )
        if step.sell or step.reserve:
            mark(self.stock, dict.fromkeys(step.sell, "sold") | dict.fromkeys(step.reserve, "reserved"))
            await asyncio.sleep(STOCK_SECONDS)

    async def _expected(self, seen: Seen, condition: Any, played: Played, what: str) -> None:
        if not await self.watcher.until(condition, STAFF_SECONDS):
            played.trouble.append(f"{what} did not come through in {STAFF_SECONDS:g} s")
        await asyncio.sleep(0.5)

    async def _staff(self, played: Played, action: str, body: Record | None) -> None:
        id_ = await self._conversation(played)
        answer = await self.http.post(f"/chatwoot/conversations/{id_}/{action}", json=body)
        answer.raise_for_status()

    async def _conversation(self, played: Played) -> int:
        """The customer's conversation in the inbox, once the mirror has made it."""
        phone = played.customer.removeprefix("whatsapp:")
        async with asyncio.timeout(STAFF_SECONDS):
            while True:
                for shown in (await self.http.get("/chatwoot/conversations")).json():
                    if shown["meta"]["sender"].get("phone_number") == phone:
                        return int(shown["id"])
                await asyncio.sleep(0.3)


def _fill(outcome: Outcome, seen: Seen, sends: int, events: int) -> None:
    new = seen.sends[sends:]
    authors = {data["channel_message_id"]: data["author"] for data in seen.of("reply.sent")}
    outcome.replies = [send["body"] for send in new]
    outcome.by = [authors.get(send["sid"], "bot") for send in new]
    if new and outcome.step.customer:
        outcome.wait = moment(new[0]) - outcome.last
    outcome.last_event = seen.events[-1]["type"] if seen.events else "none"
    outcome.extracted = seen.of("preferences.extracted", events)
    outcome.composed = seen.of("reply.composed", events)
    outcome.handovers = seen.of("handover.requested", events)
    outcome.suppressed = seen.of("reply.suppressed", events)


def mark(stock: Path, statuses: dict[str, str]) -> None:
    """Change cars' status in the stock file of a run, as the dealer's own system would: all at once."""
    with stock.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["status"] = statuses.get(row["id"], row["status"])
    fresh = stock.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    fresh.replace(stock)
