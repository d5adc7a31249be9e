"""How fast messages may leave: by channel, for a provider counts per sender, and by chat (R25).

A channel's row says when all that has left would have left at the allowed pace; up to one second of it may go at once.
It moves in the transaction that claims the message, so the limit holds for all processes together and across a restart.
Danger and alerts never wait for it, but count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from backend.conversations import statements
from backend.house import House
from backend.store.talk import ContactPoint, Pace
from safety.sms_text import segments

BURST = timedelta(seconds=1)
"""What may go at once after a pause, as time at the allowed pace."""
LONGEST_DEBT = timedelta(seconds=10)
"""How far what does not wait may use up what comes; further on, answers would be late for it, and a row from before the
clock was set back would stop a channel for as long as that."""
SET_BACK = timedelta(hours=1)
"""A chat that is to wait so long was written to before the clock was set back."""


@dataclass(slots=True)
class Paces:
    """The pace of some channels at one instant (UTC); `free` holds what was there and what is to be written back."""

    house: House
    now: datetime
    free: dict[str, datetime] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def opens(self, channel: str) -> datetime:
        """When the next message may leave on a channel; not after `now` where one may at once."""
        interval = self._interval(channel)
        used_up = self.free.get(channel)
        return self.now if used_up is None or not interval else used_up + interval - max(BURST, interval)

    def has_room(self, channel: str) -> bool:
        """Whether a message may leave on a channel now."""
        return self.opens(channel) <= self.now

    def take(self, channel: str, parts: int) -> None:
        """So many parts leave now."""
        if interval := self._interval(channel):
            self.free[channel] = max(self.free.get(channel, self.now), self.now) + parts * interval
            self.changed.add(channel)
            self.forgive(channel)

    def forgive(self, channel: str) -> None:
        """Take back what was used up too far ahead."""
        latest = self.now + max(LONGEST_DEBT, 10 * self._interval(channel))
        if self.free[channel] > latest:
            self.free[channel] = latest
            self.changed.add(channel)

    def save(self, c: Connection) -> None:
        """Write back what was taken."""
        for channel in self.changed:
            c.execute(statements.SAVE_PACE[c.dialect.name], {"channel": channel, "free_at": self.free[channel]})

    def _interval(self, channel: str) -> timedelta:
        rate = self.house.settings.per_second(channel)
        return timedelta(seconds=1 / rate) if rate else timedelta(0)


def read_paces(c: Connection, house: House, channels: Iterable[str], *, lock: bool = False) -> Paces:
    """The pace of these channels; `lock`: nobody else claims on the ones with a limit before this transaction ends."""
    limited = [channel for channel in channels if house.settings.per_second(channel)]
    rows = select(Pace.channel, Pace.free_at).where(Pace.channel.in_(limited)).order_by(Pace.channel)
    found = c.execute(rows.with_for_update() if lock else rows).all() if limited else []
    paces = Paces(house, house.clock(), {row.channel: row.free_at for row in found})
    for channel in paces.free:
        paces.forgive(channel)
    return paces


def parts_of(channel: str, text: str) -> int:
    """How many parts a provider counts in a message: a long text message is several."""
    return segments(text).count if channel == "sms" else 1


def chat_opens(point: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the next message may go to this chat; None: now. `point` has the contact point's columns."""
    free_at: datetime | None = point["point_free_at"]
    return free_at if free_at is not None and now < free_at < now + SET_BACK else None


def take_chat(c: Connection, house: House, channel: str, point_id: int, now: datetime) -> None:
    """One message goes to this chat now."""
    rate = house.settings.chat_per_second
    if rate and house.settings.per_second(channel):
        free_at = now + timedelta(seconds=1 / rate)
        c.execute(update(ContactPoint).where(ContactPoint.id == point_id).values(free_at=free_at))
