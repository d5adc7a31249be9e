"""What must hold after every step, and what must hold at the end."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from backend.checkins.plans import read_plan
from backend.checkins.rules import Rule, times_between
from backend.conversations.record import AGAIN_WHEN_UNKNOWN
from backend.conversations.talk import look_at_talk
from backend.house import House
from backend.store.support import Plan, PlanDue, Task
from backend.store.talk import Attempt, OutboundMessage, Timer
from channels.contract import Outbound
from safety.gate import REASONS
from safety.profile import loosens
from safety.types import Kind, OnSilence, Point
from tests.simulation.diary import Diary
from tests.simulation.doors import Offer, hold_against_the_oracle, read_offer, read_point
from tests.simulation.fate import Violation
from tests.simulation.people import Person
from tests.simulation.provider import Taken
from tests.simulation.store import SimStore

NEVER = datetime(2100, 1, 1, tzinfo=UTC)
EARLIER = OutboundMessage.__table__.alias("earlier")
OWN_REASONS = frozenset({"we_were_away", "in_a_talk", "another_talk", "plan_changed", "plan_ended"})
"""Why a time of a plan came to nothing, beside the gate's reasons."""


@dataclass
class Course:
    """One version of a plan, and the times that are still to come."""

    version: int
    times: Iterator[datetime]


