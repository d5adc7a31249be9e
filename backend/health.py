"""Whether the process lives, and whether it can do its work."""

import logging

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from backend.access import GuardedRoute, public
from backend.house import House

log = logging.getLogger("sidedoor.health")


def routes(house: House) -> list[GuardedRoute]:
    """`/health/live` and `/health/ready`, which say one word and nothing about anybody."""

    async def live(_: Request) -> Response:
        return PlainTextResponse("live")

    async def ready(_: Request) -> Response:
        try:
            await house.store.read(lambda c: c.execute(text("SELECT 1")))
        except Exception as error:
            log.error("not ready: %s", type(error).__name__)
            return PlainTextResponse("the database does not answer", 503)
        return PlainTextResponse("ready")

    return [
        public("/health/live", live, why="a supervisor asks it, and it says one word"),
        public("/health/ready", ready, why="a load balancer asks it, and it says one word"),
    ]
