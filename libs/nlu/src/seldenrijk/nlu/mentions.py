"""Where a message names something of the vocabulary: spans of tokens with their meaning."""

from dataclasses import dataclass, replace

from seldenrijk.nlu.text import Text, word_set

MAX_MENTIONS = 60  # cars, and terms, that are read of one message; bounds the work on hostile ones
LINKS = word_set(
    ", / of en or and oder und & + ofwel ? een 'n n de die het ook eventueel evt of anders liever liefst"
)
ARTICLES = word_set(
    "een n 'n ne nen de die deze dat den jullie je uw mijn mn m onze zijn haar hun geen the a an "
    "my this that your "
    "our der das ein eine einen einem den dem meinen mein meine ihr ihren diese dieser diesen jouw "
    "zo nieuwe oude "
    "tweedehands jonge mooie leuke kleine goedkope oudere huidige type model gebruikte occasion "
    "nette goede andere "
    "nog geen zoek gezocht inruil inruilen proefrit koop verkoop zoeken rij rijd reed auto gebrauchten alten"
)
BEFORE_NAMES = word_set("is ben heet naam mvg gr groet groeten groetjes meneer mevrouw dhr mw am name met")
NUMBER_ARTICLES = word_set("een die mijn mn n deze my nen ne the a meinen einen jullie uw jouw your")
NO_ARTICLE = word_set("zo je zijn geen jullie")
SENTENCE_ENDS = word_set(". ! ? :")


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of tokens (both ends included) that names a make, a model or a term."""

    first: int
    last: int
    field: str  # make | model | a slot's name
    value: str
    makes: tuple[str, ...] = ()  # of a model: the makes that it may belong to; of a make: itself
    why: str = "vocabulary"

    def with_last(self, last: int) -> "Mention":
        """Return the mention stretched to a later token."""
        return replace(self, last=last)


def linked(text: Text, first: int, last: int) -> bool:
    """Tell whether only list words (a comma, of, en, ...) stand between token `first` and token `last`."""
    return last - first <= 4 and all(text.words[i] in LINKS for i in range(first + 1, last))


def begins_sentence(text: Text, at: int) -> bool:
    """Tell whether a token is the first of its sentence."""
    return at == 0 or text.words[at - 1] in SENTENCE_ENDS


def after_article(text: Text, at: int) -> bool:
    """Tell whether an article or a like word stands before a token, at most two adjectives away."""
    for back in range(1, 4):
        if at - back < 0:
            return False
        word = text.words[at - back]
        if word in ARTICLES:
            return True
        counted = word.endswith(("deurs", "zits", "persoons"))
        if not (counted or (word.isalpha() and len(word) > 3 and word.endswith(("e", "en", "er")))):
            return False
    return False
