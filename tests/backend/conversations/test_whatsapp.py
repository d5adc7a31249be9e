"""WhatsApp from end to end: signed webhooks in, the real client out, and 24 hours between a referral and a reply."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from backend import hooks
from backend.conversations.dispatch import dispatch_due
from backend.conversations.intake import Intake
from backend.conversations.ownership import queue_practitioner
from backend.desk.words import fate_words
from backend.house import House
from backend.outage.keeper import make_keeper
from backend.staff import Role, add_staff
from backend.store.talk import ContactPoint, Conversation, OutboundMessage
from backend.store.work import Consent
from backend.testing import Bench
from channels.sms.account import TwilioSettings
from channels.whatsapp.twilio import TwilioWhatsApp, WhatsAppSettings
from safety.gate import REASONS
from safety.types import Drop, Kind, Send
from safety.whatsapp import TEMPLATES
from tests.backend.talks import reasons
from tests.peers.signing import inbound_params, signed_request, status_params
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, Refusal, TwilioPeer

HER = "+447700900555"
NAMELESS = "GB.13491208655302741918"
LINE_SID = "HX" + "3" * 32
LINE = TEMPLATES[Kind.PRACTITIONER]
OPENING = ("hello", "1", "1")
"""As far as the question whether it is fine that our name shows."""
REFERRAL = (*OPENING, "1", "1", "1", "4", "1", "1", "1", "1", "2", "1", "1", "2", "1", "2", "2")
"""As far as the name: everything agreed, at any time, here, and we may write first."""
ABOUT_HER = ("Jo", "1", "Crawley", "1", "he took my bank card", "1", "5", "4", "3", "1")
WORDS = "I am glad you wrote. Shall we talk on Tuesday?"


class Desk:
    """A practitioner, and somebody on WhatsApp."""

    def __init__(self, bench: Bench, house: House, peer: TwilioPeer, http: httpx.AsyncClient) -> None:
        self.bench, self.house, self.peer, self.http = bench, house, peer, http
        self._sids, self._staff = (f"SM{number:032x}" for number in count(1)), count(1)

    async def says(self, *texts: str, sender: str = HER, **extra: str) -> list[str]:
        """Somebody writes; what they are sent back."""
        before = len(self.peer.messages)
        for words in texts:
            params = inbound_params(f"whatsapp:{sender}", words, next(self._sids), ProfileName="Jo Bloggs", **extra)
            assert (await self.post("/hooks/whatsapp", params)).status_code == 200
            await self.work()
        return [message["body"] for message in self.peer.messages[before:]]

    async def post(self, path: str, params: dict[str, str], token: str = AUTH_TOKEN) -> httpx.Response:
        """A webhook as Twilio signs it."""
        request = signed_request(f"{self.house.settings.base_url}{path}", params, token)
        return await self.http.post(path, content=request.body, headers=dict(request.headers))

    async def receipt(self, status: str, code: str) -> None:
        """What became of the last message."""
        url = self.requests[-1]["StatusCallback"].removeprefix(self.house.settings.base_url)
        sid = self.peer.messages[-1]["sid"]
        await self.post(url, status_params(sid, status, f"whatsapp:{HER}", ErrorCode=code))

    async def work(self) -> None:
        """Send what is due."""
        await dispatch_due(self.house)

    @property
    def requests(self) -> list[dict[str, str]]:
        """The forms that reached the provider."""
        return [request.form for request in self.peer.requests if request.method == "POST"]

    async def talk_id(self) -> int:
        return int((await self.bench.rows(select(Conversation.id)))[-1][0])

    async def writes(self, words: str = WORDS) -> object:
        """The practitioner's words, queued if the gate lets them; what it said."""
        talk = await self.talk_id()
        staff = await self.house.store.write(
            lambda c: add_staff(
                c, self.house, "Ash", f"ash{next(self._staff)}@example.org", "a quiet harbour", Role.COMMUNITY_IDVA
            )
        )
        decision = await self.house.store.write(lambda c: queue_practitioner(c, self.house, talk, staff, words))
        await self.work()
        return decision

    async def last(self) -> tuple[str, str]:
        """State and reason of the newest practitioner's message."""
        rows = await self.bench.rows(
            select(OutboundMessage.state, OutboundMessage.reason)
            .where(OutboundMessage.kind == Kind.PRACTITIONER.value)
            .order_by(OutboundMessage.id)
        )
        return rows[-1].state, rows[-1].reason


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with TwilioPeer() as running:
        running.add_content(LINE_SID, LINE)
        yield running


