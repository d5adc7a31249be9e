"""What these tests share: somebody who agreed to check-ins or daily texts, and time that goes by."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from backend.checkins.plans import Agreed, make_plan, plans_of
from backend.checkins.rules import Cadence, Rule
from backend.checkins.terms import Terms
from backend.conversations.acting import Acting
from backend.conversations.actions import ACTIONS
from backend.conversations.talk import Talk, find_talk, load_talk
from backend.store.support import PlanDue, Task
from backend.store.talk import OutboundMessage
from backend.testing import HER_NUMBER, Bench
from safety.types import PointState, SafeContact, Window
from tests.backend.talks import conversations

T = TypeVar("T")
LONDON = ZoneInfo("Europe/London")
EVENINGS = (Window(frozenset(range(7)), time(18), time(22)),)
AGREED = SafeContact(windows=EVENINGS, may_start=True, others_see="nobody")
MONDAY = date(2026, 3, 2)
"""The day on which the clock of the tests stands."""
HALF_PAST_SEVEN = Rule(Cadence(), (time(19, 30),), "Europe/London", date(2026, 3, 1))


async def somebody(bench: Bench, contact: SafeContact = AGREED) -> int:
    """Somebody whose referral was accepted, and how they may be reached; the conversation."""
    await bench.text("hello")
    await bench.text("bye")
    talk_id = (await conversations(bench))[-1]

    def agree(c: Any) -> None:
        talk = load_talk(c, bench.house, talk_id)
        talk.agree(contact, PointState.SAFE, bench.clock(), timedelta(days=400))
        talk["expires_at"] = None
        talk.save(c)

    await bench.house.store.write(agree)
    bench.sms.sent.clear()
    return talk_id


async def with_plan(
    bench: Bench,
    rule: Rule = HALF_PAST_SEVEN,
    purpose: str = "check_in",
    terms: Terms | None = None,
    contact: SafeContact = AGREED,
) -> int:
    """Somebody who agreed to this; the plan's id."""
    talk_id = await somebody(bench, contact)
    return int(await bench.house.store.write(lambda c: make_plan(c, bench.house, talk_id, purpose, rule, terms=terms)))


async def until(bench: Bench, at: datetime, *, step: timedelta = timedelta(minutes=10)) -> None:
    """Time goes by until `at` (UTC), and what is due happens."""
    while bench.clock.now < at:
        bench.clock.now = min(bench.clock.now + step, at)
        await bench.work()


async def act(bench: Bench, action: str, number: str = HER_NUMBER, **slots: Any) -> None:
    """The flow asks the house to do something."""

    def work(c: Any, found: Talk) -> None:
        memory = found.memory()
        ACTIONS[action](Acting(c, bench.house, found, memory), slots)
        found.remember(memory)

    await at(bench, work, number)


async def at(bench: Bench, work: Callable[[Any, Talk], T], number: str = HER_NUMBER) -> T:
    """Do something with the talk that goes on at a number, and save it."""

    def run(c: Any) -> T:
        found = find_talk(c, bench.house, "sms", number)
        assert found is not None
        done = work(c, found)
        found.save(c)
        return done

    return await bench.house.store.write(run)


async def plans(bench: Bench) -> list[Agreed]:
    """All active plans."""
    ids = await conversations(bench)
    return await bench.house.store.read(
        lambda c: [plan for talk_id in ids for plan in plans_of(c, bench.house, talk_id)]
    )


async def dues(bench: Bench) -> list[tuple[str, str, str]]:
    """What became of each time: state, reason, steps."""
    rows = await bench.rows(select(PlanDue.state, PlanDue.reason, PlanDue.steps).order_by(PlanDue.due_at))
    return [tuple(row) for row in rows]


async def tasks(bench: Bench) -> list[str]:
    """What is to be done."""
    return [row.kind for row in await bench.rows(select(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id))]


async def said(bench: Bench) -> list[str]:
    """The lines about plans that the house said."""
    rows = await bench.rows(select(OutboundMessage.response).order_by(OutboundMessage.id))
    return [row.response for row in rows if row.response.startswith("utter_plan")]
