"""Signed webhooks as Twilio sends them: 17 parameters, each with a MessageSid of its own."""

from collections.abc import Iterator
from itertools import count
from secrets import token_hex
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 32
BUSINESS = "whatsapp:+31850000000"
TEXT = "Hallo, ik zoek een Volkswagen Golf tot 15.000 euro"


def parameters(sid: str, number: str, text: str) -> dict[str, str]:
    """The form of a text message."""
    return {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": "Sanne de Vries",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": number.lstrip("+"),
        "SmsStatus": "received",
        "Body": text,
        "To": BUSINESS,
        "MessagingServiceSid": "MG" + "0" * 32,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "ChannelMetadata": '{"type":"whatsapp","data":{"context":{"ProfileName":"Sanne de Vries"}}}',
        "From": f"whatsapp:{number}",
        "ApiVersion": "2010-04-01",
    }


class Signer:
    """Makes complete HTTP requests for a webhook at ``base``."""

    def __init__(self, base: str, token: str) -> None:
        self._url = f"{base}/api/webhooks/twilio"
        self._host = urlsplit(base).netloc
        self._validator = RequestValidator(token)

    def request(self, number: str, text: str = TEXT) -> bytes:
        """One webhook of a customer, ready to be written to a connection."""
        params = parameters(f"SM{token_hex(16)}", number, text)
        body = urlencode(params).encode()
        head = (
            f"POST /api/webhooks/twilio HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: TwilioProxy/1.1\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            f"X-Twilio-Signature: {self._validator.compute_signature(self._url, params)}\r\n"
            f"I-Twilio-Idempotency-Token: {token_hex(16)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def numbers(start: int = 0) -> Iterator[str]:
    """Customers' numbers, all different."""
    return (f"+3165{n % 10_000_000:07d}" for n in count(start))
