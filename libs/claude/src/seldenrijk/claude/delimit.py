"""Strangers' text inside a prompt: cleaned, cut, and unable to leave the block it is put in."""

import unicodedata

CUT = 4_000
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_KEPT_CONTROLS = "\n\t"


def clean(text: str, limit: int = CUT) -> str:
    """The text without control and invisible format characters, cut at ``limit`` characters.

    Direction marks, zero-width characters and the like (Unicode categories Cc, Cf, Co, Cs) can hide words
    from a human reader; the zero-width joiner stays because emoji consist of it.
    """
    kept = [c for c in text[: 2 * limit] if c in _KEPT_CONTROLS or c == "\u200d" or not _hidden(c)]
    return "".join(kept)[:limit].strip()


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs")


def escape(text: str) -> str:
    """No ``<``, ``>`` or ``&`` is left, so no tag can be opened or closed."""
    return text.translate(_ESCAPES)


def unescape(text: str) -> str:
    """The opposite of :func:`escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def block(tag: str, text: str, limit: int = CUT) -> str:
    """``text`` as the content of one block; empty text gives an empty block."""
    return f"<{tag}>\n{escape(clean(text, limit))}\n</{tag}>"


def lines(tag: str, items: tuple[str, ...], limit: int = CUT) -> str:
    """A block with one line an item; line breaks within an item become spaces."""
    content = "\n".join(" ".join(clean(item, limit).split()) for item in items)
    return f"<{tag}>\n{escape(content)}\n</{tag}>"
