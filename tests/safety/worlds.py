"""Random worlds for the property tests of the doors: profiles, contact points, messages, and clocks that change."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from safety.types import Kind, OnSilence, Outgoing, Point, PointState, SafeContact, Window

QUARTER = timedelta(minutes=15)
ZONES = ("Europe/London", "Europe/Warsaw", "Asia/Karachi", "America/New_York")
CLOCK_CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
)

times = st.builds(time, hour=st.integers(0, 23), minute=st.sampled_from((0, 15, 30, 45)))
windows = st.builds(Window, days=st.frozensets(st.integers(0, 6)), start=times, end=times)
nows = st.one_of(
    st.builds(
        lambda change, quarters: change + quarters * QUARTER, st.sampled_from(CLOCK_CHANGES), st.integers(-120, 120)
    ),
    st.builds(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), st.integers(0, 525_600)),
)
contacts = st.builds(
    SafeContact,
    windows=st.lists(windows, max_size=3).map(tuple),
    time_zone=st.sampled_from(ZONES),
    may_start=st.booleans(),
    naming=st.booleans(),
    others_see=st.sampled_from(("nobody", "unknown", "maybe", "yes")),
    voice=st.booleans(),
    reminders=st.booleans(),
    on_silence=st.sampled_from(OnSilence),
    cover=st.sampled_from(("", "cover_dentist", "cover_school")),
)
texts = st.sampled_from(
    (
        "Hello. Is now a good time?",
        "Thank you. Write when it suits you.",
        "See you on Tuesday at 3pm.",
        "There is help for domestic abuse.",
        "Sparrow House has a place.",
        "Please see https://example.org/x",
        "If you can, ring 999. Press 55 when asked.",
    )
)
gaps = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 1, 5, 9, 10, 11, 14, 15, 16, 90, 900)])


STARTED = (Kind.PRACTITIONER, Kind.REMINDER, Kind.CHECK_IN, Kind.RECHECK)
FAULTS = ("late", "state", "profile", "confirmed", "expired", "opted_out", "paused", "landline", "text")


@st.composite
def contacts_near(draw: st.DrawFn, now: datetime, opens_in: Sequence[int]) -> SafeContact:
    """A profile that allows much, with a window that starts so many hours from now, and perhaps others."""
    zone_name = draw(st.sampled_from(ZONES))
    wall = now.astimezone(ZoneInfo(zone_name))
    start = (wall.hour + draw(st.sampled_from(opens_in))) % 24
    near = Window(frozenset(range(7)), time(start), time((start + draw(st.integers(2, 5))) % 24))
    return SafeContact(
        windows=(near, *draw(st.lists(windows, max_size=2))),
        time_zone=zone_name,
        may_start=True,
        reminders=True,
        naming=draw(st.booleans()),
    )


@st.composite
def cases(
    draw: st.DrawFn, kinds: Sequence[Kind] = tuple(Kind), most_faults: int = 2, opens_in: Sequence[int] = (0, -1, 3)
) -> tuple[Outgoing, Point, datetime]:
    """A message, a contact point and a moment: all would be well but for a few faults, so every rule is reached."""
    now = draw(nows)
    faults = draw(st.sets(st.sampled_from(FAULTS), max_size=most_faults))
    lasts = timedelta(minutes=draw(st.integers(-30, 600))) if "late" in faults else timedelta(days=3)
    text = draw(texts) if "text" in faults else "Hello. Is now a good time?"
    point = Point(
        channel=draw(st.sampled_from(("sms", "whatsapp", "telegram", "webchat", "email"))),
        state=draw(st.sampled_from(PointState)) if "state" in faults else PointState.SAFE,
        contact=draw(contacts if "profile" in faults else contacts_near(now, opens_in)),
        confirmed_at=draw(st.none() | gaps.map(lambda gap: now - 30 * gap)) if "confirmed" in faults else now,
        expires_at=now + draw(gaps) - timedelta(minutes=15) if "expired" in faults else None,
        opted_out="opted_out" in faults,
        paused="paused" in faults,
        mobile="landline" not in faults,
        last_inbound_at=draw(st.none() | gaps.map(lambda gap: now - gap)),
    )
    return Outgoing(draw(st.sampled_from(kinds)), text, now + lasts), point, now
