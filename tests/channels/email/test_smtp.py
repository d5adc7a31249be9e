"""Mail goes out as it should, and every failure becomes the right SendError, against a real SMTP server."""

import asyncio
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels.contract import Accepted, Outbound, SendError
from channels.email.smtp import SmtpSender
from tests.channels.runner import check_failure
from tests.peers.ports import refusing_port
from tests.peers.smtp_peer import SmtpPeer

SENDER = "Door <alerts@door.example.org>"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAIL = Outbound(
    channel="email",
    address="duty@door.example.org",
    text="Something new waits.\nHow urgent: now.",
    reference="attempt-1",
    subject="Something new waits",
)
MESSAGE_ID = "<3dafcfaa6218343276ff42263fe100ba@door.example.org>"


def send(peer: SmtpPeer, mail: Outbound = MAIL, login: str = "", scheme: str = "smtp", **options: Any) -> Accepted:
    sender = SmtpSender(f"{scheme}://{login}127.0.0.1:{peer.port}", SENDER, clock=lambda: NOON, **options)
    return asyncio.run(sender.send(mail))


def failure(peer: SmtpPeer, **options: Any) -> SendError:
    with pytest.raises(SendError) as raised:
        send(peer, **options)
    return raised.value


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1: the server's side of it, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    file: Path = tmp_path_factory.mktemp("tls") / "peer.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_exactly_this_goes_out() -> None:
    with SmtpPeer() as peer:
        accepted = send(peer)
    (mail,) = peer.mails
    assert accepted == Accepted(MESSAGE_ID.strip("<>").partition("@")[0])
    assert (mail.sender, mail.recipients) == ("alerts@door.example.org", ["duty@door.example.org"])
    assert mail.content.decode().splitlines() == [
        "From: Door <alerts@door.example.org>",
        "To: duty@door.example.org",
        "Subject: Something new waits",
        "Date: Mon, 02 Mar 2026 12:00:00 +0000",
        f"Message-ID: {MESSAGE_ID}",
        "Auto-Submitted: auto-generated",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 7bit",
        "MIME-Version: 1.0",
        "",
        "Something new waits.",
        "How urgent: now.",
    ]


@pytest.mark.requirement("R1")
def test_a_mail_does_not_say_which_machine_or_program_sent_it() -> None:
    with SmtpPeer() as peer:
        send(peer)
    content = peer.mails[0].content.decode().lower()
    assert socket.gethostname().lower() not in content
    assert not {"x-mailer", "user-agent", "received", "python"} & {line.split(":")[0] for line in content.splitlines()}


def test_any_script_and_one_line_of_subject() -> None:
    mail = Outbound(
        channel="email", address=MAIL.address, text="żółw 🐢", reference="2", subject="new\r\nBcc: a@example.org"
    )
    with SmtpPeer() as peer:
        send(peer, mail)
    message = peer.mails[0].message
    assert message.get_content().strip() == "żółw 🐢"
    assert message["Bcc"] is None
    assert peer.mails[0].recipients == [MAIL.address]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "duty",
        "a@b.example, c@d.example",
        "Duty <duty@door.example.org>",
        "a@b.example\r\nBcc: c@d.example",
        "ü@b.example",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    mail = Outbound(channel="email", address=address, text="words", reference="3", subject="new")
    with SmtpPeer() as peer:
        error = failure(peer, mail=mail)
        assert (error.code, error.tell_staff, error.retryable) == ("not-a-mail-address", True, False)
    assert peer.mails == []


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("reply", "flags"), [("451 duty@door busy", {"retryable": True}), ("550 no", {"tell_staff": True})]
)
def test_the_server_says_no(step: str, reply: str, flags: dict[str, bool]) -> None:
    with SmtpPeer(refuse={step: reply}) as peer:
        check_failure(failure(peer), {"code": f"smtp-{reply[:3]}"} | flags, MAIL)
    assert peer.mails == []


@pytest.mark.parametrize(
    ("step", "unknown", "taken"), [("mail", False, 0), ("rcpt", False, 0), ("data", True, 1), ("after-data", True, 1)]
)
def test_the_line_breaks(step: str, unknown: bool, taken: int) -> None:
    with SmtpPeer(drop=step) as peer:
        check_failure(failure(peer), {"code": "smtp-dropped", "retryable": True, "unknown": unknown}, MAIL)
    assert len(peer.mails) == taken


