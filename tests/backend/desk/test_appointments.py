"""Appointments on the desk's pages, without scripts; the calendar; and the link for a calendar program."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from backend.staff import Role
from backend.store.support import Appointment, CalendarFeed
from safety.types import SafeContact, Window
from tests.backend.desk.browser import Desk

AGREED = SafeContact(
    windows=(Window(frozenset(range(7)), time(8), time(21)),), may_start=True, others_see="nobody", reminders=True
)
FORM = {
    "kind": "face_to_face",
    "starts": "2026-03-04T14:00",
    "until": "15:00",
    "place": "The hub, Worthing",
    "remind": "on",
    "leads": "1440 120",
    "wording": "plain",
}


def begun(at_desk: Desk, contact: SafeContact = AGREED) -> str:
    """Somebody who agreed to be reminded; the address of their appointments."""
    at_desk.log_in()
    talk_id = at_desk.text("hello")
    at_desk.text("bye")
    at_desk.agree(talk_id, contact)
    return f"/desk/conversations/{talk_id}/appointments"


def book(at_desk: Desk, here: str, **fields: str) -> str:
    """Fill the form in and press; the page that it leads to."""
    page = at_desk.get(f"{here}/new")
    return str(
        at_desk.press(
            page, "/appointments", **{"staff": str(at_desk.staff[Role.COMMUNITY_IDVA]), **FORM, **fields}
        ).text
    )


def only_one(at_desk: Desk, here: str) -> str:
    """The address of the one appointment on the list."""
    return at_desk.get(here).split('<ul class="items">')[1].split('href="')[1].split('"')[0]


@pytest.mark.requirement("R9")
def test_it_is_booked_and_the_page_says_what_becomes_of_each_text(at_desk: Desk) -> None:
    here = begun(at_desk)
    page = book(at_desk, here)
    assert "Wed 4 March 2026, 14:00 to 15:00" in page
    assert "The hub, Worthing" in page
    assert page.count("It goes then.") == 2
    assert "made_appointment" in at_desk.audit()


@pytest.mark.requirement("R9")
def test_no_text_is_ticked_and_none_is_offered_where_reminders_are_off(at_desk: Desk) -> None:
    here = begun(at_desk)
    assert 'name="remind" value="on">' in at_desk.get(f"{here}/new")
    at_desk.agree(int(here.split("/")[3]), replace(AGREED, reminders=False))
    page = at_desk.get(f"{here}/new")
    assert 'name="remind"' not in page
    assert "They have not said that reminders are safe here" in page
    assert "they have not said that reminders are safe here" in book(at_desk, here)


@pytest.mark.requirement("R7")
def test_what_speaks_against_it_is_said_before_it_is_booked(at_desk: Desk) -> None:
    here = begun(at_desk, replace(AGREED, windows=(Window(frozenset({5, 6}), time(8), time(21)),)))
    warned = book(at_desk, here, starts="2026-03-04T19:00", until="20:00")
    assert "Nothing was done yet" in warned
    assert "outside working hours" in warned
    assert "The reminder 1 day before will not go." in warned
    again = at_desk.press(warned, "/appointments", staff=str(at_desk.staff[Role.COMMUNITY_IDVA]), **FORM)
    assert "Nothing was done yet" in again.text, "that it is sure was said of another time"
    fields = FORM | {"starts": "2026-03-04T19:00", "until": "20:00"}
    done = at_desk.press(warned, "/appointments", staff=str(at_desk.staff[Role.COMMUNITY_IDVA]), **fields)
    assert "It will not go" in done.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts": "tomorrow"}, "say on which day"),
        ({"starts": "2026-03-29T01:30", "until": "02:30"}, "the clocks go forward"),
        ({"until": "13:00"}, "at most 12 hours"),
        ({"kind": "party"}, "what kind"),
        ({"starts": "0001-01-01T00:00"}, "say on which day"),
        ({"staff": "1"}, "what kind"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_in_the_form(at_desk: Desk, fields: dict[str, str], words: str) -> None:
    page = book(at_desk, begun(at_desk), **fields)
    assert words in page
    assert "The hub, Worthing" in page


def test_it_is_moved_cancelled_and_what_came_of_it_is_written_down(at_desk: Desk) -> None:
    here = begun(at_desk)
    book(at_desk, here)
    link = only_one(at_desk, here)
    form = at_desk.get(f"{link}/move")
    moved = at_desk.press(
        form, "/move", staff=str(at_desk.staff[Role.COMMUNITY_IDVA]), **(FORM | {"starts": "2026-03-05T14:00"})
    )
    assert "Thu 5 March 2026" in moved.text
    at_desk.bench.clock.now = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    at_desk.log_in()
    late = at_desk.get(link)
    assert late.index("How did it go?") < late.index("Texts beforehand"), "what is to be done comes first"
    assert "Over. How did it go? (1)" in at_desk.get(here)
    done = at_desk.press(late, "/outcome", outcome="missed")
    assert "They did not come" in done.text
    assert "Try another safe way to reach them" in at_desk.get("/desk/tasks")


def test_the_calendar_shows_day_week_and_list(at_desk: Desk) -> None:
    here = begun(at_desk)
    book(at_desk, here)
    for view, on in (("day", "2026-03-04"), ("week", "2026-03-02"), ("list", "2026-03-02")):
        page = at_desk.get(f"/desk/calendar?view={view}&on={on}")
        assert "14:00 to 15:00" in page, view
    assert "14:00 to 15:00" not in at_desk.get("/desk/calendar?view=day&on=2026-03-05")
    assert "Calendar" in at_desk.get("/desk/calendar?view=nonsense&on=never&who=x")
    assert "Bank holiday" in at_desk.get("/desk/calendar?view=week&on=2026-04-03")


@pytest.mark.requirement("R39")
def test_business_support_sees_when_and_not_with_whom(at_desk: Desk) -> None:
    here = begun(at_desk)
    book(at_desk, here)
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    page = at_desk.get("/desk/calendar?view=week&on=2026-03-02")
    assert "14:00 to 15:00" in page
    assert "text today" not in page
    assert "text tomorrow 14:00" in page
    assert "07700" not in page
    at_desk.log_in(Role.DELIVERY_LEAD)
    assert "/desk/conversations/" not in at_desk.get("/desk/calendar?view=week&on=2026-03-02")
    assert at_desk.client.get(here).status_code == 403


@pytest.mark.requirement("R38")
def test_a_calendar_program_reads_when_they_are_busy_and_nothing_else(at_desk: Desk) -> None:
    here = begun(at_desk)
    book(at_desk, here)
    made = at_desk.press(at_desk.get("/desk/calendar/link"), "/calendar/link")
    address = made.text.split("<textarea")[1].split(">")[1].split("<")[0]
    at_desk.client.cookies.clear()
    answer = at_desk.client.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "no-store" in answer.headers["cache-control"]
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["SUMMARY"], event["STATUS"]) == ("Appointment", "CONFIRMED")
    assert event["DTSTART"].dt == datetime(2026, 3, 4, 14, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    for word in ("hub", "worthing", "07700", "face", "idva", "ash"):
        assert word not in answer.text.casefold(), word
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    with at_desk.bench.house.store.engine.begin() as c:
        ((stored,),) = c.execute(select(CalendarFeed.token_index)).all()
        row = c.execute(select(Appointment.id)).scalar_one()
    assert token.encode() not in stored
    assert str(row) not in answer.text
    uid, sequence = event["UID"], event["SEQUENCE"]

    at_desk.log_in()
    at_desk.press(at_desk.get(only_one(at_desk, here)), "/end", state="cancelled")
    (event,) = Calendar.from_ical(at_desk.client.get(address).content).walk("VEVENT")
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == (uid, "CANCELLED", sequence + 1)
    file = at_desk.client.get("/desk/calendar/file")
    assert "attachment" in file.headers["content-disposition"]

    at_desk.press(at_desk.get("/desk/calendar/link"), "/calendar/link/end")
    assert at_desk.client.get(address).status_code == 404
