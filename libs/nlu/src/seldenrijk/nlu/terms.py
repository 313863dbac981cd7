"""Finds fuels, gearboxes, bodies, colours and features in a message."""

import re
from functools import lru_cache

from seldenrijk.nlu.mentions import MAX_MENTIONS, Mention
from seldenrijk.nlu.spelling import Speller, ordinary_words
from seldenrijk.nlu.text import Text, word_list, word_set
from seldenrijk.nlu.vocabulary import Entry, vocabulary

_ENDINGS = ("etjes", "etje", "tjes", "tje", "jes", "je", "s", "e", "es", "en")
_TAILS = word_list(
    "autootjes autootje auto autos wagentje wagens wagen motor motoren busjes busje bussen bus bak "
    "versie versies uitvoering model modellen tje je variant rijder uitvoeringen suv automaat "
    "stationwagon stationcar station hatchback sedan cabrio hybride mpv "
    "bestelwagens bestelwagen bestelbussen bestelbusje bestelbus bestelauto "
    "kleur kleurig kleurige"
)

_SHADES = word_list(
    "donker licht fel knal wijn marine mat parel hel mint leger metallic hemels navy zee kobalt ijs "
    "appel gras leem steen muis antraciet ferrari fluor zwart grijs room roomkleurig pastel dunkel "
    "hell ozean nacht staal sneeuw roet diep bos"
)
_ELECTRIC_PARTS = re.compile(
    r"(?:bedienbare|verstelbare|verwarmde|inklapbare|bediende|uitklapbare|wegklapbare|verstelb\w*)|"
    r"(?:zij|voor|achter)?(?:ra?amen|ra?am|spiegels?|stoel(?:en)?|klep|achterklep|kofferklep|"
    r"handrem|parkeerrem|"
    r"schuifdeur(?:en)?|deuren|dak|kap|trekhaak|pakket|fiets(?:en)?|step|zonnescherm|rolstoel|lift|"
    r"storing|schema|"
    r"problemen|windows|mirrors|seats|tailgate|fensterheber|sitze)"
)
_NOT_THE_CAR = word_set(
    "dak daken kap softtop soft interieur bekleding stoelen zetels hemel hemeltje velgen ruiten "
    "spiegels binnenkant "
    "kaart zone label energie leren kenteken kentekenplaten platen plaat rook lampje lamp licht "
    "lijn lijst letters "
    "dashboard binnen roof interior seats leather top wheels rims alcantara stof stoffen bumpers "
    "bumper streep striping "
    "vloermatten matten binnenwerk kunstleer leren geld piet vrijdag friday rijden cijfers kruis "
    "draad knop stipjes "
    "verlichting wrap folie dach felgen innenraum sitze innenausstattung getinte glas"
)
_MATERIALS = word_set("leren lederen leder leer stoffen leather stof of en glazen")
GERMAN = word_set(
    "ich suche sehr wir mein meine bieten konnen und ist der das ein eine einen mit fur fuer noch "
    "haben sie bitte "
    "oder kein nicht"
)
_ENGLISH_BEFORE_VAN = word_set(
    "a the panel cargo delivery work small large used cheap transit electric diesel white"
)
_RESCUES = word_set("ik we het dat niet")  # "ik red het niet"
_LEARN = word_set("ik je jij we wij hij ze rijden kennen autorijden en te kan wil ga gaan")
_WORK = re.compile(
    r"\b(?:werk|bedrijf|zaak|zzp|klus\w*|bouw|koerier\w*|bezorg\w*|laad\w*|grijs kenteken|work|"
    r"business|firma|gereedschap|onderneming|ex btw|excl)\b"
)


@lru_cache(maxsize=1)
def term_speller() -> Speller:
    """Return the speller of the longer one-word terms."""
    words = {
        p for p, e in vocabulary().terms.phrases.items() if p.isalpha() and len(p) > 4 and e[0].needs == "-"
    }
    return Speller(words, ordinary_words() | frozenset(vocabulary().cars.phrases))


