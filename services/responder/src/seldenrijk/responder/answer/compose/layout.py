"""From the answers to a message: order, length, questions, disclosure, the occasional emoji."""

import re
from collections.abc import Callable

from seldenrijk.contracts.messages import HandoverReason, Intent
from seldenrijk.responder.answer.hours import next_opening
from seldenrijk.responder.answer.situation import Situation

from . import contact, money, place, visit
from .block import Block, Composed
from .car_talk import cars
from .wanted import names_car_for_request, wanted

_ANSWERS: dict[Intent, Callable[[Situation], Block]] = {
    "car_inquiry": cars,
    "price_question": money.price,
    "financing_inquiry": money.financing,
    "appointment_request": visit.appointment,
    "trade_in_inquiry": money.trade_in,
    "service_inquiry": contact.service,
    "showroom_info": place.showroom,
    "general_inquiry": contact.general,
    "unclear": contact.unclear,
    "opt_out": contact.opt_out,
}
_PERSON: dict[Intent, HandoverReason] = {"complaint": "complaint", "human_request": "human_request"}
_SILENT = {"sticker", "reaction"}
_MAX_QUESTIONS = 2
_EMOJI = "🙂"
_START = re.compile(r"^\W*(?:start|unstop|(?:weer )?aanmelden|subscribe)\W*$", re.IGNORECASE)
_AFTER_ANSWER = re.compile(
    r"^\W*(?:ok[eé]?|oke|okay|top|prima|super|fijn|goed|👍|👌|🙏|😊|😀|❤️|\s|!|\.)*\W*$", re.IGNORECASE
)


def compose(s: Situation) -> Composed:
    """Write the reply to everything unanswered; text None where silence is the right answer."""
    blocks = _blocks(s)
    if blocks is None:
        return Composed(None, s.request.offered, s.request.slots_offered)
    blocks = blocks or [Block((), (s.words.say("ask.help"),))]
    text = _text(s, blocks)
    return Composed(
        text,
        offered=next((b.offered for b in blocks if b.offered), s.request.offered),
        slots=next((b.slots for b in blocks if b.slots), _kept_slots(s, blocks)),
        handover=next((b.handover for b in blocks if b.handover), None),
        appointment_request=next((b.appointment_request for b in blocks if b.appointment_request), None),
    )


def _kept_slots(s: Situation, blocks: list[Block]) -> tuple[str, ...]:
    """Proposed moments stay open until one is taken or called off."""
    return () if any(b.appointment_request for b in blocks) else s.request.slots_offered


def _blocks(s: Situation) -> list[Block] | None:
    reason = _must_go_to_person(s)
    if reason is not None:
        return [contact.person(s, reason)]
    if _START.match(s.text) and not s.request.first_contact:
        return [Block((s.words.say("opt.in"),))]
    attachment = contact.media(s)
    if not s.text and set(s.kinds) <= _SILENT:
        return None if not s.request.first_contact else [Block((), (s.words.say("ask.help"),))]
    if _needs_no_answer(s) and attachment is None:
        return None
    found = [attachment] if attachment else []
    if contact.wants_colleague(s) and not found:
        return [
            Block((s.words.say("general.passed_on"),), offered=s.request.offered, handover="human_request")
        ]
    if names_car_for_request(s) and (noted := visit.car_noted(s)):
        return [noted]
    if s.text:
        found += [_ANSWERS[intent](s) for intent in wanted(s, attachment is not None) if intent in _ANSWERS]
    return _merged(_without_idle_question(s, found))


def _must_go_to_person(s: Situation) -> HandoverReason | None:
    for unanswered in s.request.messages:
        understanding = unanswered.understanding
        if understanding.needs_human and understanding.human_reason:
            return understanding.human_reason
    return next((_PERSON[intent] for intent in s.intents if intent in _PERSON), None)


def _needs_no_answer(s: Situation) -> bool:
    """ "Ok 👍" after an answer that asked nothing."""
    if s.request.first_contact or "?" in s.text or not s.last_bot_text or s.slots_offered:
        return False
    quiet = bool(_AFTER_ANSWER.match(s.text)) and not s.last_bot_text.rstrip().endswith("?")
    return quiet and set(s.intents) <= {"unclear", "general_inquiry"}


def _without_idle_question(s: Situation, blocks: list[Block]) -> list[Block]:
    """Nobody who asked about a delivery is asked what car they look for."""
    idle = (s.words.say("ask.wish"),)
    told = any(block.lines for block in blocks)
    return [block for block in blocks if not told or block.lines or block.questions != idle]


def _merged(blocks: list[Block]) -> list[Block]:
    """Drop what another block says already."""
    seen: set[str] = set()
    result = []
    for block in blocks:
        lines = tuple(text for text in block.lines if text not in seen)
        seen.update(lines)
        result.append(Block(lines, block.questions, block.offered, block.slots, block.handover,
                            block.appointment_request, block.money, block.cheerful))  # fmt: skip
    return result


def _text(s: Situation, blocks: list[Block]) -> str:
    lines = _opening(s, blocks)
    lines += [text for block in blocks for text in block.lines]
    if any(block.handover and block.handover not in _PERSON.values() for block in blocks) and not s.open_now:
        lines += _when_back(s)
    questions = list(dict.fromkeys(q for block in blocks for q in block.questions))
    return _emoji(s, blocks, "\n".join([*lines, *questions[:_MAX_QUESTIONS]]))


def _opening(s: Situation, blocks: list[Block]) -> list[str]:
    """A greeting and the disclosure on first contact; later a greeting only where the customer greets."""
    hello = s.words.toned("greeting.hello")
    told = s.words.say("disclosure.robot", dealer=s.dealer.name)
    robot = any(told in block.lines for block in blocks)
    if s.request.first_contact:
        return [hello] if robot else [f"{hello} {s.words.say('disclosure.first', dealer=s.dealer.name)}"]
    only = not any(block.lines for block in blocks) and "greeting" in s.topics
    return [hello] if only else []


def _when_back(s: Situation) -> list[str]:
    following = next_opening(s.dealer, s.now)
    if following is None:
        return []
    return [s.words.say("when_back.closed", next=s.words.moment(following, s.now.date()))]


def _emoji(s: Situation, blocks: list[Block], text: str) -> str:
    """At most one emoji in three messages, never about money, to a formal customer or with a hand-over."""
    fitting = any(b.cheerful for b in blocks) and not any(b.money or b.handover for b in blocks)
    if not fitting or s.words.formal or s.request.replies_without_emoji < 2:
        return text
    first, newline, rest = text.partition("\n")
    return f"{first} {_EMOJI}{newline}{rest}"
