"""The words of last resort where a webhook cannot carry them: Telegram and mail, called or asked (R22, R23, R32)."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.app import make_app
from backend.conversations.intake import Intake
from backend.outage.keeper import Keeper, make_keeper
from backend.pollers import Poller
from backend.store.talk import InboundMessage
from backend.testing import Bench, make_bench
from bot import Flows
from channels.email.smtp import SmtpSender
from channels.email.webhook import MailReceiver
from channels.telegram.telegram import Telegram, TelegramSettings
from safety.helplines import EMERGENCY_TEXT
from tests.backend.outage.broken import DUTY, Store
from tests.channels.email.mails import HER, OURS, SETTINGS, raw, relayed
from tests.channels.telegram.cases import SECRET
from tests.peers.smtp_peer import SmtpPeer
from tests.peers.telegram_peer import TOKEN, Fault, TelegramPeer

HER_CHAT = 445566
PROVEN = "mx.example.org; dmarc=pass header.from=post.example.net"


@dataclass
class Dark:
    """A house with Telegram and mail whose database can be away."""

    bench: Bench
    store: Store
    keeper: Keeper
    telegram: TelegramPeer
    mail: SmtpPeer
    adapter: Telegram
    app: Any
    _number: int = 0

    def telegrams(self, text: str, person: int = HER_CHAT, **more: Any) -> int:
        """Somebody writes to the bot; the status that Telegram hears."""
        update = self.telegram.says(person, text, int(self.bench.clock().timestamp()))
        update["message"] |= more
        return self._post("/hooks/telegram", json=update, headers={"x-telegram-bot-api-secret-token": SECRET})

    def mails(self, text: str, **heads: str) -> int:
        """Somebody sends a mail; the status that the relay hears."""
        self._number += 1
        mail = raw(text, Message_ID=f"<{self._number}@post.example.net>", **heads)
        request = relayed(mail, at=int(self.bench.clock().timestamp()))
        return self._post("/hooks/email", content=request.body, headers=dict(request.headers))

    def told(self) -> list[str]:
        """Whom a mail went to, oldest first."""
        return [sent.recipients[0] for sent in self.mail.mails]

    def _post(self, path: str, **how: Any) -> int:
        async def post() -> int:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://testserver") as web:
                return (await web.post(path, **how)).status_code

        return asyncio.run(post())


@pytest.fixture
def dark(tmp_path: Path, flows: Flows) -> Iterator[Dark]:
    bench = make_bench(tmp_path, flows=flows, outage_addresses=DUTY, mail_checks_by="mx.example.org")
    store = Store(bench.house.store, away=True)
    with TelegramPeer() as telegram, SmtpPeer() as mail:
        adapter = Telegram(TelegramSettings(TOKEN, SECRET, telegram.url, timeout=30.0))
        posting = SmtpSender(f"smtp://127.0.0.1:{mail.port}", "desk@door.example.org", person_sender=OURS)
        senders = {**bench.house.senders, "telegram": adapter, "email": posting}
        house = bench.house = replace(bench.house, store=store, senders=senders)
        bench.intake = Intake(house)
        receivers = {"telegram": adapter, "email": MailReceiver(replace(SETTINGS, server="mx.example.org"))}
        keeper = make_keeper(house.settings, house.vault, posting, house.clock, senders)
        app = make_app(house, hub=bench.hub, receivers=receivers)
        yield Dark(bench, store, keeper, telegram, mail, adapter, app)
    bench.close()


@pytest.mark.requirement("R32")
def test_whoever_writes_by_telegram_is_answered_once_in_an_outage(dark: Dark) -> None:
    assert [dark.telegrams("hello"), dark.telegrams("anybody?"), dark.telegrams("hello", HER_CHAT + 1)] == [200] * 3
    assert [(form["chat_id"], form["text"]) for form in dark.telegram.forms] == [
        (str(HER_CHAT), EMERGENCY_TEXT),
        (str(HER_CHAT + 1), EMERGENCY_TEXT),
    ]
    assert dark.telegram.forms[0]["protect_content"] == "true"
    assert dark.told() == [DUTY]


@pytest.mark.requirement("R29")
def test_danger_by_telegram_is_answered_each_time(dark: Dark) -> None:
    for text in ("hello", "he has a knife", "he has a knife"):
        dark.telegrams(text)
    assert len(dark.telegram.forms) == 3


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("text", ["stop", "bye"])
def test_who_takes_their_leave_by_telegram_is_not_answered(dark: Dark, text: str) -> None:
    assert dark.telegrams(text) == 200
    assert dark.telegram.forms == []


@pytest.mark.requirement("R22")
@pytest.mark.parametrize(
    "more", [{"from": {"id": 9, "is_bot": True}}, {"chat": {"id": -HER_CHAT, "type": "group"}}], ids=["bot", "group"]
)
def test_only_a_person_in_a_private_chat_is_answered(dark: Dark, more: dict[str, Any]) -> None:
    assert dark.telegrams("he has a knife", **more) == 200
    assert (dark.telegram.forms, dark.told()) == ([], [])


def test_where_the_words_surely_did_not_go_the_next_message_is_answered(dark: Dark) -> None:
    dark.telegram.inject(Fault.RATE_LIMITED, Fault.GATEWAY)
    for _ in range(3):
        assert dark.telegrams("hello") == 200
    assert [call.method for call in dark.telegram.calls] == ["sendmessage"] * 2, "after a 502 nobody can say"
    assert dark.telegram.texts.count(EMERGENCY_TEXT) == 0


def test_the_next_outage_begins_anew(dark: Dark) -> None:
    dark.telegrams("hello")
    dark.store.away = False
    dark.telegrams("hello")
    dark.store.away = True
    dark.telegrams("hello")
    assert dark.telegram.texts.count(EMERGENCY_TEXT) == 2


@pytest.mark.requirement("R32")
def test_a_proven_mail_is_answered_once_as_a_machine_does(dark: Dark) -> None:
    for text in ("hello", "he has a knife"):
        assert dark.mails(text, Authentication_Results=PROVEN) == 200
    assert dark.told() == [DUTY, HER]
    answer = dark.mail.mails[1].message
    assert answer.get_content().strip() == EMERGENCY_TEXT
    assert (answer["Auto-Submitted"], answer["In-Reply-To"]) == ("auto-replied", "<1@post.example.net>")


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    ("heads", "told"),
    [
        ({}, [DUTY]),
        ({"Authentication_Results": PROVEN.replace("pass", "fail")}, [DUTY]),
        ({"Authentication_Results": PROVEN, "Auto_Submitted": "auto-replied"}, []),
        ({"Authentication_Results": PROVEN, "List_Id": "<a.list.example.org>"}, []),
    ],
    ids=["unproven", "forged", "machine", "list"],
)
def test_no_other_mail_is_answered_and_every_persons_is_kept_and_wakes_somebody(
    dark: Dark, heads: dict[str, str], told: list[str]
) -> None:
    assert dark.mails("he has a knife", **heads) == 200
    assert dark.told() == told
    assert len(dark.keeper.spool.waiting()) == len(told)


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R32")
def test_who_is_only_asked_for_is_met_too_and_nothing_is_taken_away(dark: Dark) -> None:
    async def scenario() -> None:
        poller = Poller(dark.bench.house, dark.bench.intake, dark.adapter, dark.keeper)
        dark.store.away = False
        assert await poller.read_once()
        dark.store.away = True
        for text in ("hello", "are you there"):
            dark.telegram.says(HER_CHAT, text, int(dark.bench.clock().timestamp()))
            await poller.meet_once()
            await poller.meet_once()
        assert (dark.telegram.texts.count(EMERGENCY_TEXT), dark.told(), len(dark.telegram.waiting)) == (1, [DUTY], 2)
        dark.store.away = False
        assert await poller.read_once()
        assert len(await dark.bench.rows(select(InboundMessage.id))) == 2

    asyncio.run(scenario())


@pytest.mark.requirement("R2")
def test_what_waited_for_longer_than_a_talk_wakes_somebody_and_is_not_answered(dark: Dark) -> None:
    async def scenario() -> None:
        poller = Poller(dark.bench.house, dark.bench.intake, dark.adapter, dark.keeper)
        dark.store.away = False
        assert await poller.read_once()
        dark.store.away = True
        dark.telegram.says(HER_CHAT, "hello", int(dark.bench.clock().timestamp()))
        dark.bench.clock.advance(hours=3)
        await poller.meet_once()
        assert (dark.telegram.forms, dark.told()) == ([], [DUTY])

    asyncio.run(scenario())


def test_a_process_that_never_read_looks_at_nothing(dark: Dark) -> None:
    poller = Poller(dark.bench.house, dark.bench.intake, dark.adapter, dark.keeper)
    asyncio.run(poller.meet_once())
    assert dark.telegram.calls == []
