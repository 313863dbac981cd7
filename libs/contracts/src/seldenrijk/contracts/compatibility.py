"""Would the models as they are now break a service that is deployed? And which one?"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Final

from .differences import IMPACTS, Impact, differences
from .schemas import Json, readers_of

EVENT_IMPACTS: Final[dict[str, Impact]] = {
    "event_removed": "breaking",
    "event_renamed": "breaking",
    "event_added": "compatible",
}


@dataclass(frozen=True)
class Change:
    """One change of an event: where, what, and which services read it (deployed ones and those to come)."""

    event: str
    path: str
    kind: str
    impact: Impact
    detail: str
    readers: tuple[str, ...]

    def __str__(self) -> str:
        place = f"{self.event} {self.path}".rstrip()
        return f"{place}: {self.kind.replace('_', ' ')}: {self.detail}{self._consequence()}"

    def _consequence(self) -> str:
        who = ", ".join(self.readers) or "nobody that the topology knows"
        if self.impact == "breaking":
            return f" -> breaks {who}"
        return f" -> deploy first: {who}" if self.impact == "readers_first" else ""


@dataclass(frozen=True)
class Report:
    """All changes between the committed schemas and the models."""

    changes: tuple[Change, ...]

    def of(self, impact: Impact) -> tuple[Change, ...]:
        """The changes of one impact."""
        return tuple(change for change in self.changes if change.impact == impact)

    @property
    def breaking(self) -> tuple[Change, ...]:
        """What no order of deployment makes safe: it needs a new version of the event."""
        return self.of("breaking")

    @property
    def compatible(self) -> bool:
        """Whether the services that are deployed go on working."""
        return not self.breaking

    def to_dict(self) -> Json:
        """For ``check --json``."""
        return {"compatible": self.compatible, "changes": [asdict(change) for change in self.changes]}


def compare(old: Mapping[str, Json], new: Mapping[str, Json]) -> Report:
    """Compare schemas by CloudEvents type: ``old`` as committed (deployed), ``new`` as the models are."""
    removed = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    renamed = _renamed({name: old[name] for name in removed}, {name: new[name] for name in added})
    changes: list[Change] = []
    for name in removed:
        kind = "event_renamed" if name in renamed else "event_removed"
        detail = f"looks renamed to {renamed[name]}" if name in renamed else "the event is gone"
        changes.append(_event_change(name, kind, detail, old[name]))
    changes += [_event_change(name, "event_added", "new event", new[name]) for name in added]
    for name in old:
        if name in new:
            changes += _field_changes(name, old[name], new[name])
    return Report(tuple(changes))


def _field_changes(name: str, old: Json, new: Json) -> list[Change]:
    readers = _readers(name, old)
    return [
        Change(name, found.path, found.kind, IMPACTS[found.kind], found.detail, readers)
        for found in differences(old, new)
    ]


def _event_change(name: str, kind: str, detail: str, schema: Json) -> Change:
    return Change(name, "", kind, EVENT_IMPACTS[kind], detail, _readers(name, schema))


def _readers(name: str, schema: Json) -> tuple[str, ...]:
    """Who reads it now, and who did when the schema was committed: both may be deployed."""
    return tuple(dict.fromkeys((*readers_of(name), *schema.get("x-readers", ()))))


def _renamed(removed: Mapping[str, Json], added: Mapping[str, Json]) -> dict[str, str]:
    """Removed events and the added ones that look like them: most fields in common, or nearly one name."""
    scored = sorted(
        ((_likeness(a, removed[a], b, added[b]), a, b) for a in removed for b in added), reverse=True
    )
    pairs: dict[str, str] = {}
    for likeness, one, other in scored:
        if likeness >= 0.75 and one not in pairs and other not in pairs.values():
            pairs[one] = other
    return pairs


def _likeness(one: str, old: Json, other: str, new: Json) -> float:
    before, after = set(old.get("properties", ())), set(new.get("properties", ()))
    shared = len(before & after) / (len(before | after) or 1)
    return max(shared, SequenceMatcher(None, one, other).ratio())
