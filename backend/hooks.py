"""The webhooks: verify, parse, take in, answer. A bad signature is 403, stores nothing and is counted (R22)."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from backend.access import GuardedRoute, signed
from backend.conversations.intake import Intake
from backend.house import House
from backend.outage.keeper import Keeper
from channels.contract import Item, RawRequest, Receiver
from channels.sms.twilio import EMPTY_TWIML, TWIML_TYPE
from channels.sms.twiml import twiml

log = logging.getLogger("sidedoor.hooks")
LARGEST_BODY = 64 * 1024
LARGEST_MAIL = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Hook:
    """One address that a provider calls, and what it wants to hear. `largest` is in bytes."""

    path: str
    channel: str
    by: str
    answer: bytes = b""
    media_type: str = "text/plain"
    largest: int = LARGEST_BODY
    say: Callable[[str], bytes] | None = None
    """How words are answered at once, where the provider sends them on."""


HOOKS = (
    Hook("/hooks/sms", "sms", "twilio", EMPTY_TWIML, TWIML_TYPE, say=twiml),
    Hook("/hooks/twilio/status", "sms", "twilio", EMPTY_TWIML, TWIML_TYPE),
    Hook("/hooks/vonage", "vonage", "vonage"),
    Hook("/hooks/vonage/status", "vonage", "vonage"),
    Hook("/hooks/whatsapp", "whatsapp", "twilio", EMPTY_TWIML, TWIML_TYPE, say=twiml),
    Hook("/hooks/whatsapp/status", "whatsapp", "twilio", EMPTY_TWIML, TWIML_TYPE),
    Hook("/hooks/telegram", "telegram", "telegram"),
    Hook("/hooks/email", "email", "mail", largest=LARGEST_MAIL),
    Hook("/hooks/email/mime", "email", "mailgun", largest=LARGEST_MAIL),
)
"""Every webhook. One is only there where its channel has a receiver."""


def routes(house: House, intake: Intake, receivers: Mapping[str, Receiver], keeper: Keeper) -> list[GuardedRoute]:
    """The addresses that the providers of these channels call."""
    there = [hook for hook in HOOKS if hook.channel in receivers]
    doors = [(hook, _Door(house, intake, receivers[hook.channel], hook, keeper)) for hook in there]
    return [signed(hook.path, door.answer, by=hook.by) for hook, door in doors]


class _Door:
    def __init__(self, house: House, intake: Intake, receiver: Receiver, hook: Hook, keeper: Keeper) -> None:
        self._house, self._intake, self._receiver, self._hook = house, intake, receiver, hook
        self._keeper = keeper

    async def answer(self, request: Request) -> Response:
        """200 only after what came is durable, in the database or else in the spool; anything else and the provider
        tries again (R23)."""
        raw = await read_request(request, self._house.settings.base_url, self._hook, self._house.clock())
        if raw is None or not self._receiver.verify(raw):
            self._intake.counts["refused"] += 1
            log.warning("a webhook without a right signature was refused")
            return Response(status_code=403)
        try:
            items = self._receiver.parse(raw)
        except ValueError as error:
            log.warning("a signed webhook could not be read: %s", error)
            return Response(status_code=400)
        try:
            async with asyncio.timeout(self._house.settings.webhook_seconds):
                for item in items:
                    await self._intake.take(item)
        except Exception as error:  # the database is away or too slow, or what came breaks even the last resort
            return await self._keep(raw, items, error)
        self._keeper.replies.over()
        return Response(self._hook.answer, media_type=self._hook.media_type)

    async def _keep(self, raw: RawRequest, items: Sequence[Item], error: Exception) -> Response:
        """It cannot be written down, or not in the provider's time: keep the request, and answer what may be."""
        log.error("a request was not taken in: %s", type(error).__name__)
        try:
            words = await self._keeper.keep(self._hook.channel, raw, items)
        except OSError as fault:
            log.critical("a request can be kept nowhere: %s", type(fault).__name__)
            return Response(status_code=503)
        self._intake.counts["spooled"] += 1
        answer = self._hook.say(words) if words and self._hook.say else self._hook.answer
        return Response(answer, media_type=self._hook.media_type)


async def read_request(request: Request, base_url: str, hook: Hook, now: datetime) -> RawRequest | None:
    """The request as its provider signed it: with the configured public address, whatever a proxy made of it. None for
    one that is larger than any provider sends."""
    query = f"?{request.url.query}" if request.url.query else ""
    body = await read_body(request, hook.largest)
    url = f"{base_url}{request.url.path}{query}"
    return None if body is None else RawRequest(url, dict(request.headers), body, now)


async def read_body(request: Request, largest: int) -> bytes | None:
    """The body; None for one larger than any provider sends, which is not read to its end: anybody may post here."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            return None
    return bytes(body)
