"""(c) A FastStream publisher behind FastAPI, publishing to JetStream and waiting for the acknowledgement."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import orjson
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from faststream.nats import NatsBroker
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
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
broker = NatsBroker(os.environ["NATS_URL"], logger=None)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Connect."""
    await broker.start()
    yield
    await broker.stop()


app = FastAPI(lifespan=lifespan)


async def signed(request: Request) -> dict[str, str]:
    """The form of a request that Twilio has signed."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    if not validator.validate(URL, form, request.headers.get("X-Twilio-Signature", "")):
        raise HTTPException(401)
    return form


@app.post("/api/webhooks/twilio")
async def webhook(form: Annotated[dict[str, str], Depends(signed)]) -> Response:
    """Publish and answer."""
    subject, body, message_id = event_of(form)
    headers = {"Nats-Msg-Id": message_id}
    await broker.publish(body, subject, stream="CONVERSATIONS", headers=headers, timeout=8)
    return Response(EMPTY, media_type="text/xml")


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
