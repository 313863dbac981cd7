"""The rules of the labelling guide that no model should have to learn: budget, month, short replies."""

import re
from dataclasses import dataclass

from seldenrijk.nlu.cues import Hit
from seldenrijk.nlu.cues_tokens import CueText
from seldenrijk.nlu.intent_context import Before
from seldenrijk.nlu.types import SlotResult

_SHORT_REPLY = 9  # words: a reply this short leans on the question before
_PRICES = frozenset(["min_price", "max_price"])
_NOT_A_CRITERION = frozenset(["own_car", "appointment", "max_monthly", *_PRICES])
_YES = frozenset([
    "ja", "jazeker", "jawel", "yes", "yep", "jep", "jup", "nee", "neen", "nope", "no", "nein", "is", "goed",
    "prima", "ok", "doe", "maar", "graag", "top", "dat", "hoor", "akkoord", "klopt", "super", "perfect",
    "weet", "ik", "niet", "geen", "idee", "het", "je", "natuurlijk", "zeker", "gerne", "sure", "fine", "aub",
    "dan", "please",
])  # fmt: skip
_VOWEL = re.compile(r"[aeiouy]")
_AND = frozenset(["en", "and", "und", "plus"])
_ASKING = frozenset(["asks for the price", "English and German", "export, registration, papers"])
_HELP = "a call for help without a subject"
_GOVERNED = {
    "price_question": frozenset(["service_inquiry", "financing_inquiry"]),
    "general_inquiry": frozenset(["financing_inquiry"]),
}
_REPEATED = re.compile(r"(.)\1{3,}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at; `strength` and `first` are of the cues, by intent."""

    words: CueText
    hits: list[Hit]
    slots: SlotResult
    earlier: Before
    strength: dict[str, float]
    first: dict[str, int]
    criteria: frozenset[str]  # slots of the wanted car other than money
    vague: bool  # a criterion without a slot: "klein", "gezinsauto"


def facts_of(words: CueText, hits: list[Hit], slots: SlotResult, earlier: Before) -> Facts:
    """Gather the facts about one message."""
    strength: dict[str, float] = {}
    first: dict[str, int] = {}
    for hit in hits:
        name = hit.rule.intent
        strength[name] = max(strength.get(name, 0.0), hit.rule.weight)
        if hit.rule.weight >= 3 and hit.first < first.get(name, 1000):
            first[name] = hit.first
    criteria = frozenset(slots.slots) - _NOT_A_CRITERION
    vague = any(hit.rule.why == "says what the car should be" for hit in hits)
    return Facts(words, hits, slots, earlier, strength, first, criteria, vague)


def fixed(facts: Facts) -> tuple[str, tuple[str, ...], str] | None:
    """Return intent, further intents and reason where a message leaves no choice."""
    words = facts.words.words
    if not words:
        return "unclear", ("general_inquiry",) if facts.earlier.exists else (), "no words"
    top = next((hit for hit in facts.hits if hit.rule.outranks), None)
    if top is not None:
        return top.rule.intent, (), top.rule.why
    if not facts.hits and not facts.slots.slots and all(_is_noise(word) for word in words):
        return "unclear", (), "no readable word"
    return None


def _is_noise(word: str) -> bool:
    """Tell whether a word cannot be one: no vowels, or one letter held down."""
    if word.isdigit():
        return False
    return (len(word) > 3 and not _VOWEL.search(word)) or bool(_REPEATED.search(word))


def adjustments(facts: Facts) -> list[tuple[str, float, str]]:
    """Return (intent, nats, reason) for each rule that applies."""
    lost = [(name, -3.0, f"{name} is asked about something else") for name in sorted(governed(facts))]
    return [*lost, *_alone(facts), *_budget(facts), *_month(facts), *_reply(facts), *_known_search(facts)]


def _alone(facts: Facts) -> list[tuple[str, float, str]]:
    """A single request named outright outweighs what its words are like."""
    named = [name for name, weight in facts.strength.items() if weight >= 3.5]
    if facts.earlier.topics:
        return []
    return [(named[0], 2.0, f"names {named[0]} and nothing else")] if len(named) == 1 else []


def _budget(facts: Facts) -> list[tuple[str, float, str]]:
    """Budget alone is a price question; with any criterion of the car it is a car inquiry."""
    if not _PRICES & set(facts.slots.slots) or _other_request(facts):
        return []
    if facts.earlier.topics and not {"price_question", "car_inquiry"} & set(facts.earlier.topics):
        return []
    if facts.criteria or facts.vague or facts.earlier.has_criteria:
        if facts.strength.get("price_question", 0.0) >= 4:
            return []
        return [("car_inquiry", 4.5, "a budget with a criterion of the car")]
    return [("price_question", 3.0, "a budget and nothing else about the car")]


def _month(facts: Facts) -> list[tuple[str, float, str]]:
    if "max_monthly" not in facts.slots.slots:
        return []
    return [("financing_inquiry", 4.0, "an amount per month")]


def apart(facts: Facts, one: str, other: str) -> bool:
    """Tell whether two requests stand apart: in two sentences, or with `en` between them."""
    first, last = sorted((facts.first.get(one, 0), facts.first.get(other, 0)))
    words = facts.words
    return words.sentences[first] != words.sentences[last] or not _AND.isdisjoint(words.words[first:last])


def governed(facts: Facts) -> set[str]:
    """Return intents that are merely asked about another: what a beurt costs, papers for a loan."""
    lost: set[str] = set()
    named = {name for name, weight in facts.strength.items() if weight >= 3.5}
    general = {
        hit.rule.why for hit in facts.hits if hit.rule.intent == "general_inquiry" and hit.rule.weight >= 3.5
    }
    if general == {_HELP} and len(named) > 1:
        lost.add("general_inquiry")  # "help me aan een lening" has a subject
    for name, others in _GOVERNED.items():
        for hit in facts.hits:
            if hit.rule.intent == name and hit.rule.why in _ASKING and _leads_to(facts, hit, others):
                lost.add(name)
    return lost


def _leads_to(facts: Facts, hit: Hit, others: frozenset[str]) -> bool:
    """Tell whether another request stands behind a cue in the same sentence, with no `en` between."""
    words = facts.words
    for other in facts.hits:
        if other.rule.intent not in others or other.rule.weight < 3.5 or other.first < hit.first:
            continue
        between = words.words[hit.last : other.first]
        if words.sentences[other.first] == words.sentences[hit.first] and not _AND.intersection(between):
            return True
    return False


def _other_request(facts: Facts) -> bool:
    names = ("financing_inquiry", "trade_in_inquiry", "service_inquiry", "appointment_request", "complaint",
             "human_request", "opt_out", "showroom_info")  # fmt: skip
    return any(facts.strength.get(name, 0.0) >= 3.5 for name in names)


def _reply(facts: Facts) -> list[tuple[str, float, str]]:
    """A short reply takes the intent of the question it answers."""
    words, topics = facts.words.words, facts.earlier.topics
    if not topics or len(words) > _SHORT_REPLY:
        return []
    bare = all(word in _YES for word in words)
    own = {n: s for n, s in facts.strength.items() if s >= 3.5 and n != "general_inquiry"}
    if own and not bare and not set(own) & set(topics):
        return []
    size = 6.5 if bare else 5.5
    best = max(topics.values())
    return [
        (name, size if weight >= best - 0.1 else 0.3 * size, "an answer to the question before")
        for name, weight in topics.items()
    ]


def _known_search(facts: Facts) -> list[tuple[str, float, str]]:
    """With a search going on, a bare criterion goes on with it."""
    if facts.earlier.has_criteria and facts.criteria and not _other_request(facts):
        return [("car_inquiry", 1.5, "a criterion added to a search")]
    return []
