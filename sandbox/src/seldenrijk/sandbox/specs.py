"""Requests held against the vendors' own OpenAPI documents, where these are at hand."""

import json
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request

log = logging.getLogger(__name__)

try:
    from openapi_core import OpenAPI
    from openapi_core.datatypes import RequestParameters
    from openapi_core.exceptions import OpenAPIError
    from werkzeug.datastructures import Headers, ImmutableMultiDict

    AVAILABLE = True
except ImportError:  # a sandbox without the `specs` extra relies on its own checks
    AVAILABLE = False


@dataclass
class _Presented:
    """A request in the shape that openapi-core reads."""

    host_url: str
    path: str
    method: str
    content_type: str
    body: bytes | None
    parameters: Any


@cache
def _load(path: Path) -> Any:
    return OpenAPI.from_dict(_read(path))


def _read(path: Path) -> Any:
    document = json.loads(path.read_text())
    return _with_null(document) if document["openapi"].startswith("3.1") else document


def _with_null(node: Any) -> Any:
    """Chatwoot's document calls itself OpenAPI 3.1 but says ``nullable`` as 3.0 did."""
    if isinstance(node, list):
        return [_with_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    fields = {key: _with_null(value) for key, value in node.items()}
    if fields.get("nullable") is True and isinstance(fields.get("type"), str):
        fields["type"] = [fields["type"], "null"]
    return fields


class VendorSpec:
    """One vendor document. Without the file or openapi-core nothing is refused and ``active`` is False."""

    def __init__(self, path: Path, host: str, *, wanted: bool = True) -> None:
        self.host = host
        self.active = wanted and AVAILABLE and path.is_file()
        self._api = _load(path) if self.active else None
        if not self.active:
            log.info("%s is not at hand: requests meet only the sandbox's own checks", path.name)

    def refusal(self, request: Request, path: str, body: bytes) -> str | None:
        """Why the vendor's document refuses this request; None where it does not."""
        if self._api is None:
            return None
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        presented = _Presented(
            host_url=self.host,
            path=path,
            method=request.method.lower(),
            content_type=kind if kind.endswith("urlencoded") else "application/json",
            body=body or None,
            parameters=RequestParameters(
                query=ImmutableMultiDict(request.query_params.multi_items()),
                header=Headers(list(request.headers.items())),
                cookie=ImmutableMultiDict(),
            ),
        )
        try:
            self._api.validate_request(presented)
        except OpenAPIError as error:
            return _reason(error)
        return None

    def objection(self, method: str, path: str, answer: Any) -> str | None:
        """What the vendor's document has against an answer (status_code, data, content_type, headers)."""
        if self._api is None:
            return None
        parameters = RequestParameters()
        asked = _Presented(self.host, path, method.lower(), "application/json", None, parameters)
        try:
            self._api.validate_response(asked, answer)
        except OpenAPIError as error:
            return _reason(error)
        return None


def _reason(error: Exception) -> str:
    cause = error.__cause__
    details = [getattr(e, "message", str(e)) for e in getattr(cause, "schema_errors", None) or []]
    return f"{error}" if not details else f"{type(error).__name__}: " + "; ".join(details[:5])
