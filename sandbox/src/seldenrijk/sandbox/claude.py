"""Stand-in for Anthropic's Messages API: POST /v1/messages and /v1/messages/count_tokens.

Checks requests as strictly as the API does and answers plausibly without a model. Control:
``GET|POST|DELETE /faults``, ``DELETE /faults/{id}``, ``GET|DELETE /requests`` (the last thousand).
"""

import asyncio
import inspect
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .claude_answers import NONSENSE_SLOTS, NONSENSE_TEXT, OUT_OF_SCHEME, Answerer, default_answer
from .claude_faults import STATUS, ClaudeFaults, Fault, FaultSpec, purpose_of
from .claude_usage import PromptCache, prompt_tokens
from .claude_wire import THINKING_OFF, MessagesRequest, TokensRequest, complaint, failure, objection
from .guard import ABORT, cut, offer_abort

KEEP = 1_000
HEADERS_ASIDE = frozenset({"authorization", "x-api-key"})


class ClaudeStandIn(Starlette):
    """The application, with its inside for tests: ``faults``, ``requests``, ``cache``.

    ``answerer`` turns a request into the text of the answer; ``api_key`` is the only key that is
    taken (None: any); ``tell`` is told of planned faults and of every call.
    """

    def __init__(
        self, answerer: Answerer = default_answer, *, api_key: str | None = None, seed: int = 0
    ) -> None:
        self.answerer, self.api_key = answerer, api_key
        self.faults = ClaudeFaults(seed)
        self.requests: deque[dict[str, Any]] = deque(maxlen=KEEP)
        self.cache = PromptCache()
        self.tell: Callable[..., object] = _tell_nobody
        super().__init__(
            routes=[
                Route("/v1/messages", _Endpoint(self), methods=["POST"]),
                Route("/v1/messages/count_tokens", self._count_tokens, methods=["POST"]),
                Route("/faults", self._faults, methods=["GET", "POST", "DELETE"]),
                Route("/faults/{id_}", self._remove_fault, methods=["DELETE"]),
                Route("/requests", self._requests, methods=["GET", "DELETE"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the means to cut the connection at hand."""
        if scope["type"] == "http" and ABORT not in scope:
            offer_abort(scope, send)
        await super().__call__(scope, receive, send)

    def refused(self, request: Request) -> JSONResponse | None:
        """What is wrong with the headers, as a response."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = request.headers.get("x-api-key") or (token.strip() if scheme.lower() == "bearer" else "")
        if not key or (self.api_key is not None and key != self.api_key):
            return failure(401, "invalid x-api-key")
        if "anthropic-version" not in request.headers:
            return failure(400, "anthropic-version: header is required")
        return None

    async def answer(self, asked: MessagesRequest, fault: Fault | None) -> JSONResponse:
        """A message, spoiled as the fault says."""
        made = self.answerer(asked)
        text = await made if inspect.isawaitable(made) else made
        stop = "end_turn"
        if fault is not None:
            text, stop = _spoiled(text, fault, asked)
        body = {
            "id": f"msg_sandbox{len(self.requests):08d}",
            "type": "message",
            "role": "assistant",
            "model": asked.model,
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": stop,
            "stop_sequence": None,
            "stop_details": {"type": "refusal"} if stop == "refusal" else None,
            "usage": self.cache.usage(asked, text),
        }
        return JSONResponse(body, headers={"request-id": f"req_sandbox_m{len(self.requests):07d}"})

    async def _count_tokens(self, request: Request) -> Response:
        refused = self.refused(request)
        if refused is not None:
            return refused
        try:
            asked = TokensRequest.model_validate_json(await request.body())
        except ValidationError as error:
            return failure(400, complaint(error))
        wrong = objection(asked)
        return failure(400, wrong) if wrong else JSONResponse({"input_tokens": prompt_tokens(asked)})

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults.clear()
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse([fault.model_dump() for fault in self.faults.listing()])
        try:
            spec = FaultSpec.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"detail": complaint(error)}, 422)
        fault = self.faults.add(spec)
        self.tell("fault.planned", vendor="claude", **fault.model_dump())
        return JSONResponse(fault.model_dump(), 201)

    async def _remove_fault(self, request: Request) -> Response:
        return Response(status_code=204 if self.faults.remove(request.path_params["id_"]) else 404)

    async def _requests(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.requests.clear()
            return Response(status_code=204)
        return JSONResponse(list(self.requests))


class _Endpoint:
    """POST /v1/messages as an ASGI application, because some faults cut the connection."""

    def __init__(self, stand_in: ClaudeStandIn) -> None:
        self._in = stand_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        asked = self._in.refused(request) or _asked(await request.body())
        if isinstance(asked, Response):
            self._note(request, None, asked.status_code)
            await asked(scope, receive, send)
            return
        hit, started = self._in.faults.take(purpose_of(asked)), time.monotonic()
        for fault in hit:
            self._in.tell(
                "fault.hit", vendor="claude", operation="messages", kind=fault.kind, fault=fault.id,
                label=fault.label,
            )  # fmt: skip
        await asyncio.sleep(self._in.faults.seconds(hit))
        spoiling = next((fault for fault in hit if fault.kind != "latency"), None)
        response = await self._response(asked, spoiling)
        status = response.status_code if isinstance(response, Response) else 0
        self._note(request, asked, status)
        self._in.tell(
            "claude.call", purpose=purpose_of(asked), model=asked.model, status=status,
            seconds=round(time.monotonic() - started, 3),
        )  # fmt: skip
        await response(scope, receive, send)

    async def _response(self, asked: MessagesRequest, fault: Fault | None) -> ASGIApp:
        kind = fault.kind if fault else None
        if fault and (kind == "status" or kind in STATUS):
            headers = {"retry-after": f"{fault.retry_after:g}"} if fault.retry_after is not None else None
            status = STATUS.get(fault.kind, fault.status)
            return failure(status, f"planned by the sandbox: {kind}", headers)
        if kind == "cut":
            return _cut
        if kind == "not_json":
            return Response("<html><body>Bad gateway</body></html>", 200, media_type="text/html")
        answer = await self._in.answer(asked, fault)
        return _Half(answer) if kind == "cut_midway" else answer

    def _note(self, request: Request, asked: MessagesRequest | None, status: int) -> None:
        headers = {k: v for k, v in request.headers.items() if k not in HEADERS_ASIDE}
        body = asked.model_dump(mode="json", by_alias=True, exclude_unset=True) if asked else None
        purpose = purpose_of(asked) if asked else None
        self._in.requests.append({"purpose": purpose, "status": status, "headers": headers, "body": body})


class _Half:
    """The first half of a response, then a cut connection."""

    def __init__(self, response: JSONResponse) -> None:
        self._response = response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self._response.raw_headers
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = bytes(self._response.body)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await cut(scope, receive)


def _tell_nobody(_kind: str, /, **_data: Any) -> None:
    """Where nobody wants to know."""


async def _cut(scope: Scope, receive: Receive, _: Send) -> None:
    await cut(scope, receive)


def _asked(body: bytes) -> MessagesRequest | JSONResponse:
    """The request, or what the API says to a wrong one."""
    try:
        asked = MessagesRequest.model_validate_json(body)
    except ValidationError as error:
        return failure(400, complaint(error))
    if not any(asked.model.startswith(known) for known in THINKING_OFF):
        return failure(404, f"model: {asked.model}")
    wrong = objection(asked)
    return failure(400, wrong) if wrong else asked


def _spoiled(text: str, fault: Fault, asked: MessagesRequest) -> tuple[str, str]:
    """The text and the stop reason that a fault makes of an answer."""
    json_asked = asked.schema_asked is not None
    if fault.kind == "malformed":
        return ("{" + text if json_asked else "   "), "end_turn"
    if fault.kind == "truncated":
        return text[: len(text) // 2], "max_tokens"
    if fault.kind == "refusal":
        return "", "refusal"
    if fault.kind == "out_of_scheme":
        return (json.dumps(OUT_OF_SCHEME) if json_asked else "<rules>\n</messages>"), "end_turn"
    if fault.kind == "nonsense":
        return (json.dumps(NONSENSE_SLOTS) if json_asked else NONSENSE_TEXT), "end_turn"
    return text, "end_turn"


def create_app(
    answerer: Answerer = default_answer, *, api_key: str | None = None, seed: int = 0
) -> ClaudeStandIn:
    """The stand-in as an ASGI application."""
    return ClaudeStandIn(answerer, api_key=api_key, seed=seed)
