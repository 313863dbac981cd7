"""What the learned part looks at: words, pieces of words, cues, slots and the question before."""

from collections.abc import Iterable

from seldenrijk.nlu.cues import Hit
from seldenrijk.nlu.cues_tokens import CueText
from seldenrijk.nlu.types import SlotResult

MODEL_WORDS = 80  # words of a message that the model reads
_CLASSES = ("car", "plate", "monthly", "price", "day", "time", "num")
_PIECE = 4


def features(words: CueText, hits: Iterable[Hit], slots: SlotResult, topic: str | None) -> list[str]:
    """Return the names of the features that are on, each once, in a fixed order."""
    found: dict[str, None] = {}
    shown = [_shown(words, at) for at in range(min(len(words.words), MODEL_WORDS))]
    for at, word in enumerate(shown):
        found[f"w:{word}"] = None
        found[f"b:{shown[at - 1] if at else '^'}_{word}"] = None
        if word[0] != "<":
            found.update(dict.fromkeys(_pieces(word)))
    if shown:
        found[f"b:{shown[-1]}_$"] = None
    found.update(dict.fromkeys(_cue_features(hits)))
    found.update(dict.fromkeys(f"s:{name}" for name in sorted(_slot_names(slots))))
    found[f"n:{min(len(words.words), 40).bit_length()}"] = None
    found[f"c:{topic or 'none'}"] = None
    return list(found)


def _shown(words: CueText, at: int) -> str:
    """Return a word, or its class where the word itself would teach nothing."""
    return next((f"<{name}>" for name in _CLASSES if name in words.classes[at]), words.words[at])


def _pieces(word: str) -> list[str]:
    marked = f"^{word[:20]}$"
    return [f"p:{marked[i : i + _PIECE]}" for i in range(max(1, len(marked) - _PIECE + 1))]


def _cue_features(hits: Iterable[Hit]) -> list[str]:
    best: dict[str, float] = {}
    places: dict[str, set[int]] = {}
    first: tuple[int, str] | None = None
    for hit in hits:
        name = hit.rule.intent
        best[name] = max(best.get(name, 0.0), hit.rule.weight)
        if hit.rule.weight >= 3:
            places.setdefault(name, set()).add(hit.first)
        if hit.rule.weight >= 3 and (first is None or hit.first < first[0]):
            first = (hit.first, name)
    levels = [f"h:{name}:{step}" for name, top in sorted(best.items()) for step in (1, 3, 4) if top >= step]
    several = [f"k:{name}:{min(len(at), 3)}" for name, at in sorted(places.items()) if len(at) > 1]
    return [*levels, *several, f"f:{first[1] if first else 'none'}"]


def _slot_names(slots: SlotResult) -> set[str]:
    names: set[str] = set()
    for name, value in slots.slots.items():
        names.add(name)
        if isinstance(value, dict):
            names.update(f"{name}.{part}" for part in value)
    return names or {"none"}
