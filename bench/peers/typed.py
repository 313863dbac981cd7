"""The typed event of a webhook's form, for the peers that go on with it."""

import os

from seldenrijk.contracts import subject_of
from seldenrijk.gateway.inbound import message_received
from seldenrijk.gateway.signature import Form

KEY = os.environ.get("IDENTITY_KEY", "0" * 32).encode()


def event_of(form: dict[str, str]) -> tuple[str, bytes, str]:
    """Subject, body and message id."""
    event = message_received(Form(list(form.items())), KEY)
    return subject_of(event), event.to_json(), event.id
