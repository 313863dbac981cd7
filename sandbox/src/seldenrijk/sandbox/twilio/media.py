"""Attachments: described with credentials, fetched through a short-lived signed address without them."""

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from seldenrijk.sandbox.clock import rfc2822

from .errors import TwilioError
from .model import API, MediaItem

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World


class MediaApi:
    """Handlers of the media resources."""

    def __init__(self, world: "World") -> None:
        self.world = world

    def _found(self, request: Request) -> MediaItem:
        item = self.world.twilio.media(request.path_params["message"], request.path_params["media"])
        if item is None:
            raise TwilioError(20404)
        return item

    def _shown(self, item: MediaItem) -> dict[str, Any]:
        account = self.world.settings.account_sid
        return {
            "sid": item.sid,
            "account_sid": account,
            "parent_sid": item.message_sid,
            "content_type": item.content_type,
            "date_created": rfc2822(item.created),
            "date_updated": rfc2822(item.created),
            "uri": f"/{API}/Accounts/{account}/Messages/{item.message_sid}/Media/{item.sid}.json",
        }

    async def index(self, request: Request) -> Response:
        """GET Media.json of a message."""
        message = self.world.twilio.messages.get(request.path_params["message"])
        if message is None:
            raise TwilioError(20404)
        items = [self._shown(item) for item in message.media]
        uri = request.url.path
        page = {"page": 0, "page_size": 50, "start": 0, "end": max(0, len(items) - 1), "uri": uri}
        links = {"first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None}
        return JSONResponse({"media_list": items, **page, **links})

    async def show(self, request: Request) -> Response:
        """GET Media/{sid}.json."""
        return JSONResponse(self._shown(self._found(request)))

    async def remove(self, request: Request) -> Response:
        """DELETE Media/{sid}.json."""
        item = self._found(request)
        self.world.twilio.messages[item.message_sid].media.remove(item)
        return Response(status_code=204)

    async def redirect(self, request: Request) -> Response:
        """GET Media/{sid}: on to the signed address, as Twilio does."""
        token = token_urlsafe(24)
        self.world.twilio.link(token, self._found(request))
        return RedirectResponse(f"{self.world.settings.media_url}/twilio/signed/{token}", 302)

    async def content(self, request: Request) -> Response:
        """The bytes. Credentials that came along are refused and counted: they should have stayed behind."""
        if "authorization" in request.headers:
            self.world.twilio.leaked_credentials += 1
            return Response("Only one auth mechanism allowed", 400)
        item = self.world.twilio.links.get(request.path_params["token"])
        if item is None:
            return Response("Expired", 403)
        headers = {"Content-Disposition": f'inline; filename="{item.filename}"'} if item.filename else None
        return Response(item.content, media_type=item.content_type, headers=headers)
