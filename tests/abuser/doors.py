"""The doors that a wrong person can knock at, all alike: words in, and all that comes back.

A channel joins by a class with these three parts and one line in `DOORS`.
"""

import asyncio
import html
import re
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from backend.app import make_app
from backend.testing import Bench
from channels.contract import Inbound, RawRequest
from channels.sms.twilio import TwilioSettings, TwilioSms


class Door(Protocol):
    """One channel, from one place."""

    channel: str

    async def say(self, text: str) -> list[str]:
        """Send this; what came back, as somebody there reads it."""
        ...

    async def everything(self) -> list[str]:
        """Whatever else can be seen at this door: pages, headers, subjects."""
        ...

    async def leave(self) -> None:
        """The survivor goes, as this channel lets her."""
        ...


class SmsDoor:
    """A phone. Texts go through the adapter, signed, as the phone company would send them."""

    channel = "sms"
    _twilio = TwilioSms(TwilioSettings("AC" + "0" * 32, "0" * 32, "+447700900000", public_url="http://testserver"))
    _count = 0

    def __init__(self, bench: Bench, place: int) -> None:
        self._bench, self.number = bench, f"+4477009001{place:02}"

    async def say(self, text: str) -> list[str]:
        SmsDoor._count += 1
        before = len(self._bench.sms.sent)
        for item in self._arrived(text, f"SM{SmsDoor._count:032x}"):
            await self._bench.intake.take(item)
        await self._bench.work()
        await self._bench.settle(self.number)
        return [sent.text for sent in self._bench.sms.sent[before:] if sent.address == self.number]

    async def everything(self) -> list[str]:
        return [sent.subject for sent in self._bench.sms.sent if sent.address == self.number]

    async def leave(self) -> None:
        await self.say("bye")

    def _arrived(self, text: str, sid: str) -> list[Inbound]:
        fields = {"MessageSid": sid, "From": self.number, "To": "+447700900000", "Body": text, "NumMedia": "0"}
        fields["AccountSid"] = "AC" + "0" * 32
        if text.strip().upper() in {"STOP", "START", "HELP"}:
            fields["OptOutType"] = text.strip().upper()
        url = "http://testserver/hooks/sms"
        signature = RequestValidator("0" * 32).compute_signature(url, fields)
        headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded"}
        raw = RawRequest(url, headers, urlencode(fields).encode(), self._bench.clock())
        assert self._twilio.verify(raw)
        return [item for item in self._twilio.parse(raw) if isinstance(item, Inbound)]


class WebchatDoor:
    """A browser on the real pages, with whatever cookies it has been given."""

    channel = "webchat"

    def __init__(self, bench: Bench, place: int) -> None:
        self._bench = bench
        transport = httpx.ASGITransport(make_app(bench.house, hub=bench.hub))
        self._browser = httpx.AsyncClient(transport=transport, base_url="http://testserver")
        self._after, self._sent = 0, 0

    async def say(self, text: str) -> list[str]:
        if not self._browser.cookies:
            await self._while_it_works(self._browser.post("/chat", data={"do": "start"}))
        self._sent += 1
        form = {"text": text, "message_id": f"message-{self._sent:04}", "after": str(self._after)}
        await self._browser.post("/chat/say", data=form)
        await self._bench.work()
        answer = await self._browser.post("/chat/say", data={"after": str(self._after)})
        lines = answer.json()["lines"] if answer.status_code == 200 else []
        self._after = max([self._after, *(int(line["seq"]) for line in lines)])
        return [_whole(line) for line in lines if not line["mine"]]

    async def everything(self) -> list[str]:
        page = await self._browser.get("/chat")
        return [html.unescape(re.sub(r"<[^>]+>", " ", page.text)), str(dict(page.headers))]

    async def leave(self) -> None:
        await self._browser.post("/exit", follow_redirects=False)
        self._after = 0

    async def _while_it_works(self, request: object) -> None:
        asked = asyncio.ensure_future(request)  # type: ignore[call-overload]  # a coroutine of httpx
        while not asked.done():
            await self._bench.work()
            await asyncio.sleep(0)
        asked.result()


def _whole(line: dict[str, object]) -> str:
    choices = line.get("choices") or []
    return " ".join([str(line["text"]), *map(str, choices)]) if isinstance(choices, list) else str(line["text"])


DOORS: dict[str, Callable[[Bench, int], Door]] = {"sms": SmsDoor, "webchat": WebchatDoor}
