"""A service with one protection taken out: ``python -m chaos.weak <what> <module>``.

For the counter-proofs only. The services themselves have no switches: what is weak here is patched
into a process of its own before the service starts.
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Callable
from typing import Any

# ruff: noqa: PLC0415  (each patch imports only what it patches)
# mypy: ignore-errors
# (patching is what types forbid)


def ack_first() -> None:
    """Acknowledge before the work is done: what is in hand at a crash is gone."""
    from seldenrijk.chassis.lanes import Lanes

    handle = Lanes.__call__

    async def early(self: Any, delivery: Any) -> None:
        await delivery.ack()
        await handle(self, delivery)

    Lanes.__call__ = early


def answer_first() -> None:
    """Answer a webhook before the bus has the message."""
    from seldenrijk.gateway.webhooks import Webhooks

    publish = Webhooks._publish
    held: set[Any] = set()

    async def careless(self: Any, event: Any) -> str:
        held.add(asyncio.create_task(publish(self, event)))
        return "accepted"

    Webhooks._publish = careless


def resend() -> None:
    """Send again whatever nobody knows the fate of."""
    from seldenrijk.gateway.delivery import Delivery

    def blindly(self: Any, entry: Any, part: Any, result: Any, cause: Any, effects: Any) -> None:
        self._later(entry, part, 1.0, cause, effects)

    Delivery._unknown = blindly


def retry_all() -> None:
    """Try again whatever Twilio refuses."""
    from seldenrijk.gateway import channel, delivery

    def again(code: int | None) -> Any:
        return channel.ErrorRule("retry", "nogmaals")

    delivery.rule_for = again


def forget() -> None:
    """Know no repetition: neither the bus nor the services remember ids."""
    from seldenrijk.chassis import lanes, outgoing
    from seldenrijk.gateway.ledger import GatewayState

    headers = outgoing.headers_of

    def anonymous(*args: Any, **kwargs: Any) -> dict[str, str]:
        return headers(*args, **kwargs) | {"Nats-Msg-Id": os.urandom(8).hex()}

    outgoing.headers_of = anonymous
    lanes.short = lambda event_id: os.urandom(8).hex()
    GatewayState.met = lambda self, message_id: False
    if "seldenrijk.router" in sys.argv:
        from seldenrijk.router.state import RouterState

        RouterState.knows = lambda self, message_id: False


def no_compare() -> None:
    """Write the state without asking whether another process has gone on, and send what was in hand."""
    from seldenrijk.chassis.bus.jetstream import JetStreamBus
    from seldenrijk.chassis.envelope import Envelope
    from seldenrijk.gateway import delivery

    async def blindly(self: Any, bucket: str, key: str, value: bytes, revision: int) -> int:
        msg = await self._inbox.request(f"$KV.{bucket}.{key}", value, None, 5.0)
        import orjson

        return int(orjson.loads(msg.data)["seq"])

    JetStreamBus.put = blindly
    Envelope.has_reached = lambda self, delivery: False
    delivery.STALE = 1e9
    delivery.Delivery.recover = lambda self, state, cause, effects: [
        setattr(p, "status", "planned") for e in state.entries for p in e.parts if p.status == "sending"
    ]


def trust() -> None:
    """Take any signature."""
    from seldenrijk.gateway.signature import Verifier

    Verifier.valid = lambda *_, **__: True


def naive() -> None:
    """Check nothing that a stranger sends."""
    from seldenrijk.gateway import webhooks

    read = webhooks.message_received

    def careless(form: Any, key: bytes, now: Any = None) -> Any:
        int(form.get("NumMedia") or "0")
        float(form.get("Latitude") or "0")
        return read(form, key, now)

    webhooks.message_received = careless
    trust()


def unguarded() -> None:
    """uvicorn as it comes, bodies of any size."""
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    from seldenrijk.chassis import http
    from seldenrijk.gateway import webhooks

    http.GuardedProtocol = HttpToolsProtocol

    async def everything(request: Any, limit: int) -> bytes:
        return await request.body()

    webhooks.read_limited = everything


def coarse_split() -> None:
    """Cut texts every so many characters."""
    from seldenrijk.gateway import ledger

    ledger.split = lambda text: [text[i : i + 1600] for i in range(0, len(text), 1600)]


def no_ranks() -> None:
    """Believe the last status report, whatever came before."""
    from seldenrijk.gateway import handlers, ledger

    def always(part: Any, status: str) -> bool:
        if status not in ledger.TERMINAL:
            part.rank = -1
        return True

    handlers.newer = always


def no_window() -> None:
    """Write freely at any time."""
    from seldenrijk.gateway.delivery import Delivery

    Delivery._window_closed = lambda *_: False


def stuck() -> None:
    """Put back for ever what can't be handled."""
    from seldenrijk.chassis import lanes

    async def again(bus: Any, service: str, delivery: Any, *_: Any) -> str:
        await delivery.nak(1.0)
        return "put_back"

    lanes.bury = again


