"""A mailbox that is listened to (IDLE), on a real IMAP server on loopback. No test waits the listening out."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from imapclient import IMAPClient

from channels.contract import Batch, Inbound
from channels.email.imap import BRIEFLY, LISTENS, MailboxFetcher
from tests.channels.email.mails import SETTINGS, raw
from tests.peers.imap_peer import Folder, ImapPeer
from tests.system.product import until

LONG = timedelta(hours=1)
LEASE, SERVERS_PATIENCE = timedelta(seconds=45), timedelta(minutes=29)


@pytest.fixture(scope="module")
def server() -> Iterator[ImapPeer]:
    with ImapPeer() as running:
        yield running


class Listener(MailboxFetcher):
    """A fetcher that can be waited for until it listens."""

    def __init__(self, folder: Folder, listens: timedelta = LONG) -> None:
        super().__init__(replace(SETTINGS, imap_url=folder.url, timeout=60.0), listens=listens)
        self.lines = 0

    def _connect(self) -> IMAPClient:
        self.lines += 1
        return super()._connect()

    async def meanwhile(self, place: str, work: Callable[[], object]) -> Batch:
        """Fetch, and do something once it listens."""
        fetching = asyncio.create_task(self.fetch(place))
        while self._listening is None and not fetching.done():
            await asyncio.sleep(0.005)
        await asyncio.to_thread(work)
        return await fetching


@pytest.fixture
def folder(server: ImapPeer) -> Folder:
    return server.new_folder()


def post(folder: Folder, text: str) -> Callable[[], None]:
    return lambda: folder.post(raw(text, Message_ID=f"<{text}@post.example.net>"))


def texts(batch: Batch) -> list[str]:
    return [item.text for item in batch.items if isinstance(item, Inbound)]


@pytest.mark.requirement("R23")
def test_a_mail_is_read_as_it_comes_on_the_line_that_is_kept(folder: Folder) -> None:
    async def scenario() -> None:
        mailbox = Listener(folder)
        place = (await mailbox.fetch("")).place  # the first look does not wait: a place is worth having at once
        one = await mailbox.meanwhile(place, post(folder, "one"))
        two = await mailbox.meanwhile(one.place, post(folder, "two"))
        assert (texts(one), texts(two), mailbox.lines, mailbox.pause) == (["one"], ["two"], 1, BRIEFLY)

    asyncio.run(scenario())


def test_what_is_there_already_is_not_waited_for(folder: Folder) -> None:
    async def scenario() -> None:
        mailbox = Listener(folder)
        place = (await mailbox.fetch("")).place
        post(folder, "one")()
        assert texts(await mailbox.fetch(place)) == ["one"]

    asyncio.run(scenario())


def test_it_listens_a_short_while_at_a_time_and_begins_again_on_the_same_line(folder: Folder) -> None:
    async def scenario() -> None:
        mailbox = Listener(folder, timedelta(milliseconds=1))
        place = (await mailbox.fetch("")).place
        assert [await mailbox.fetch(place) for _ in range(3)] == [Batch([], place)] * 3
        post(folder, "one")()
        assert (texts(await mailbox.fetch(place)), mailbox.lines) == (["one"], 1)

    asyncio.run(scenario())
    assert LISTENS < LEASE < SERVERS_PATIENCE


@pytest.mark.requirement("R23")
def test_where_a_line_dies_while_it_is_listened_to_the_mail_is_found_on_a_new_one(folder: Folder) -> None:
    async def scenario() -> None:
        mailbox = Listener(folder)
        place = (await mailbox.fetch("")).place

        def breaks() -> None:
            mailbox._cut()
            until(lambda: mailbox.lines == 2 and mailbox._listening is not None)
            post(folder, "one")()

        assert (texts(await mailbox.meanwhile(place, breaks)), mailbox.lines) == (["one"], 2)

    asyncio.run(scenario())


def test_a_process_that_ends_does_not_wait_for_it(folder: Folder) -> None:
    """`asyncio.run` waits for the thread, which would listen for an hour."""

    async def scenario() -> None:
        mailbox = Listener(folder)
        place = (await mailbox.fetch("")).place
        me = asyncio.current_task()
        assert me is not None
        loop = asyncio.get_running_loop()
        with pytest.raises(asyncio.CancelledError):
            await mailbox.meanwhile(place, lambda: loop.call_soon_threadsafe(me.cancel))

    asyncio.run(scenario())


def test_a_server_that_cannot_tell_is_asked_every_so_often_on_a_line_of_its_own(folder: Folder) -> None:
    async def scenario() -> None:
        mailbox = Listener(folder, timedelta(0))
        place = (await mailbox.fetch("")).place
        post(folder, "one")()
        assert (texts(await mailbox.fetch(place)), mailbox.lines) == (["one"], 2)
        assert mailbox.pause == SETTINGS.imap_pause

    asyncio.run(scenario())
