"""Whether a webhook comes from our Chatwoot: HMAC-SHA256 over its timestamp and its raw body."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

SIGNATURE: Final = "x-chatwoot-signature"
TIMESTAMP: Final = "x-chatwoot-timestamp"
SKEW: Final = 300
"""Seconds that a webhook's timestamp may differ from our clock; the timestamp is part of the signature."""


class Signatures:
    """Checks against every configured secret: the account's webhook, the inbox and the bot have their own."""

    def __init__(self, secrets: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        self._secrets = tuple(secret.encode() for secret in secrets if secret)
        self._clock = clock

    def refusal(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Why the webhook is not to be believed; None where it is. Without a secret nothing is."""
        if not self._secrets:
            return "no secret"
        stamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            return "no timestamp"
        if abs(self._clock() - int(stamp)) > SKEW:
            return "timestamp"
        # all of them are compared, so that the time tells nothing about which one matched
        matches = [hmac.compare_digest(sign(s, stamp, body).encode(), given.encode()) for s in self._secrets]
        return None if any(matches) else "signature"


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """The signature as Chatwoot sends it: ``sha256=<hex>``."""
    return "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
