"""Service, general matters, unclear messages, complaints, media: everything around the cars."""

from seldenrijk.contracts.messages import HandoverReason
from seldenrijk.responder.answer import notices
from seldenrijk.responder.answer.describe import own_car
from seldenrijk.responder.answer.situation import Situation

from .block import Block
from .cars import offer

_CLAIMS = ("delivery", "deposit", "payment")


def service(s: Situation) -> Block:
    """Workshop and warranty: what the dealer file states; prices and diagnoses are a colleague's."""
    w = s.words
    if "warranty" in s.topics:
        stated = s.dealer.statement("warranty", s.request.language)
        return Block((stated,)) if stated else Block((w.say("service.warranty"),), handover="ungrounded")
    if s.dealer.services.workshop is not True:
        return Block((w.say("service.unset"),), handover="ungrounded")
    car = s.request.preferences.own_car
    known = own_car(
        w, car.model_copy(update={k: v for k, v in s.said.own_car.model_dump().items() if v is not None})
    )
    lines = [w.say("service.yes"), w.say("service.price")]
    return Block(tuple(lines), () if known else (w.say("service.plate"),), handover="other")


def general(s: Situation) -> Block:
    """Greetings, thanks, goodbyes, and matters that the dealer file settles or a colleague does."""
    w, topics = s.words, s.topics
    if "privacy" in topics:
        return Block((w.say("general.privacy"),))
    if "wrong_number" in topics:
        return Block((w.say("general.wrong_number"),))
    if "robot" in topics:
        return Block((w.say("disclosure.robot", dealer=s.dealer.name),))
    for topic in _CLAIMS:
        if topic in topics and "reserve" not in topics:
            stated = s.dealer.statement(topic, s.request.language)  # type: ignore[arg-type]
            return Block((stated,)) if stated else Block((w.say("general.colleague"),), handover="ungrounded")
    if "reserve" in topics:
        return Block((w.say("general.reserve"),), offered=s.request.offered, handover="other")
    if topics & {"export", "papers"}:
        return Block((w.say("general.colleague"),), handover="ungrounded")
    if "job" in topics:
        return Block((w.say("general.job"),), handover="other")
    return _small_talk(s)


def _small_talk(s: Situation) -> Block:
    w, topics = s.words, s.topics
    if wants_colleague(s):
        return Block((w.say("general.passed_on"),), handover="human_request")
    if "thinking" in topics:
        return Block((w.say("general.thinking"),), cheerful=True)
    if "thanks" in topics:
        return Block((w.toned("general.thanks"),), cheerful=True)
    if "how_are_you" in topics:
        return Block((w.say("general.how_are_you"),), (w.say("ask.help"),), cheerful=True)
    if "bye" in topics and "greeting" not in topics:
        return Block((w.toned("general.bye"),), cheerful=True)
    if "greeting" in topics:
        return Block((), (w.say("ask.help"),), cheerful=True)
    if s.agrees:
        return (
            offer(s)
            if not s.wants_nothing and not s.request.offered
            else Block((w.toned("general.ok"),), (w.say("ask.more"),))
        )
    if s.text and len(s.text.split()) > 2 and "?" in s.text:
        return Block((w.say("general.colleague"),), handover="ungrounded")
    return Block((), (w.say("ask.help"),))


def wants_colleague(s: Situation) -> bool:
    """A yes to the question whether a colleague should be asked."""
    last = s.last_bot_text.rstrip()
    asked = last.endswith("?") and any(
        word in last.split("\n")[-1].lower() for word in ("collega", "colleague", "kolleg")
    )
    return asked and s.agrees


def unclear(s: Situation) -> Block:
    """A friendly question back, or what the assistant is for."""
    w = s.words
    if wants_colleague(s):
        return Block((w.say("general.passed_on"),), handover="human_request")
    if len(s.text.split()) >= 4:
        return Block((w.say("unclear.off_topic", dealer=s.dealer.name),), (w.say("ask.help"),))
    return Block((), (w.say("unclear.text"),))


def person(s: Situation, reason: HandoverReason) -> Block:
    """A complaint, a request for a person: one honest sentence, and a colleague."""
    return Block((notices.notice(s.words, reason, s.dealer, s.now),), handover=reason)


def opt_out(s: Situation) -> Block:
    """The confirmation of STOP; a request about personal data goes to a colleague."""
    if "data" in s.topics:
        return Block((notices.notice(s.words, "opt_out_data", s.dealer, s.now),), handover="opt_out_data")
    return Block((s.words.say("opt.out"),))


def media(s: Situation) -> Block | None:
    """What is said about an attachment; None where there is nothing to say."""
    w = s.words
    for kind in ("image", "video", "document"):
        if kind in s.kinds:
            return Block((w.say(f"media.{kind}"),), handover="media")
    if "audio" in s.kinds:
        again = w.say("media.audio")[:20] in s.last_bot_text
        return (
            Block((w.say("media.audio_again"),), handover="media")
            if again
            else Block((w.say("media.audio"),), () if s.text else (w.say("ask.type"),))
        )
    if "location" in s.kinds:
        return Block((w.say("media.location", address=s.dealer.address),))
    if "contacts" in s.kinds:
        return Block((w.say("media.contacts"),), handover="media")
    if "unknown" in s.kinds and not s.text:
        return Block((w.say("media.unknown"),), (w.say("ask.type"),))
    return None
