"""Cut a reply where WhatsApp's limit asks for it: at paragraphs, sentences, words, never in a grapheme."""

from typing import Final

import regex

LIMIT: Final = 1600
"""Characters in one WhatsApp message through Twilio (error 21617 above)."""
_GRAPHEME = regex.compile(r"\X")
_BORDERS: Final = (
    regex.compile(r"\n\s*\n"),
    regex.compile(r"\n"),
    regex.compile(r"(?<=[.!?…])\s+"),
    regex.compile(r"\s+"),
)


def utf16_length(text: str) -> int:
    """Length as WhatsApp counts it: UTF-16 units, an emoji is two."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most ``limit`` UTF-16 units, none empty; nothing but white space at the cuts is lost."""
    parts: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > limit:
        cut = _cut(rest, limit)
        head = rest[:cut].rstrip()
        if head:
            parts.append(head)
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, limit: int) -> int:
    """Where to cut: the last border of the best kind in the second half, else between graphemes."""
    window = _fitting(text, limit)
    for border in _BORDERS:
        ends = [match.start() for match in border.finditer(text, 0, window) if match.start() > window // 2]
        if ends:
            return ends[-1]
    return window


def _fitting(text: str, limit: int) -> int:
    """The longest prefix of whole graphemes that fits; a single larger grapheme is taken apart."""
    size = end = 0
    for match in _GRAPHEME.finditer(text):
        size += utf16_length(match.group())
        if size > limit:
            break
        end = match.end()
    return end or max(1, limit // 2)
