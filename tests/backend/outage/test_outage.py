"""What happens to a text while the database is away: kept, answered, somebody woken, and taken in later (R23, R32)."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DataError, OperationalError

from backend.conversations.intake import Intake
from backend.hooks import routes
from backend.outage.answers import TRIES, Waker
from backend.outage.fallback import hand_over
from backend.outage.keeper import Keeper, make_keeper
from backend.outage.replay import replay
from backend.store.talk import ContactPoint, DataKey, InboundMessage
from backend.testing import HER_NUMBER, Bench, make_bench
from bot import Flows
from channels.contract import Accepted, Inbound, Outbound, RawRequest, Receipt, SendError
from tests.backend.talks import reasons

DUTY = "duty@example.org"


class Reader:
    """A receiver whose requests hold the text as their body; one that begins with "forged" is not signed."""

    name = "sms"

    def verify(self, request: RawRequest) -> bool:
        return not request.body.startswith(b"forged")

    def parse(self, request: RawRequest) -> list[Inbound | Receipt]:
        text = request.body.decode()
        if text.startswith("receipt"):
            return [Receipt("sms", "SM" + "0" * 32, "delivered", request.received_at)]
        return [Inbound("sms", HER_NUMBER, f"SM{zlib.crc32(request.body):032x}", text, request.received_at)]


@dataclass
class Store:
    """The bench's store, which can be away."""

    inner: Any
    away: bool = False
    faults: list[Exception] = field(default_factory=list)
    """Raised by the next writes, one for each."""

    @property
    def engine(self) -> Any:
        return self.inner.engine

    def write(self, work: Callable[[Connection], Any]) -> Awaitable[Any]:
        if self.faults:
            return self._raise(self.faults.pop(0))
        return self._gone() if self.away else self.inner.write(work)

    def read(self, work: Callable[[Connection], Any]) -> Awaitable[Any]:
        return self._gone() if self.away else self.inner.read(work)

    def close(self) -> None:
        self.inner.close()

    async def _gone(self) -> None:
        raise OperationalError("", {}, Exception())

    async def _raise(self, fault: Exception) -> None:
        raise fault


@dataclass
class Broken:
    """A bench whose database is away, its webhook, and what keeps its requests."""

    bench: Bench
    store: Store
    intake: Intake
    keeper: Keeper

    async def post(self, text: str) -> tuple[int, str]:
        """A webhook with this text; status and body of the answer."""
        (door,) = [r for r in routes(self.bench.house, self.intake, READERS, self.keeper) if r.path == "/hooks/sms"]
        said: list[dict[str, Any]] = []
        scope = {"type": "http", "method": "POST", "path": "/hooks/sms", "query_string": b"", "headers": []}

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": text.encode(), "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        await door.app({**scope, "scheme": "http", "server": ("x", 80)}, receive, send)  # type: ignore[arg-type]  # as servers do
        return said[0]["status"], said[1]["body"].decode()

    async def back(self) -> int:
        """The database is there again; how many requests were taken in."""
        self.store.away = False
        return await replay(self.keeper.spool, self.intake, READERS)


READERS: Any = {"sms": Reader()}


@pytest.fixture
def broken(url: str, tmp_path: Path, flows: Flows) -> Broken:
    bench = make_bench(tmp_path, url, flows=flows, outage_addresses=DUTY)
    store = Store(bench.house.store)
    bench.house = replace(bench.house, store=store)
    store.away = True
    keeper = make_keeper(bench.house.settings, bench.house.vault, bench.house.senders["email"], bench.clock)
    return Broken(bench, store, Intake(bench.house), keeper)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]  # every scenario here is a coroutine function


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


