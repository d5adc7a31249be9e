"""What is answered to a reminder, and what a practitioner hears of it (D1, D3, D4, D9, R10, R35)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.appointments.sealed import Reminders
from backend.conversations.talk import begin_conversation
from backend.store.contact_points import ContactCheck
from backend.store.support import Task
from backend.store.talk import ContactPoint
from backend.store.work import Alert, Case
from backend.testing import Bench
from tests.backend.appointments.diary import A_DAY, TUESDAY, Diary, diary
from tests.backend.talks import reasons, slots

DAY_BEFORE = TUESDAY - timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture
def bench(quick: Bench) -> Bench:
    """These are rules, and rows that nobody else wants at once."""
    return quick


async def reminded(bench: Bench, **more: object) -> tuple[Diary, int]:
    """Somebody who has been reminded the day before, a minute ago."""
    book = await diary(bench)
    made = await book.book(**{"reminders": Reminders((A_DAY,)), **more})
    await book.until(DAY_BEFORE)
    bench.clock.now = DAY_BEFORE + timedelta(minutes=1)
    return book, made


async def tasks(bench: Bench) -> list[tuple[str, str]]:
    rows = select(Task.kind, Task.urgency).order_by(Task.id)
    return [tuple(row) for row in await bench.rows(rows)]


def test_fine_is_written_down_and_wakes_nobody(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench)
        (thanks,) = await bench.text("1")
        assert thanks == "Thank you. If that changes, text here any time. 0 is a person."
        assert (await book.look(made)).state == "confirmed"
        assert (await book.fates(), await reasons(bench)) == ([(A_DAY, "answered", "")], [])

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
def test_cannot_come_takes_the_rest_back_and_makes_a_task(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench, reminders=Reminders((A_DAY, 120)))
        (line,) = await bench.text("cant make it")
        assert "another time with you" in line
        bench.sms.sent.clear()
        assert await book.until(TUESDAY) == []
        assert (await book.look(made)).state == "cannot"
        assert (await reasons(bench), await tasks(bench)) == (["cannot_come"], [("other_times", "soon")])

    asyncio.run(scenario())


def test_what_is_far_away_can_wait(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(TUESDAY + timedelta(days=7), reminders=Reminders((7 * A_DAY,)))
        await book.until(TUESDAY)
        await bench.text("2")
        assert (await bench.rows(select(Alert.urgency)))[0][0] == "routine"

    asyncio.run(scenario())


def test_they_choose_one_of_the_times_that_were_entered(bench: Bench) -> None:
    async def scenario() -> None:
        offers = (THURSDAY, THURSDAY + timedelta(hours=2))
        book, made = await reminded(bench, reminders=Reminders((A_DAY,), offers=offers))
        (question,) = await bench.text("2")
        assert question.splitlines()[1:] == ["1 Thu 5 March at 2pm", "2 Thu 5 March at 4pm", "3 None of these"]
        await bench.text("2")
        moved = await book.look(made)
        assert (moved.starts_at, moved.ends_at, moved.state) == (offers[1], THURSDAY + timedelta(hours=3), "confirmed")
        bench.sms.sent.clear()
        went = await book.until(moved.ends_at)
        assert went == [(offers[1] - timedelta(days=1), "Hi, is tomorrow at 4pm still fine?")]
        assert (await reasons(bench))[:2] == ["cannot_come", "chose_another_time"]

    asyncio.run(scenario())


def test_a_time_that_was_taken_since_is_not_promised(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench, reminders=Reminders((A_DAY,), offers=(THURSDAY,)))
        await bench.text("2")
        await book.book(THURSDAY, reminders=None)
        await bench.text("1")
        assert (await book.look(made)).state == "cannot"
        assert await tasks(bench) == [("other_times", "soon")]

    asyncio.run(scenario())


def test_running_late_is_told_without_blame(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        made = await book.book(reminders=Reminders((60,)))
        await book.until(TUESDAY - timedelta(minutes=60))
        (line,) = await bench.text("running late")
        assert "no trouble" in line
        assert ((await book.look(made)).state, await reasons(bench)) == ("confirmed", ["running_late"])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answer", "state", "told", "urgency"),
    [
        ("1", "confirmed", "", ""),
        ("2", "cannot", "do_not_ring", "urgent"),
        ("3", "confirmed", "ring_later", "soon"),
    ],
)
def test_a_text_goes_before_a_call(bench: Bench, answer: str, state: str, told: str, urgency: str) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        made = await book.book(kind="call", reminders=Reminders((A_DAY,), call_ahead=15))
        went = await book.until(TUESDAY - timedelta(minutes=15))
        assert went[-1] == (TUESDAY - timedelta(minutes=15), "Hi, is 2pm still a good moment?")
        await bench.text(answer)
        assert (await book.look(made)).state == state
        alerts = [tuple(row) for row in await bench.rows(select(Alert.reason, Alert.urgency))]
        assert alerts == ([(told, urgency)] if told else [])

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
def test_an_answer_to_a_time_that_was_changed_since_changes_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench)
        await book.move(made, THURSDAY, reminders=None)
        await bench.text("2")
        assert (await book.look(made)).state == "planned"
        assert await reasons(bench) == ["reminder_answered_late"]

    asyncio.run(scenario())


@pytest.mark.requirement("R3")
def test_what_was_answered_within_a_session_is_not_answered_by_the_next(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(reminders=Reminders((120,)))
        bench.clock.now = TUESDAY - timedelta(minutes=145)
        await bench.text("hello")
        await book.until(TUESDAY - timedelta(minutes=120))
        (thanks,) = await bench.text("1")
        assert thanks.startswith("Thank you. If that changes")
        bench.clock.advance(minutes=90)
        (opener,) = await bench.text("hello")
        assert "good time" in opener

    asyncio.run(scenario())


@pytest.mark.requirement("R15")
def test_where_another_talk_has_begun_on_the_phone_nothing_goes(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.book(reminders=Reminders((120,)))
        ((point_id,),) = await bench.rows(select(ContactPoint.id))
        await bench.house.store.write(lambda c: begin_conversation(c, bench.house, point_id))
        assert await book.until(TUESDAY) == []
        assert (await book.fates(), await reasons(bench)) == (
            [(120, "not_sent", "another_talk")],
            ["reminder_not_sent"],
        )

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_the_next_day_nothing_of_it_is_said(bench: Bench) -> None:
    async def scenario() -> None:
        await reminded(bench)
        bench.clock.now = TUESDAY + timedelta(days=1)
        (opener,) = await bench.text("1")
        assert "good time" in opener
        assert "2pm" not in opener

    asyncio.run(scenario())


@pytest.mark.requirement("R6")
def test_somebody_else_with_the_phone_learns_a_time_and_nothing_more(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench, place="The hub, Worthing")
        said = []
        for question in ("who is this", "what is this about", "where is it", "who is sam", "what did she tell you"):
            said += await bench.text(question)
        seen = "\n".join([*bench.sms.texts, *said]).casefold()
        for word in ("appointment", "hub", "worthing", "sam", "refuge", "abuse", "support", "meet", "worker"):
            assert word not in seen, word
        assert (await book.look(made)).state in ("planned", "cannot")

    asyncio.run(scenario())


@pytest.mark.requirement("R35")
@pytest.mark.requirement("R10")
def test_who_did_not_come_is_followed_up_and_nothing_closes(bench: Bench) -> None:
    async def scenario() -> None:
        book, made = await reminded(bench)
        cases = await bench.rows(select(func.count()).select_from(Case))
        bench.clock.now = TUESDAY + timedelta(hours=2)
        bench.sms.sent.clear()
        await book.outcome(made, "missed")
        assert await tasks(bench) == [("try_another_way", "soon")]
        assert (await bench.rows(select(ContactPoint.state)))[0][0] == "stale"
        assert "missed_appointment" in [row.what for row in await bench.rows(select(ContactCheck.what))]
        await book.until(TUESDAY + timedelta(days=60))
        assert [text.splitlines()[0] for text in bench.sms.texts] == [
            "Hi, is this still a good time and place to text?"
        ]
        assert await bench.rows(select(func.count()).select_from(Case)) == cases
        assert (await book.look(made)).state == "missed"

    asyncio.run(scenario())


def test_what_is_asked_is_gone_from_the_answers_of_a_referral(bench: Bench) -> None:
    async def scenario() -> None:
        await reminded(bench)
        await bench.text("1")
        assert "service_when" not in await slots(bench)

    asyncio.run(scenario())
