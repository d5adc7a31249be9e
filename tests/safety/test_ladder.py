"""A missed check-in: failed, undelivered, unread, silent and wrong are five things, and only agreed steps follow."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.ladder import (
    AT_ONCE,
    LOOK_AGAIN,
    SILENCE,
    TOLD,
    agreed_by_profile,
    gaps,
    grace_ends,
    merge,
    next_step,
)
from safety.lint import names_service, personal
from safety.outcomes import AgreedLadder, CheckIn, NextStep, Outage, Outcome, Step
from safety.types import OnSilence, SafeContact, Window

SENT = datetime(2026, 1, 5, 19, 30, tzinfo=UTC)
"""A Monday evening in winter."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENING = SafeContact((Window(frozenset(range(7)), time(19), time(21)),), may_start=True)
ALL = AgreedLadder(HOUR, try_once_more=True, tell_worker=True, trusted_contact=True, police=True)
NOTHING = AgreedLadder(HOUR)
WORKER = AgreedLadder(HOUR, tell_worker=True)
ONCE_MORE = AgreedLadder(HOUR, try_once_more=True)
TRIED = frozenset({Step.TRY_ONCE_MORE})
TOLD_ALREADY = frozenset({Step.TELL_WORKER})
NOW, LATER = timedelta(0), HOUR

TABLE = [
    # what happened, what was agreed, what was done, the next step, after how long
    (Outcome.ANSWERED, ALL, frozenset(), None, NOW),
    (Outcome.NOT_SENT, NOTHING, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.NOT_SENT, ALL, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.NOT_SENT, ALL, TOLD_ALREADY, None, NOW),
    (Outcome.UNCERTAIN, ALL, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.UNDELIVERED, ALL, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.UNDELIVERED, NOTHING, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.WRONG_WORD, NOTHING, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.SOMEBODY_ELSE, ONCE_MORE, frozenset(), Step.TELL_WORKER, NOW),
    (Outcome.SOMEBODY_ELSE, ONCE_MORE, TOLD_ALREADY, None, NOW),
    (Outcome.SENT, NOTHING, frozenset(), None, NOW),
    (Outcome.UNREAD, NOTHING, frozenset(), None, NOW),
    (Outcome.SILENT, NOTHING, frozenset(), None, NOW),
    (Outcome.SENT, ALL, frozenset(), Step.TRY_ONCE_MORE, LATER),
    (Outcome.UNREAD, ALL, frozenset(), Step.TRY_ONCE_MORE, LATER),
    (Outcome.SILENT, ALL, frozenset(), Step.TELL_WORKER, LATER),
    (Outcome.SILENT, ONCE_MORE, frozenset(), None, NOW),
    (Outcome.UNREAD, WORKER, frozenset(), Step.TELL_WORKER, LATER),
    (Outcome.UNREAD, ONCE_MORE, TRIED, None, NOW),
    (Outcome.SENT, ALL, TRIED, Step.TELL_WORKER, LATER),
    (Outcome.SENT, ALL, TRIED | TOLD_ALREADY, None, NOW),
]

moments = st.integers(-600, 600).map(lambda minutes: SENT + minutes * MINUTE)
outages = st.lists(
    st.builds(
        lambda start, minutes: Outage(start, None if minutes is None else start + minutes * MINUTE),
        moments,
        st.none() | st.integers(1, 300),
    ),
    max_size=4,
)
over = st.lists(st.builds(lambda start, minutes: Outage(start, start + minutes * MINUTE), moments, st.integers(1, 90)))
agreements = st.builds(
    lambda minutes, more, worker, contact, police: AgreedLadder(
        minutes * MINUTE, more, worker, worker and contact, worker and police
    ),
    st.integers(1, 240),
    *[st.booleans()] * 4,
)
check_ins = st.builds(
    CheckIn,
    outcome=st.sampled_from(Outcome),
    since=moments,
    taken=st.sampled_from((frozenset(), TRIED, TOLD_ALREADY, TRIED | TOLD_ALREADY)),
)


def after(check_in: CheckIn, agreed: AgreedLadder, contact: SafeContact = EVENING) -> NextStep | None:
    """The next step with no outage, looked at on the next day."""
    return next_step(check_in, agreed, contact, (), SENT + timedelta(days=1))


