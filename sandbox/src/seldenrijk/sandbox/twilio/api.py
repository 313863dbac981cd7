"""The routes of api.twilio.com and messaging.twilio.com that a WhatsApp sender uses."""

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seldenrijk.sandbox.guard import Guarded, Handler, endpoint

from . import media
from .errors import TwilioError, failure
from .form import NewMessage
from .lifecycle import progress, report
from .model import API, MediaItem, Message, new_sid

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

INBOUND_SID = re.compile(r"^(SM|MM)[0-9a-fA-F]{32}$")
PAGE_LIMIT = 1_000


def authenticate(world: "World", request: Request) -> None:
    """Check Basic credentials and the account in the path. Raises TwilioError 20003 or 20404."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded).decode()
    except ValueError:
        given = ""
    settings = world.settings
    known = any(given == f"{settings.account_sid}:{token}" for token in settings.tokens)
    if scheme.lower() != "basic" or not known:
        raise TwilioError(20003)
    if request.path_params.get("account", settings.account_sid) != settings.account_sid:
        raise TwilioError(20404)


class TwilioApi:
    """Handlers of the stand-in."""

    def __init__(self, world: "World") -> None:
        self.world = world

    async def create(self, request: Request) -> Response:
        """POST Messages.json."""
        body = await request.body()
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        form = NewMessage.read(pairs)
        path = f"/{API}/Accounts/{request.path_params['account']}/Messages.json"
        if reason := self.world.twilio_spec.refusal(request, path, body):
            raise TwilioError(20001, reason)
        self._check_parties(form)
        message = self._accept(form)
        hit = self.world.faults.take("twilio", "messages.create", ("callback", "early_callback"), form.to)
        for fault in hit:
            self.world.journal.add(
                "fault.hit", vendor="twilio", operation="messages.create", kind=fault.kind, fault=fault.id,
                label=fault.label, customer=form.to,
            )  # fmt: skip
        failing = next((fault for fault in hit if fault.kind == "callback"), None)
        if any(fault.kind == "early_callback" for fault in hit):
            await report(self.world, message, "sent")
        shown = message.as_api(self.world.settings.account_sid) | {"status": "queued", "date_sent": None}
        self.world.tasks.start(progress(self.world, message, failing))
        return JSONResponse(shown, 201)

    def _check_parties(self, form: NewMessage) -> None:
        if form.from_ and form.from_ != self.world.settings.business_number:
            raise TwilioError(63007)
        customer = self.world.twilio.customer(form.to)
        if customer.opted_out:
            raise TwilioError(21610)
        if not customer.joined:
            raise TwilioError(63015)

    def _accept(self, form: NewMessage) -> Message:
        world, now = self.world, self.world.clock.now()
        sid = new_sid("MM" if form.media_url else "SM")
        message = Message(
            sid=sid,
            direction="outbound-api",
            from_=form.from_ or world.settings.business_number,
            to=form.to,
            body=form.body or (f"[{form.content_sid}]" if form.content_sid else ""),
            status="queued",
            created=now,
            updated=now,
            media=[
                MediaItem(new_sid("ME"), sid, "application/octet-stream", source_url=url, created=now)
                for url in form.media_url
            ],
            status_callback=form.status_callback,
            attempt=attempt_of(form.status_callback),
            content_sid=form.content_sid,
            messaging_service_sid=form.messaging_service_sid,
        )
        world.twilio.customer(form.to).typing = False
        world.twilio.add(message)
        world.journal.add("twilio.send", **message.as_dict())
        return message

    async def fetch(self, request: Request) -> Response:
        """GET Messages/{sid}.json."""
        return JSONResponse(self._found(request).as_api(self.world.settings.account_sid))

    async def remove(self, request: Request) -> Response:
        """DELETE Messages/{sid}.json."""
        del self.world.twilio.messages[self._found(request).sid]
        return Response(status_code=204)

    def _found(self, request: Request) -> Message:
        message = self.world.twilio.messages.get(request.path_params["sid"])
        if message is None:
            raise TwilioError(20404, f"The requested resource {request.url.path} was not found")
        return message

    async def index(self, request: Request) -> Response:
        """GET Messages.json with To, From, DateSent, DateSent<, DateSent>, PageSize, Page, PageToken."""
        query = request.query_params
        found = self.world.twilio.select(
            to=query.get("To"),
            from_=query.get("From"),
            on=_date(query.get("DateSent")),
            before=_date(query.get("DateSent<")),
            after=_date(query.get("DateSent>")),
        )
        try:
            size = min(PAGE_LIMIT, max(1, int(query.get("PageSize", "50"))))
            page = max(0, int(query.get("Page", "0")))
        except ValueError:
            raise TwilioError(20001, "Page and PageSize are numbers") from None
        token = query.get("PageToken", "")
        start = _after(found, token.removeprefix("PA")) if token else page * size
        return JSONResponse(self._page(request, found, start, size, page))

    def _page(
        self, request: Request, found: list[Message], start: int, size: int, page: int
    ) -> dict[str, Any]:
        account = self.world.settings.account_sid
        shown = found[start : start + size]
        base = f"/{API}/Accounts/{account}/Messages.json"
        kept = [
            (key, value)
            for key, value in request.query_params.multi_items()
            if key not in ("Page", "PageSize", "PageToken")
        ]

        def uri(number: int, token: str | None = None) -> str:
            pairs = [*kept, ("PageSize", str(size)), ("Page", str(number))]
            return f"{base}?{urlencode(pairs + ([('PageToken', token)] if token else []))}"

        more = start + size < len(found)
        return {
            "messages": [message.as_api(account) for message in shown],
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(0, len(shown) - 1),
            "uri": uri(page),
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1, "PA" + shown[-1].sid) if more else None,
            "previous_page_uri": uri(page - 1) if page else None,
        }

    async def typing(self, request: Request) -> Response:
        """POST /v2/Indicators/Typing.json: shows the dots and marks the message read."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        sid = form.get("messageId", "")
        if form.get("channel") != "whatsapp" or not INBOUND_SID.match(sid):
            raise TwilioError(20001, "channel must be whatsapp and messageId an inbound message's sid")
        message = self.world.twilio.messages.get(sid)
        if message is None or message.direction != "inbound":
            raise TwilioError(20404)
        message.status = "read"
        self.world.twilio.customer(message.from_).typing = True
        self.world.journal.add("twilio.typing", sid=sid, customer=message.from_)
        return JSONResponse({"success": True})


