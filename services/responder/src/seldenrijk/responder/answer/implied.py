"""What a wish implies without naming it: a family car has room, nobody who wants a car is shown a van."""

import re
from collections.abc import Iterable

from seldenrijk.contracts.slots import Slots

_FAMILY = re.compile(r"\b(?:gezins?auto|gezinswagen|familie ?auto|family car|familien(?:auto|wagen))", re.I)
_SMALL = re.compile(
    r"\b(?:klein(?:e|tje|er)?|stadsauto\w*|boodschappen\w*|small|city car|kleinwagen)\b", re.IGNORECASE
)
_WORK = re.compile(
    r"\b(?:bus(?:je)?|bestel\w*|bedrijfs\w*|werk\w*|zakelijk\w*|laad\w*|grijs kenteken|zzp|work|business"
    r"|cargo|transporter|kasten\w*|arbeit|gewerb\w*|firma)\b",
    re.IGNORECASE,
)


def implied(wish: Slots, texts: Iterable[str]) -> Slots:
    """The wish to search for, given all that the customer wrote; what was named stays as it is."""
    if wish.body_type or wish.model:
        return wish
    said = "\n".join(texts)
    if _FAMILY.search(said):
        return wish.model_copy(update={"body_type": ("stationwagon", "MPV", "SUV")})
    if _SMALL.search(said):
        return wish.model_copy(update={"body_type": ("hatchback",)})
    if wish.make or _WORK.search(said):
        return wish
    without = (*wish.exclude.body_type, "bestelwagen")
    exclude = wish.exclude.model_copy(update={"body_type": tuple(dict.fromkeys(without))})
    return wish.model_copy(update={"exclude": exclude})
