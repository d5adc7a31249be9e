"""Reminders on the whole house: only where wanted, at their minute, and never for what is no more (D1, R7-R9)."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from backend.appointments.sealed import Reminders
from backend.appointments.service import NotAheadError, RemindersOffError
from backend.conversations.ownership import take_over
from backend.store.support import Appointment
from backend.store.talk import OutboundMessage, Timer
from backend.testing import Bench
from channels.contract import SendError
from safety.types import Window
from tests.backend.appointments.diary import A_DAY, DAYTIME, TUESDAY, TWO_HOURS, diary
from tests.backend.talks import reasons

PLAIN = "Hi, is tomorrow at 2pm still fine?"
TODAY = "Hi, is today at 2pm still fine?"
EVENING = (Window(frozenset(range(7)), time(18), time(22)),)


@pytest.mark.requirement("R9")
def test_reminders_are_off_unless_both_say_so(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(reminders=None)
        assert await book.until(TUESDAY) == []
        await book.agree(reminders=False)
        with pytest.raises(RemindersOffError):
            await book.book(TUESDAY + timedelta(days=1))
        assert await bench.rows(select(Timer.id).where(Timer.kind == "reminder")) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
def test_each_lead_goes_at_its_minute(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book()
        assert await book.until(TUESDAY) == [
            (TUESDAY - timedelta(days=1), PLAIN),
            (TUESDAY - timedelta(hours=2), TODAY),
        ]
        assert await reasons(bench) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R7")
@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (datetime(2026, 3, 29, 13, tzinfo=UTC), datetime(2026, 3, 28, 14, tzinfo=UTC)),
        (datetime(2026, 10, 25, 14, tzinfo=UTC), datetime(2026, 10, 24, 13, tzinfo=UTC)),
    ],
)
def test_a_day_before_is_the_same_time_of_the_clock_through_its_changes(
    bench: Bench, starts: datetime, due: datetime
) -> None:
    async def scenario() -> None:
        bench.clock.now = starts - timedelta(days=2)
        book = await diary(bench)
        await book.book(starts, reminders=Reminders((A_DAY,)))
        assert await book.until(starts) == [(due, PLAIN)]

    asyncio.run(scenario())


@pytest.mark.requirement("R7")
def test_it_waits_for_safe_hours_and_its_words_stay_true(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench, windows=EVENING)
        await book.book(datetime(2026, 3, 4, 9, tzinfo=UTC), reminders=Reminders((A_DAY,)))
        ((at, words),) = await book.until(datetime(2026, 3, 4, 9, tzinfo=UTC))
        assert (at, words) == (datetime(2026, 3, 3, 18, tzinfo=UTC), "Hi, is tomorrow at 9am still fine?")

    asyncio.run(scenario())


@pytest.mark.requirement("R7")
def test_what_would_come_after_it_is_dropped_and_somebody_is_told(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench, windows=EVENING)
        await book.book(reminders=Reminders((TWO_HOURS,)))
        assert await book.until(TUESDAY + timedelta(hours=8)) == []
        assert await book.fates() == [(TWO_HOURS, "not_sent", "too_late_in_hours")]
        assert await reasons(bench) == ["reminder_not_sent"]

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
def test_after_an_outage_nothing_late_goes(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book()
        bench.clock.now = TUESDAY + timedelta(minutes=1)
        await bench.work()
        assert bench.sms.sent == []
        assert await book.fates() == [(lead, "not_sent", "we_were_away") for lead in (A_DAY, TWO_HOURS)]

    asyncio.run(scenario())


def test_after_a_short_outage_the_last_one_goes_and_no_burst(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book()
        bench.clock.now = TUESDAY - timedelta(minutes=90)
        await bench.work()
        assert [text.splitlines()[0] for text in bench.sms.texts] == [TODAY]
        assert [fate[1] for fate in await book.fates()] == ["not_sent", "queued"]

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
def test_moving_it_moves_the_reminders(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        made = await book.book()
        await book.move(made, TUESDAY + timedelta(days=1))
        went = await book.until(TUESDAY + timedelta(days=1))
        assert went == [(TUESDAY, PLAIN), (TUESDAY + timedelta(hours=22), TODAY)]

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
def test_what_waits_to_be_tried_again_is_taken_back(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        made = await book.book()
        bench.clock.now = TUESDAY - timedelta(days=1)
        bench.sms.faults = [SendError("busy", retryable=True)]
        await bench.work()
        await book.cancel(made)
        assert await book.until(TUESDAY) == []
        assert await bench.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "reminder")) == [
            ("cancelled",)
        ]
        with pytest.raises(NotAheadError):
            await book.cancel(made)

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_after_stop_it_says_why_it_did_not_go(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book()
        await bench.text("STOP")
        bench.sms.sent.clear()
        assert await book.until(TUESDAY) == []
        assert [fate[2] for fate in await book.fates()] == ["opted_out", "opted_out"]

    asyncio.run(scenario())


def test_it_does_not_break_into_a_talk(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(reminders=Reminders((TWO_HOURS,)))
        bench.clock.now = TUESDAY - timedelta(minutes=125)
        await bench.text("hello")
        bench.sms.sent.clear()
        went = await book.until(TUESDAY - timedelta(minutes=100))
        assert [at for at, _ in went] == [TUESDAY - timedelta(minutes=115)]

    asyncio.run(scenario())


def test_while_a_practitioner_has_the_talk_it_asks_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(reminders=Reminders((A_DAY,)))
        await bench.house.store.write(lambda c: take_over(c, bench.house, book.talk_id, book.staff_id))
        await book.until(TUESDAY)
        assert bench.sms.texts == ["Hi, tomorrow at 2pm is still fine here. Text back if it does not suit."]

    asyncio.run(scenario())


@pytest.mark.requirement("R5")
def test_no_text_holds_where_or_with_whom(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench, windows=DAYTIME)
        await book.book(place="The hub, Worthing", reminders=Reminders((A_DAY,), "no_time"))
        await book.book(TUESDAY + timedelta(days=1), kind="call", reminders=Reminders((A_DAY,), call_ahead=15))
        await book.until(TUESDAY + timedelta(days=1))
        seen = "\n".join(bench.sms.texts).casefold()
        assert not [word for word in ("hub", "worthing", "sam", "appointment", "harbour") if word in seen]
        assert [text.splitlines()[0] for text in bench.sms.texts] == [
            "Hi, are our plans this week still fine?",
            PLAIN,
            "Hi, is 2pm still a good moment?",
        ]

    asyncio.run(scenario())


@pytest.mark.requirement("R38")
def test_place_and_agreement_are_sealed(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(place="The hub, Worthing")
        ((place, reminders),) = await bench.rows(select(Appointment.place, Appointment.reminders))
        assert b"hub" not in place
        assert b"1440" not in reminders

    asyncio.run(scenario())
