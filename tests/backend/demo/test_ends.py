"""The two invented ends of demo mode: the phone company and the mail server."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from backend.demo.handsets import KEPT, MOST, NUMBERS, Bubble, Handset, Handsets
from backend.demo.mailbox import Mailbox
from backend.demo.sms import DemoSms
from backend.demo.state import ACCOUNT, OUR_NUMBER
from backend.demo.webhook import Webhook
from channels.contract import Found, Inbound, NotFound, Outbound, RawRequest, Receipt, SendError
from channels.sms.twilio import TwilioSettings, TwilioSms

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOKEN = "0" * 32
PUBLIC = "https://chat.example.org"


class Server(HTTPServer):
    """A real HTTP server that keeps the requests it is sent."""

    answer = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keep)
        self.kept: list[RawRequest] = []


class _Keep(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Server)
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.kept.append(RawRequest(PUBLIC + self.path, headers, body, NOON))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    """It listens on a free port."""
    made = Server()
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def webhook(server: Server) -> Webhook:
    """The phone company, and where it posts."""
    return Webhook("127.0.0.1", server.server_port, PUBLIC, ACCOUNT, TOKEN, OUR_NUMBER)


@pytest.fixture
def twilio() -> TwilioSms:
    """The adapter of the product, which knows the same token."""
    return TwilioSms(TwilioSettings(ACCOUNT, TOKEN, OUR_NUMBER, public_url=PUBLIC))


@pytest.mark.requirement("R22")
def test_a_text_is_really_signed_and_reads_as_one(server: Server, webhook: Webhook, twilio: TwilioSms) -> None:
    assert asyncio.run(webhook.text(NUMBERS[0], "hello, I’m here 🙂"))
    (request,) = server.kept
    assert twilio.verify(request)
    (item,) = twilio.parse(request)
    assert isinstance(item, Inbound)
    assert (item.address, item.text) == (NUMBERS[0], "hello, I’m here 🙂")


def test_a_text_that_is_not_taken_is_known_not_to_be(server: Server, webhook: Webhook) -> None:
    server.answer = 403
    assert not asyncio.run(webhook.text(NUMBERS[0], "hello"))


def test_a_server_that_is_not_there_is_no_error_of_the_page() -> None:
    nowhere = Webhook("127.0.0.1", 1, PUBLIC, ACCOUNT, TOKEN, OUR_NUMBER)
    assert not asyncio.run(nowhere.text(NUMBERS[0], "hello"))


def outbound(reference: str = "7", address: str = NUMBERS[0]) -> Outbound:
    return Outbound("sms", address, "Hello. Is now a good time?", reference)


def test_what_is_sent_shows_on_the_phone_and_a_receipt_follows(
    server: Server, webhook: Webhook, twilio: TwilioSms
) -> None:
    handsets = Handsets()
    sms = DemoSms(handsets, webhook, clock=lambda: NOON, delay=timedelta(0))

    async def scenario() -> str:
        accepted = await sms.send(outbound())
        async with asyncio.timeout(60):
            while not server.kept:
                await asyncio.sleep(0.01)
        return accepted.provider_id

    provider_id = asyncio.run(scenario())
    phone = handsets.at(1)
    assert phone is not None
    assert [bubble.text for bubble in phone.unread] == ["Hello. Is now a good time?"]
    assert twilio.verify(server.kept[0])
    (receipt,) = twilio.parse(server.kept[0])
    assert isinstance(receipt, Receipt)
    assert (receipt.provider_id, receipt.status) == (provider_id, "delivered")


def test_it_can_say_what_it_has_taken(webhook: Webhook) -> None:
    async def scenario() -> None:
        sms = DemoSms(Handsets(), webhook, delay=timedelta(hours=1))
        taken = await sms.send(outbound("7"))
        assert await sms.find(outbound("7"), NOON) == Found(taken.provider_id)
        assert await sms.find(outbound("8"), NOON) == NotFound()
        assert await sms.find(outbound("7"), NOON, [taken.provider_id]) == NotFound()

    asyncio.run(scenario())


def test_another_number_gets_a_phone_while_there_is_room(webhook: Webhook) -> None:
    async def scenario() -> None:
        handsets = Handsets()
        sms = DemoSms(handsets, webhook, delay=timedelta(hours=1))
        for more in range(MOST - len(NUMBERS)):
            await sms.send(outbound(address=f"+44770090020{more}"))
        assert len(list(handsets)) == MOST
        with pytest.raises(SendError):
            await sms.send(outbound(address="+447700900299"))

    asyncio.run(scenario())


def test_a_phone_remembers_so_many_and_no_more() -> None:
    phone = Handset(1, NUMBERS[0])
    for count in range(KEPT + 5):
        phone.receive(str(count), NOON)
    assert len(phone.bubbles) == KEPT


def test_the_lock_screen_shows_what_came_since_the_owner_wrote() -> None:
    phone = Handset(1, NUMBERS[0])
    phone.receive("one", NOON)
    phone.bubbles.append(Bubble(True, "hello", NOON))
    phone.receive("two", NOON)
    phone.receive("three", NOON)
    assert [bubble.text for bubble in phone.unread] == ["three", "two"]


def test_the_mailbox_takes_real_mail() -> None:
    mailbox = Mailbox(clock=lambda: NOON)
    try:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "desk@localhost", "sam@demo.example", "Something is waiting"
        mail.set_content("Something new is waiting.")
        with smtplib.SMTP("127.0.0.1", int(mailbox.url.rpartition(":")[2]), "localhost") as smtp:
            smtp.send_message(mail)
        (kept,) = mailbox.mails
    finally:
        mailbox.stop()
    assert (kept.to, kept.subject, kept.text) == (
        "sam@demo.example",
        "Something is waiting",
        "Something new is waiting.",
    )
