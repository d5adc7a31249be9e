"""What happens to a text while the database is away: kept, answered, and somebody woken (R23, R32)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DataError

from backend.outage.answers import TRIES, Waker
from backend.store.talk import DataKey, InboundMessage
from channels.contract import Accepted, Outbound, SendError
from tests.backend.outage.broken import DUTY, Broken, run
from tests.backend.talks import reasons


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R32")
def test_a_text_is_kept_answered_and_somebody_is_woken(broken: Broken) -> None:
    async def scenario() -> None:
        status, answer = await broken.post("he is at the door")
        assert (status, "999" in answer) == (200, True)
        assert [message.address for message in broken.bench.email.sent] == [DUTY]
        assert "door" not in broken.bench.email.texts[0]
        assert await broken.back() == 1
        assert await broken.bench.rows(select(InboundMessage.id))
        assert "danger" in await reasons(broken.bench)

    run(scenario)


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R24")
@pytest.mark.parametrize(("text", "answered"), [("hello", True), ("STOP", False), ("receipt", False), ("bye", False)])
def test_only_who_waits_for_words_is_answered(broken: Broken, text: str, answered: bool) -> None:
    async def scenario() -> None:
        _status, answer = await broken.post(text)
        assert ("<Message>" in answer) == answered

    run(scenario)


@pytest.mark.requirement("R32")
def test_people_are_woken_once_in_two_minutes(broken: Broken) -> None:
    async def scenario() -> None:
        for _ in range(3):
            await broken.post("hello")
        broken.bench.clock.advance(minutes=2)
        await broken.post("are you there")
        assert len(broken.bench.email.sent) == 2

    run(scenario)


@pytest.mark.requirement("R22")
def test_what_is_not_signed_is_not_kept(broken: Broken) -> None:
    async def scenario() -> None:
        assert (await broken.post("forged"))[0] == 403
        assert broken.keeper.spool.waiting() == []

    run(scenario)


@pytest.mark.requirement("R38")
def test_nothing_lies_on_the_disk_in_the_open(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("velvet kettle")
        (path,) = broken.keeper.spool.waiting()
        assert b"velvet" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0

    run(scenario)


@pytest.mark.requirement("R23")
def test_where_nothing_can_be_kept_the_provider_is_asked_to_try_again(broken: Broken) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "no space")

    async def scenario() -> None:
        broken.keeper = replace(broken.keeper, spool=replace(broken.keeper.spool, sync=full))
        assert (await broken.post("hello"))[0] == 503
        assert broken.keeper.spool.waiting() == []

    run(scenario)


@pytest.mark.requirement("R32")
def test_where_nobody_could_be_woken_the_next_message_tries_again(broken: Broken) -> None:
    async def scenario() -> None:
        broken.bench.email.faults = [SendError("smtp_down", retryable=True), OSError()]
        for text, told in (("he has a knife", 0), ("please", 0), ("are you there", 1), ("hello", 1)):
            status, body = await broken.post(text)
            assert (status, "999" in body, len(broken.bench.email.sent)) == (200, True, told)

    run(scenario)


@pytest.mark.requirement("R32")
def test_where_nobody_could_be_woken_it_is_tried_again_at_growing_intervals(broken: Broken) -> None:
    """A lone cry must not wait for a second one."""

    async def scenario() -> None:
        clock, email, waker = broken.bench.clock, broken.bench.email, broken.keeper.waker
        email.faults = [SendError("smtp_down", retryable=True)] * 3
        await broken.post("he has a knife")
        began, tried = clock(), []
        while not email.sent and clock() < began + timedelta(hours=1):
            before = len(email.faults), len(email.sent)
            await waker.again()
            tried += [(clock() - began).total_seconds()] if before != (len(email.faults), len(email.sent)) else []
            clock.advance(seconds=1)
        assert tried == [5, 15, 35]
        clock.advance(hours=1)
        await waker.again()
        assert [message.address for message in email.sent] == [DUTY], "whoever was told is not told again"

    run(scenario)


@pytest.mark.requirement("R32")
def test_in_the_end_only_the_next_message_tries_again(broken: Broken, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        email, waker = broken.bench.email, broken.keeper.waker
        email.faults = [SendError("smtp_down", retryable=True)] * (1 + TRIES)
        await broken.post("he has a knife")
        for _ in range(TRIES + 5):
            broken.bench.clock.advance(minutes=11)
            await waker.again()
        assert (email.faults, email.sent) == ([], [])
        assert [record.levelname for record in caplog.records].count("CRITICAL") == 1
        await broken.post("are you there")
        assert len(email.sent) == 1

    run(scenario)


@pytest.mark.requirement("R32")
def test_a_mail_server_that_does_not_answer_keeps_nobody_waiting_for_words(broken: Broken) -> None:
    class Silent:
        name = "email"

        async def send(self, message: Outbound) -> Accepted:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

    async def scenario() -> None:
        waker = Waker(Silent(), [DUTY], broken.bench.clock, patience=0.01)
        await asyncio.wait_for(waker.wake(), 60)

    run(scenario)


@pytest.mark.requirement("R23")
def test_what_breaks_in_the_database_itself_is_heard_by_a_person(broken: Broken) -> None:
    """The database is there; to try the same again would end the same."""

    async def scenario() -> None:
        broken.store.away = False
        broken.store.faults = [DataError("", {}, Exception())]
        await broken.post("hello")
        assert broken.keeper.spool.waiting() == []
        assert await reasons(broken.bench) == ["trouble"]

    run(scenario)


@pytest.mark.requirement("R23")
def test_whose_key_does_not_open_is_kept_and_answered_all_the_same(broken: Broken) -> None:
    async def scenario() -> None:
        broken.store.away = False
        await broken.post("hello")
        await broken.store.write(lambda c: c.execute(update(DataKey).values(wrapped=b"damaged")))
        status, answer = await broken.post("he has a knife")
        assert (status, "999" in answer) == (200, True)
        assert [message.address for message in broken.bench.email.sent] == [DUTY]
        assert len(broken.keeper.spool.waiting()) == 1

    run(scenario)