def attempt_of(callback: str | None) -> str | None:
    """The attempt id in the query of a StatusCallback, if the sender put one there."""
    return parse_qs(urlsplit(callback or "").query).get("attempt", [None])[0]


def _after(found: list[Message], sid: str) -> int:
    return next((i + 1 for i, message in enumerate(found) if message.sid == sid), len(found))


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise TwilioError(20001, f"{text} is no date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def create_app(world: "World") -> Starlette:
    """Both Twilio hosts under one prefix."""
    api, files = TwilioApi(world), media.MediaApi(world)

    def route(path: str, method: str, operation: str, handler: Handler, checked: bool = True) -> Route:
        async def answer(request: Request) -> Response:
            try:
                if checked:
                    authenticate(world, request)
                return await handler(request)
            except TwilioError as error:
                world.twilio.refused += 1
                world.journal.add("twilio.refused", operation=operation, code=error.code, text=error.message)
                return error.response()

        guarded = Guarded(world, "twilio", operation, endpoint(answer), failure)
        return Route(path, guarded, methods=[method])

    messages = f"/{API}/Accounts/{{account}}/Messages"
    return Starlette(
        routes=[
            route(f"{messages}.json", "POST", "messages.create", api.create),
            route(f"{messages}.json", "GET", "messages.list", api.index),
            route(f"{messages}/{{message}}/Media.json", "GET", "media.list", files.index),
            route(f"{messages}/{{message}}/Media/{{media}}.json", "GET", "media.fetch", files.show),
            route(f"{messages}/{{message}}/Media/{{media}}.json", "DELETE", "media.delete", files.remove),
            route(f"{messages}/{{message}}/Media/{{media}}", "GET", "media.get", files.redirect),
            route(f"{messages}/{{sid}}.json", "GET", "messages.fetch", api.fetch),
            route(f"{messages}/{{sid}}.json", "DELETE", "messages.delete", api.remove),
            route("/v2/Indicators/Typing.json", "POST", "typing", api.typing),
            route("/signed/{token}", "GET", "media.content", files.content, checked=False),
        ]
    )
