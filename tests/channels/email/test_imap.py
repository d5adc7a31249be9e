"""A mailbox on a real IMAP server on loopback."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Batch, Inbound, SendError
from channels.email.imap import Mailbox, MailboxFetcher
from tests.channels.email.mails import HER, SETTINGS, raw
from tests.peers.imap_peer import Folder, ImapPeer
from tests.peers.ports import refusing_port

SEEN = {b"\\Seen"}


@pytest.fixture(scope="module")
def server() -> Iterator[ImapPeer]:
    with ImapPeer() as running:
        yield running


@pytest.fixture
def folder(server: ImapPeer) -> Folder:
    return server.new_folder()


def reader(url: str, *, delete: bool = False) -> MailboxFetcher:
    settings = replace(SETTINGS, imap_url=url, imap_delete=delete, timeout=30.0)
    return MailboxFetcher(settings, listens=timedelta(0))


def fetch(fetcher: MailboxFetcher, place: str = "") -> Batch:
    return asyncio.run(fetcher.fetch(place))


def texts(batch: Batch) -> list[str]:
    return [item.text for item in batch.items if isinstance(item, Inbound)]


def numbered(text: str) -> bytes:
    return raw(text, Message_ID=f"<{text}@post.example.net>")


@pytest.mark.requirement("R23")
def test_what_is_new_is_read_in_order_and_once(folder: Folder) -> None:
    fetcher = reader(folder.url)
    for text in ("one", "two"):
        folder.post(numbered(text))
    first = fetch(fetcher)
    folder.post(numbered("three"))
    assert (texts(first), texts(fetch(fetcher, first.place))) == (["one", "two"], ["three"])


@pytest.mark.requirement("R23")
def test_a_mail_is_seen_only_once_it_is_durable(folder: Folder) -> None:
    fetcher = reader(folder.url)
    folder.post(numbered("one"))
    batch = fetch(fetcher)
    assert folder.flags() == [set()]
    assert texts(fetch(reader(folder.url))) == ["one"], "a crash before the commit loses nothing"
    asyncio.run(fetcher.done(batch))
    assert folder.flags() == [SEEN]


def test_nothing_is_deleted_unless_that_is_set(folder: Folder) -> None:
    for text, delete, left in (("one", False, [SEEN]), ("two", True, [SEEN])):
        fetcher = reader(folder.url, delete=delete)
        folder.post(numbered(text))
        asyncio.run(fetcher.done(fetch(fetcher)))
        assert folder.flags() == left


@pytest.mark.requirement("R23")
def test_a_mail_that_somebody_opened_first_is_still_read(folder: Folder) -> None:
    fetcher = reader(folder.url)
    place = fetch(fetcher).place
    folder.post(numbered("one"))
    folder.read_by_hand()
    assert texts(fetch(fetcher, place)) == ["one"]


def test_years_of_old_mail_are_left_alone_at_the_first_look(folder: Folder) -> None:
    folder.post(numbered("old"), datetime.now(UTC) - timedelta(days=30))
    folder.post(numbered("read"))
    folder.read_by_hand()
    folder.post(numbered("new"))
    assert texts(fetch(reader(folder.url))) == ["new"]


@pytest.mark.requirement("R23")
def test_a_box_that_is_numbered_anew_is_read_again_under_the_same_ids(folder: Folder) -> None:
    fetcher = reader(folder.url)
    folder.post(numbered("one"))
    before = fetch(fetcher)
    folder.numbered_anew()
    folder.post(numbered("two"))
    again = fetch(fetcher, before.place)
    assert texts(again) == ["one", "two"]
    first, second = before.items[0], again.items[0]
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.external_id == second.external_id


def test_an_empty_box_has_a_place_too(folder: Folder) -> None:
    fetcher = reader(folder.url)
    empty = fetch(fetcher)
    folder.post(numbered("one"))
    assert (texts(empty), texts(fetch(fetcher, empty.place))) == ([], ["one"])


def test_it_came_when_the_server_got_it(folder: Folder) -> None:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    folder.post(raw(Date="Mon, 1 Jan 2001 00:00:00 +0000"), at)
    (item,) = fetch(reader(folder.url)).items
    assert isinstance(item, Inbound)
    assert item.received_at == at


@pytest.mark.parametrize(
    ("change", "code"), [(("demopass", "wrong"), "imap-login"), (("door", "nowhere/door"), "imap-dropped")]
)
def test_what_a_failure_becomes(folder: Folder, change: tuple[str, str], code: str) -> None:
    assert _failure(folder.url.replace(*change)).code == code


def test_a_server_that_is_not_there() -> None:
    with refusing_port() as port:
        assert _failure(f"imap://me:secret@127.0.0.1:{port}").code == "imap-dropped"


@pytest.mark.requirement("R38")
def test_nothing_personal_is_logged(folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    folder.post(numbered("one"))
    fetch(reader(folder.url))
    box = Mailbox.from_url("imap://me:secret@127.0.0.1")
    assert not [word for word in (HER, "secret", "demopass") if word in caplog.text + repr(box)]


@pytest.mark.parametrize("url", ["", "imap://", "http://me@127.0.0.1", "imap://127.0.0.1", "imap://me@127.0.0.1:x"])
def test_a_url_that_cannot_be_used_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(ValueError, match="IMAP URL must look like") as raised:
        Mailbox.from_url(url)
    assert raised.value.__context__ is None


def _failure(url: str) -> SendError:
    with pytest.raises(SendError) as raised:
        fetch(reader(url))
    assert raised.value.__context__ is None
    assert raised.value.retryable
    return raised.value
