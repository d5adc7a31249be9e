"""What the door out should say, told a second time in the plainest way, to hold the gate against.

Nothing here comes from the gate or from `safety.hours`: the agreed hours are counted out minute by minute, as a finger
would on a wall clock. It is slow, and meant to be right at a glance. All moments are aware, and whole seconds.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from safety.types import Kind, Outgoing, Point, PointState, SafeContact, Window
from tests.safety.worlds import NAMING, PERSONAL

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
FOUR_WEEKS = timedelta(days=28)
SEND, DROP = "send", "drop"
APPROVED = frozenset({Kind.REMINDER, Kind.RECHECK})
"""The kinds for which the service of these worlds has an approved line on WhatsApp."""
Verdict = str | datetime
"""`send`, `drop`, or the moment until which to hold."""


@cache
def agreed_minutes(windows: tuple[Window, ...]) -> frozenset[tuple[int, int]]:
    """Every weekday and minute of the day that is agreed, found by walking from each start to its end."""
    found = set()
    for window in windows:
        for day in window.days:
            weekday, minute = day, window.start.hour * 60 + window.start.minute
            end = window.end.hour * 60 + window.end.minute
            while True:
                found.add((weekday, minute))
                minute += 1
                if minute == 24 * 60:
                    weekday, minute = (weekday + 1) % 7, 0
                if minute == end:
                    break
    return frozenset(found)


def is_agreed(contact: SafeContact, moment: datetime) -> bool:
    """Whether the person's wall clock shows one of the agreed minutes."""
    wall = moment.astimezone(ZoneInfo(contact.time_zone))
    return (wall.weekday(), wall.hour * 60 + wall.minute) in agreed_minutes(contact.windows)


def next_agreed(contact: SafeContact, now: datetime, before: datetime) -> datetime | None:
    """The first agreed minute after `now` that leaves a second before `before`; None if there is none."""
    minute = now.astimezone(UTC).replace(second=0) + MINUTE
    while before - minute >= SECOND:
        if is_agreed(contact, minute):
            return minute
        minute += MINUTE
    return None


def in_talk(point: Point, now: datetime) -> bool:
    """Whether the person wrote here so lately that an answer still belongs to their talk."""
    lasts = timedelta(minutes=15 if point.channel == "webchat" else 10)
    return point.last_inbound_at is not None and now - point.last_inbound_at < lasts


def answers_have_expired(point: Point, now: datetime) -> bool:
    """Whether what was agreed is too old to go by."""
    if point.state is PointState.STALE:
        return True
    if point.confirmed_at is None and point.expires_at is None:
        return True
    too_long_ago = point.confirmed_at is not None and now - point.confirmed_at >= FOUR_WEEKS
    return too_long_ago or (point.expires_at is not None and now >= point.expires_at)


def free_words_are_over(point: Point, now: datetime) -> bool:
    """Whether this is WhatsApp, and the person last wrote a day ago, or never."""
    heard = point.last_heard_at or point.last_inbound_at
    return point.channel == "whatsapp" and (heard is None or now + SECOND > heard + timedelta(hours=24))


def seen(message: Outgoing, point: Point, now: datetime) -> str:
    """The words that would be seen: an approved line has none of ours."""
    return "" if free_words_are_over(point, now) and message.kind in APPROVED else message.text


def never(message: Outgoing, point: Point, now: datetime) -> bool:
    """What forbids any message, whatever the hour."""
    naming_agreed = point.contact.naming and message.kind is not Kind.RECHECK
    return (
        message.kind is Kind.STAFF_ALERT
        or not point.may_be_tried
        or message.not_after - now < SECOND
        or (point.channel == "sms" and not point.mobile)
        or (seen(message, point, now) in NAMING and not naming_agreed)
    )


def may_be_started(message: Outgoing, point: Point, now: datetime) -> bool:
    """Whether we may write first at all, apart from the hour."""
    return (
        point.state in (PointState.SAFE, PointState.STALE)
        and (message.kind is Kind.RECHECK or not answers_have_expired(point, now))
        and point.contact.may_start
        and (message.kind is not Kind.REMINDER or point.contact.reminders)
        and (message.kind is Kind.PRACTITIONER or seen(message, point, now) not in PERSONAL)
        and (not free_words_are_over(point, now) or message.kind in APPROVED)
    )


def verdict(message: Outgoing, point: Point, now: datetime) -> Verdict:
    """What the gate should decide."""
    if never(message, point, now):
        return DROP
    if message.kind in (Kind.REPLY, Kind.DANGER):
        return SEND if in_talk(point, now) else DROP
    if point.opted_out or point.paused or point.state is PointState.UNSAFE:
        return DROP
    if point.in_doubt:
        return now + timedelta(minutes=15)
    if message.kind is Kind.PRACTITIONER and in_talk(point, now):
        return SEND
    if not may_be_started(message, point, now):
        return DROP
    if is_agreed(point.contact, now):
        return SEND
    return next_agreed(point.contact, now, message.not_after) or DROP