@pytest.mark.parametrize(("step", "unknown"), [("rcpt", False), ("data", True)])
def test_the_server_falls_silent(step: str, unknown: bool) -> None:
    with SmtpPeer(silent=step) as peer:
        error = failure(peer, timeout=1)
    check_failure(error, {"code": "smtp-timeout", "retryable": True, "unknown": unknown}, MAIL)


def test_nobody_listens() -> None:
    with refusing_port() as port, pytest.raises(SendError) as raised:
        asyncio.run(SmtpSender(f"smtp://127.0.0.1:{port}", SENDER).send(MAIL))
    check_failure(raised.value, {"code": "smtp-dropped", "retryable": True}, MAIL)


SHUT_OUT = {"tell_staff": True, "elsewhere": True}
"""No mail goes, whatever it is: the fault lies with the server, or with us there."""


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the peer is on loopback
@pytest.mark.parametrize(("login", "code"), [("me:p%40ss@", None), ("me:wrong@", "smtp-535"), ("", "smtp-530")])
def test_login(login: str, code: str | None) -> None:
    with SmtpPeer(login=("me", "p@ss")) as peer:
        if code is None:
            send(peer, login=login)
        else:
            check_failure(failure(peer, login=login), {"code": code} | SHUT_OUT, MAIL)
    assert len(peer.mails) == (code is None)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_encrypted_on_the_way(scheme: str, trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = trust
    with SmtpPeer(tls=server, implicit_tls=scheme == "smtps") as peer:
        send(peer, scheme=scheme, tls=client)
    assert len(peer.mails) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_we_do_not_trust(scheme: str, trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    with SmtpPeer(tls=trust[0], implicit_tls=scheme == "smtps") as peer:
        error = failure(peer, scheme=scheme, tls=ssl.create_default_context())
    check_failure(error, {"code": "smtp-certificate"} | SHUT_OUT, MAIL)
    assert peer.mails == []


def test_a_server_that_offers_no_encryption_gets_nothing(trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    with SmtpPeer() as peer:
        check_failure(failure(peer, tls=trust[1]), {"code": "smtp-not-encrypted"} | SHUT_OUT, MAIL)
    assert peer.mails == []


@pytest.mark.parametrize(
    ("url", "starttls"),
    [
        ("smtp://127.0.0.1", False),
        ("smtp://localhost:25", False),
        ("smtp://[::1]:25", False),
        ("smtp://mail.example.org", True),
        ("smtp://10.0.0.1:25", True),
        ("smtps://mail.example.org", False),
    ],
)
def test_only_this_machine_may_be_spoken_to_in_clear(url: str, starttls: bool) -> None:
    assert SmtpSender(url, SENDER)._starttls is starttls


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://u:secret@h", "smtp://", "smtp://u:secret@h:x", "smtp://[u:secret"]
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP URL must look like") as raised:
        SmtpSender(url, SENDER)
    assert "secret" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_sender_must_be_an_address() -> None:
    with pytest.raises(ValueError, match="must be an e-mail address"):
        SmtpSender("smtp://127.0.0.1", "Door")


PERSON = "ana@post.example.net"


def to_person(in_reply_to: str = "") -> EmailMessage:
    """What a person gets."""
    with SmtpPeer() as peer:
        sender = SmtpSender(
            f"smtp://127.0.0.1:{peer.port}", "alerts@door.example.org", person_sender="Anna <hello@door.example.org>"
        )
        asyncio.run(sender.send(Outbound("email", PERSON, "Hello.", "41", in_reply_to=in_reply_to)))
    (mail,) = peer.mails
    assert mail.sender == "hello@door.example.org", "what comes back must come to the mailbox that is read"
    return mail.message


@pytest.mark.requirement("R1")
def test_a_person_sees_a_neutral_sender_and_subject() -> None:
    mail = to_person()
    assert (mail["From"], mail["Subject"]) == ("Anna <hello@door.example.org>", "Your message")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_an_answer_stands_under_what_it_answers() -> None:
    mail = to_person("<one@post.example.net>")
    assert (mail["In-Reply-To"], mail["References"]) == ("<one@post.example.net>",) * 2
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Re: Your message", "auto-replied")


def test_without_an_address_for_people_none_gets_a_mail() -> None:
    sender = SmtpSender("smtp://127.0.0.1:1", "alerts@door.example.org")
    with pytest.raises(SendError) as raised:
        asyncio.run(sender.send(Outbound("email", PERSON, "Hello.", "41")))
    assert (raised.value.code, raised.value.tell_staff) == ("no-address-for-people", True)