@asynccontextmanager
async def desk(bench: Bench, peer: TwilioPeer, kinds: Sequence[Kind] = (Kind.PRACTITIONER,)) -> AsyncIterator[Desk]:
    """The house with WhatsApp on the peer; `kinds` have a template."""
    account = TwilioSettings(ACCOUNT_SID, AUTH_TOKEN, api_base=peer.url, public_url=bench.house.settings.base_url)
    templates = {kind.value: LINE_SID for kind in kinds}
    whatsapp = TwilioWhatsApp(WhatsAppSettings(account, "+447700900000", templates))
    rules = replace(bench.house.rules, whatsapp_templates=frozenset(kinds))
    settings = bench.house.settings.model_copy(update={"fragment_seconds": 0})
    house = replace(bench.house, senders={**bench.house.senders, "whatsapp": whatsapp}, rules=rules, settings=settings)
    keeper = make_keeper(settings, house.vault, None, house.clock)
    app = Starlette(routes=[*hooks.routes(house, Intake(house), {"whatsapp": whatsapp}, keeper)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house") as http:
        yield Desk(bench, house, peer, http)
    whatsapp.close()


@pytest.mark.requirement("R26")
def test_a_referral_by_whatsapp_wakes_somebody_after_they_agreed_that_our_name_shows(
    bench: Bench, peer: TwilioPeer
) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            said = await at.says(*OPENING)
            assert "Our name shows" in said[-1]
            assert not await bench.rows(select(Consent.id))
            await at.says(*REFERRAL[3:], *ABOUT_HER)
            assert "referral" in await reasons(bench)
            agreed = await bench.rows(select(Consent.agreed, Consent.channel).where(Consent.purpose == "app:whatsapp"))
            assert [tuple(row) for row in agreed] == [(True, "whatsapp")]
            assert {form["To"] for form in at.requests} == {f"whatsapp:{HER}"}
            assert not bench.sms.sent

    asyncio.run(scenario())


@pytest.mark.requirement("R26")
def test_whoever_does_not_agree_is_left_in_peace(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says(*OPENING, "3")
            agreed = await bench.rows(select(Consent.agreed).where(Consent.purpose == "app:whatsapp"))
            assert [row.agreed for row in agreed] == [False]
            assert isinstance(await at.writes(), Drop)

    asyncio.run(scenario())


@pytest.mark.requirement("R26")
def test_a_practitioners_words_go_inside_the_window_and_a_bland_line_after_it(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says(*REFERRAL)
            bench.clock.advance(hours=24, seconds=-1)
            assert isinstance(await at.writes(), Send)
            assert at.requests[-1]["Body"] == WORDS
            assert at.requests[-1]["ValidityPeriod"] == "1"
            bench.clock.advance(seconds=2)
            decision = await at.writes()
            assert isinstance(decision, Send) and decision.instead == LINE
            assert at.requests[-1]["ContentSid"] == LINE_SID
            assert "Body" not in at.requests[-1]
            assert await at.last() == ("sent", "as_template")
            assert fate_words(*await at.last()) == f"sent: {REASONS['as_template']}"

    asyncio.run(scenario())


@pytest.mark.requirement("R26")
def test_without_a_template_nothing_goes_and_the_desk_can_say_why(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer, kinds=()) as at:
            await at.says(*REFERRAL)
            sent = len(at.requests)
            bench.clock.advance(hours=24, seconds=1)
            assert await at.writes() == Drop("whatsapp_window")
            assert len(at.requests) == sent

    asyncio.run(scenario())


@pytest.mark.requirement("R26")
def test_a_window_that_closes_while_a_message_waits_is_seen_when_it_goes(bench: Bench, peer: TwilioPeer) -> None:
    """The provider is down for an hour; by then the words may go no more, and with no template somebody is told."""

    async def scenario() -> None:
        async with desk(bench, peer, kinds=()) as at:
            await at.says(*REFERRAL)
            bench.clock.advance(hours=23, minutes=59, seconds=50)
            peer.inject(Refusal(63018))
            assert isinstance(await at.writes(), Send)
            assert (await at.last())[0] == "queued"
            bench.clock.advance(minutes=5)
            await at.work()
            assert await at.last() == ("dropped", "whatsapp_window")
            assert "not_sent" in await reasons(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("late", [False, True], ids=["at once", "by receipt"])
def test_when_whatsapp_says_that_the_window_is_closed_the_line_goes(
    bench: Bench, peer: TwilioPeer, *, late: bool
) -> None:
    """Its clock may be ahead of ours, and it is the one that counts."""

    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says(*REFERRAL)
            bench.clock.advance(hours=23, minutes=59)
            if not late:
                peer.inject(Refusal(63016))
            await at.writes()
            if late:
                await at.receipt("undelivered", "63016")
            bench.clock.advance(seconds=31)
            await at.work()
            assert at.requests[-1]["ContentSid"] == LINE_SID
            assert await at.last() == ("sent", "as_template")

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
@pytest.mark.requirement("R25")
def test_a_block_stops_all_that_we_would_start_and_tells_somebody(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says(*REFERRAL)
            await at.receipt("failed", "63014")
            assert "blocked" in await reasons(bench)
            assert (await bench.rows(select(ContactPoint.opted_out_at)))[0][0] is not None
            bench.clock.advance(hours=1)
            assert await at.writes() == Drop("opted_out")

    asyncio.run(scenario())


@pytest.mark.requirement("R15")
def test_somebody_without_a_number_is_answered_all_the_same(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            assert await at.says("hello", sender=NAMELESS)
            assert at.requests[-1]["To"] == f"whatsapp:{NAMELESS}"

    asyncio.run(scenario())


@pytest.mark.requirement("R28")
def test_a_place_is_refused_and_kept_nowhere(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says(*OPENING)
            said = await at.says("", Latitude="50.8123", Longitude="-0.3711")
            assert "only read words" in said[0]

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["reaction", "edit"])
def test_a_reaction_or_an_edit_answers_no_question(bench: Bench, peer: TwilioPeer, kind: str) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says("hello")
            assert await at.says("1", MessageType=kind) == []
            assert "Does anyone else look" in (await at.says("1"))[0]

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
def test_danger_in_a_reaction_or_an_edit_is_danger(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says("hello")
            await at.says("he has a knife and is breaking in", MessageType="edit")
            assert "danger" in await reasons(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_help_that_the_provider_has_answered_wakes_somebody_and_is_not_answered_twice(
    bench: Bench, peer: TwilioPeer
) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            await at.says("hello")
            assert await at.says("HELP", OptOutType="HELP") == []
            assert {"help_word", "danger"} & {*await reasons(bench)}  # alone it is a cry for help
            assert await at.says("STOP", OptOutType="STOP") == []
            assert (await bench.rows(select(ContactPoint.opted_out_at)))[0][0] is not None

    asyncio.run(scenario())


@pytest.mark.requirement("R22")
def test_a_wrong_signature_stores_nothing(bench: Bench, peer: TwilioPeer) -> None:
    async def scenario() -> None:
        async with desk(bench, peer) as at:
            for path in ("/hooks/whatsapp", "/hooks/whatsapp/status"):
                params = inbound_params(f"whatsapp:{HER}", "hello", "SM" + "9" * 32)
                assert (await at.post(path, params, "another token")).status_code == 403
            assert not await bench.rows(select(ContactPoint.id))

    asyncio.run(scenario())