class TermFinder:
    """One pass over the tokens of a message that skips the tokens of cars."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.words = text.words
        self._index = vocabulary().terms
        self._car_ends: set[int] = set()
        self._german = len(GERMAN & set(text.words)) > 1

    def taken(self) -> frozenset[int]:
        """Return the tokens of phrases such as "4x4" and "pick up", which are no cars."""
        found: set[int] = set()
        for at in range(len(self.words)):
            for length, entries in self._index.find(self.words, at):
                if length > 1 and entries[0].needs == "-":
                    found.update(range(at, at + length))
                break
        return frozenset(found)

    def run(self, cars: list[Mention]) -> list[Mention]:
        """Return the terms in order of mention."""
        busy = {i for c in cars for i in range(c.first, c.last + 1)}
        self._car_ends = ends = {c.last for c in cars}
        found: list[Mention] = []
        at = 0
        while at < len(self.words) and len(found) < MAX_MENTIONS:
            here = [] if at in busy else self._at(at, ends, found)
            found.extend(here)
            at = here[-1].last + 1 if here else at + 1
        return [m for m in found if self._is_of_the_car(m)]

    def _at(self, at: int, car_ends: set[int], found: list[Mention]) -> list[Mention]:
        for length, entries in self._index.find(self.words, at):
            for entry in entries:
                if self._allowed(entry, at, at + length - 1, car_ends, found):
                    return [Mention(at, at + length - 1, entry.kind, entry.value)]
        return self._compound(at)

    def _allowed(self, entry: Entry, first: int, last: int, car_ends: set[int], found: list[Mention]) -> bool:
        before = self.words[first - 1] if first else ""
        after = self.words[last + 1] if last + 1 < len(self.words) else ""
        if entry.needs == "car":
            if self.words[first] == "st" and after == "line":
                return False  # "fiesta st line"
            body = bool(found) and found[-1].field == "body_type" and found[-1].last == first - 1
            return first - 1 in car_ends or body
        if entry.needs == "de":
            return self._german
        if entry.needs == "upright":
            return before not in _LEARN - {"en"} and after not in _LEARN - {"en"}
        if entry.needs == "fuel":
            beside = self.words[max(0, first - 2) : first] + self.words[last + 1 : last + 3]
            return (
                any(e[0].kind == "fuel_type" for w in beside if (e := self._index.phrases.get(w)))
                or before == "op"
            )
        if entry.needs == "work":
            if self.words[first] in ("van", "vans"):
                return before in _ENGLISH_BEFORE_VAN
            return bool(_WORK.search(self.text.folded)) and before not in ("met", "de", "per")
        return True

    def _compound(self, at: int) -> list[Mention]:
        """Return the terms of an inflected, compound or misspelt word."""
        word = self.words[at]
        if len(word) < 4 or not word.isalpha() or word in ordinary_words():
            return []
        shade = self._shaded(word)
        if shade:
            return [Mention(at, at, "color", shade)]
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            entry = self._single(stem) if stem != word and len(stem) > 2 else None
            if entry and (len(stem) > 4 or entry.kind == "body_type") and len(ending) < len(stem):
                return [Mention(at, at, entry.kind, entry.value)]
        for tail in _TAILS:
            head = self._single(word.removesuffix(tail)) if word.endswith(tail) else None
            if head and head.kind in ("fuel_type", "transmission", "color", "body_type"):
                second = self._single(tail) or self._working(tail)
                both = [Mention(at, at, head.kind, head.value)]
                return [*both, Mention(at, at, second.kind, second.value)] if second else both
        meant = term_speller().correct(word)
        entry = self._single(meant) if meant else None
        return [Mention(at, at, entry.kind, entry.value, (), f"spelling of {meant}")] if entry else []

    def _working(self, word: str) -> Entry | None:
        """Return the van of "dieselbus" where the message is about work."""
        found = [e for e in self._index.phrases.get(word, ()) if e.needs == "work"]
        return found[0] if found and _WORK.search(self.text.folded) else None

    def _single(self, word: str) -> Entry | None:
        entries = self._index.phrases.get(word)
        return entries[0] if entries and entries[0].needs == "-" else None

    def _shaded(self, word: str) -> str | None:
        for shade in _SHADES:
            if word.startswith(shade) and len(word) > len(shade) + 1:
                entry = self._single(word[len(shade) :])
                if entry and entry.kind == "color":
                    return entry.value
        return None

    def _is_of_the_car(self, mention: Mention) -> bool:
        """Refuse "elektrische ramen", "zwart dak", "die combi?", "handleiding", "camera op straat"."""
        after = self.words[mention.last + 1 : mention.last + 4]
        before = self.words[max(0, mention.first - 2) : mention.first]
        word = self.words[mention.first]
        if mention.field == "fuel_type" and mention.value == "elektrisch":
            return not (after and _ELECTRIC_PARTS.fullmatch(after[0]))
        if mention.field == "color":
            return self._colours_the_car(mention, before, after)
        if word in ("combi", "variant", "break", "touring", "wagon", "caravan", "tourer", "hatch"):
            return self._names_a_body(mention, before, after)
        if word in ("aut", "schakel", "camera", "ac", "panorama", "cruise", "climate", "clima", "hatch"):
            return not (before and before[-1] in ("dash", "flits", "te"))
        return True

    def _colours_the_car(self, mention: Mention, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
        if self.words[mention.first] == "red" and (
            {*before[-1:], *after[:1]} & {"ik", "we", "het", "dat", "niet"}
        ):
            return False
        if after and after[0] in ("leer", "leder") and before and before[-1] in ("met", "with", "en", "and"):
            return False
        if after and after[0] in _NOT_THE_CAR:
            return False
        if len(after) > 1 and after[0] in _MATERIALS and after[1] in _NOT_THE_CAR:
            return False
        if (
            before
            and before[-1] in ("dak", "kap", "bekleding", "interieur", "stoelen", "velgen")
            and not after
        ):
            return False
        return not (
            self.words[mention.first] == "zwart"
            and before[-2:] == ("in", "het")
            and "betal" in self.text.folded
        )

    def _names_a_body(self, mention: Mention, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
        if self.words[mention.first] == "variant":
            return not (before and before[-1] in ("een", "welke", "deze", "die", "andere", "de", "zo"))
        if before and before[-1] in ("die", "deze", "welke", "that"):
            return bool(after) and after[0] not in ("?", "van", "met", "bestaat", "mogelijk")
        named = mention.first - 1 in self._car_ends  # "de i30 wagon van 2018"
        if self.words[mention.first] == "caravan":
            return False
        return named or not (after and after[0] in ("van", "down", "even"))
