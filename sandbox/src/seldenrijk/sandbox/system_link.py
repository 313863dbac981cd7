"""Lets the page kill a service, where ``seldenrijk.sandbox.system`` runs and offers its control."""

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from .world import World

POLL_SECONDS = 0.3
BACK_SECONDS = 60.0


class Kill(BaseModel):
    """Kill with SIGKILL; start again after so many ``seconds``."""

    seconds: float = Field(2.0, ge=0, le=60)


class SystemLink:
    """Speaks to the control of the process that started this sandbox."""

    def __init__(self, world: "World") -> None:
        self.world = world

    @property
    def available(self) -> bool:
        """Whether there is such a control."""
        return self.world.settings.system_url is not None

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        """A request to the control. Raises HTTPException with its answer where that is no 2xx."""
        settings = self.world.settings
        if settings.system_url is None:
            raise HTTPException(409, "the services were not started by seldenrijk.sandbox.system")
        token = settings.system_token.get_secret_value() if settings.system_token else ""
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=settings.system_url, trust_env=False, timeout=5) as http:
            try:
                answer = await http.request(method, path, headers=headers, **options)
            except httpx.HTTPError as error:
                raise HTTPException(502, f"the system's control: {type(error).__name__}") from error
        if answer.status_code >= 300:
            raise HTTPException(answer.status_code, answer.json().get("detail"))
        return answer.json()

    async def processes(self) -> list[dict[str, Any]]:
        """All processes: name, whether each is alive and ready, how often it was killed."""
        found: list[dict[str, Any]] = (await self.ask("GET", "/processes"))["processes"]
        return found

    async def kill(self, name: str, seconds: float) -> None:
        """Kill a service and write down when it is back."""
        await self.ask("POST", f"/processes/{name}/kill", json={"seconds": seconds})
        self.world.journal.add("system.killed", process=name, seconds=seconds, label="kill")
        self.world.tasks.start(self._until_back(name))

    async def _until_back(self, name: str) -> None:
        async with asyncio.timeout(BACK_SECONDS):
            while True:
                await asyncio.sleep(POLL_SECONDS)
                found = {process["name"]: process for process in await self.processes()}
                if found[name]["ready"]:
                    self.world.journal.add("system.back", process=name)
                    return


def system_routes(world: "World") -> APIRouter:
    """Everything under ``/api/system``."""
    router = APIRouter(prefix="/system")
    link = SystemLink(world)

    @router.get("")
    async def processes() -> dict[str, Any]:
        """The processes of the local system, where this sandbox is part of one."""
        found = await link.processes() if link.available else []
        return {"available": link.available, "processes": found}

    @router.post("/{name}/kill", status_code=202)
    async def kill(name: str, body: Kill) -> dict[str, Any]:
        """Kill a service with SIGKILL; it is started again."""
        await link.kill(name, body.seconds)
        return {"killed": name}

    return router
