"""Whether a text speaks as the assistant may: its language, and nothing of the machinery."""

import re
import unicodedata
from functools import lru_cache

from .numbers import fold_keeping
from .page import Page
from .words import vocabulary

_LIMIT = 1500
_STOPWORDS = {language: frozenset(words) for language, words in vocabulary()["stopwords"].items()}
_SHARED = {
    lang: words - set().union(*(w for other, w in _STOPWORDS.items() if other != lang))
    for lang, words in _STOPWORDS.items()
}
_MACHINERY = re.compile(
    r"\b(?:system ?prompt|systeemprompt|prompt\w*|instructies? (?:luiden|zijn|zeggen|krijg|heb)"
    r"|\w*instructies (?:zeggen|luiden|zijn)|mijn (?:\w*instructies|opdracht|regels)"
    r"|my (?:instructions|rules|prompt|guidelines)|meine (?:anweisungen|regeln)|as an ai|als ai"
    r"|als een ai|ki-modell"
    r"|language model|taalmodel|sprachmodell|claude|anthropic|openai|chatgpt|gpt-?\d?|llm"
    r"|jailbreak\w*|developer mode|ontwikkelaarsmodus|dan mode|ignore (?:all |the )?previous"
    r"|negeer (?:alle|de) (?:vorige|eerdere)|api[- ]?key|api[- ]?sleutel|token\b|wachtwoord|password"
    r"|private note|interne notitie|interne memo|inkoopprijs|inkoopwaarde|marge|purchase price"
    r"|leadscore|lead score|lead_score|claim checker|context window|training data|arrr+|ahoy|matey"
    r"|piraat|pirate)\b"
)
_MARKUP = re.compile(
    r"<[^>\n]{1,40}>|```|\{[^}\n]*\}|\[\[?/?[A-Z_]{3,}\]?\]|\[[A-Z]?\d{2,}\]|</?\w+|\bBEGIN\b|\bEND\b"
    r"|^#+ |\|\s*beschikbaar|lorem ipsum|TODO|undefined|\bnull\b|\bNone\b|\bNaN\b",
    re.MULTILINE,
)
_SELF_HUMAN = re.compile(
    r"\b(?:(?:je|u) spreekt met een (?:medewerker|verkoper|collega|mens)|ik ben (?:geen"
    r"|niet een?) (?:robot|bot|computer|automatische?|ai|machine)"
    r"|ik ben (?:een )?(?:echt )?(?:mens|persoon|verkoper|collega|medewerker|echte verkoper|echte medewerker"
    r"|medewerker van vlees)|i am (?:not a (?:robot|bot|machine|computer)|a (?:real )?(?:human"
    r"|person))|i'm (?:not a (?:robot|bot)|a (?:real )?(?:human|person))|ich bin (?:kein (?:roboter"
    r"|bot|computer)|ein (?:echter )?mensch))\b"
)


def check_voice(page: Page) -> None:
    """Reject a text in another language or script, too long, or that shows what is behind it."""
    text = page.text
    if len(text) > _LIMIT:
        page.reject("length", 0, 20, f"te lang: {len(text)} tekens")
    for pattern, kind, reason in (
        (_MACHINERY, "leak", "hierover wordt niet gesproken"),
        (_SELF_HUMAN, "human", "de assistent is geen mens en zegt dat ook niet"),
    ):
        for match in pattern.finditer(page.plain):
            page.reject(kind, match.start(), match.end(), reason)
    for match in _MARKUP.finditer(text):
        page.reject("markup", match.start(), match.end(), "opmaak of een merkteken hoort niet in een bericht")
    _leaked(page)
    _language(page)


def _leaked(page: Page) -> None:
    """Seven words in a row of the instructions are no coincidence."""
    words = [(m.group(0), m.start(), m.end()) for m in re.finditer(r"\w+", page.plain)]
    secret = _shingles(page.facts.secret)
    for place in range(len(words) - 6):
        if tuple(word for word, _, _ in words[place : place + 7]) in secret:
            page.reject("leak", words[place][1], words[place + 6][2], "dit is tekst uit de instructies")
            return


@lru_cache(maxsize=8)
def _shingles(secret: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", fold_keeping(secret))
    return frozenset(tuple(words[n : n + 7]) for n in range(len(words) - 6))


def _language(page: Page) -> None:
    foreign = sum(
        1
        for c in page.text
        if c.isalpha() and not unicodedata.name(c, "LATIN").startswith(("LATIN", "FEMININE", "MASCULINE"))
    )
    if foreign > 3:
        page.reject("language", 0, 20, "ander schrift dan dat van de klant")
        return
    words = re.findall(r"[a-z]+", re.sub(r"https?://\S+", " ", page.plain))
    scores = {lang: sum(word in own for word in words) for lang, own in _SHARED.items()}
    wanted = page.facts.language
    best = max(scores, key=lambda lang: scores[lang])
    if best != wanted and scores[best] >= 3 and scores[best] > 1.5 * scores[wanted]:
        page.reject("language", 0, 20, f"de taal hoort {wanted} te zijn")
