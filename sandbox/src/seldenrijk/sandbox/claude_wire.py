"""The Messages API on the wire: what a request may contain, what answers and errors look like.

Strict where the API is strict (sampling parameters, prefill, thinking types by model, schemas for structured
output), so that what passes here is not refused there. Sources: the SDK's types, platform.claude.com.
"""

from itertools import count
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
# `thinking.type` values that turn thinking off; the other models always think
THINKING_OFF = {
    "claude-haiku-5-5": "disabled",
    "claude-sonnet-5-5": "between_tools",
    "claude-sonnet-5": "disabled",
    "claude-haiku-4-5": "disabled",
    "claude-opus-5": "disabled",
    "claude-opus-5-5": None,
    "claude-fable-5-1": None,
}
_ids = count(1)


class Part(BaseModel):
    """Unknown fields are refused, as the API does."""

    model_config = ConfigDict(extra="forbid")


class CacheControl(Part):
    """A breakpoint of the prompt cache."""

    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] = "5m"


class TextBlock(Part):
    """A piece of a prompt."""

    type: Literal["text"]
    text: str = Field(min_length=1)
    cache_control: CacheControl | None = None


class Turn(Part):
    """A message of the conversation."""

    role: Literal["user", "assistant"]
    content: str | list[TextBlock]

    @property
    def text(self) -> str:
        """All its text."""
        if isinstance(self.content, str):
            return self.content
        return "".join(block.text for block in self.content)


class Format(Part):
    """Structured output."""

    type: Literal["json_schema"]
    json_schema: dict[str, Any] = Field(alias="schema")


class OutputConfig(Part):
    """Effort and form of the answer."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: Format | None = None


class Thinking(Part):
    """Whether the model thinks first."""

    type: Literal["adaptive", "disabled", "between_tools"]
    display: Literal["summarized", "omitted"] | None = None


class TokensRequest(Part):
    """POST /v1/messages/count_tokens."""

    model: str = Field(min_length=1)
    messages: Annotated[list[Turn], Field(min_length=1)]
    system: str | list[TextBlock] = ""
    output_config: OutputConfig = OutputConfig()
    thinking: Thinking | None = None

    @property
    def system_text(self) -> str:
        """All system text."""
        return self.system if isinstance(self.system, str) else "\n".join(b.text for b in self.system)

    @property
    def user_text(self) -> str:
        """All that the user's turns say."""
        return "\n".join(turn.text for turn in self.messages if turn.role == "user")

    @property
    def schema_asked(self) -> dict[str, Any] | None:
        """The JSON schema of the answer, where one is asked for."""
        return self.output_config.format.json_schema if self.output_config.format else None


class MessagesRequest(TokensRequest):
    """POST /v1/messages, as far as this project uses it."""

    max_tokens: int = Field(ge=0)
    stop_sequences: list[str] = []
    metadata: dict[str, str] | None = None
    service_tier: Literal["auto", "standard_only"] = "auto"
    stream: Literal[False] = False


def failure(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error in Anthropic's form."""
    request_id = f"req_sandbox{next(_ids):08d}"
    kind = ERROR_TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    return JSONResponse(body, status, {"request-id": request_id} | (headers or {}))


def complaint(error: ValidationError) -> str:
    """The first thing wrong, in the API's manner of speaking."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    said = "Extra inputs are not permitted" if first["type"] == "extra_forbidden" else first["msg"]
    return f"{where}: {said}"


def objection(request: TokensRequest) -> str | None:
    """What the API would refuse beyond the mere form, or None."""
    family = next((name for name in THINKING_OFF if request.model.startswith(name)), None)
    if family is None:
        return None
    if request.messages[-1].role == "assistant":
        return "messages: this model does not support assistant message prefill"
    thinking = request.thinking.type if request.thinking else "adaptive"
    if thinking not in ("adaptive", THINKING_OFF[family]):
        return f"thinking.type: '{thinking}' is not supported by this model"
    blocks = [b for turn in request.messages if isinstance(turn.content, list) for b in turn.content]
    blocks += request.system if isinstance(request.system, list) else []
    if sum(block.cache_control is not None for block in blocks) > 4:
        return "A maximum of 4 blocks with cache_control may be provided"
    return schema_objection(request.schema_asked) if request.schema_asked else None


_UNSUPPORTED = frozenset(
    {"minimum", "maximum", "multipleOf", "minLength", "maxLength", "maxItems", "oneOf", "not", "uniqueItems"}
)


def schema_objection(schema: dict[str, Any]) -> str | None:
    """Why structured output would not take this schema, or None."""
    optional = unions = 0
    todo: list[Any] = [schema]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += node
        if not isinstance(node, dict):
            continue
        wrong = _UNSUPPORTED & node.keys()
        if wrong:
            return f"output_config.format.schema: property '{min(wrong)}' is not supported"
        if node.get("type") == "object":
            if node.get("additionalProperties") is not False:
                return "output_config.format.schema: 'additionalProperties' must be explicitly set to false"
            optional += len(node.get("properties", {})) - len(node.get("required", []))
            todo += node.get("properties", {}).values()
        unions += "anyOf" in node or isinstance(node.get("type"), list)
        todo += [node.get("items"), node.get("anyOf")]
    if optional > 24 or unions > 16:
        return "output_config.format.schema: too many optional parameters or union types"
    return None
