"""Twilio's webhook signatures, checked by Twilio's own validator against the public URL."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator, get_signature_algorithm

MAX_FIELDS = 1000


class Form:
    """Parameters of a form, repeated ones included; the shape that Twilio's validator asks for."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for key, value in pairs:
            self._values.setdefault(key, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, key: str) -> list[str]:
        """All values of a parameter."""
        return self._values[key]

    def get(self, key: str) -> str | None:
        """The first value of a parameter, or None."""
        values = self._values.get(key)
        return values[0] if values else None


def parse_form(body: bytes) -> Form:
    """Read an url-encoded body; blank values count, they are signed. Raises ValueError."""
    text = body.decode("utf-8", "replace")
    return Form(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))


class Verifier:
    """Verifies requests with any of the current auth tokens, or with the configured shared key.

    The request's own header never chooses a weaker way: HMAC-SHA256 is checked with the shared key
    and only where one is configured, everything else with the auth tokens and HMAC-SHA1.
    """

    def __init__(self, public_url: str, tokens: list[str], shared_key: str | None = None) -> None:
        self._public_url = public_url.rstrip("/")
        self._tokens = [RequestValidator(token) for token in tokens]
        self._shared = RequestValidator(shared_key) if shared_key else None

    def url(self, path: str, query: str) -> str:
        """The URL that Twilio signed: ours in public, with the raw query."""
        return f"{self._public_url}{path}" + (f"?{query}" if query else "")

    def valid(self, url: str, params: Form | str, signature: str, settings_header: str = "") -> bool:
        """Whether the signature belongs to this URL and these parameters (a str is a JSON body)."""
        algorithm = get_signature_algorithm(settings_header)
        if algorithm.upper() == HMAC_SHA256:
            return self._shared is not None and bool(
                self._shared.validate(url, params, signature, HMAC_SHA256)
            )
        if algorithm.upper() != HMAC_SHA1:
            return False
        return any(validator.validate(url, params, signature) for validator in self._tokens)
