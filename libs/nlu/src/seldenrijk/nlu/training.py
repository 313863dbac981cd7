"""Training data and what the learned part is fitted with; scikit-learn is needed here and only here."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from seldenrijk.nlu.cues import INTENTS, Hit, cue_book
from seldenrijk.nlu.cues_tokens import CueText, cue_text
from seldenrijk.nlu.features import features
from seldenrijk.nlu.intent import Decision, decide
from seldenrijk.nlu.intent_context import Before, before
from seldenrijk.nlu.model import Model, from_json, to_json
from seldenrijk.nlu.slots import extract
from seldenrijk.nlu.text import Text
from seldenrijk.nlu.types import SlotResult

ROOT = Path(__file__).parents[3]  # libs/nlu, in a checkout
FOLDS = 5
_STRENGTH = 4.0  # C of the regression: the inverse of its regularisation
_OWN_WEIGHT = 2.0  # a labelled message counts as much as so many training utterances
_MAX_FEATURES = 9000
_FRESH = tuple(f"fresh-{name}.jsonl" for name in "abcd")  # measured at first sight, then trained on
SECOND = "fresh-e.jsonl"  # written blind; never trained on
_HELD_OUT = 2  # of every five messages of the own set, by a hash of the id


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its intent; `own` marks a message of the labelled set."""

    id: str
    text: str
    intent: str
    also_ok: frozenset[str]
    context: Sequence[Mapping[str, object]] | None
    own: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example with all that the decision looks at, worked out once."""

    example: Example
    words: CueText
    hits: list[Hit]
    slots: SlotResult
    earlier: Before
    names: list[str]

    def decide(self, model: Model) -> Decision:
        """Decide as the engine does, with a given model."""
        return decide(self.words, self.hits, self.slots, self.earlier, model.probabilities(self.names))

    def is_right(self, intent: str) -> bool:
        """Tell whether an intent counts as right for this example."""
        return intent == self.example.intent or intent in self.example.also_ok


def is_held_out(row_id: str) -> bool:
    """Tell whether a message of the own set is kept for measuring; depends on its id alone."""
    return int(hashlib.sha1(row_id.encode(), usedforsecurity=False).hexdigest()[:8], 16) % 5 < _HELD_OUT


def own_rows(root: Path = ROOT, name: str = "messages.jsonl") -> list[dict[str, Any]]:
    """Return labelled messages of the project's own; raises FileNotFoundError outside a checkout."""
    lines = (root / "eval" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def examples(root: Path = ROOT) -> list[Example]:
    """Return everything to train on: the utterances, the training part of the own set, the fresh batches."""
    found: list[Example] = []
    lines = (root / "training" / "utterances.tsv").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        intent, tab, text = line.partition("\t")
        if intent not in INTENTS or not tab:
            raise ValueError(f"utterances.tsv line {number}: expected an intent, a tab and a text")
        found.append(Example(f"utterance-{number}", text, intent, frozenset(), None, own=False))
    found.extend(example_of(row) for row in own_rows(root) if not is_held_out(row["id"]))
    found.extend(example_of(row) for name in _FRESH for row in own_rows(root, name))
    return found


def example_of(row: Mapping[str, Any]) -> Example:
    """Turn a labelled row into an example."""
    return Example(
        row["id"], row["text"], row["intent"], frozenset(row["also_ok"]), row.get("context"), own=True
    )


def prepare(example: Example) -> Prepared:
    """Work out words, slots, cues and features of an example."""
    text = Text(example.text)
    slots = extract(example.text, example.context)
    words = cue_text(text, (*slots.evidence, *slots.moments))
    hits = cue_book().find(words)
    earlier = before(example.context)
    return Prepared(example, words, hits, slots, earlier, features(words, hits, slots, earlier.topic))


def fit(prepared: Sequence[Prepared]) -> tuple[Model, dict[str, Any]]:
    """Fit the regression; returns the model and its stored form. Same input, same output."""
    vectorizer: Any = import_module("sklearn.feature_extraction").DictVectorizer()
    regression: Any = import_module("sklearn.linear_model").LogisticRegression(
        C=_STRENGTH, max_iter=400, tol=1e-5
    )
    counts = Counter(name for item in prepared for name in item.names)
    matrix = vectorizer.fit_transform(
        [{name: 1.0 for name in item.names if counts[name] > 1} for item in prepared]
    )
    names: list[str] = vectorizer.feature_names_
    wanted = [INTENTS.index(item.example.intent) for item in prepared]
    weights = [_OWN_WEIGHT if item.example.own else 1.0 for item in prepared]
    regression.fit(matrix, wanted, sample_weight=weights)
    stored = _stored(names, regression.coef_.T.tolist(), regression.intercept_.tolist())
    return from_json(stored), stored


def _stored(names: list[str], rows: list[list[float]], bias: list[float]) -> dict[str, Any]:
    """Keep the features that matter most and round their weights to signed bytes."""
    top = max(abs(value) for row in rows for value in row)
    scale = top / 127
    small = [[round(value / scale) for value in row] for row in rows]
    order = sorted(range(len(names)), key=lambda n: (-max(abs(v) for v in rows[n]), names[n]))[:_MAX_FEATURES]
    kept = sorted(n for n in order if any(small[n]))
    return to_json(
        [names[n] for n in kept], [small[n] for n in kept], [round(b, 5) for b in bias], round(scale, 8)
    )


def cross_validate(prepared: Sequence[Prepared]) -> list[tuple[Prepared, Decision]]:
    """Decide every example with a model that has not seen it, in FOLDS parts by the hash of the id."""
    results: list[tuple[Prepared, Decision]] = []
    for fold in range(FOLDS):
        model, _ = fit([item for item in prepared if fold_of(item.example.id) != fold])
        results.extend((item, item.decide(model)) for item in prepared if fold_of(item.example.id) == fold)
    return results


def fold_of(row_id: str) -> int:
    """Return the part of the cross-validation in which an example is tested."""
    return int(hashlib.sha1(f"fold {row_id}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % FOLDS


def cross_figures(root: Path = ROOT) -> dict[str, float]:
    """Return the share of labelled messages right by cues and rules alone, by the model alone, by both."""
    prepared = [prepare(example) for example in examples(root)]
    both = [(item, decision) for item, decision in cross_validate(prepared) if item.example.own]
    even = dict.fromkeys(INTENTS, 1 / len(INTENTS))
    cues = [(item, decide(item.words, item.hits, item.slots, item.earlier, even)) for item, _ in both]
    total = len(both)
    return {
        "cues and rules, no model": sum(item.is_right(decision.intent) for item, decision in cues) / total,
        "model alone": sum(item.is_right(decision.learned) for item, decision in both) / total,
        "together": sum(item.is_right(decision.intent) for item, decision in both) / total,
    }
