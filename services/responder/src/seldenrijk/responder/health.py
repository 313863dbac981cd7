"""``GET /api/health/db``: whether the stock's database could be read the last time it was asked."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .stock.repository import StockRepository


class DatabaseHealth:
    """200 while the last read of the database succeeded, 503 otherwise, 404 where none is configured."""

    def __init__(self, stock: StockRepository, configured: bool) -> None:
        self._stock = stock
        self._configured = configured

    def app(self, routes: list[BaseRoute]) -> Starlette:
        """The responder's HTTP side."""
        return Starlette(routes=[Route("/api/health/db", self.answer), *routes])

    async def answer(self, _: Request) -> Response:
        """The answer; a failure is named by its kind, never by its text."""
        if not self._configured:
            return JSONResponse({"status": "not configured"}, status_code=404)
        if self._stock.ready and self._stock.last_error is None:
            return JSONResponse({"status": "ok", "age_seconds": round(self._stock.age_seconds, 1)})
        error = self._stock.last_error
        return JSONResponse(
            {"status": "failing", "kind": error.kind if error else "starting"}, status_code=503
        )