@dataclass
class Checks:
    """Watches one world. `expected` holds the next time of every plan, and what an ended version still owes."""

    house: House
    expected: list[tuple[datetime, int, int]] = field(default_factory=list)
    plans: dict[int, Course] = field(default_factory=dict)
    new_dues: list[int] = field(default_factory=list)
    first_offers: dict[int, int] = field(default_factory=dict)
    takes: dict[int, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    about: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    counts: Counter[str] = field(default_factory=Counter)
    homes: dict[str, str] = field(default_factory=dict)
    """By address, the one channel by which that person came (R11)."""
    diary: Diary = field(init=False)
    trace: Any = field(default_factory=lambda: blake2b(digest_size=12))

    def __post_init__(self) -> None:
        self.diary = Diary(self.house)

    # --- plans

    def see(self, store: SimStore, now: datetime) -> None:
        """Whoever changed a plan or an appointment, and by whatever way: from `now` on the new version holds, and an
        earlier one of a plan owes a row for each time that had come by then. A message that has ended says why."""
        if not (changed := store.changed()):
            return
        if ids := changed["appointment"]:
            self.diary.see(store, ids, now)
        if ids := changed["outbound"]:
            store.look(lambda c: _explain_ends(c, ids))
        self.new_dues += changed["plan_due"]
        if ids := changed["plan"]:
            self._see_plans(store, ids, now)

    def _see_plans(self, store: SimStore, ids: list[int], now: datetime) -> None:
        for plan_id, version, is_active in store.look(lambda c: c.execute(_PLANS, {"ids": ids}).all()):
            known = self.plans.get(plan_id)
            if known is None or known.version != version:
                self._take_up(store, plan_id, version, is_active, now)

    def _take_up(self, store: SimStore, plan_id: int, version: int, is_active: bool, now: datetime) -> None:
        if (before := self.plans.get(plan_id)) is not None:
            owed = takewhile(lambda due: due <= now, before.times)
            kept = [entry for entry in self.expected if entry[1] != plan_id or entry[0] <= now]
            self.expected = [*kept, *((due, plan_id, before.version) for due in owed)]
            heapq.heapify(self.expected)
        times: Iterator[datetime] = iter(())
        if is_active:
            times = times_between(store.look(lambda c: _rule(c, self.house, plan_id)), now, NEVER, plan_id)
        self.plans[plan_id] = Course(version, times)
        self._expect_next(plan_id)

    def _expect_next(self, plan_id: int) -> None:
        due = next(self.plans[plan_id].times, None)
        if due is not None:
            heapq.heappush(self.expected, (due, plan_id, self.plans[plan_id].version))

    # --- at the door

    def offered(self, store: SimStore, message: Outbound, now: datetime) -> bool:
        """Every offer: the oracle, the time, the order; whether it has to be the only one at its contact point."""
        offer, point = store.look(lambda c: _read(c, self.house, message))
        store.look(lambda c: self.diary.offered(c, offer, now))
        self.trace.update(f"{now.isoformat()} {offer.id} {offer.kind}".encode())
        self.counts[f"offered {offer.kind}"] += 1
        if self.homes.get(message.address) != message.channel:
            raise Violation(f"{offer.kind} {offer.id} went by another channel than the person's own")
        hold_against_the_oracle(message, offer, point, now)
        self._on_time(offer, point, now)
        self._in_order(offer)
        return offer.kind is not Kind.DANGER

    def _on_time(self, offer: Offer, point: Point, now: datetime) -> None:
        if offer.about_id is None:
            return
        late = timedelta(minutes=self.house.settings.check_in_minutes)
        mine = self.about[offer.about_id]
        again = bool(mine - {offer.id})
        mine.add(offer.id)
        if again and (point.contact.on_silence is not OnSilence.TRY_ONCE_MORE or len(mine) > 2):
            raise Violation(f"one time of a plan, or one reminder, brought {len(mine)} messages")
        if offer.due_at is None:
            return
        if now < offer.due_at or (not again and now > offer.due_at + late):
            raise Violation(f"{offer.kind} {offer.id} was offered too early or too late")

    def _in_order(self, offer: Offer) -> None:
        if offer.kind is not Kind.REPLY or offer.id in self.takes:
            return
        if offer.id < self.first_offers.get(offer.conversation_id, 0):
            raise Violation(f"answer {offer.id} came after a later one")
        self.first_offers[offer.conversation_id] = offer.id

    def taken(self, store: SimStore, message: Outbound, taken: Taken) -> None:
        """What the provider took: never twice, unless it may."""
        offer = store.look(lambda c: read_offer(c, message))
        before = self.takes[offer.id]
        may_again = offer.kind in AGAIN_WHEN_UNKNOWN or all(earlier.failed for earlier in before)
        if before and not may_again:
            raise Violation(f"{offer.kind} {offer.id} went out twice")
        before.append(taken)
        self.counts[f"taken {offer.kind}"] += 1
        self.counts[f"by {message.channel}"] += 1
        self.counts["taken twice, as it may"] += len(before) > 1

    # --- after every step

    def after_a_step(self, store: SimStore, now: datetime) -> bool:
        """Each time that came has its row, and no row has no time; False while anything is due still, as what a claim
        itself has queued."""
        if self.still_due(store, now):
            return False
        self.counts["steps"] += 1
        self.see(store, now)
        accounted = self._take_dues(store)
        while self.expected and self.expected[0][0] <= now:
            due, plan_id, version = heapq.heappop(self.expected)
            row = accounted.pop((plan_id, due), None)
            if row is None:
                raise Violation(f"plan {plan_id} was due at {due:%F %H:%M} and nothing says what became of it")
            self._explained(row)
            if self.plans[plan_id].version == version:
                self._expect_next(plan_id)
        if accounted:
            raise Violation(f"a plan came due that nobody agreed to: {min(accounted)}")
        return True

    def _take_dues(self, store: SimStore) -> dict[tuple[int, datetime], Any]:
        """The rows that were written for times of plans since this was last asked."""
        if not (ids := self.new_dues):
            return {}
        self.new_dues = []
        return {(row.plan_id, row.due_at): row for row in store.look(lambda c: c.execute(_DUES, {"ids": ids}).all())}

    def still_due(self, store: SimStore, now: datetime) -> list[Any]:
        """Messages and timers that are due and that no later instant will bring up again."""
        if not any(store.is_due(now)):
            return []
        return store.look(lambda c: [row for due in (_STUCK, _TIMERS) for row in c.execute(due, {"now": now})])

    def _explained(self, row: Any) -> None:
        self.counts[f"due: {row.state} {row.reason}".strip()] += 1
        if row.state == "not_sent" and row.reason not in REASONS.keys() | OWN_REASONS:
            raise Violation(f"a time of a plan did not go for a reason that nobody knows: {row.reason!r}")
        if row.state != "not_sent" and not row.messages:
            raise Violation(f"time {row.id} of a plan says {row.state}, and there is no message")

    # --- now and then

    def now_and_then(self, store: SimStore, now: datetime) -> None:
        """Each reminder of what has begun says what became of it, and what is overdue was told of."""
        self.diary.check(store, now, REASONS.keys() | OWN_REASONS)
        store.look(lambda c: _tasks(c, now))

    def nothing_loosened(self, store: SimStore, person: Person) -> None:
        """Whatever was texted, from whichever hand, no more is allowed than a practitioner agreed with them (R14)."""
        contact = store.look(lambda c: look_at_talk(c, self.house, person.talk_id)).contact()
        if person.contact is not None and (looser := loosens(person.contact, contact)):
            raise Violation(f"conversation {person.talk_id} became looser by text alone: {', '.join(looser)}")

    @property
    def taken_in_all(self) -> int:
        """How many messages the providers have taken."""
        return sum(count for name, count in self.counts.items() if name.startswith("taken ") and "twice" not in name)

    def at_the_end(self, store: SimStore) -> None:
        """Our records and the provider's agree."""
        self.counts["messages"] = self.taken_in_all
        store.look(self._records)

    def _records(self, c: Connection) -> None:
        sent = select(Attempt.outbound_id, Attempt.provider_id).join(
            OutboundMessage, OutboundMessage.id == Attempt.outbound_id
        )
        for row in c.execute(sent.where(OutboundMessage.staff_id.is_(None), Attempt.state == "sent")):
            if row.provider_id not in {taken.provider_id for taken in self.takes[row.outbound_id]}:
                raise Violation(f"message {row.outbound_id} is said to be sent, and the provider never had it")


_IDS: Any = bindparam("ids", expanding=True)
_PLANS = select(Plan.id, Plan.version, Plan.state == "active").where(Plan.id.in_(_IDS)).order_by(Plan.id)


def _rule(c: Connection, house: House, plan_id: int) -> Rule:
    return read_plan(c, house, c.execute(select(Plan.__table__).where(Plan.id == plan_id)).one()).rule


def _read(c: Connection, house: House, message: Outbound) -> tuple[Offer, Point]:
    offer = read_offer(c, message)
    return offer, read_point(c, house, offer)


_MESSAGES = exists().where(OutboundMessage.about_id == PlanDue.id).label("messages")


_DUES = select(PlanDue.id, PlanDue.plan_id, PlanDue.due_at, PlanDue.state, PlanDue.reason, _MESSAGES).where(
    PlanDue.id.in_(_IDS)
)
_WAITS_FOR_EARLIER = exists().where(
    EARLIER.c.conversation_id == OutboundMessage.conversation_id,
    EARLIER.c.id < OutboundMessage.id,
    EARLIER.c.due_at > bindparam("now"),
    EARLIER.c.state.in_(("queued", "sending")),
)
_STUCK = select(OutboundMessage.id).where(OutboundMessage.due_at <= bindparam("now"), ~_WAITS_FOR_EARLIER)
_TIMERS = select(Timer.kind, Timer.subject_id).where(Timer.due_at <= bindparam("now"))


_CODE = exists().where(Attempt.outbound_id == OutboundMessage.id, Attempt.code != "").label("has_code")
_ENDED = ("dropped", "cancelled", "failed", "delivered", "read", "sent")
_ENDS = select(OutboundMessage.__table__, _CODE).where(OutboundMessage.id.in_(_IDS)).order_by(OutboundMessage.id)


def _explain_ends(c: Connection, ids: list[int]) -> None:
    """Whatever ended without going says why, and waits for nothing any more."""
    for row in c.execute(_ENDS, {"ids": ids}):
        known = {"dropped": row.reason in REASONS, "cancelled": bool(row.reason)}
        if row.staff_id is None and not known.get(row.state, True):
            raise Violation(f"a message is {row.state} for a reason that nobody knows: {row.reason!r}")
        if row.state == "failed" and not row.reason and not row.has_code:
            raise Violation(f"message {row.id} failed, and nothing says why")
        if row.state in _ENDED and row.due_at is not None:
            raise Violation(f"message {row.id} has ended and is still due")


def _tasks(c: Connection, now: datetime) -> None:
    overdue = (Task.due_at <= now, Task.done_at.is_(None), Task.escalated_at.is_(None))
    if (row := c.execute(select(Task.id).where(*overdue)).first()) is not None:
        raise Violation(f"task {row.id} is overdue, and nobody was told")
