"""Random worlds for the property tests of the doors: profiles, contact points, messages, and clocks that change."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from safety.types import Kind, OnSilence, Outgoing, Point, PointState, SafeContact, Window

QUARTER = timedelta(minutes=15)
ZONES = (
    "Europe/London",
    "Europe/Warsaw",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "America/New_York",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
)
"""Some never change, some do, and some are odd: three quarters of an hour off, or a change of half an hour."""
CHANGES = (
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Warsaw", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Europe/Warsaw", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
)
"""Where and when clocks change in 2026."""
CLOCK_CHANGES = tuple(moment for _, moment in CHANGES)
BANK_HOLIDAYS = ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))
"""Month and day in England in 2026. They change nothing: a person's hours are the person's."""

times = st.builds(time, hour=st.integers(0, 23), minute=st.sampled_from((0, 15, 30, 45)))
exact_times = st.builds(time, hour=st.integers(0, 23), minute=st.integers(0, 59))
exact_windows = st.builds(Window, days=st.frozensets(st.integers(0, 6)), start=exact_times, end=exact_times)
small_hours = st.builds(time, hour=st.integers(0, 3), minute=st.sampled_from((0, 1, 15, 29, 30, 31, 45, 59)))
night_windows = st.builds(Window, days=st.just(frozenset(range(7))), start=small_hours, end=small_hours)
"""Hours about which clocks change: some of these minutes do not exist on one day of the year, and some come twice."""
near_changes = st.builds(
    lambda change, minutes: (change[0], change[1] + timedelta(minutes=minutes)),
    st.sampled_from(CHANGES),
    st.integers(-360, 180),
)
"""A zone, and a moment not long before or after its clocks change."""
windows = st.builds(Window, days=st.frozensets(st.integers(0, 6)), start=times, end=times)
nows = st.one_of(
    st.builds(
        lambda change, quarters: change + quarters * QUARTER, st.sampled_from(CLOCK_CHANGES), st.integers(-120, 120)
    ),
    st.builds(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), st.integers(0, 525_600)),
    st.builds(
        lambda day, minutes: datetime(2026, *day, tzinfo=UTC) + timedelta(minutes=minutes),  # type: ignore[misc]  # month, day
        st.sampled_from(BANK_HOLIDAYS),
        st.integers(0, 1439),
    ),
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
BLAND = (
    "Hello. Is now a good time?",
    "Thank you. Write when it suits you.",
    "See you on Tuesday at 3pm.",
    "If you can, ring 999. Press 55 when asked.",
)
NAMING = ("There is help for domestic abuse.", "Sparrow House has a place.")
PERSONAL = ("Please see https://example.org/x", "It is flat 2, 14 High Street.")
texts = st.sampled_from((*BLAND, *NAMING, *PERSONAL))
gaps = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 1, 5, 9, 10, 11, 14, 15, 16, 90, 900)])
days_ago = st.sampled_from([timedelta(hours=hours) for hours in (0, 20, 23, 24, 25, 90)])

STARTED = (Kind.PRACTITIONER, Kind.REMINDER, Kind.CHECK_IN, Kind.RECHECK)
FAULTS = (
    *("late", "state", "profile", "confirmed", "expired", "opted_out", "paused", "landline"),
    *("text", "heard", "trial", "not_started", "not_reminded", "named", "in_doubt"),
)


@st.composite
def contacts_near(draw: st.DrawFn, now: datetime, opens_in: Sequence[int], faults: Collection[str] = ()) -> SafeContact:
    """A profile that allows much but for the faults, with a window that starts so many hours from now, and others."""
    zone_name = draw(st.sampled_from(ZONES))
    wall = now.astimezone(ZoneInfo(zone_name))
    start = (wall.hour + draw(st.sampled_from(opens_in))) % 24
    near = Window(frozenset(range(7)), time(start), time((start + draw(st.integers(2, 5))) % 24))
    return SafeContact(
        windows=(near, *draw(st.lists(windows, max_size=2))),
        time_zone=zone_name,
        may_start="not_started" not in faults,
        reminders="not_reminded" not in faults,
        naming="named" in faults or draw(st.booleans()),
    )


@st.composite
def cases(
    draw: st.DrawFn, kinds: Sequence[Kind] = tuple(Kind), most_faults: int = 2, opens_in: Sequence[int] = (0, -1, 3)
) -> tuple[Outgoing, Point, datetime]:
    """A message, a contact point and a moment: all would be well but for a few faults, so every rule is reached."""
    now = draw(nows)
    faults = draw(st.sets(st.sampled_from(FAULTS), max_size=most_faults))
    lasts = timedelta(minutes=draw(st.integers(-30, 600))) if "late" in faults else timedelta(days=3)
    text = draw(texts) if "text" in faults else NAMING[0] if "named" in faults else BLAND[0]
    point = Point(
        channel=draw(st.sampled_from(("sms", "whatsapp", "telegram", "webchat", "email"))),
        state=draw(st.sampled_from(PointState)) if "state" in faults else PointState.SAFE,
        contact=draw(contacts if "profile" in faults else contacts_near(now, opens_in, faults)),
        confirmed_at=draw(st.none() | gaps.map(lambda gap: now - 30 * gap)) if "confirmed" in faults else now,
        expires_at=now + draw(gaps) - timedelta(minutes=15) if "expired" in faults else None,
        opted_out="opted_out" in faults,
        paused="paused" in faults,
        mobile="landline" not in faults,
        may_be_tried="trial" not in faults,
        in_doubt="in_doubt" in faults,
        last_inbound_at=draw(st.none() | gaps.map(lambda gap: now - gap)),
        last_heard_at=draw(st.none() | days_ago.map(lambda gap: now - gap)) if "heard" in faults else now,
    )
    return Outgoing(draw(st.sampled_from(kinds)), text, now + lasts), point, now
