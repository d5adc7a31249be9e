"""A house with its real doors: providers' shapes on loopback, the application, and a clock that stands still."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.app import make_app
from backend.conversations.clearing_work import clear_due
from backend.conversations.intake import Intake
from backend.staff import Role, add_staff
from backend.store.work import Alert
from backend.testing import Bench
from channels.email.smtp import SmtpSender
from channels.email.webhook import MailReceiver
from channels.telegram.telegram import Telegram, TelegramSettings
from tests.channels.email.mails import OURS, SETTINGS, raw, relayed
from tests.channels.telegram.cases import SECRET
from tests.peers.smtp_peer import SmtpPeer
from tests.peers.telegram_peer import TOKEN, TelegramPeer

HER_CHAT = 445566
HER_MAIL = "ana@post.example.net"


@dataclass
class Doors:
    """The house, its web application and what stands at its far ends."""

    bench: Bench
    telegram: TelegramPeer
    mail: SmtpPeer
    adapter: Telegram
    app: Any

    def telegrams(self, *texts: str) -> list[str]:
        """Somebody writes to the bot, one message after the other; all that stands in the chat afterwards."""
        for text in texts:
            self.posts(self.telegram.says(HER_CHAT, text, int(self.bench.clock().timestamp())))
        return self.telegram.texts

    def posts(self, update: dict[str, Any], secret: str = SECRET) -> int:
        """Telegram calls the webhook; the status it is answered."""
        headers = {"x-telegram-bot-api-secret-token": secret}
        return self._run("/hooks/telegram", {"json": update, "headers": headers})

    def mails(self, text: str, number: int, **heads: Any) -> int:
        """Somebody sends a mail, which the relay posts to the webhook; the status it is answered."""
        mail = raw(text, Message_ID=f"<{number}@post.example.net>", **heads)
        request = relayed(mail, at=int(self.bench.clock().timestamp()))
        return self._run("/hooks/email", {"content": request.body, "headers": dict(request.headers)})

    def bounces(self, mail: bytes) -> int:
        """A mail server reports on a mail of ours; the status it is answered."""
        request = relayed(mail, at=int(self.bench.clock().timestamp()))
        return self._run("/hooks/email", {"content": request.body, "headers": dict(request.headers)})

    def to_her(self) -> list[Any]:
        """The mails that went to her."""
        return [sent.message for sent in self.mail.mails if sent.recipients == [HER_MAIL]]

    def to_staff(self) -> list[Any]:
        """The mails that went to practitioners."""
        return [sent.message for sent in self.mail.mails if sent.recipients == ["worker@example.org"]]

    def alerts(self) -> set[str]:
        """The reasons of all alerts."""
        return {row.reason for row in asyncio.run(self.bench.rows(select(Alert.reason)))}

    def clear(self) -> None:
        """Clear the chats that are to be, and say what stayed."""
        asyncio.run(self._clear())

    async def _clear(self) -> None:
        await clear_due(self.bench.house)
        await self.bench.work()

    def _run(self, path: str, how: dict[str, Any]) -> int:
        return asyncio.run(self._post(path, how))

    async def _post(self, path: str, how: dict[str, Any]) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://testserver") as web:
            answer = await web.post(path, **how)
        for _ in range(4):  # one chat is sent one message a second
            await self.bench.work()
            self.bench.clock.advance(seconds=2)
        return answer.status_code


@pytest.fixture
def doors(bench: Bench) -> Iterator[Doors]:
    """Both doors of a house on each database, with a practitioner who is told."""
    with TelegramPeer() as telegram, SmtpPeer() as mail:
        adapter = Telegram(TelegramSettings(TOKEN, SECRET, telegram.url, timeout=30.0))
        posting = SmtpSender(f"smtp://127.0.0.1:{mail.port}", "desk@door.example.org", person_sender=OURS)
        bench.house = replace(bench.house, senders={**bench.house.senders, "telegram": adapter, "email": posting})
        bench.intake = Intake(bench.house)
        with bench.house.store.engine.begin() as c:
            add_staff(c, bench.house, "Marguerite", "worker@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        receivers = {"telegram": adapter, "email": MailReceiver(SETTINGS)}
        yield Doors(bench, telegram, mail, adapter, make_app(bench.house, hub=bench.hub, receivers=receivers))
