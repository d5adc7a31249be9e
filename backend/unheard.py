"""What does not come in: a channel whose provider cannot call us, or cannot be asked, kept where every process sees it.

It is kept beside the place that such a channel is read from, and believed only for a while: whoever sees the trouble
says so again, and a process that is gone says nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.store.channels import Bookmark

KEPT_AS = "unheard:"
LASTS = timedelta(minutes=10)
"""How long it is believed; longer than any pause between two tries."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """One channel on which nothing comes in, since when (UTC), and why: a code that is safe to show."""

    channel: str
    since: datetime
    code: str


def note(c: Connection, channel: str, code: str, now: datetime) -> None:
    """Nothing can come in there, at `now` (UTC). Since when is kept from the first time."""
    before = next((one for one in read(c, now) if one.channel == channel), None)
    since, named = before.since if before else now, Bookmark.name == KEPT_AS + channel
    values = {"place": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S%z} {code}"[:80], "held_until": now + LASTS}
    if c.execute(update(Bookmark).where(named).values(values)).rowcount:
        return
    try:
        with c.begin_nested():
            c.execute(insert(Bookmark).values(name=KEPT_AS + channel, **values))
    except IntegrityError:
        return  # another process said so at this instant


def clear(c: Connection, channel: str) -> None:
    """It comes in again."""
    c.execute(delete(Bookmark).where(Bookmark.name == KEPT_AS + channel))


def read(c: Connection, now: datetime) -> list[Unheard]:
    """Every channel on which nothing comes in at `now` (UTC)."""
    known = select(Bookmark.name, Bookmark.place).where(
        Bookmark.name.startswith(KEPT_AS, autoescape=True), Bookmark.held_until > now
    )
    found = c.execute(known.order_by(Bookmark.name)).all()
    return [_unheard(name.removeprefix(KEPT_AS), place) for name, place in found]


def _unheard(channel: str, place: str) -> Unheard:
    since, _, code = place.partition(" ")
    return Unheard(channel, datetime.fromisoformat(since), code)
