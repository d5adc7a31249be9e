"""In the house: the door for what the fallback host kept. Only its keys can have sealed what opens here."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response

from backend.access import GuardedRoute, signed
from backend.conversations.intake import Intake
from backend.hooks import LARGEST_BODY, read_body
from backend.outage.replay import PATIENCE, take_in
from backend.outage.spool import TAKES_OVER, unseal
from channels.contract import Receiver
from safety.vault import Vault, VaultError

log = logging.getLogger("sidedoor.outage")


def route(intake: Intake, receivers: Mapping[str, Receiver], vault: Vault) -> GuardedRoute:
    """The door. `vault` has the fallback host's keys. What is handed over twice is a duplicate, and done once."""

    async def take_over(request: Request) -> Response:
        body = await read_body(request, 400 * LARGEST_BODY)
        try:
            kept = unseal(vault, body or b"")
        except VaultError:
            intake.counts["refused"] += 1
            return Response(status_code=403)
        try:
            async with asyncio.timeout(PATIENCE):
                await take_in(kept, intake, receivers)
        except (DBAPIError, TimeoutError):
            return Response(status_code=503)
        except ValueError:
            log.error("what the fallback host kept cannot be read here")
            return Response(status_code=422)
        return Response(status_code=200)

    return signed(TAKES_OVER, take_over, by="fallback")
