"""The mirror: what a customer and the assistant say stands in Chatwoot, in order and once."""

from typing import Any

from seldenrijk.contracts import ConversationTakenOver, ReplyComposed

from .conftest import conversation, received, sent


async def test_both_directions(system: Any) -> None:
    await system.publish(received("Hallo, ik zoek een Golf"), sent("We hebben er drie.", "SMb1"))
    await system.quiet()
    said = [(m.content, m.message_type, m.sender.kind, m.source_id) for m in system.messages()]
    assert said == [
        ("Hallo, ik zoek een Golf", 0, "contact", f"SM{1:032d}"),
        ("We hebben er drie.", 1, "agent_bot", "SMb1"),
    ]
    (contact,) = system.sandbox.world.chatwoot.contacts.values()
    assert (contact.name, contact.phone_number) == ("Jan de Vries", "+31612345678")
    assert system.sandbox.world.chatwoot.conversations[1].status == "pending"
    assert system.heard(ReplyComposed) == []

    await system.act("reply", text="Ik help u **verder**.")
    await system.quiet()
    (reply,) = system.heard(ReplyComposed)
    (taken,) = system.heard(ConversationTakenOver)[:1]
    assert (reply.author, reply.purpose, reply.engine) == ("agent", "staff", "person")
    assert (reply.text, reply.conversation) == ("Ik help u *verder*.", conversation())
    assert reply.chatwoot_message_id == system.messages()[-1].id
    assert (taken.by, taken.agent_id) == ("message", 2)
    order = [m.subject.split(".")[1] for m in system.bus.messages()][2:4]
    assert order == ["taken_over", "composed"]
