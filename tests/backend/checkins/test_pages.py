"""The desk's pages of texts at set times: agreed, changed, paused and ended with the person, and why what is held."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from backend.checkins.forms import empty_fields, fields_of, read_form
from backend.checkins.plans import Agreed, make_plan, plans_of
from backend.checkins.rules import Between, Cadence, Every, Rule
from backend.checkins.terms import Terms
from backend.checkins.wishing import Wish, tapered, wish_to_json
from backend.checkins.words import rule_in_words
from backend.contact_points import pending
from backend.conversations.talk import load_talk
from backend.forms import FormError
from backend.staff import Role
from safety.outcomes import AgreedLadder
from safety.types import SafeContact, Window
from tests.backend.checkins.people import HALF_PAST_SEVEN
from tests.backend.desk.browser import Desk

EVENINGS = SafeContact(windows=(Window(frozenset(range(7)), time(18), time(22)),), may_start=True)
ALL_BUT_SUNDAY = Cadence(Every.WEEKS, 1, frozenset(range(6)))
CHECK_IN = {"purpose": "check_in", "every": "days", "n": "1", "at": "19:30", "first": "2026-03-02", "ask_settled": "on"}


def path(talk_id: int) -> str:
    return f"/desk/conversations/{talk_id}/plans"


def opened(at_desk: Desk, contact: SafeContact = EVENINGS) -> int:
    """A practitioner is logged in, and somebody has agreed how they may be reached."""
    talk_id = at_desk.text("hello")
    at_desk.agree(talk_id, contact)
    at_desk.log_in()
    return talk_id


def plans(at_desk: Desk, talk_id: int) -> list[Agreed]:
    with at_desk.bench.house.store.engine.begin() as c:
        return plans_of(c, at_desk.bench.house, talk_id)


def agree(at_desk: Desk, talk_id: int, **fields: str) -> str:
    form = at_desk.get(f"{path(talk_id)}/new")
    return str(at_desk.press(form, "/plans", **CHECK_IN | fields).text)


@pytest.mark.requirement("R39")
def test_a_plan_is_agreed_and_shows_when_it_comes_next(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    assert "Nothing is agreed." in at_desk.get(path(talk_id))
    page = agree(at_desk, talk_id, tell_worker="on", grace="90")
    (plan,) = plans(at_desk, talk_id)
    assert plan.rule.at == (time(19, 30),)
    assert plan.terms == Terms(asks=("settled",), ladder=AgreedLadder(timedelta(minutes=90), tell_worker=True))
    for words in ("Every day, at 19:30", "today 19:30", "It goes then.", "After 90 minutes without an answer"):
        assert words in page, words
    assert "made_plan" in at_desk.audit()


@pytest.mark.requirement("R7")
def test_the_page_says_which_rule_will_hold_a_text(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    assert "It waits: It is outside the person" in agree(at_desk, talk_id, at="17:00")


def test_where_we_may_not_write_first_the_page_says_so(at_desk: Desk) -> None:
    talk_id = opened(at_desk, SafeContact())
    assert "It does not go: " in agree(at_desk, talk_id)


def test_a_plan_is_changed_paused_taken_up_and_ended(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    agree(at_desk, talk_id)
    (plan,) = plans(at_desk, talk_id)
    one = f"{path(talk_id)}/{plan.id}"
    form = at_desk.get(f"{one}/change")
    assert 'value="19:30"' in form
    at_desk.press(form, "/change", **CHECK_IN | {"every": "weeks", "day_0": "on", "day_3": "on"})
    assert plans(at_desk, talk_id)[0].rule.cadence == Cadence(Every.WEEKS, 1, frozenset({0, 3}))
    page = at_desk.press(at_desk.get(path(talk_id)), "/pause", first="2026-03-03", last="2026-03-20").text
    assert "Quiet from Tue 3 Mar 2026 to Fri 20 Mar 2026." in page
    page = at_desk.press(page, "/resume").text
    page = at_desk.press(page, "/end").text
    assert "Nothing is agreed." in page
    assert plans(at_desk, talk_id) == []
    assert {"changed_plan", "paused_plan", "ended_plan"} <= set(at_desk.audit())


def test_a_plan_tapers_in_as_many_steps_as_were_agreed(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    steps = {
        "taper_0": "2026-04-01",
        "taper_n_0": "3",
        "taper_every_0": "days",
        "taper_1": "2026-05-01",
        "taper_n_1": "1",
    }
    page = agree(at_desk, talk_id, **steps)
    assert "every 3 days from Wed 1 Apr 2026; Friday from Fri 1 May 2026." in page
    (plan,) = plans(at_desk, talk_id)
    form = at_desk.get(f"{path(talk_id)}/{plan.id}/change")
    assert 'name="taper_3"' in form, "two more steps can be added"
    at_desk.press(form, "/change", **CHECK_IN, **steps, taper_2="2026-07-01", taper_n_2="1", taper_every_2="months")
    assert [cadence.every.value for _, cadence in plans(at_desk, talk_id)[0].rule.tapers] == ["days", "weeks", "months"]


def test_buttons_with_the_same_words_are_told_apart_when_they_are_read_out(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    agree(at_desk, talk_id)
    page = agree(at_desk, talk_id, purpose="daily_text")
    for words in ("No more of these: Check-in", "No more of these: Kind words", "Change it: Kind words"):
        assert f'aria-label="{words}"' in page, words


def test_somebody_who_ended_it_first_is_said(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    page = agree(at_desk, talk_id)
    at_desk.press(page, "/end")
    assert "Nothing was done: it has ended" in at_desk.press(page, "/end").text


def test_one_of_a_kind(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    agree(at_desk, talk_id)
    assert "there is one of this kind already" in agree(at_desk, talk_id)
    assert len(plans(at_desk, talk_id)) == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"purpose": "poem"}, "purpose"),
        ({"every": "weeks"}, "days"),
        ({"n": "900"}, "days"),
        ({"at": "half past"}, "at"),
        ({"at": ""}, "at"),
        ({"from": "20:00", "to": "18:00"}, "at"),
        ({"first": "soon"}, "dates"),
        ({"until": "2026-01-01"}, "dates"),
        ({"taper_0": "2026-05-01", "taper_n_0": "900"}, "taper"),
        ({"taper_0": "soon"}, "taper"),
        ({"taper_0": "2026-05-01", "taper_n_0": "1", "taper_every_0": "days"}, "rarer"),
        ({"taper_0": "2026-03-01", "taper_n_0": "2"}, "rarer"),
        ({"taper_0": "2026-05-01", "taper_n_0": "2", "until": "2026-04-01"}, "rarer"),
        ({"taper_0": "2026-05-01", "taper_n_0": "2", "taper_1": "2026-06-01", "taper_n_1": "1"}, "rarer"),
        ({"police": "on"}, "ladder"),
        ({"grace": "2"}, "ladder"),
    ],
)
def test_what_cannot_be_read_is_a_reason_and_no_guess(fields: dict[str, str], problem: str) -> None:
    with pytest.raises(FormError, match=f"^{problem}$"):
        read_form(CHECK_IN | fields, "Europe/London")


@pytest.mark.parametrize(
    "rule",
    [
        HALF_PAST_SEVEN,
        Rule(Cadence(Every.WEEKS, 2, frozenset({0, 4})), (time(9), time(18)), "Europe/London", date(2026, 3, 1)),
        Rule(Cadence(Every.MONTHS), Between(time(9), time(12)), "Europe/London", date(2026, 3, 1), date(2026, 9, 1)),
        Rule(
            Cadence(),
            (time(19),),
            "Europe/London",
            date(2026, 3, 1),
            tapers=(
                (date(2026, 5, 1), Cadence(n=3)),
                (date(2026, 6, 1), Cadence(Every.WEEKS, 2, frozenset({0}))),
                (date(2026, 8, 1), Cadence(Every.MONTHS)),
            ),
        ),
        tapered(Rule(ALL_BUT_SUNDAY, (time(19),), "UTC", date(2026, 3, 2)), date(2026, 3, 2)),
    ],
)
def test_a_plan_survives_its_form_and_is_said_in_words(rule: Rule) -> None:
    plan = Agreed(1, 1, "check_in", "active", 0, rule, None, Terms(ladder=AgreedLadder(tell_worker=True, police=True)))
    read = read_form(fields_of(plan), rule.zone, rule)
    assert (read.rule, read.terms) == (rule, plan.terms)
    assert rule_in_words(rule).endswith(".")
    assert read_form(empty_fields(date(2026, 3, 2)) | {"purpose": "check_in", "at": "9:30".zfill(5)}, "UTC")


@pytest.mark.requirement("R39")
def test_who_may_not_act_sees_no_form_and_can_do_nothing(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    agree(at_desk, talk_id)
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    assert at_desk.client.get(path(talk_id)).status_code == 403


def test_what_was_answered_over_time_and_what_became_of_each_time_is_shown(at_desk: Desk) -> None:
    talk_id = opened(at_desk)
    agree(at_desk, talk_id)
    clock = at_desk.bench.clock
    clock.now = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    asyncio.run(at_desk.bench.work())
    asyncio.run(at_desk.bench.text("2"))
    asyncio.run(at_desk.bench.text("1"))
    at_desk.log_in()
    page = at_desk.get(path(talk_id))
    for words in ("How the day goes", "4 of 5", "Safety", "1 of 5", "Check-in: they answered."):
        assert words in page, words
    assert "Reach them today" in at_desk.get("/desk/tasks")


@pytest.mark.requirement("R14")
def test_a_wish_that_waits_is_told_in_words_and_made_a_plan_by_a_check(at_desk: Desk) -> None:
    talk_id, house = opened(at_desk), at_desk.bench.house
    wish = Wish(("daily_text",), Rule(Cadence(), (time(7),), "Europe/London", date(2026, 3, 2)))
    with house.store.engine.begin() as c:
        talk = load_talk(c, house, talk_id)
        pending.ask(c, house, talk, "plan", wish_to_json(wish))
        talk.save(c)
        (waits,) = pending.waiting(c, house, talk)
    page = at_desk.get(f"/desk/conversations/{talk_id}/changes/{waits.id}")
    assert "Kind words: Every day, at 07:00" in page
    at_desk.press(page, "/accept", how="spoken", note="rang them")
    assert [plan.purpose for plan in plans(at_desk, talk_id)] == ["daily_text"]
    with house.store.engine.begin() as c:
        assert make_plan(c, house, talk_id, "check_in", HALF_PAST_SEVEN)
