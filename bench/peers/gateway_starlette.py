"""(a) The practical limit: a bare Starlette route, Twilio's validator, one confirmed publish."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import orjson
import uvicorn
from lean import Lean
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

if os.environ.get("TYPED"):
    from typed import event_of
else:

    def event_of(form: dict[str, str]) -> tuple[str, bytes, str]:
        """The form as it came, on a subject of its own."""
        sid = form["MessageSid"]
        return f"message.received.0.{sid}", orjson.dumps(form), sid


URL = f"{os.environ['PUBLIC_URL']}/api/webhooks/twilio"
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def webhook(request: Request) -> Response:
    """Verify, publish, answer."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    if not validator.validate(URL, form, request.headers.get("x-twilio-signature", "")):
        return Response(status_code=401)
    subject, body, message_id = event_of(form)
    await request.app.state.bus.publish(subject, body, message_id)
    return Response(EMPTY, media_type="text/xml")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Connect."""
    app.state.bus = await Lean.connect(os.environ["NATS_URL"])
    yield


app = Starlette(routes=[Route("/api/webhooks/twilio", webhook, methods=["POST"])], lifespan=lifespan)
if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
