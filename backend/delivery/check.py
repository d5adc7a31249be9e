"""For `sidedoor doctor`: whether messages go out, by the same facts and in the same words as at the desk (R32)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from backend.app import open_real_channels
from backend.delivery.facts import Facts, patience, read_facts
from backend.delivery.troubles import Fault, find_troubles
from backend.desk.outages import channel_line, outage
from backend.desk.words import wall_time
from backend.house import Clock, utc_now
from backend.settings import Settings
from backend.store import migrate
from backend.store.engine import make_engine

Finding = tuple[bool, str]


def look_at_delivery(settings: Settings, clock: Clock = utc_now) -> Iterator[Finding]:
    """One line for each trouble, and one for each channel that is well; nothing where the tables are not there."""
    now = clock()
    facts = _facts(settings, now)
    if facts is None:  # told of elsewhere
        return

    def wall(at: datetime) -> str:
        return wall_time(now, at, settings.time_zone)

    troubles = find_troubles(facts, now, patience(settings))
    for trouble in troubles:
        told = outage(trouble, wall)
        if trouble.since or trouble.fault is not Fault.NO_SENDER:  # that there is no mail server is told elsewhere
            yield False, f"{told.words} {told.detail}".strip()
    ill = {trouble.about.channel for trouble in troubles if trouble.about}
    for channel in facts.channels:
        if channel.channel not in ill:
            yield True, channel_line(channel, wall)


def _facts(settings: Settings, now: datetime) -> Facts | None:
    engine = make_engine(settings.database)
    with suppress(SQLAlchemyError, OSError, ValueError):
        if migrate.is_current(engine):
            senders = ("webchat", *open_real_channels(settings))
            with engine.connect() as c:
                return read_facts(c, settings, senders, now)
    return None