@pytest.mark.parametrize(("outcome", "agreed", "taken", "step", "wait"), TABLE)
def test_the_ladder(
    outcome: Outcome, agreed: AgreedLadder, taken: frozenset[Step], step: Step | None, wait: timedelta
) -> None:
    found = after(CheckIn(outcome, SENT, taken), agreed)
    assert (found and found.step, found.at - SENT if found else NOW) == (step, wait)
    if found:
        assert found.reason == outcome.value


def test_a_second_try_that_would_fall_outside_the_hours_is_left_out() -> None:
    late = CheckIn(Outcome.UNREAD, SENT + 45 * MINUTE)
    found = after(late, ALL)
    assert found and (found.step, found.at) == (Step.TELL_WORKER, late.since + HOUR)
    assert after(late, ONCE_MORE) is None
    assert (
        after(CheckIn(Outcome.UNREAD, SENT), ALL, replace(EVENING, time_zone="Nowhere/Atall")).step is Step.TELL_WORKER
    )  # type: ignore[union-attr]


def test_in_summer_the_hours_are_those_on_the_wall() -> None:
    summer = datetime(2026, 7, 6, 18, 30, tzinfo=UTC)
    found = next_step(CheckIn(Outcome.UNREAD, summer), ALL, EVENING, (), summer)
    assert found and (found.step, found.at) == (Step.TRY_ONCE_MORE, summer + HOUR)


def test_a_worker_is_told_what_is_known_and_which_steps_were_agreed() -> None:
    silent = after(CheckIn(Outcome.SILENT, SENT), ALL)
    assert silent and silent.open_to_worker == (Step.TRUSTED_CONTACT, Step.POLICE)
    assert "We do not know who read it." in silent.told
    only = AgreedLadder(HOUR, tell_worker=True, trusted_contact=True)
    unread = after(CheckIn(Outcome.UNREAD, SENT, TRIED), only)
    assert unread and unread.open_to_worker == (Step.TRUSTED_CONTACT,)
    assert unread.told.endswith("The agreed second try had no answer either.")


def test_what_is_our_own_fault_opens_no_step_towards_anybody() -> None:
    for outcome in (Outcome.NOT_SENT, Outcome.UNCERTAIN):
        found = after(CheckIn(outcome, SENT), ALL)
        assert found and found.open_to_worker == ()


def test_a_wrong_word_and_somebody_else_wake_somebody_and_nothing_more_goes_there() -> None:
    for outcome in (Outcome.WRONG_WORD, Outcome.SOMEBODY_ELSE):
        found = after(CheckIn(outcome, SENT), ALL)
        assert found and found.urgency == "urgent" and "Nothing more went there." in found.told


@pytest.mark.parametrize("outcome", sorted(TOLD))
def test_a_worker_is_told_in_words_that_may_lie_on_any_screen(outcome: Outcome) -> None:
    words = TOLD[outcome]
    assert not names_service(words) and not personal(words)
    assert "safe" not in words.lower(), "nobody knows how the person is"


def test_every_outcome_but_an_answer_is_told_of_and_each_in_its_own_words() -> None:
    assert AT_ONCE.keys() | SILENCE.keys() == set(Outcome) - {Outcome.ANSWERED} == TOLD.keys()
    assert len(set(TOLD.values())) == len(TOLD)


def test_the_ladder_has_no_words_for_a_phone() -> None:
    """A step that goes to the phone carries none: what goes is the check-in that was agreed."""
    for outcome in Outcome:
        found = after(CheckIn(outcome, SENT), ALL)
        assert found is None or bool(found.told) is (found.step is Step.TELL_WORKER)


def test_a_trusted_contact_or_the_police_without_a_worker_cannot_be_agreed() -> None:
    for wrong in ({"trusted_contact": True}, {"police": True}, {"grace": timedelta(0)}):
        with pytest.raises(ValueError, match=r"worker|grace"):
            AgreedLadder(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on_silence", "agreed"),
    [(OnSilence.WAIT, NOTHING), (OnSilence.TRY_ONCE_MORE, ONCE_MORE), (OnSilence.TELL_WORKER, WORKER)],
)
def test_the_profile_by_itself_allows_one_step_at_most(on_silence: OnSilence, agreed: AgreedLadder) -> None:
    assert agreed_by_profile(on_silence, HOUR) == agreed


