"""Recorded conversations: what was said and understood, as a file that people can read and share."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .twilio.inbound import Choice, Kind, Place

FORMAT: Final = "seldenrijk-conversation/1"
MAX_BYTES: Final = 2_000_000
ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,99}$")


class BadRecordingError(ValueError):
    """What was handed in is no recording; the text says why."""


class Turn(BaseModel):
    """One thing that was said or done; ``after`` is seconds since the turn before.

    Of a customer's turn ``intent`` and ``slots`` tell what was understood (None: not known). An attachment
    is replayed with the sample of its kind.
    """

    model_config = ConfigDict(extra="ignore")

    who: Literal["customer", "bot", "agent", "hand_back"]
    text: str = ""
    kind: Kind = "text"
    choice: Choice | None = None
    location: Place | None = None
    after: float = Field(0.0, ge=0)
    intent: str | None = None
    slots: dict[str, Any] | None = None


class Recording(BaseModel):
    """A conversation from its first message on."""

    model_config = ConfigDict(extra="ignore")

    format: Literal["seldenrijk-conversation/1"] = FORMAT
    name: str = Field(min_length=1, max_length=200)
    about: str = ""
    recorded: datetime | None = None
    turns: list[Turn] = Field(min_length=1)

    def dump(self) -> str:
        """As YAML."""
        plain = self.model_dump(mode="json", exclude_defaults=True) | {"format": FORMAT, "name": self.name}
        order = ("format", "name", "about", "recorded", "turns")
        shown = {key: plain[key] for key in order if key in plain}
        return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110)


def slug(name: str) -> str:
    """A name as part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "gesprek"


class Shelf:
    """Recordings in a folder, and scripted conversations in others, which are only read."""

    def __init__(self, folder: Path, scripted: Iterable[Path] = ()) -> None:
        self.folder, self.scripted = folder, tuple(scripted)

    def listing(self) -> list[dict[str, Any]]:
        """Id, name, number of customers' messages and origin of each; unreadable files are left out."""
        shown = []
        for id_, (recording, origin) in sorted(self._all().items()):
            said = sum(turn.who == "customer" for turn in recording.turns)
            when = recording.recorded.isoformat() if recording.recorded else None
            shown.append(
                {"id": id_, "name": recording.name, "messages": said, "origin": origin, "recorded": when}
            )
        return shown

    def get(self, id_: str) -> Recording:
        """The recording of this id. Raises KeyError."""
        return self._all()[id_][0]

    def save(self, recording: Recording) -> str:
        """Write it down under a free name; the id."""
        base = slug(recording.name)
        taken = self._all()
        id_ = next(i for n in range(1, 10_000) if (i := base if n == 1 else f"{base}-{n}") not in taken)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{id_}.yaml").write_text(recording.dump(), encoding="utf-8")
        return id_

    def remove(self, id_: str) -> bool:
        """Delete a saved one; False where there is none."""
        path = self.folder / f"{id_}.yaml"
        if not ID.match(id_) or not path.is_file():
            return False
        path.unlink()
        return True

    def _all(self) -> dict[str, tuple[Recording, str]]:
        found = {f"script-{key}": (value, "scripted") for key, value in _read_folders(self.scripted)}
        return found | {key: (value, "saved") for key, value in _read_folders([self.folder])}


def _read_folders(folders: Iterable[Path]) -> Iterable[tuple[str, Recording]]:
    for folder in folders:
        files = sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml", ".json"))
        for path in files:
            try:
                recordings = parse(path.read_bytes(), path.stem)
            except (BadRecordingError, OSError):
                continue
            for number, recording in enumerate(recordings, 1):
                yield slug(path.stem) + (f"-{number}" if len(recordings) > 1 else ""), recording


def parse(data: bytes, name: str = "gesprek") -> list[Recording]:
    """Recordings in a YAML or JSON file: one, or several in a list. Raises BadRecordingError."""
    if len(data) > MAX_BYTES:
        raise BadRecordingError("larger than 2 MB")
    try:
        found = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRecordingError("neither YAML nor JSON") from error
    if isinstance(found, dict) and isinstance(found.get("conversations"), list):
        found = found["conversations"]
    several = found if isinstance(found, list) else [found]
    if not several:
        raise BadRecordingError("no conversation in it")
    try:
        return [Recording.model_validate(_plain(item, name)) for item in several]
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRecordingError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _plain(item: Any, name: str) -> Any:
    """A conversation in the recordings' own shape; scripted ones may be shorter."""
    if not isinstance(item, dict):
        raise BadRecordingError("a conversation is a mapping with turns")
    turns: list[Any] = next(
        (item[key] for key in ("turns", "steps", "messages") if isinstance(item.get(key), list)), []
    )
    title = item.get("name") or item.get("title") or item.get("id") or name
    about = item.get("about") or item.get("description") or ""
    return item | {
        "name": str(title),
        "about": str(about),
        "turns": [t for turn in turns for t in _turns(turn)],
    }


ROLES: Final = {
    "customer": "customer", "klant": "customer", "user": "customer", "says": "customer",
    "bot": "bot", "assistant": "bot", "reply": "bot", "agent": "agent", "staff": "agent",
    "hand_back": "hand_back",
}  # fmt: skip


def _turns(turn: Any) -> list[Any]:
    """``- text``, ``- customer: text`` and ``- {role: customer, text: …}`` are turns as well."""
    if isinstance(turn, str):
        return [{"who": "customer", "text": turn}]
    if not isinstance(turn, dict) or "who" in turn:
        return [turn]
    if (role := turn.get("role")) in ROLES:
        return [turn | {"who": ROLES[role]}]
    made: list[Any] = []
    given = turn.get("expect")
    expected: dict[str, Any] = given if isinstance(given, dict) else {}
    for key, who in ROLES.items():
        said = turn.get(key)
        for text in said if isinstance(said, list) else [said] if isinstance(said, str | bool) else []:
            kept = {name: expected.get(name, turn.get(name)) for name in ("intent", "slots")}
            made.append({"who": who, "text": text if isinstance(text, str) else ""} | kept)
    return made or [turn]


def now() -> datetime:
    """The present second, UTC."""
    return datetime.now(UTC).replace(microsecond=0)
