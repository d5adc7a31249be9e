"""The doors that a wrong person can knock at, all alike: words in, and all that comes back.

A channel joins by a class with these three parts and one line in `DOORS`.
"""

import asyncio
import html
import re
from collections.abc import Callable
from typing import Protocol, cast
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from backend.app import make_app
from backend.testing import Bench, Outbox
from channels.contract import Inbound, Outbound, RawRequest, Sender
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


class MessengerDoor:
    """An app that talks to us by messages. What its adapter made of a message goes straight to the intake."""

    channel = ""
    _count = 0

    def __init__(self, bench: Bench, place: int) -> None:
        self._bench, self.address = bench, self.address_of(place)
        senders = cast("dict[str, Sender]", bench.house.senders)
        self._outbox = cast(Outbox, senders.setdefault(self.channel, Outbox(self.channel)))

    @staticmethod
    def address_of(place: int) -> str:
        """The number of a phone; other channels have addresses of their own."""
        return f"+4477009001{place:02}"

    async def say(self, text: str) -> list[str]:
        MessengerDoor._count += 1
        before = len(self._outbox.sent)
        for item in self.arrived(text, f"SM{MessengerDoor._count:032x}"):
            await self._bench.intake.take(item)
        await self._bench.work()
        await self._bench.settle(self.address)
        return [" ".join([sent.text, *sent.choices]) for sent in self._outbox.sent[before:] if self._is_mine(sent)]

    async def everything(self) -> list[str]:
        return [sent.subject for sent in self._outbox.sent if self._is_mine(sent)]

    async def leave(self) -> None:
        await self.say("bye")

    def arrived(self, text: str, message_id: str) -> list[Inbound]:
        """What the adapter makes of it."""
        return [Inbound(self.channel, self.address, message_id, text, self._bench.clock())]

    def _is_mine(self, sent: Outbound) -> bool:
        return sent.address == self.address


class WhatsappDoor(MessengerDoor):
    """A chat with a business."""

    channel = "whatsapp"


class TelegramDoor(MessengerDoor):
    """A private chat with a bot."""

    channel = "telegram"

    @staticmethod
    def address_of(place: int) -> str:
        return f"1000{place}"


class EmailDoor(MessengerDoor):
    """A mailbox."""

    channel = "email"

    @staticmethod
    def address_of(place: int) -> str:
        return f"somebody{place}@example.org"


class SmsDoor(MessengerDoor):
    """A phone. Texts go through the adapter, signed, as the phone company would send them."""

    channel = "sms"
    _twilio = TwilioSms(TwilioSettings("AC" + "0" * 32, "0" * 32, "+447700900000", public_url="http://testserver"))

    def arrived(self, text: str, message_id: str) -> list[Inbound]:
        fields = {"MessageSid": message_id, "From": self.address, "To": "+447700900000", "Body": text, "NumMedia": "0"}
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


DOORS: dict[str, Callable[[Bench, int], Door]] = {
    "sms": SmsDoor,
    "whatsapp": WhatsappDoor,
    "telegram": TelegramDoor,
    "email": EmailDoor,
    "webchat": WebchatDoor,
}
