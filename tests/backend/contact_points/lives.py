"""What these tests share: people who have agreed how to be reached, and looks at what waits."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update

from backend.contact_points import pending
from backend.conversations.acting import Acting
from backend.conversations.actions import ACTIONS
from backend.conversations.talk import Talk, find_talk
from backend.staff import Role, add_staff
from backend.store.contact_points import ContactCheck, PendingChange
from backend.store.talk import Conversation
from backend.store.work import Person
from backend.testing import HER_NUMBER, Bench, make_bench
from bot import Flows
from bot.contract import Json
from safety.secret_words import candidate, slow_hash
from safety.types import Point
from tests.backend.talks import AGREED as AS_FAR_AS_THE_WAY
from tests.backend.talks import OPENING

T = TypeVar("T")
SECOND = "+447700900124"
"""Another number of the same person."""
WORD, QUIET = "velvet kettle", "garden gate"
EVENINGS: Json = [{"days": [0, 1, 2, 3, 4], "start": "18:00", "end": "21:00"}]
ALL_DAY: Json = [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "06:00", "end": "23:00"}]
AN_HOUR: Json = [{"days": [0], "start": "18:00", "end": "19:00"}]
AGREED: dict[str, Json] = {
    "contact_way": "here",
    "contact_times": EVENINGS,
    "contact_may_start": True,
    "contact_reminders": False,
    "contact_naming": False,
    "contact_others_see": "maybe",
    "contact_on_silence": "tell_worker",
    "contact_cover": "utter_cover_sorry",
}
LOOSER = AGREED | {
    "contact_times": ALL_DAY,
    "contact_reminders": True,
    "contact_naming": True,
    "contact_on_silence": "wait",
    "contact_cover": "utter_cover_wait",
}
"""More of everything, and the safety net taken away."""
TIGHTER = AGREED | {"contact_times": AN_HOUR, "contact_may_start": False}
BY_TEXT = (*AS_FAR_AS_THE_WAY, "1", "3", "1", "2", "1", "3", "2", "2")
"""Here, evenings, we may go first, no notes, plain words, tell a person in silence, a cover line, no word."""
MORE_BY_TEXT = ("i have a new number", "1", "mon to sun 6am to 11pm", "1", "1", "2", "1", "2")
"""Here, all day, we may go first, notes, our name, we wait in silence, the same line."""
COMES_BACK = (*OPENING, "1", "1")
"""Another day, without a word: as far as the question that was open."""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Let it happen."""
    asyncio.run(scenario())


def fresh(folders: pytest.TempPathFactory, flows: Flows) -> Bench:
    """A bench of its own for one example of a property test."""
    folder = folders.mktemp("house")
    return make_bench(folder, f"sqlite:///{folder / 'test.db'}", flows=flows)


async def at(bench: Bench, work: Callable[[Any, Talk], T], number: str = HER_NUMBER) -> T:
    """Do something with the talk that goes on at a number, and save it."""

    def run(c: Any) -> T:
        found = find_talk(c, bench.house, "sms", number)
        assert found is not None
        done = work(c, found)
        found.save(c)
        return done

    return await bench.house.store.write(run)


async def point(bench: Bench, number: str = HER_NUMBER) -> Point:
    """The contact point as the gate sees it."""
    return await at(bench, lambda c, found: found.point(), number)


async def waits(bench: Bench, number: str = HER_NUMBER) -> list[str]:
    """What waits for a check."""
    return await at(bench, lambda c, found: [one.what for one in pending.waiting(c, bench.house, found)], number)


async def ended(bench: Bench) -> set[tuple[str, str]]:
    """How changes ended that do not wait any more: state and reason."""
    rows = await bench.rows(select(PendingChange.state, PendingChange.reason).where(PendingChange.state != "pending"))
    return {(row.state, row.reason) for row in rows}


async def log(bench: Bench) -> list[str]:
    """What was written down about contact points, oldest first."""
    return [row.what for row in await bench.rows(select(ContactCheck.what).order_by(ContactCheck.id))]


async def a_practitioner(bench: Bench) -> int:
    """An account that may act."""
    return await bench.house.store.write(
        lambda c: add_staff(c, bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    )


async def link(bench: Bench) -> None:
    """A practitioner has found out that all conversations are one person's."""

    def work(c: Any) -> None:
        key = c.execute(select(Conversation.key_id).limit(1)).scalar_one()
        c.execute(Person.__table__.insert().values(id=1, key_id=key, created_at=bench.clock()))
        c.execute(update(Conversation).values(person_id=1))

    await bench.house.store.write(work)


async def days_later(bench: Bench, days: float = 2) -> None:
    """Time passes."""
    bench.clock.now += timedelta(days=days)
    await bench.work()


async def agreed(bench: Bench, number: str = HER_NUMBER, *, words: bool = False, **answers: Json) -> None:
    """Somebody has told us, in a first talk, how they may be reached here, and a referral holds it."""
    await bench.text("hello", number)
    await answer(bench, AGREED | answers, number)
    await at(bench, lambda c, found: found.talks.update(expires_at=None), number)
    if words:
        salt = bench.house.vault.salt("word", f"sms:{number}")
        columns = {
            "code_word": slow_hash(candidate(WORD) or "", salt),
            "duress_word": slow_hash(candidate(QUIET) or "", salt),
        }
        await at(bench, lambda c, found: found.talks.update(columns), number)


async def answer(bench: Bench, slots: Mapping[str, Json], number: str = HER_NUMBER) -> None:
    """The flow about being reached ends with these answers."""
    await act(bench, "action_save_safe_contact", slots, number)


async def act(bench: Bench, action: str, slots: Mapping[str, Json], number: str = HER_NUMBER) -> None:
    """The flow asks the house to do something."""

    def work(c: Any, found: Talk) -> None:
        memory = found.memory()
        ACTIONS[action](Acting(c, bench.house, found, memory), slots)
        found.remember(memory)

    await at(bench, work, number)


async def comes_back(bench: Bench, number: str = HER_NUMBER, *, days: float = 2, verified: bool = False) -> None:
    """Another day, a new session; with the agreed word given in it, or not."""
    await days_later(bench, days)

    def work(c: Any, found: Talk) -> None:
        memory, now = found.memory(), bench.clock()
        found.begin_session(memory, now)
        found.talks |= {"last_inbound_at": now, "verified_at": now if verified else None}
        found.remember(memory)

    await at(bench, work, number)


async def asks_for_more(bench: Bench, number: str = HER_NUMBER, *, verified: bool = False) -> None:
    """Another day they ask for what loosens."""
    await comes_back(bench, number, verified=verified)
    await answer(bench, LOOSER, number)


async def ask(bench: Bench, what: str, value: Json) -> None:
    """Something waits that was asked for on her number."""
    await at(bench, lambda c, found: pending.ask(c, bench.house, found, what, value))
