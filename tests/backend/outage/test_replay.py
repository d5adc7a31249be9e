"""What was kept while the database was away is taken in later: once, in order, none holding up another (R23, R24)."""

from types import SimpleNamespace

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.exc import DataError

from backend.outage.fallback import hand_over
from backend.outage.replay import replay
from backend.store.talk import ContactPoint, InboundMessage
from tests.backend.outage.broken import READERS, Broken, run
from tests.backend.talks import reasons


@pytest.mark.requirement("R23")
def test_what_is_taken_in_twice_is_written_once(broken: Broken) -> None:
    async def scenario() -> None:
        await broken.post("hello")
        await broken.post("hello")
        assert await broken.back() == 2
        assert len(await broken.bench.rows(select(InboundMessage.id))) == 1
        assert broken.keeper.spool.waiting() == []

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
