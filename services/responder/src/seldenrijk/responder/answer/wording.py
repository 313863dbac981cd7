"""The words of the built-in texts: wordings, forms of address, numbers, days and times by language."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from seldenrijk.contracts.messages import Language

_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


@cache
def texts(language: Language) -> dict[str, Any]:
    """The wordings of a language (texts/<language>.toml)."""
    place = files("seldenrijk.responder.answer").joinpath("texts", f"{language}.toml")
    return tomllib.loads(place.read_text("utf-8"))


def capital(text: str) -> str:
    """The same text with a capital first."""
    return text[:1].upper() + text[1:]


def lookup(language: Language, key: str) -> Any:
    """The entry under a dotted key. Raises KeyError for one that does not exist."""
    section, _, name = key.partition(".")
    return texts(language)[section][name]


@dataclass(frozen=True)
class Words:
    """Wordings for one reply. ``seed`` picks the variations, so that the same turn reads the same."""

    language: Language
    formal: bool = False
    seed: str = ""

    def say(self, key: str, **values: object) -> str:
        """One wording of ``key`` with the facts filled in."""
        entry = lookup(self.language, key)
        text = entry if isinstance(entry, str) else entry[self._pick(key, len(entry))]
        form = self.address(text)
        return (
            capital(form.format_map(values))
            if key.split(".", maxsplit=1)[0] != "difference"
            else form.format_map(values)
        )

    def alternatives(self, key: str) -> tuple[str, ...]:
        """Every wording of ``key`` that holds no fact, to recognise our own words by."""
        entry = lookup(self.language, key)
        return tuple(self.address(text) for text in ([entry] if isinstance(entry, str) else entry))

    def phrase(self, key: str, **values: object) -> str:
        """Like ``say`` for a piece of a sentence: no capital is put first."""
        entry = lookup(self.language, key)
        text = entry if isinstance(entry, str) else entry[self._pick(key, len(entry))]
        return self.address(text).format_map(values)

    def address(self, text: str) -> str:
        """Resolve the familiar and formal forms in a wording."""
        return _CHOICE.sub(lambda m: m.group(2) if self.formal else m.group(1), text)

    def toned(self, key: str) -> str:
        """A wording that has a formal variant without exclamation mark."""
        return self.say(f"{key}_formal" if self.formal else key)

    def _pick(self, key: str, count: int) -> int:
        digest = hashlib.sha256(f"{self.seed}/{key}".encode()).digest()
        return digest[0] % count

    def value(self, name: str) -> str:
        """A value of the stock's vocabulary in this language."""
        return str(texts(self.language)["values"].get(name, name))

    def adjective(self, name: str) -> str:
        """A value as it follows "is": "een automaat"."""
        return str(texts(self.language)["value_adjective"].get(name, self.value(name)))

    def word(self, name: str) -> str:
        """A small word."""
        return self.address(str(lookup(self.language, f"words.{name}")))

    def number(self, value: int) -> str:
        """A whole number with the language's thousands sign."""
        text = f"{value:,}"
        return text if self.language == "en" else text.replace(",", ".")

    def euro(self, value: int) -> str:
        """An amount in euros."""
        return {"nl": "€ {}", "en": "€{}", "de": "{} €"}[self.language].format(self.number(value))

    def km(self, value: int) -> str:
        """A distance in kilometres."""
        return f"{self.number(value)} km"

    def join(self, parts: list[str], last: str = "and") -> str:
        """An enumeration: "a, b en c"."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.word(last)} {parts[-1]}"

    def clock(self, moment: time | datetime) -> str:
        """A time of day, 24 hours."""
        return moment.strftime("%H:%M")

    def day(self, day: date) -> str:
        """A day with its date: "zaterdag 28 november"."""
        name = self.weekday(day.weekday())
        month = lookup(self.language, "words.months")[day.month - 1]
        return {"nl": f"{name} {day.day} {month}", "en": f"{name} {day.day} {month}"}.get(
            self.language, f"{name}, {day.day}. {month}"
        )

    def weekday(self, number: int) -> str:
        """Name of a weekday, Monday is 0."""
        return str(lookup(self.language, "words.weekdays")[number])

    def moment(self, moment: datetime, today: date | None = None) -> str:
        """A day and time: "zaterdag 28 november om 10:00", or "morgen om 09:00" seen from ``today``."""
        gap = (moment.date() - today).days if today is not None else None
        name = {0: self.word("today"), 1: self.word("tomorrow")}.get(gap if gap is not None else -1)
        day = name or self.day(moment.date())
        hour = self.word("hour") if self.language == "de" else ""
        return f"{day} {self.word('at')} {self.clock(moment)}{hour}"
