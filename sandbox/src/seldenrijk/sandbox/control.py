"""The control and inspection API: act as a customer, plan faults, look at everything."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from .faults import FaultSpec
from .oracle import oracle
from .recording_routes import recording_routes
from .say import SayRequest, SayResult, say
from .staff import staff_routes
from .system_link import system_routes
from .twilio import customers
from .twilio.inbound import CustomerMessage

if TYPE_CHECKING:
    from .world import World


SHOWN = 2_000
"""Journal entries that a page gets when it opens."""


class Advance(BaseModel):
    """Move the stand-ins' clock by so many seconds."""

    seconds: float = 86_400.0
    customer: str | None = None
    label: str | None = None


class CustomerFlags(BaseModel):
    """What is to be so about a customer's phone; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    joined: bool | None = None
    opted_out: bool | None = None
    blocked: bool | None = None
    offline: bool | None = None
    read_receipts: bool | None = None
    profile_name: str | None = None
    label: str | None = None


class Again(BaseModel):
    """Deliver a recorded message's webhook ``times`` times more, all at once."""

    times: int = Field(1, ge=1, le=1_000)


def control_app(world: "World") -> FastAPI:
    """Everything under ``/api``."""
    app = FastAPI(title="Sandbox", description=__doc__, docs_url=None, redoc_url=None)
    app.include_router(_customers(world))
    app.include_router(_inspection(world))
    app.include_router(_faults(world))
    app.include_router(staff_routes(world))
    app.include_router(system_routes(world))
    app.include_router(recording_routes(world))
    return app


def _customers(world: "World") -> APIRouter:
    router = APIRouter()

    @router.post("/customers/send")
    async def send(said: CustomerMessage, wait: bool = True) -> dict[str, Any]:
        """Write as a customer. With ``wait`` the answer tells how the webhook went."""
        if not wait:
            message = customers.record(world, said)
            world.tasks.start(customers.deliver(world, message))
            return {"sid": message.sid, "status": None}
        message, outcome = await customers.send(world, said)
        return {"sid": message.sid, "status": outcome.status, "tries": outcome.tries, "error": outcome.error}

    @router.post("/twilio/messages/{sid}/deliver")
    async def again(sid: str, body: Again) -> dict[str, Any]:
        """Deliver a webhook again: at once, after the duplicate window, a week later."""
        message = world.twilio.messages.get(sid)
        if message is None or message.direction != "inbound":
            raise HTTPException(404, "no inbound message of this sid")
        tasks = [world.tasks.start(customers.deliver(world, message)) for _ in range(body.times)]
        return {"sid": sid, "statuses": [(await task).status for task in tasks]}

    @router.post("/say")
    async def speak(request: SayRequest) -> SayResult:
        """Write as a customer, wait for the reply, tell how it came about."""
        return await say(world, request)

    @router.get("/customers")
    async def phones() -> list[dict[str, Any]]:
        """All customers that have written or been written to."""
        return [customer.as_dict() for customer in world.twilio.customers.values()]

    @router.patch("/customers/{address}")
    async def flags(address: str, body: CustomerFlags) -> dict[str, Any]:
        """Change a phone: blocked, opted out, offline, not joined."""
        customer = world.twilio.customer(_address(address))
        changed = body.model_dump(exclude_none=True, exclude={"label"})
        for name, value in changed.items():
            setattr(customer, name, value)
        world.journal.add("customer.changed", customer=customer.address, label=body.label, changed=changed)
        return customer.as_dict()

    return router


def _inspection(world: "World") -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    async def health() -> dict[str, Any]:
        """Whether the sandbox runs, and whom it speaks to."""
        settings = world.settings
        return {"status": "sandbox", "gateway": settings.webhook_target, "url": settings.url}

    @router.get("/twilio/messages")
    async def messages(
        customer: str | None = None, limit: Annotated[int, Query(ge=1, le=100_000)] = 1_000
    ) -> list[dict[str, Any]]:
        """Messages of both directions, oldest first, the newest ``limit`` of them."""
        wanted = _address(customer) if customer else None
        found = [m for m in world.twilio.messages.values() if wanted is None or m.customer == wanted]
        return [message.as_dict() for message in found[-limit:]]

    @router.get("/twilio/debugger")
    async def debugger() -> list[dict[str, Any]]:
        """What Twilio's debugger would show."""
        return list(world.twilio.debugger)

    @router.get("/media/{message_sid}/{media_sid}")
    async def attachment(message_sid: str, media_sid: str) -> Response:
        """An attachment's bytes, for the page."""
        item = world.twilio.media(message_sid, media_sid)
        if item is None:
            raise HTTPException(404)
        return Response(item.content, media_type=item.content_type)

    @router.get("/bus")
    async def bus() -> dict[str, Any]:
        """Whether the event bus is in sight, and the conversations seen on it."""
        return {"connected": world.observer.connected, "conversations": world.observer.conversations()}

    @router.get("/bus/{conversation}")
    async def bus_events(conversation: str) -> list[dict[str, Any]]:
        """The events of a conversation, oldest first."""
        return [event.as_dict() for event in world.observer.events(conversation)]

    @router.get("/oracle")
    async def truth() -> dict[str, Any]:
        """See :mod:`seldenrijk.sandbox.oracle`."""
        return oracle(world)

    @router.get("/snapshot")
    async def snapshot() -> dict[str, Any]:
        """Where things stand, for a page that was just opened; ``seq`` is where the events go on."""
        return {
            "seq": world.journal.seq,
            "messages": [message.as_dict() for message in list(world.twilio.messages.values())[-1_000:]],
            "entries": [entry.as_dict() for entry in world.journal.since(world.journal.seq - SHOWN)],
            "bus": world.observer.connected,
            "claude": world.settings.claude_plays,
            "system": world.settings.system_url is not None,
            "now": world.clock.now().isoformat(),
        }

    @router.get("/events")
    async def events(request: Request, after: int | None = None) -> StreamingResponse:
        """The journal as server-sent events; ``Last-Event-ID`` (or ``after``) resumes."""
        last = request.headers.get("last-event-id")
        start = int(last) if last and last.isdigit() else after
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(world, start), media_type="text/event-stream", headers=headers)

    return router


async def _stream(world: "World", after: int | None) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    async for entry in world.journal.follow(after):
        if entry is None:
            yield b": still here\n\n"
        else:
            yield b"id: %d\ndata: %s\n\n" % (entry.seq, orjson.dumps(entry.as_dict(), default=str))


def _faults(world: "World") -> APIRouter:
    router = APIRouter()

    @router.get("/faults")
    async def planned() -> list[dict[str, Any]]:
        """All planned faults and how often they hit."""
        return world.faults.listing()

    @router.post("/faults", status_code=201)
    async def plan(spec: FaultSpec) -> dict[str, Any]:
        """Plan a fault; see :class:`seldenrijk.sandbox.faults.FaultSpec`."""
        fault = world.faults.add(spec)
        world.journal.add("fault.planned", **fault.model_dump())
        return fault.model_dump()

    @router.delete("/faults", status_code=204)
    async def clear() -> None:
        """Call all faults off."""
        world.faults.clear()
        world.journal.add("fault.cleared")

    @router.delete("/faults/{id_}", status_code=204)
    async def remove(id_: str) -> None:
        """Call one fault off."""
        if not world.faults.remove(id_):
            raise HTTPException(404, "no such fault")

    @router.get("/clock")
    async def clock() -> dict[str, Any]:
        """The stand-ins' time and its offset in seconds."""
        return {"now": world.clock.now().isoformat(), "offset": world.clock.offset.total_seconds()}

    @router.post("/clock")
    async def advance(body: Advance) -> dict[str, Any]:
        """Let time pass for the stand-ins: a day by default."""
        world.clock.advance(body.seconds)
        world.journal.add("clock.moved", **body.model_dump())
        return {"now": world.clock.now().isoformat(), "offset": world.clock.offset.total_seconds()}

    @router.post("/reset", status_code=204)
    async def reset() -> None:
        """Forget everything."""
        world.reset()

    return router


def _address(text: str) -> str:
    return text if text.startswith("whatsapp:") else f"whatsapp:{text}"