@given(check_ins, agreements, outages, moments)
def test_never_more_than_was_agreed(check_in: CheckIn, agreed: AgreedLadder, out: list[Outage], now: datetime) -> None:
    found = next_step(check_in, agreed, EVENING, out, now)
    if found is None:
        return
    assert found.step in (Step.WAIT, Step.TRY_ONCE_MORE, Step.TELL_WORKER), "the rest is done by people"
    assert found.step not in check_in.taken
    assert found.step is not Step.TRY_ONCE_MORE or (agreed.try_once_more and check_in.outcome in SILENCE)
    assert found.step is not Step.TELL_WORKER or agreed.tell_worker or check_in.outcome in AT_ONCE
    assert Step.TRUSTED_CONTACT not in found.open_to_worker or agreed.trusted_contact
    assert Step.POLICE not in found.open_to_worker or agreed.police


@given(check_ins, agreements, over, st.integers(0, 600), st.integers(1, 600))
def test_time_alone_moves_nothing_and_a_step_that_was_taken_does_not_come_again(
    check_in: CheckIn, agreed: AgreedLadder, out: list[Outage], first: int, more: int
) -> None:
    late = SENT + timedelta(days=2) + first * MINUTE
    found = next_step(check_in, agreed, EVENING, out, late)
    assert next_step(check_in, agreed, EVENING, out, late + more * MINUTE) == found
    if found:
        then = next_step(replace(check_in, taken=check_in.taken | {found.step}), agreed, EVENING, out, late)
        assert then is None or (then.at >= found.at and then.step is not found.step)


@given(check_ins, agreements, over, over)
def test_an_outage_never_brings_a_step_forward(
    check_in: CheckIn, agreed: AgreedLadder, some: list[Outage], more: list[Outage]
) -> None:
    late = SENT + timedelta(days=9)
    without, with_more = (next_step(check_in, agreed, EVENING, outages, late) for outages in (some, [*some, *more]))
    if without and with_more:
        assert with_more.at >= without.at


@given(st.sampled_from(sorted(SILENCE)), agreements, moments, outages)
def test_silence_is_theirs_only_after_a_whole_grace_in_which_we_could_have_heard(
    outcome: Outcome, agreed: AgreedLadder, now: datetime, out: list[Outage]
) -> None:
    found = next_step(CheckIn(outcome, SENT), agreed, EVENING, out, now)
    if found is None or found.step is Step.WAIT:
        return
    heard_from = found.at - agreed.grace
    assert heard_from >= SENT
    for outage in out:
        assert outage.start >= found.at or (outage.end is not None and outage.end <= heard_from)


def test_while_an_outage_lasts_there_is_no_silence() -> None:
    now = SENT + timedelta(hours=5)
    for outage in (Outage(SENT - HOUR), Outage(SENT + 10 * MINUTE), Outage(SENT, now + HOUR)):
        found = next_step(CheckIn(Outcome.SILENT, SENT), ALL, EVENING, [outage], now)
        assert found == NextStep(Step.WAIT, now + LOOK_AGAIN, "our_outage")
    assert next_step(CheckIn(Outcome.SILENT, SENT), NOTHING, EVENING, [Outage(SENT)], now) is None


def test_after_an_outage_the_grace_begins_again() -> None:
    out = [Outage(SENT + 50 * MINUTE, SENT + 80 * MINUTE)]
    assert grace_ends(SENT, HOUR, out, SENT + 81 * MINUTE) == SENT + 140 * MINUTE
    assert grace_ends(SENT, HOUR, [Outage(SENT - HOUR, SENT)], SENT) == SENT + HOUR
    assert grace_ends(SENT, HOUR, [Outage(SENT + HOUR, SENT + 2 * HOUR)], SENT + 3 * HOUR) == SENT + HOUR


def test_gaps_between_heartbeats_are_outages_of_ours() -> None:
    beats = [SENT, SENT + MINUTE, SENT + 20 * MINUTE, SENT + 21 * MINUTE]
    assert gaps(beats, 2 * MINUTE, SENT + 22 * MINUTE) == (Outage(SENT + MINUTE, SENT + 20 * MINUTE),)
    assert gaps(beats, 2 * MINUTE, SENT + HOUR)[-1] == Outage(SENT + 21 * MINUTE)
    assert gaps([], 2 * MINUTE, SENT) == ()


@given(outages)
def test_merged_outages_are_apart_and_cover_the_same(out: list[Outage]) -> None:
    merged = merge(out)
    assert all(first.end is not None and first.end < second.start for first, second in pairwise(merged))
    for minute in range(-900, 900, 7):
        at = SENT + minute * MINUTE
        assert _covers(merged, at) == _covers(out, at)


def _covers(out: object, at: datetime) -> bool:
    return any(each.start <= at and (each.end is None or at <= each.end) for each in out)  # type: ignore[attr-defined]
