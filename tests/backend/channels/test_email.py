"""E-mail through the real doors: the signed webhook, the turn, the gate, the dispatcher and a real mail server."""

import asyncio

import pytest
from sqlalchemy import select

from backend.conversations.reading import read_thread
from backend.conversations.silent import MOST_MAILS
from backend.store.talk import ContactPoint, InboundMessage, OutboundMessage
from backend.store.work import Referral
from tests.backend.channels.conftest import Doors
from tests.backend.channels.test_telegram import ABOUT_HER
from tests.channels.email.mails import QUOTE, SERVER, bounce

OPENING = ("hello", "1", "1")
CONSENT_AND_CONTACT = ("1",) * 9 + ("2", "1", "1")
FAILED = f"{SERVER}; spf=fail smtp.mailfrom=ana@post.example.net; dmarc=fail header.from=post.example.net"


@pytest.mark.requirement("R1")
def test_a_referral_by_mail_wakes_somebody(doors: Doors) -> None:
    for number, text in enumerate((*OPENING, *CONSENT_AND_CONTACT, *ABOUT_HER)):
        assert doors.mails(text + QUOTE, number, In_Reply_To="<x@door.example.org>", Subject="Re: Your message") == 200
    assert len(asyncio.run(doors.bench.rows(select(Referral.id)))) == 1, doors.to_her()[-1].get_content()
    assert "referral" in doors.alerts()
    assert doors.to_staff()
    assert {mail["Subject"] for mail in doors.to_her()} == {"Re: Your message"}
    assert doors.to_her()[-1]["In-Reply-To"] == "<26@post.example.net>"


def test_the_first_answer_says_that_mail_is_weak_and_names_another_door(doors: Doors) -> None:
    doors.mails("hello", 1)
    (first,) = doors.to_her()
    assert "Others may read mail. Our web page is better." in first.get_content()


@pytest.mark.requirement("R29")
def test_a_mail_that_is_not_from_where_it_says_is_told_and_not_answered(doors: Doors) -> None:
    assert doors.mails("he has a knife, he is going to kill me", 1, Authentication_Results=FAILED) == 200
    assert doors.to_her() == []
    assert "danger" in doors.alerts()
    (row,) = asyncio.run(doors.bench.rows(select(InboundMessage.kind, InboundMessage.conversation_id)))
    assert row.kind == "unproven"
    with doors.bench.house.store.engine.connect() as c:
        assert [line.came_as for line in read_thread(c, doors.bench.house, row.conversation_id)] == ["unproven"]


@pytest.mark.requirement("R24")
def test_stop_in_a_forged_mail_still_stops(doors: Doors) -> None:
    """Tightening never waits for a proof, and a practitioner is told (R14)."""
    doors.mails("please stop writing to me", 1, Authentication_Results=FAILED)
    (point,) = asyncio.run(doors.bench.rows(select(ContactPoint.opted_out_at)))
    assert point.opted_out_at is not None
    assert {"opted_out", "not_answered"} <= doors.alerts()
    assert doors.to_her() == []


def test_an_address_is_the_same_in_whatever_letters(doors: Doors) -> None:
    doors.mails("hello", 1)
    doors.mails("1", 2, From="ANA@Post.Example.NET")
    assert len(asyncio.run(doors.bench.rows(select(ContactPoint.id)))) == 1


def test_two_machines_do_not_write_to_each_other_for_ever(doors: Doors) -> None:
    for number in range(MOST_MAILS + 3):
        doors.mails("ok", number)
    answered = len(doors.to_her())
    doors.mails("ok", 999)
    assert len(doors.to_her()) == answered
    assert "not_answered" in doors.alerts()
    assert doors.mails("gone fishing", 1000, Auto_Submitted="auto-replied") == 200
    assert len(doors.to_her()) == answered


@pytest.mark.requirement("R25")
def test_a_mail_that_comes_back_is_a_failed_delivery(doors: Doors) -> None:
    doors.mails("hello", 1)
    (sent,) = doors.to_her()
    reference = str(sent["Message-ID"]).strip("<>").partition("@")[0]
    assert doors.bounces(bounce(reference)) == 200
    (row,) = asyncio.run(doors.bench.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "reply")))
    assert row.state == "failed"
    assert "not_delivered" in doors.alerts()


@pytest.mark.requirement("R28")
def test_an_attachment_is_refused_politely(doors: Doors) -> None:
    doors.mails("hello", 1, attach=True)
    assert any("can only read words" in mail.get_content() for mail in doors.to_her())
