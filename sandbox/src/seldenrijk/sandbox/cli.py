"""Command line: serve the sandbox, or say something into a running system."""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import httpx
import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console

from .app import create_app
from .screenshot import CannotError, take
from .settings import SandboxSettings
from .testing import listen

app = typer.Typer(
    help="Local stand-ins for Twilio, Chatwoot and Claude. For development and tests only.",
    no_args_is_help=True,
    add_completion=False,
)
JSON_KEYS = ("reply", "intent", "confidence", "slots", "latency_ms", "trace")
EXITS = {"answered": 0, "no_answer": 1, "not_running": 2, "refused": 2, "handed_over": 3, "silent": 4}
DEFAULT_URL = "http://127.0.0.1:8090"


def _stop(text: str, code: int = 2) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(code)


def _settings() -> SandboxSettings:
    try:
        return SandboxSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        _stop(f"sandbox: {name + ': ' if name else ''}{first['msg'].removeprefix('Value error, ')}")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback unless told.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; $PORT or 8090 unless told.")] = None,
) -> None:
    """Serve the stand-ins and the phone page until Ctrl-C."""
    settings = _settings()
    settings.host = host or settings.host
    settings.port = settings.port if port is None else port
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        sock = listen(settings.host, settings.port)
    except OSError as error:
        _stop(f"sandbox: {settings.host}:{settings.port} can't be used ({error.strerror}); set PORT", 1)
    settings.port = sock.getsockname()[1]
    console = Console(stderr=True, highlight=False)
    console.print(
        "[bold black on yellow] SANDBOX [/] stand-ins for Twilio and Chatwoot: never for production"
    )
    console.print(f"phone page and control API on {settings.url}, webhooks go to {settings.webhook_target}")
    config = uvicorn.Config(create_app(settings), log_level="warning", access_log=False, ws="none")
    config.timeout_graceful_shutdown = 2
    uvicorn.Server(config).run(sockets=[sock])


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What the customer writes.")],
    sender: Annotated[str, typer.Option("--from", help="The customer's number, E.164.")] = "+31612345678",
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
    url: Annotated[str | None, typer.Option(help="The running sandbox; $SANDBOX_URL unless told.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the reply.")] = 15.0,
) -> None:
    """Write as a customer and print the reply.

    Exit code: 0 answered, 1 no reply in time, 2 nothing runs or the webhook was refused,
    3 handed over to a person, 4 silent on purpose (a person holds the conversation, opt-out).
    """
    base = (url or os.environ.get("SANDBOX_URL") or DEFAULT_URL).rstrip("/")
    result = _ask(base, {"text": text, "from": sender, "timeout": timeout})
    if as_json:
        print(json.dumps({key: result[key] for key in JSON_KEYS}, ensure_ascii=False))
    elif result["reply"]:
        print(result["reply"])
    if result["explanation"]:
        print(result["explanation"], file=sys.stderr)
    raise typer.Exit(EXITS[result["outcome"]])


@app.command()
def screenshot(
    out: Annotated[Path, typer.Argument(help="The PNG to write.")],
    url: Annotated[
        str | None, typer.Option(help="A running sandbox; a system is started unless told.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", help="nl or en.")] = "en",
    dark: Annotated[bool, typer.Option(help="In dark colours.")] = False,
) -> None:
    """Hold a short conversation on the page and take its picture. Needs playwright and Chromium."""
    from .system import StartError, System  # noqa: PLC0415  (only this command starts processes)

    try:
        if url is not None:
            take(url.rstrip("/"), out, language, dark)
        else:
            with System(traces=True) as system:
                take(system.sandbox_url, out, language, dark)
    except (CannotError, StartError) as error:
        _stop(f"no screenshot: {error}")
    print(out)


def _ask(base: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = httpx.post(f"{base}/api/say", json=body, timeout=body["timeout"] + 25)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        _stop(f"no sandbox answers at {base}: start the system with `make demo`")
    except httpx.HTTPError as error:
        _stop(f"the sandbox at {base} did not answer in time ({type(error).__name__})", 1)
    if answer.status_code == 422:
        detail = answer.json()["detail"][0]
        _stop(f"{detail['loc'][-1]}: {detail['msg']}")
    if answer.status_code != 200:
        _stop(f"what answers at {base} is no sandbox (HTTP {answer.status_code})")
    result: dict[str, Any] = answer.json()
    return result
