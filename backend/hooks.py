"""The webhooks: verify, parse, take in, answer. A bad signature is 403, stores nothing and is counted (R22)."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from backend.access import GuardedRoute, signed
from backend.conversations.intake import Intake
from backend.house import House
from channels.contract import RawRequest, Receiver
from channels.sms.twilio import EMPTY_TWIML, TWIML_TYPE

log = logging.getLogger("sidedoor.hooks")
LARGEST_BODY = 64 * 1024


def routes(house: House, intake: Intake, receiver: Receiver) -> list[GuardedRoute]:
    """The two addresses that Twilio calls."""
    hook = _Hook(house, intake, receiver)
    return [
        signed("/hooks/sms", hook.answer, by="twilio"),
        signed("/hooks/twilio/status", hook.answer, by="twilio"),
    ]


class _Hook:
    def __init__(self, house: House, intake: Intake, receiver: Receiver) -> None:
        self._house, self._intake, self._receiver = house, intake, receiver

    async def answer(self, request: Request) -> Response:
        """200 with empty TwiML only after what came is durable; anything else and the provider tries again (R23)."""
        body = await _read_body(request)
        raw = RawRequest(self._signed_url(request), dict(request.headers), body or b"", self._house.clock())
        if body is None or not self._receiver.verify(raw):
            self._intake.counts["refused"] += 1
            log.warning("a webhook without a right signature was refused")
            return Response(status_code=403)
        try:
            items = self._receiver.parse(raw)
        except ValueError as error:
            log.warning("a signed webhook could not be read: %s", error)
            return Response(status_code=400)
        for item in items:
            await self._intake.take(item)
        return Response(EMPTY_TWIML, media_type=TWIML_TYPE)

    def _signed_url(self, request: Request) -> str:
        """The address that the provider called and signed: the configured public one, whatever a proxy made of it."""
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self._house.settings.base_url}{request.url.path}{query}"


async def _read_body(request: Request) -> bytes | None:
    """The body; None for one larger than any provider sends, which is not read to its end: anybody may post here."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)
