"""Chatwoot's refusals."""

from typing import Any

from starlette.responses import JSONResponse


class ChatwootError(Exception):
    """A refusal with the body that Chatwoot gives for it."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.body = body
        super().__init__(f"{status}: {body}")

    def response(self) -> JSONResponse:
        """As an HTTP answer."""
        return JSONResponse(self.body, self.status)


def missing() -> ChatwootError:
    """404."""
    return ChatwootError(404, {"error": "Resource could not be found"})


def invalid(message: str, *attributes: str) -> ChatwootError:
    """422 with the fields that are at fault."""
    return ChatwootError(422, {"message": message, "attributes": list(attributes)})


def failure(status: int, _code: int | None) -> JSONResponse:
    """Answer of a planned fault."""
    texts = {401: "Invalid Access Token", 404: "Resource could not be found", 429: "Retry later"}
    return JSONResponse({"error": texts.get(status, "Internal server error")}, status)
