"""One request to the API, read and checked, as the handlers get it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .actions import Actions
from .errors import ChatwootError, invalid
from .model import Actor, Conversation
from .store import ChatwootStore

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

MAX_FILES = 15


@dataclass
class Upload:
    """A file that came with a message."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Call:
    """What a handler needs."""

    world: "World"
    request: Request
    actor: Actor
    body: dict[str, Any] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)

    @property
    def store(self) -> ChatwootStore:
        """The account's records."""
        return self.world.chatwoot

    @property
    def actions(self) -> Actions:
        """The account's rules."""
        return self.world.staff

    def number(self, name: str) -> int:
        """An id from the path."""
        return int(self.request.path_params[name])

    @property
    def conversation(self) -> Conversation:
        """The conversation that the path names. Raises ChatwootError 404."""
        return self.store.conversation(self.number("conversation"))

    def text(self, name: str) -> str | None:
        """A text field; blank counts as none. Raises ChatwootError 422 for anything else."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"{name} is invalid", name)
        return value or None


Answer = Any
Handle = Callable[[Call], Awaitable[Answer]]


async def read(request: Request) -> tuple[dict[str, Any], list[Upload]]:
    """Body and files, from JSON or a multipart form. Raises ChatwootError 400 or 422."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _form(request)
    raw = await request.body()
    if not raw:
        return {}, []
    try:
        body = json.loads(raw)
    except ValueError:
        raise ChatwootError(400, {"error": "The request body is no JSON"}) from None
    if not isinstance(body, dict):
        raise ChatwootError(400, {"error": "The request body is no object"})
    return body, []


async def _form(request: Request) -> tuple[dict[str, Any], list[Upload]]:
    body: dict[str, Any] = {}
    files: list[Upload] = []
    async with request.form(max_files=MAX_FILES + 1) as form:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                name, kind = value.filename or "file", value.content_type or "application/octet-stream"
                files.append(Upload(name, kind, await value.read()))
            else:
                body[key] = value
    if len(files) > MAX_FILES:
        raise invalid("Attachments exceed the maximum of 15", "attachments")
    if isinstance(body.get("content_attributes"), str):
        try:
            body["content_attributes"] = json.loads(body["content_attributes"])
        except ValueError:
            raise invalid("Content attributes are invalid", "content_attributes") from None
    body["private"] = str(body.get("private", "false")).lower() == "true"
    return body, files


def as_response(answer: Answer) -> Response:
    """A handler's answer: a ready response, something for JSON, or None for an empty 200."""
    if isinstance(answer, Response):
        return answer
    return Response(status_code=200) if answer is None else JSONResponse(answer)
