"""Mail that comes in by webhook, against its tables."""

from dataclasses import replace

import pytest

from channels.contract import Inbound, RawRequest
from channels.email.webhook import MailReceiver
from tests.channels.email.cases import BOUNCES, MACHINES, SIGNATURES, WHO, WORDS
from tests.channels.email.mails import HER, SETTINGS, from_mailgun, raw, relayed
from tests.channels.runner import InboundCase, ids, run_inbound
from tests.peers.signing import NOON


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", SIGNATURES, ids=ids(SIGNATURES))
def test_signatures(case: InboundCase) -> None:
    run_inbound(MailReceiver(SETTINGS), case)


@pytest.mark.requirement("R22")
def test_without_secrets_nothing_passes() -> None:
    off = MailReceiver(replace(SETTINGS, hook_secret="", mailgun_key=""))
    assert not off.verify(relayed(raw(), ""))
    assert not off.verify(from_mailgun(raw(), ""))


@pytest.mark.requirement("R22")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b""),
        ("application/json", b"{}"),
        ("multipart/form-data", b"--edge"),
        ("multipart/form-data; boundary=edge", b"--edge\r\nno head"),
        ("application/x-www-form-urlencoded", b"timestamp=x&token=%ff&signature=\xff"),
        ("application/x-www-form-urlencoded", b"timestamp=%ff&token=t&signature=s"),
        ("message/rfc822", b"From: a@b"),
    ],
)
def test_what_is_no_signed_mail_fails(content_type: str, body: bytes) -> None:
    request = RawRequest("https://door.example.org/hooks/email", {"content-type": content_type}, body, NOON)
    assert not MailReceiver(SETTINGS).verify(request)


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("case", WORDS, ids=ids(WORDS))
def test_the_words_that_somebody_wrote(case: InboundCase) -> None:
    run_inbound(MailReceiver(SETTINGS), case)


@pytest.mark.parametrize("case", WHO, ids=ids(WHO))
def test_who_it_is_from_and_whether_that_is_proven(case: InboundCase) -> None:
    run_inbound(MailReceiver(SETTINGS), case)


@pytest.mark.parametrize("case", MACHINES, ids=ids(MACHINES))
def test_what_no_person_wrote_is_never_answered(case: InboundCase) -> None:
    run_inbound(MailReceiver(SETTINGS), case)


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("case", BOUNCES, ids=ids(BOUNCES))
def test_what_comes_back(case: InboundCase) -> None:
    run_inbound(MailReceiver(SETTINGS), case)


def test_nobody_can_use_up_the_id_of_anothers_mail() -> None:
    mine, theirs = (_one(raw(From=sender)) for sender in (HER, "other@post.example.net"))
    assert mine.external_id != theirs.external_id


@pytest.mark.requirement("R38")
def test_an_id_that_is_kept_in_the_open_is_a_hash() -> None:
    item = _one(raw(Message_ID="<x@anas-laptop.local>"))
    assert "ana" not in item.external_id
    assert HER not in repr(item)


def test_a_mail_without_an_id_is_still_only_taken_once() -> None:
    assert _one(raw(Message_ID=None)).external_id == _one(raw(Message_ID=None)).external_id


BROKEN = [
    b"\xff\xfe",
    b"From: =?x?q?=\r\n\r\nhi",
    b"Content-Type: multipart/mixed\r\nFrom: a@b.c\r\n\r\nx",
    b'Content-Type: text/plain; charset="klingon"\r\nFrom: a@b.c\r\n\r\nx',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_no_mail_is_too_broken_to_be_read(broken: bytes) -> None:
    assert len(MailReceiver(SETTINGS).parse(relayed(broken))) == 1


def _one(mail: bytes) -> Inbound:
    (item,) = MailReceiver(SETTINGS).parse(relayed(mail))
    assert isinstance(item, Inbound)
    return item
