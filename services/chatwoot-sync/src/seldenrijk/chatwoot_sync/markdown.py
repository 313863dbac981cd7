"""From Chatwoot's editor (Markdown) to WhatsApp's own marks."""

import re
from typing import Final

# every repetition is bounded: a hostile text must not cost more than its length
BOLD: Final = re.compile(r"(?<!\\)\*\*(?=\S)(.{1,2000}?)(?<=\S)\*\*", re.DOTALL)
ITALIC: Final = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=[^\s*\\])\*(?![*\w])")
STRUCK: Final = re.compile(r"~~(?=\S)(.{1,2000}?)(?<=\S)~~", re.DOTALL)
LINK: Final = re.compile(
    r"(?<!\\)!?\[([^\]\n]{0,500})\]\((?:<([^>\n]{1,2000})>|([^\s)]{1,2000}))(?:\s{1,9}\"[^\"]{0,500}\")?\)"
)
MENTION: Final = re.compile(r"mention://")
ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
HARD_BREAK: Final = re.compile(r"\\\n| {2,}\n")


def whatsapp(text: str) -> str:
    """The text as WhatsApp shows it: ``**vet**`` becomes ``*vet*``, a link stands after its words.

    Marks that both know alike (``_cursief_``, lists, quotes) stay; escaped characters lose the backslash.
    """
    text = HARD_BREAK.sub("\n", text.replace("\r\n", "\n"))
    text = LINK.sub(_link, text)
    text = ITALIC.sub(r"_\1_", text)
    text = BOLD.sub(r"*\1*", text)
    text = STRUCK.sub(r"~\1~", text)
    return ESCAPED.sub(r"\1", text).strip()


def _link(match: re.Match[str]) -> str:
    words, target = match[1].strip(), match[2] or match[3]
    if MENTION.match(target):
        return words
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    return bare if not words or words in {target, bare} else f"{words}: {bare}"
