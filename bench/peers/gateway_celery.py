"""(b) The usual design: FastAPI, form parsing, Twilio's validator, a Celery task on Redis."""

import os
from typing import Annotated

import uvicorn
from celery import Celery
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from twilio.request_validator import RequestValidator

URL = f"{os.environ['PUBLIC_URL']}/api/webhooks/twilio"
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
queue = Celery("gateway", broker=os.environ["REDIS_URL"])
queue.conf.task_ignore_result = True
app = FastAPI()


@queue.task(name="handle_message")
def handle_message(form: dict[str, str]) -> None:
    """Nobody works here: only the gateway is measured."""


async def signed(request: Request) -> dict[str, str]:
    """The form of a request that Twilio has signed."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    if not validator.validate(URL, form, request.headers.get("X-Twilio-Signature", "")):
        raise HTTPException(401)
    return form


@app.post("/api/webhooks/twilio")
def webhook(form: Annotated[dict[str, str], Depends(signed)]) -> Response:
    """Queue and answer; a plain function, so that Celery's blocking client runs in the thread pool."""
    handle_message.delay(form)
    return Response(EMPTY, media_type="text/xml")


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )
