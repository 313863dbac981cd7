"""One honest sentence for a hand-over, and the confirmations of STOP and START."""

from collections.abc import Callable
from datetime import UTC, datetime

from seldenrijk.contracts.messages import HandoverReason, Language

from .dealer import Dealer
from .describe import seed_of
from .hours import is_open, local, next_opening
from .wording import Words, capital


def handover_notice(
    reason: HandoverReason,
    dealer: Dealer,
    now: datetime,
    language: Language = "nl",
    formal: bool | None = None,
    seed: str = "",
) -> str:
    """What the customer is told when a person takes over, and when that person will be there.

    ``now`` is aware; ``formal`` None takes the dealer's tone; ``seed`` (an event id) picks the wording.
    """
    words = Words(language, dealer.formal(formal, language), seed_of(seed, reason))
    return notice(words, reason, dealer, now)


def notice(words: Words, reason: HandoverReason, dealer: Dealer, now: datetime) -> str:
    """The same in the words of a reply that is being composed."""
    back = back_in_words(words, dealer, now)
    text = words.say(f"notice.{reason}", back=back, back_cap=capital(back))
    return text.replace(". .", ".")


def back_in_words(words: Words, dealer: Dealer, now: datetime) -> str:
    """When a person answers, as half a sentence; never a promise about a time of answering."""
    if is_open(dealer, now):
        return words.phrase("notice.back_open")
    opening = next_opening(dealer, now)
    if opening is None:
        return words.phrase("notice.back_unknown")
    return words.phrase("notice.back_closed", next=words.moment(opening, local(dealer, now).date()))


def opt_out_confirmation(dealer: Dealer, language: Language = "nl", formal: bool | None = None) -> str:
    """The one confirmation of STOP."""
    return Words(language, dealer.formal(formal, language)).say("opt.out")


def opt_in_confirmation(dealer: Dealer, language: Language = "nl", formal: bool | None = None) -> str:
    """The confirmation of START."""
    return Words(language, dealer.formal(formal, language)).say("opt.in")


class DealerNotices:
    """The fixed messages of one dealer, as the ordered lane wants them."""

    def __init__(self, dealer: Dealer, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._dealer = dealer
        self._clock = clock

    def handover(
        self, reason: HandoverReason, language: Language, formal: bool | None, introduce: bool
    ) -> str:
        """One honest sentence; with ``introduce`` the disclosure of the automatic assistant comes first."""
        now = self._clock()
        text = handover_notice(reason, self._dealer, now, language, formal, seed=str(now.date()))
        if not introduce:
            return text
        words = Words(language, self._dealer.formal(formal, language), str(now.date()))
        return f"{words.say('disclosure.first', dealer=self._dealer.name)}\n{text}"

    def opted_out(self, language: Language, formal: bool | None) -> str:
        """The one confirmation of an opt-out."""
        return opt_out_confirmation(self._dealer, language, formal)

    def opted_in(self, language: Language, formal: bool | None) -> str:
        """The confirmation that messages come again."""
        return opt_in_confirmation(self._dealer, language, formal)
