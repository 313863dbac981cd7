"""Pseudonyms: no phone number ever stands in a subject, a log line, a metric or a span."""

import base64
import hashlib
import hmac
import zlib

PARTITIONS = 64
"""Ordered lanes for each service. Raising it is a documented migration (docs/runbook.md)."""


def conversation_of(identity: str, key: bytes) -> str:
    """Pseudonym of a customer: ``c`` and 26 characters of base32, from HMAC-SHA256 under ``key``.

    ``identity`` is the BSUID or the E.164 number, with or without the ``whatsapp:`` prefix.
    Raises ValueError for an empty identity or key.
    """
    bare = identity.removeprefix("whatsapp:").strip()
    if not bare or not key:
        raise ValueError("a conversation needs an identity and IDENTITY_KEY")
    digest = hmac.new(key, bare.encode(), hashlib.sha256).digest()[:16]
    return "c" + base64.b32encode(digest).decode().rstrip("=").lower()


def partition_of(conversation: str) -> int:
    """Lane of a conversation, 0 to 63: CRC-32 of the pseudonym, the same in every process."""
    return zlib.crc32(conversation.encode()) % PARTITIONS