@pytest.mark.requirement("R23")
def test_what_is_taken_in_twice_is_written_once(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("hello")
        await broken.post("hello")
        assert await broken.back() == 2
        assert len(await broken.bench.rows(select(InboundMessage.id))) == 1
        assert broken.keeper.spool.waiting() == []

    run(scenario)


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R24")
@pytest.mark.parametrize(("text", "answered"), [("hello", True), ("STOP", False), ("receipt", False), ("bye", False)])
def test_only_who_waits_for_words_is_answered(broken: Broken, text: str, answered: bool) -> None:
    async def scenario() -> None:
        _status, answer = await broken.post(text)
        assert ("<Message>" in answer) == answered

    run(scenario)


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R8")
def test_what_is_taken_in_hours_later_is_not_answered_at_that_hour(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("hello")
        broken.bench.clock.advance(hours=9)
        await broken.back()
        await broken.bench.work()
        assert broken.bench.sms.sent == []
        assert "not_sent" in await reasons(broken.bench), "a practitioner knows that nobody answered"

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


def test_a_file_that_cannot_be_read_is_set_aside_and_holds_up_nothing(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("hello")
        (broken.keeper.spool.folder / "0.sealed").write_bytes(b"\x00\x04what is this")
        assert await broken.back() == 1
        assert [path.name for path in broken.keeper.spool.folder.iterdir()] == ["0.broken"]

    run(scenario)


@pytest.mark.requirement("R23")
def test_while_the_database_is_away_nothing_is_taken_away(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("hello")
        assert await replay(broken.keeper.spool, broken.intake, READERS) == 0
        assert len(broken.keeper.spool.waiting()) == 1

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


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("kept", "came", "stopped"),
    [
        (("START",), ("STOP",), True),
        (("STOP", "START"), (), False),
        (("START", "STOP"), (), True),
        (("STOP",), ("START",), True),
    ],
)
def test_the_order_they_were_sent_in_decides_between_stop_and_start(
    broken: Broken, kept: tuple[str, ...], came: tuple[str, ...], stopped: bool
) -> None:
    """What came while the database was there is taken in first. A STOP that comes late counts whatever came since: in
    doubt they have stopped us."""

    async def scenario() -> None:
        broken.store.away = False
        await broken.post("hello")
        broken.store.away = True
        for text in kept:
            broken.bench.clock.advance(minutes=5)
            await broken.post(text)
        broken.store.away = False
        for text in came:
            broken.bench.clock.advance(minutes=5)
            await broken.post(text)
        broken.bench.clock.advance(minutes=5)
        await broken.back()
        [row] = await broken.bench.rows(select(ContactPoint.opted_out_at))
        assert (row.opted_out_at is not None) == stopped
        assert ("opted_in" in await reasons(broken.bench)) == (not stopped)

    run(scenario)


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(("after", "stopped"), [(30, True), (90, False)])
def test_a_start_that_comes_late_counts_only_where_no_clock_leaves_it_open(
    broken: Broken, after: float, stopped: bool
) -> None:
    """Another host may have timed it; the last of several refusals is the one that counts."""

    async def scenario() -> None:
        broken.store.away = False
        for text in ("STOP", "stop texting me"):
            await broken.post(text)
            broken.bench.clock.advance(minutes=5)
        broken.bench.clock.advance(minutes=-5, seconds=after)
        broken.store.away = True
        await broken.post("START")
        broken.bench.clock.advance(minutes=10)
        await broken.back()
        [row] = await broken.bench.rows(select(ContactPoint.opted_out_at))
        assert (row.opted_out_at is not None) == stopped

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
def test_a_request_that_breaks_holds_up_no_other(broken: Broken) -> None:
    """Such as a file that another process has just taken in, one on a bad sector, or a fault of ours."""

    async def scenario() -> None:
        (broken.keeper.spool.folder / "0.sealed").mkdir(parents=True)
        await broken.post("hello")
        assert await broken.back() == 1
        assert [path.name for path in broken.keeper.spool.waiting()] == ["0.sealed"]

    run(scenario)


@pytest.mark.requirement("R23")
def test_what_the_house_can_never_take_holds_up_nothing_at_the_fallback_host(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        for text in ("hello", "he has a knife"):
            await broken.post(text)
        answers = iter([422, 200])
        monkeypatch.setattr(requests, "post", lambda *_, **__: SimpleNamespace(status_code=next(answers)))
        assert hand_over(broken.keeper, "http://house") == 1
        assert len(broken.keeper.spool.waiting()) == 1

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
def test_what_the_database_will_never_take_holds_up_no_other(broken: Broken) -> None:
    async def scenario() -> None:
        for text in ("hello", "he has a knife"):
            await broken.post(text)
            broken.bench.clock.advance(seconds=1)
        broken.store.faults = [DataError("", {}, Exception())] * 2
        assert await broken.back() == 1
        assert len(broken.keeper.spool.waiting()) == 1, "it is kept, for whoever mends the fault"
        assert "danger" in await reasons(broken.bench)

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
