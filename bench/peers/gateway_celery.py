"""(b) The usual design: FastAPI, form parsing, Twilio's validator, a Celery task on Redis."""

import os
from typing import Annotated

import httpx
import uvicorn
from celery import Celery
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from twilio.request_validator import RequestValidator

URL = f"{os.environ['PUBLIC_URL']}/api/webhooks/twilio"
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
queue = Celery("gateway", broker=os.environ["REDIS_URL"])
queue.conf.task_ignore_result = True
TASKS = (
    "Classify the intent of this message to a car dealer.",
    "Extract the customer's preferences.",
    "Choose what to offer.",
    "Write the answer.",
)
app = FastAPI()


@queue.task(name="handle_message")
def handle_message(form: dict[str, str]) -> None:
    """Four calls of a large model, one after the other, then the answer: the design that ours replaces."""
    with httpx.Client(timeout=60, trust_env=False) as http:
        said = form["Body"]
        for task in TASKS:
            said = _ask(http, task, form["Body"], said)
        url = f"{os.environ['TWILIO_API_BASE_URL']}/2010-04-01/Accounts/AC/Messages.json"
        http.post(url, data={"To": form["From"], "From": form["To"], "Body": said[:1500]}).raise_for_status()


def _ask(http: httpx.Client, task: str, message: str, before: str) -> str:
    body = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 500,
        "system": task,
        "messages": [{"role": "user", "content": f"Message: {message}\nSo far: {before}"}],
    }
    headers = {"x-api-key": "bench", "anthropic-version": "2023-06-01"}
    answer = http.post(f"{os.environ['ANTHROPIC_BASE_URL']}/v1/messages", json=body, headers=headers)
    answer.raise_for_status()
    return "".join(block["text"] for block in answer.json()["content"])


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
        app,
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
