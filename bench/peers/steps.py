"""The same five steps, without a chassis: what the services decide, for whoever moves the events.

A step gets an event and the conversation's stored state, and says what to store and what to publish.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import orjson
import structlog

from seldenrijk.chassis import Context
from seldenrijk.contracts import Event, MessageReceived, ReplyComposed, ReplySent
from seldenrijk.extractor.handlers import ExtractorHandler
from seldenrijk.extractor.metrics import ExtractorMetrics
from seldenrijk.extractor.state import ExtractorState
from seldenrijk.nlu import engine
from seldenrijk.responder.answer.dealer import load_dealer
from seldenrijk.responder.answer.notices import DealerNotices
from seldenrijk.responder.handlers import ResponderHandler
from seldenrijk.responder.metrics import ResponderMetrics
from seldenrijk.responder.search import index_of
from seldenrijk.responder.settings import ResponderSettings
from seldenrijk.responder.state import ResponderState
from seldenrijk.responder.stock import StockRepository, source_from
from seldenrijk.responder.timing import Quiet
from seldenrijk.responder.writing import Writing
from seldenrijk.router.handlers import RouterHandler
from seldenrijk.router.metrics import RouterMetrics
from seldenrijk.router.state import RouterState
from seldenrijk.router.understand import Understander

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
Save = Callable[[bytes], Awaitable[None]]
CONTEXT: Context = Context(1, datetime.now(UTC), None)  # type: ignore[type-arg, arg-type]


@dataclass
class Done:
    """What to store (None: nothing new) and to publish."""

    state: bytes | None = None
    events: list[Event] = field(default_factory=list)


class Router:
    """message.received -> message.routed"""

    reads, bucket = ("message.received",), "router-state"

    async def open(self) -> None:
        engine.warm_up()
        self._handler = RouterHandler(Understander(None, 0.5), RouterMetrics())

    async def __call__(self, event: Event, stored: bytes, save: Save) -> Done:
        state = RouterState.model_validate_json(stored) if stored else RouterState()
        outcome = await self._handler(event, state, CONTEXT)
        return Done(outcome.state.model_dump_json(exclude_defaults=True).encode(), list(outcome.events))


class Extractor:
    """message.routed -> preferences.extracted"""

    reads, bucket = ("message.routed",), "extractor-state"

    async def open(self) -> None:
        engine.warm_up()
        self._handler = ExtractorHandler(None, ExtractorMetrics())

    async def __call__(self, event: Event, stored: bytes, save: Save) -> Done:
        state = ExtractorState.model_validate_json(stored) if stored else ExtractorState()
        outcome = await self._handler(event, state, CONTEXT)
        return Done(outcome.state.model_dump_json(exclude_defaults=True).encode(), list(outcome.events))


class Responder:
    """preferences.extracted -> reply.composed; the reply is written at once, in the step."""

    reads, bucket = ("preferences.extracted",), "responder-state"

    async def open(self) -> None:
        settings, metrics = ResponderSettings(), ResponderMetrics()
        dealer = load_dealer(settings.dealer_file)
        stock = StockRepository(source_from(settings.stock_url, None), prepare=index_of)
        await stock.start()
        self._handler = ResponderHandler(Quiet(0, 0, 6), DealerNotices(dealer), metrics, 10.0)
        self._writing = Writing(stock, dealer, None, metrics)

    async def __call__(self, event: Event, stored: bytes, save: Save) -> Done:
        state = ResponderState.model_validate_json(stored) if stored else ResponderState()
        outcome = await self._handler(event, state, CONTEXT)
        events = list(outcome.events)
        for job in outcome.jobs:
            for draft in await self._writing(job):
                outcome = await self._handler(draft, outcome.state, CONTEXT)
                events += outcome.events
        return Done(outcome.state.model_dump_json(exclude_defaults=True).encode(), events)


class Sender:
    """message.received -> the customer's address kept; reply.composed -> Twilio -> reply.sent"""

    reads, bucket = ("message.received", "reply.composed"), "gateway-state"

    async def open(self) -> None:
        self._http = aiohttp.ClientSession()
        self._url = f"{os.environ['TWILIO_API_BASE_URL']}/2010-04-01/Accounts/AC/Messages.json"

    async def __call__(self, event: Event, stored: bytes, save: Save) -> Done:
        state = orjson.loads(stored) if stored else {}
        if isinstance(event, MessageReceived):
            return Done(orjson.dumps(state | {"address": event.customer.address}))
        if not isinstance(event, ReplyComposed):
            return Done()
        await save(orjson.dumps(state | {"sending": event.id}))  # durable before the POST, as ours is
        form = {"To": state["address"], "From": "whatsapp:+31850000000", "Body": event.text}
        async with self._http.post(self._url, data=form) as answer:
            sid = (await answer.json())["sid"]
        sent = ReplySent.of(
            event.id, event.conversation, reply_id=event.id, author="bot", purpose="answer", text=event.text,
            answers=event.answers, channel_message_id=sid, part=1, parts=1,
        )  # fmt: skip
        return Done(orjson.dumps(state | {"sent": event.id}), [sent])


STEPS = {"router": Router, "extractor": Extractor, "responder": Responder, "sender": Sender}
