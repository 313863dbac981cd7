"""The writer: Claude's draft where it passes, once more with the reason, else the built-in text."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import GOLF, NIGHT, POLO, WEDNESDAY, Holder, as_offered, dealer, message, request

from seldenrijk.claude import Draft, Result, WriteRequest
from seldenrijk.contracts import Appointment, ModelUse, ReplyRequested, Slots
from seldenrijk.responder.answer import writer
from seldenrijk.responder.answer.compose import Composed
from seldenrijk.responder.answer.writer import write_reply
from seldenrijk.responder.stock.model import Snapshot

GOOD = (
    "De Volkswagen Golf uit 2019 (78.000 km, benzine, automaat) kost € 18.950: "
    "https://www.seldenrijk.nl/voorraad/s101\nWil je hem komen bekijken?"
)
FALSE = "De Volkswagen Golf uit 2019 kost € 16.950."


class Scripted:
    """A stand-in for Claude that answers from a list; None is a failed call."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[WriteRequest] = []

    async def write(self, task: WriteRequest) -> Result[Draft]:
        self.asked.append(task)
        text = self.answers.pop(0)
        use = ModelUse(model="stand-in", input_tokens=10, output_tokens=5, cost=0.001)
        return Result(Draft(text=text, use=use), "ok", use) if text else Result(None, "timeout")


def golf() -> ReplyRequested:
    return request(message("Ik zoek een Golf", "car_inquiry", Slots(make=("Volkswagen",), model=("Golf",))))


async def test_without_claude_the_built_in_text_answers() -> None:
    drafted = await write_reply(golf(), stock=Holder(), dealer=dealer(), claude=None, now=WEDNESDAY)
    assert drafted.engine == "builtin"
    assert drafted.version == 1
    assert [car.id for car in drafted.offered] == ["S101", "S102"]
    assert drafted.claims
    assert drafted.considered
    assert not drafted.rejected


async def test_a_true_draft_is_sent_with_the_cars_that_it_names() -> None:
    claude = Scripted(GOOD)
    drafted = await write_reply(golf(), stock=Holder(), dealer=dealer(), claude=claude, now=WEDNESDAY)
    assert (drafted.text, drafted.engine) == (GOOD, "claude")
    assert [car.id for car in drafted.offered] == ["S101"]
    assert drafted.model_use[0].cost == 0.001
    assert {claim.fact for claim in drafted.claims} >= {"S101"}


async def test_a_false_draft_is_redone_once_with_the_reason() -> None:
    claude = Scripted(FALSE, GOOD)
    drafted = await write_reply(golf(), stock=Holder(), dealer=dealer(), claude=claude, now=WEDNESDAY)
    assert (drafted.text, drafted.engine) == (GOOD, "claude")
    assert drafted.rejected == ("price",)
    assert claude.asked[1].rejected_draft == FALSE
    assert "16.950" in (claude.asked[1].rejected_because or "")
    assert len(drafted.model_use) == 2


async def test_two_false_drafts_give_the_built_in_text() -> None:
    drafted = await write_reply(
        golf(), stock=Holder(), dealer=dealer(), claude=Scripted(FALSE, FALSE), now=WEDNESDAY
    )
    assert drafted.engine == "builtin"
    assert "€ 18.950" in (drafted.text or "")
    assert drafted.rejected == ("price",)


async def test_a_failed_call_gives_the_built_in_text_at_once() -> None:
    claude = Scripted(None)
    drafted = await write_reply(golf(), stock=Holder(), dealer=dealer(), claude=claude, now=WEDNESDAY)
    assert drafted.engine == "builtin"
    assert len(claude.asked) == 1


@pytest.mark.parametrize("intent", ["complaint", "human_request", "opt_out"])
async def test_fixed_sentences_are_not_reworded(intent: str) -> None:
    claude = Scripted()
    asked = request(message("slecht", intent))
    drafted = await write_reply(asked, stock=Holder(), dealer=dealer(), claude=claude, now=NIGHT)
    assert claude.asked == []
    assert drafted.text


async def test_silence_is_kept_and_costs_nothing() -> None:
    asked = request(message("", "unclear", kind="reaction"))
    drafted = await write_reply(asked, stock=Holder(), dealer=dealer(), claude=Scripted(), now=WEDNESDAY)
    assert drafted.text is None
    assert drafted.handover is None


async def test_a_built_in_text_that_fails_its_check_becomes_a_hand_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "compose", lambda _: Composed(FALSE))
    drafted = await write_reply(golf(), stock=Holder(), dealer=dealer(), claude=None, now=WEDNESDAY)
    assert drafted.handover == "ungrounded"
    assert "16.950" not in (drafted.text or "")
    assert "collega" in (drafted.text or "")
    assert drafted.rejected == ("price",)


async def test_an_empty_stock_is_no_reason_to_invent() -> None:
    drafted = await write_reply(golf(), stock=Holder(Snapshot()), dealer=dealer(), claude=None, now=WEDNESDAY)
    assert drafted.handover == "ungrounded"
    assert not drafted.offered


async def test_proposed_moments_are_remembered_and_a_chosen_one_becomes_a_request() -> None:
    wish = Slots(appointment=Appointment(kind="proefrit"))
    first = await write_reply(
        request(message("Kan ik een proefrit maken?", "appointment_request", wish), offered=as_offered(GOLF)),
        stock=Holder(),
        dealer=dealer(),
        claude=None,
        now=WEDNESDAY,
    )
    assert len(first.slots_offered) == 3
    second = await write_reply(
        request(
            message("2", "unclear"),
            preferences=wish,
            offered=as_offered(GOLF),
            slots_offered=first.slots_offered,
        ),
        stock=Holder(),
        dealer=dealer(),
        claude=None,
        now=WEDNESDAY,
    )
    assert second.appointment_request is not None
    assert "S101" in second.appointment_request
    assert "bevestig" in (second.text or "")
    assert second.slots_offered == ()


async def test_claude_may_propose_only_the_given_moments() -> None:
    wish = Slots(appointment=Appointment(kind="proefrit"))
    asked = request(message("Kan ik een proefrit maken?", "appointment_request", wish))
    claude = Scripted("Dat kan vrijdag 27 november om 15:00.", "Je kunt zaterdag 28 november om 9:15 komen.")
    drafted = await write_reply(asked, stock=Holder(), dealer=dealer(), claude=claude, now=WEDNESDAY)
    assert drafted.engine == "builtin"
    assert "time" in drafted.rejected


async def test_the_task_states_every_fact_once() -> None:
    claude = Scripted(GOOD)
    asked = golf().model_copy(update={"offered": as_offered(POLO)})
    await write_reply(asked, stock=Holder(), dealer=dealer(), claude=claude, now=NIGHT)
    (task,) = claude.asked
    assert {car.id for car in task.cars} == {"S101", "S102", "S103"}
    assert any("78.000 km" in car.line and "€ 18.950" in car.line for car in task.cars)
    assert any("gesloten" in fact for fact in task.facts)
    assert any("0341-799554" in text for text in task.dealer)
    assert task.formal is False
