"""A text under inspection: its folded form of equal length, its segments, and what is explained already."""

import re
from dataclasses import dataclass, field

from seldenrijk.contracts.replies import Claim

from .facts import Facts
from .numbers import fold_keeping

_ENDS = re.compile(
    r"(?<=[.!?;])(?<!\ba\.s\.)(?<!\bca\.)(?<!\bnr\.)(?<!\btel\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\bbijv\.)(?<!\bo\.a\.)(?<!\bz\.b\.)"
    r"\s+(?=\S)|\n+",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"(?:jan|feb|m[aä]r|apr|ma[iy]|mei|jun|jul|aug|sep|okt|oct|nov|de[cz])", re.IGNORECASE)
_NUMBERING = re.compile(r"(?m)^\s*\*?(?P<n>[1-9])\s?[.)\]:]\*?\s+")


@dataclass(frozen=True)
class Violation:
    """A statement that no fact proves. ``kind`` is a short word for counting, ``reason`` tells it."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True)
class Segment:
    """A sentence or line: its bounds in the text and whether it asks something."""

    start: int
    end: int
    question: bool


@dataclass
class Page:
    """The text with notes. ``left`` is the folded text in which explained spans are blanked out."""

    text: str
    facts: Facts
    plain: str = ""
    left: str = ""
    segments: list[Segment] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    cars: list[str] = field(default_factory=list)
    url_cars: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plain = fold_keeping(self.text)
        self.left = self.plain
        for match in _NUMBERING.finditer(self.plain):
            self.blank(match.start("n"), match.end("n") + 1)
        self.segments = _segments(self.text, self.left)

    def blank(self, start: int, end: int) -> None:
        """Take a span out of what is still to be explained."""
        kept = "".join("\n" if c == "\n" else " " for c in self.left[start:end])
        self.left = self.left[:start] + kept + self.left[end:]

    def prove(self, kind: str, start: int, end: int, fact: str) -> None:
        """A statement and the fact behind it; its span is explained."""
        self.claims.append(Claim(kind=kind, text=self.text[start:end].strip(), fact=fact))
        self.blank(start, end)

    def reject(self, kind: str, start: int, end: int, reason: str) -> None:
        """A statement that no fact proves."""
        said = self.text[start:end].strip()
        self.claims.append(Claim(kind=kind, text=said, fact=None))
        self.violations.append(Violation(kind, said, f'"{said}": {reason}'))
        self.blank(start, end)

    def of(self, segment: Segment) -> str:
        """What is left of a segment."""
        return self.left[segment.start : segment.end]

    def all_of(self, segment: Segment) -> str:
        """The folded segment, explained or not."""
        return self.plain[segment.start : segment.end]


def _segments(text: str, left: str) -> list[Segment]:
    bounds, start = [], 0
    for match in _ENDS.finditer(left):
        after_digit = left[: match.start()].rstrip()[-2:-1].isdigit() and left[match.start() - 1] == "."
        if after_digit and _MONTHS.match(left[match.end() :]):
            continue  # "28. November"
        bounds.append((start, match.start()))
        start = match.end()
    bounds.append((start, len(text)))
    return [Segment(a, b, text[a:b].rstrip(" )*_").endswith("?")) for a, b in bounds if text[a:b].strip()]
