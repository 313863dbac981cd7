"""The command line, run in this process against a served sandbox."""

import asyncio
import json
import subprocess
import sys

import httpx
import pytest
from starlette.responses import Response
from twilio.rest import Client
from typer.testing import CliRunner, Result

from seldenrijk.sandbox.cli import app
from seldenrijk.sandbox.listener import Listener
from seldenrijk.sandbox.testing import Running, listen

TO = "whatsapp:+31612345678"


async def run(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))


async def test_the_reply_is_printed(sandbox: Running, listener: Listener, twilio: Client) -> None:
    async def answer() -> Response:
        await twilio.messages.create_async(to=TO, from_="whatsapp:+31850000000", body="Goedemiddag")
        return Response(status_code=200)

    listener.reply = answer
    done = await run("say", "hallo", "--url", sandbox.url)
    assert (done.exit_code, done.stdout) == (0, "Goedemiddag\n")


async def test_no_reply_in_time(sandbox: Running) -> None:
    done = await run("say", "hallo", "--url", sandbox.url, "--timeout", "0.2", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["reply"] is None
    assert "no reply within 0.2 s" in done.stderr


async def test_a_refused_webhook(sandbox: Running, listener: Listener) -> None:
    listener.answers = [Response(status_code=401)]
    done = await run("say", "hallo", "--url", sandbox.url)
    assert done.exit_code == 2
    assert "401" in done.stderr and "TWILIO_AUTH_TOKEN" in done.stderr


async def test_a_number_that_is_none(sandbox: Running) -> None:
    done = await run("say", "hallo", "--from", "0612345678", "--url", sandbox.url)
    assert done.exit_code == 2
    assert done.stderr.startswith("from: ")


async def test_something_else_listens_there(listener: Listener) -> None:
    listener.answer = lambda: Response(status_code=405)
    done = await run("say", "hallo", "--url", listener.url)
    assert (done.exit_code, "is no sandbox" in done.stderr) == (2, True)


async def test_an_answer_that_is_cut_off(sandbox: Running) -> None:
    sock = listen()
    sock.listen()
    server = await asyncio.start_server(lambda _, writer: writer.close(), sock=sock)
    async with server:
        done = await run("say", "hallo", "--url", f"http://127.0.0.1:{sock.getsockname()[1]}")
    assert (done.exit_code, "did not answer" in done.stderr) == (1, True)


async def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9/")
    done = await run("say", "hallo")
    assert done.exit_code == 2
    assert "http://127.0.0.1:9:" in done.stderr


def test_help_names_both_verbs() -> None:
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    assert "serve" in done.stdout and "say" in done.stdout


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with listen() as taken:
        taken.listen()
        done = CliRunner().invoke(app, ["serve", "--port", str(taken.getsockname()[1])])
    assert done.exit_code == 1
    assert "set PORT" in done.stderr and done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "lots")
    done = CliRunner().invoke(app, ["serve"])
    assert done.exit_code == 2
    assert "PORT" in done.stderr


async def test_served_as_a_process_until_it_is_stopped() -> None:
    command = [sys.executable, "-m", "seldenrijk.sandbox", "serve", "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        *command, stderr=subprocess.PIPE, env={"PATH": "", "COLUMNS": "300"}
    )
    assert process.stderr is not None
    banner = (await process.stderr.readline()).decode()
    place = (await process.stderr.readline()).decode()
    assert "SANDBOX" in banner and "never for production" in banner
    url = next(word for word in place.replace(",", " ").split() if word.startswith("http"))
    async with httpx.AsyncClient() as client, asyncio.timeout(30):
        while True:
            try:
                answer = await client.get(f"{url}/health")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    assert answer.json()["sandbox"] is True
    process.terminate()
    await process.communicate()
    assert process.returncode in (0, -15)
