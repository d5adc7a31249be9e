"""Ways to book with somebody who agreed to be reminded, and to look at what went and what did not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from backend.alerts.service import acknowledge, open_alerts
from backend.appointments import service
from backend.appointments.records import Appointment, Booking, find
from backend.appointments.sealed import Reminders
from backend.conversations.claim import next_due
from backend.conversations.talk import Talk, load_talk
from backend.conversations.timers import next_timer
from backend.staff import Role, add_staff
from backend.store.support import Reminder
from backend.testing import Bench
from safety.types import PointState, SafeContact, Window
from tests.backend.talks import conversations

T = TypeVar("T")
ALWAYS = (Window(frozenset(range(7)), time(0), time(0)),)
DAYTIME = (Window(frozenset(range(7)), time(8), time(20)),)
AGREED = SafeContact(windows=ALWAYS, may_start=True, others_see="nobody", reminders=True)
TUESDAY = datetime(2026, 3, 3, 14, tzinfo=UTC)
"""The day after the bench's Monday, at two."""
A_DAY, TWO_HOURS = 1440, 120
REMIND = Reminders((A_DAY, TWO_HOURS))


@dataclass
class Diary:
    """One practitioner and one person."""

    bench: Bench
    talk_id: int
    staff_id: int

    async def write(self, work: Callable[[Connection, Talk], T]) -> T:
        """Something done to the locked talk."""
        return await self.bench.house.store.write(lambda c: work(c, load_talk(c, self.bench.house, self.talk_id)))

    def booking(self, at: datetime = TUESDAY, **more: Any) -> Booking:
        """An hour, face to face, with reminders unless told otherwise."""
        hour = {"kind": "face_to_face", "ends_at": at + timedelta(hours=1), "reminders": REMIND}
        return Booking(starts_at=at, staff_id=self.staff_id, **{**hour, **more})

    async def book(self, at: datetime = TUESDAY, **more: Any) -> int:
        """A new appointment; its id."""
        made = self.booking(at, **more)
        return await self.write(lambda c, talk: service.make(c, self.bench.house, talk, made))

    async def move(self, row_id: int, at: datetime, **more: Any) -> None:
        made = self.booking(at, **more)
        await self.write(lambda c, talk: service.move(c, self.bench.house, talk, row_id, made))

    async def cancel(self, row_id: int) -> None:
        await self.write(lambda c, talk: service.end(c, self.bench.house, talk, row_id, "cancelled"))

    async def outcome(self, row_id: int, outcome: str) -> None:
        await self.write(
            lambda c, talk: service.write_outcome(c, self.bench.house, talk, row_id, outcome, self.staff_id)
        )

    async def look(self, row_id: int) -> Appointment:
        return await self.write(lambda c, talk: find(c, talk, row_id))

    async def agree(self, **changes: Any) -> None:
        """Another safe-contact profile."""

        def work(c: Connection, talk: Talk) -> None:
            talk.agree(replace(AGREED, **changes), PointState.SAFE, self.bench.clock(), timedelta(days=400))
            talk["expires_at"] = None  # a referral, and no longer an enquiry
            talk.save(c)

        await self.write(work)

    async def until(self, at: datetime) -> list[tuple[datetime, str]]:
        """Time goes by, from one thing that is due to the next; what was sent when (UTC), by its first line. Somebody
        at the desk acknowledges every alert, or most of what is due would be its repeats."""
        went = []
        while self.bench.clock.now <= at:
            before = len(self.bench.sms.sent)
            await self.bench.work()
            await self.bench.house.store.write(self._acknowledge)
            went += [(self.bench.clock.now, text.splitlines()[0]) for text in self.bench.sms.texts[before:]]
            self.bench.clock.now = max(await self._next() or at, self.bench.clock.now + timedelta(seconds=1))
        return went

    def _acknowledge(self, c: Connection) -> None:
        for alert in open_alerts(c):
            acknowledge(c, self.bench.house, alert.id, self.staff_id)

    async def _next(self) -> datetime | None:
        def look(c: Connection) -> datetime | None:
            dues = (next_timer(c), next_due(c, self.bench.house, ["sms", "email"]))
            return min((due for due in dues if due is not None), default=None)

        return await self.bench.house.store.read(look)

    async def fates(self) -> list[tuple[int, str, str]]:
        """What became of each reminder: lead, state, reason."""
        rows = select(Reminder.lead, Reminder.state, Reminder.reason).order_by(Reminder.id)
        return [tuple(row) for row in await self.bench.rows(rows)]


async def diary(bench: Bench, **agreed: Any) -> Diary:
    """Somebody who wrote, agreed to be reminded, and left."""
    await bench.text("hello")
    await bench.text("bye")
    (talk_id,) = await conversations(bench)
    add = ("Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    staff_id = await bench.house.store.write(lambda c: add_staff(c, bench.house, *add))
    made = Diary(bench, talk_id, staff_id)
    await made.agree(**agreed)
    bench.sms.sent.clear()
    bench.clock.advance(hours=1)
    return made