def no_fence() -> None:
    """Look at the lane only, not ahead."""
    from seldenrijk.gateway.fence import StreamFence

    async def blind(*_: Any) -> bool:
        return False

    StreamFence.taken_over = blind


def no_drain() -> None:
    """Leave at once when told to stop, whatever is in hand."""
    from seldenrijk.chassis import runtime

    async def at_once(*_: Any) -> int:
        return 1

    runtime._drain = at_once


def rejecting() -> None:
    """Give up every message of a customer."""
    from seldenrijk.chassis.errors import Reject
    from seldenrijk.router.handlers import RouterHandler

    async def never(*_: Any) -> Any:
        raise Reject("rejected on purpose")

    RouterHandler._route = never


def redrive_anew() -> None:
    """Send dead letters again under new ids, without a record."""
    from seldenrijk.chassis.deadletters.store import DeadLetters

    async def again(self: Any, letter: Any) -> str:
        headers = {k: v for k, v in letter.headers.items() if not k.startswith(("Dead-", "Nats-"))}
        await self._js.publish(letter.subject, letter.data, headers=headers)
        return "sent"

    DeadLetters.retry = again


def strict() -> None:
    """Refuse events with fields that this version does not know."""
    from seldenrijk.chassis import lanes
    from seldenrijk.contracts import BadEvent

    parse = lanes.parse

    def exactly(subject: str, data: bytes) -> Any:
        event = parse(subject, data)
        import orjson

        if set(orjson.loads(data)) - set(type(event).model_fields):
            raise BadEvent("a field of another version")
        return event

    lanes.parse = exactly


def newer() -> None:
    """The next version: every event carries fields that today's readers have never seen."""
    import orjson

    from seldenrijk.contracts.base import Event

    now = Event.to_json

    def further(self: Any) -> bytes:
        return orjson.dumps(orjson.loads(now(self)) | {"added_in_next": {"nested": [1, 2]}, "note": "é"})

    Event.to_json = further


def no_patience() -> None:
    """Give up at Chatwoot's first failure."""
    from seldenrijk.chassis import lanes

    async def never(self: Any, delivery: Any, name: str, error: Any) -> str:
        return await self._give_up(delivery, name, "expired", error.reason)

    lanes.Lanes._again = never


def no_deadline() -> None:
    """Wait for the language model however long it takes, and do without an answer if there is none."""
    from seldenrijk.chassis import jobs

    handle = jobs.Jobs._do

    async def waits(self: Any, delivery: Any, name: str) -> str:
        await asyncio.sleep(60)
        return await handle(self, delivery, name)

    jobs.Jobs._do = waits


WEAKNESSES: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        ack_first, answer_first, resend, retry_all, forget, no_compare, trust, naive, unguarded, coarse_split,
        no_ranks, no_window, stuck, no_fence, no_drain, strict, rejecting, redrive_anew, newer, no_patience,
        no_deadline,
    )
}  # fmt: skip


def main() -> None:
    """Weaken, then run the module as the service."""
    for name in sys.argv[1].split("+"):
        WEAKNESSES[name]()
    module = sys.argv[2]
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    main()
