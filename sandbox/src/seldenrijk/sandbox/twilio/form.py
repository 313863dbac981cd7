"""What Twilio accepts as a new message: its parameters, checked the way the API does."""

import json
import re
from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from .errors import TwilioError

WHATSAPP = re.compile(r"^whatsapp:\+[1-9]\d{6,14}$")
CONTENT = re.compile(r"^HX[0-9a-fA-F]{32}$")
SERVICE = re.compile(r"^MG[0-9a-fA-F]{32}$")
REPEATABLE = frozenset({"MediaUrl", "PersistentAction"})
BODY_LIMIT = 1_600


class NewMessage(BaseModel):
    """A checked POST to Messages.json."""

    model_config = ConfigDict(populate_by_name=True, extra="allow")

    to: str = Field("", alias="To")
    from_: str = Field("", alias="From")
    messaging_service_sid: str | None = Field(None, alias="MessagingServiceSid")
    body: str = Field("", alias="Body")
    media_url: list[str] = Field(default_factory=list, alias="MediaUrl")
    status_callback: str | None = Field(None, alias="StatusCallback")
    content_sid: str | None = Field(None, alias="ContentSid")
    content_variables: str | None = Field(None, alias="ContentVariables")

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """From decoded form pairs. Raises TwilioError with the code that the API gives."""
        fields: dict[str, Any] = {}
        for key, value in pairs:
            if key in REPEATABLE:
                fields.setdefault(key, []).append(value)
            else:
                fields[key] = value
        message = cls.model_validate(fields)
        message._check_addresses()
        message._check_content()
        return message

    def _check_addresses(self) -> None:
        if not self.to:
            raise TwilioError(21604)
        if not WHATSAPP.match(self.to):
            raise TwilioError(21211, f"Invalid 'To' Phone Number: {self.to}")
        if not self.from_ and not self.messaging_service_sid:
            raise TwilioError(21603)
        if self.from_ and not WHATSAPP.match(self.from_):
            raise TwilioError(63007)
        if self.messaging_service_sid and not SERVICE.match(self.messaging_service_sid):
            raise TwilioError(21601, "The MessagingServiceSid is not valid")

    def _check_content(self) -> None:
        if self.content_sid is None and not self.body and not self.media_url:
            raise TwilioError(21602)
        if self.content_sid and (self.body or self.media_url):
            raise TwilioError(20001, "Body and MediaUrl cannot be combined with ContentSid")
        if len(self.body) > BODY_LIMIT:
            raise TwilioError(21617)
        for url in (*self.media_url, *filter(None, [self.status_callback])):
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise TwilioError(21609 if url == self.status_callback else 21620)
        if self.content_sid and not CONTENT.match(self.content_sid):
            raise TwilioError(21655)
        if self.content_variables is not None:
            self._check_variables(self.content_variables)

    @staticmethod
    def _check_variables(text: str) -> None:
        try:
            variables = json.loads(text)
        except ValueError:
            raise TwilioError(21656) from None
        if not isinstance(variables, dict) or not all(isinstance(v, str) for v in variables.values()):
            raise TwilioError(21656)
        if any("     " in v or "\n" in v for v in variables.values()):
            raise TwilioError(63013, "A template variable has a line break or more than four spaces")
