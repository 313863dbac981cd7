"""Twilio's errors: the JSON body of its 2010 API, and what the codes say."""

from starlette.responses import JSONResponse

MESSAGES = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "The 'To' number is not a valid phone number.",
    21408: "Permission to send a message has not been enabled for the region indicated by the 'To' number.",
    21601: "Phone number is not a valid SMS-capable inbound phone number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21609: "The StatusCallback URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21620: "Invalid media URL(s)",
    21655: "The ContentSid is Invalid",
    21656: "The ContentVariables Parameter is invalid",
    63003: "Channel could not find To address",
    63005: "Channel did not accept given content",
    63007: "Twilio could not find a Channel with the specified From address",
    63010: "Channels - Twilio Internal error",
    63012: "Channel provider returned an internal service error",
    63013: "This message send failed because it violates Channel provider's policy",
    63014: "This message failed to be delivered to the user because it was blocked by a user action",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63017: "Message failed because rate limit exceeded",
    63018: "Rate limit exceeded for Channel",
    63019: "Media failed to download",
    63024: "Invalid message recipient",
    63038: "Account exceeded the daily messages limit",
    30008: "Unknown error",
}
HTTP_STATUS = {20003: 401, 20404: 404, 20429: 429}


class TwilioError(Exception):
    """A refusal that the API answers with. ``status`` is the HTTP status."""

    def __init__(self, code: int, message: str | None = None, status: int | None = None) -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "An error occurred")
        self.status = status or HTTP_STATUS.get(code, 400)
        super().__init__(f"{code}: {self.message}")

    def response(self) -> JSONResponse:
        """The body that the vendor's own library understands."""
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return JSONResponse(body, self.status)


def failure(status: int, code: int | None) -> JSONResponse:
    """Answer of a planned fault: ``code`` where one was asked for, else what fits the status."""
    fitting = {401: 20003, 404: 20404, 429: 20429}
    chosen = code or fitting.get(status, 20500)
    message = None if chosen in MESSAGES else "An internal server error has occurred"
    return TwilioError(chosen, message, status).response()
