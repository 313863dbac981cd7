"""Recordings over HTTP: save, share as a file, take in, replay."""

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from .capture import capture
from .recordings import MAX_BYTES, BadRecordingError, Recording, Shelf, parse
from .replay import Run, new_run, replay

if TYPE_CHECKING:
    from .world import World

RUNS_KEPT = 50


class Save(BaseModel):
    """Which customer's conversation to keep, under which name."""

    customer: str
    name: str = Field(min_length=1, max_length=200)


def recording_routes(world: "World") -> APIRouter:
    """Everything under ``/api/recordings`` and ``/api/replays``."""
    router = APIRouter()
    settings = world.settings
    shelf = Shelf(settings.recordings, [Path(part) for part in settings.scripted.split(":") if part])
    router.include_router(_keeping(world, shelf))
    router.include_router(_replaying(world, shelf))
    return router


async def _found(shelf: Shelf, id_: str) -> Recording:
    try:
        return await asyncio.to_thread(shelf.get, id_)
    except KeyError as error:
        raise HTTPException(404, "no such recording") from error


async def _save(shelf: Shelf, recording: Recording) -> str:
    try:
        return await asyncio.to_thread(shelf.save, recording)
    except OSError as error:
        raise HTTPException(409, f"SANDBOX_RECORDINGS can't be written to: {error.strerror}") from error


def _keeping(world: "World", shelf: Shelf) -> APIRouter:
    router = APIRouter(prefix="/recordings")

    @router.get("")
    async def listing() -> list[dict[str, Any]]:
        """Saved and scripted conversations."""
        return await asyncio.to_thread(shelf.listing)

    @router.post("", status_code=201)
    async def save(body: Save) -> dict[str, str]:
        """Keep the conversation as it stands."""
        recording = capture(world, body.customer, body.name)
        if recording is None:
            raise HTTPException(409, "this customer has said nothing yet")
        return {"id": await _save(shelf, recording)}

    @router.post("/import", status_code=201)
    async def take_in(request: Request, name: str = "gesprek") -> dict[str, list[str]]:
        """Keep the conversations in a file (YAML or JSON) that somebody shared."""
        if int(request.headers.get("content-length") or 0) > MAX_BYTES:
            raise HTTPException(413, "larger than 2 MB")
        try:
            recordings = parse(await request.body(), name)
        except BadRecordingError as error:
            raise HTTPException(422, str(error)) from error
        return {"ids": [await _save(shelf, recording) for recording in recordings]}

    @router.get("/{id_}")
    async def show(id_: str) -> dict[str, Any]:
        """One conversation with its turns."""
        return (await _found(shelf, id_)).model_dump(mode="json")

    @router.get("/{id_}/file")
    async def file(id_: str) -> Response:
        """The same as a file to share."""
        text = (await _found(shelf, id_)).dump()
        headers = {"Content-Disposition": f'attachment; filename="{id_}.yaml"'}
        return Response(text, media_type="application/yaml", headers=headers)

    @router.delete("/{id_}", status_code=204)
    async def remove(id_: str) -> None:
        """Forget a saved one."""
        if not await asyncio.to_thread(shelf.remove, id_):
            raise HTTPException(404, "no such saved recording")

    return router


def _replaying(world: "World", shelf: Shelf) -> APIRouter:
    router = APIRouter()
    runs: OrderedDict[str, Run] = OrderedDict()

    @router.post("/recordings/{id_}/replay", status_code=202)
    async def start(id_: str) -> dict[str, Any]:
        """Say it again to the system as it is now, as a new customer."""
        recording = await _found(shelf, id_)
        run = new_run(id_, recording)
        runs[run.id] = run
        while len(runs) > RUNS_KEPT:
            runs.popitem(last=False)
        world.tasks.start(replay(world, recording, run))
        return run.as_dict()

    @router.get("/replays/{id_}")
    async def look(id_: str) -> dict[str, Any]:
        """How far a replay is, with what has changed."""
        if id_ not in runs:
            raise HTTPException(404, "no such replay")
        return runs[id_].as_dict()

    return router
