"""Over random profiles and changes: no text from one contact point lets the gate send what nobody confirmed (R14).

Whoever holds the phone answers the flows as they like, on any number of days. What the gate would send afterwards, it
would also have sent under the profile that was last confirmed, had that just been given.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.testing import Bench
from bot.contract import Json
from safety.gate import decide
from safety.types import Kind, Outgoing, Point, PointState, Rules, Send
from tests.backend.contact_points.lives import QUIET, act, agreed, comes_back, fresh, point, waits

SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOURS: tuple[Json, ...] = (
    None,
    [{"days": [0, 1, 2, 3, 4], "start": "18:00", "end": "21:00"}],
    [{"days": [0, 2], "start": "10:00", "end": "12:00"}],
    [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "23:59"}],
)
answers = st.fixed_dictionaries(
    {
        "contact_way": st.sampled_from(("here", "come_back", "text")),
        "contact_number": st.sampled_from((None, {"e164": "+447700900777", "kind": "mobile"})),
        "contact_times": st.sampled_from(HOURS),
        "contact_may_start": st.sampled_from((None, True, False)),
        "contact_reminders": st.sampled_from((None, True, False)),
        "contact_naming": st.sampled_from((None, True, False)),
        "contact_others_see": st.sampled_from((None, "nobody", "maybe", "yes")),
        "contact_on_silence": st.sampled_from((None, "wait", "try_once_more", "tell_worker")),
        "contact_cover": st.sampled_from((None, "utter_cover_wait", "utter_cover_sorry")),
    }
)
moves = st.one_of(
    st.tuples(st.just("action_save_safe_contact"), answers),
    st.tuples(st.sampled_from(("action_renew_contact", "action_recheck_later", "action_confirm_changes")), st.just({})),
    st.tuples(st.just("another day"), st.booleans()),
)
Moves = Sequence[tuple[str, Any]]
KINDS = (Kind.PRACTITIONER, Kind.REMINDER, Kind.CHECK_IN, Kind.RECHECK)
TEXTS = ("Hello. Is now a good time?", "There is help for domestic abuse.")


def allowed(here: Point, rules: Rules, start: Any) -> set[tuple[str, str, int]]:
    """All that may be started in a week, by kind, words and quarter of a day; whoever is in a talk does not count."""
    alone = replace(here, last_inbound_at=None)
    found = set()
    for step in range(0, 7 * 24, 3):
        moment = start + timedelta(hours=step)
        for kind in KINDS:
            for text in TEXTS:
                message = Outgoing(kind, text, moment + timedelta(minutes=30))
                if isinstance(decide(message, alone, rules, moment), Send):
                    found.add((kind.value, text, step))
    return found


async def play(house: Bench, played: Moves) -> None:
    """Somebody does all this from one phone."""
    for what, given_ in played:
        if what == "another day":
            await comes_back(house, days=1, verified=given_)
        else:
            await act(house, what, given_)


@pytest.mark.requirement("R14")
@SETTINGS
@given(first=answers, played=st.lists(moves, min_size=1, max_size=5))
def test_nothing_goes_that_the_confirmed_profile_would_not_let_go(
    tmp_path_factory: pytest.TempPathFactory, flows: Any, first: Mapping[str, Json], played: Moves
) -> None:
    house = fresh(tmp_path_factory, flows)

    async def scenario() -> None:
        await agreed(house, **first)
        await comes_back(house)
        confirmed = await point(house)
        await play(house, played)
        now = house.clock()
        afterwards = await point(house)
        just_given = replace(confirmed, confirmed_at=now, expires_at=now + timedelta(days=28))
        rules = house.house.rules
        assert allowed(afterwards, rules, now) <= allowed(just_given, rules, now)

    try:
        asyncio.run(scenario())
    finally:
        house.close()


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R13")
@settings(SETTINGS, max_examples=4)
@given(first=answers, played=st.lists(moves, max_size=3))
def test_the_duress_word_leaves_nothing_that_waits_and_nothing_that_goes(
    tmp_path_factory: pytest.TempPathFactory, flows: Any, first: Mapping[str, Json], played: Moves
) -> None:
    house = fresh(tmp_path_factory, flows)

    async def scenario() -> None:
        await agreed(house, words=True, **first)
        await play(house, played)
        await house.text(QUIET)
        assert await waits(house) == []
        assert allowed(await point(house), house.house.rules, house.clock()) == set()

    try:
        asyncio.run(scenario())
    finally:
        house.close()


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R2")
@settings(SETTINGS, max_examples=6)
@given(first=answers, second=answers)
def test_tightening_never_waits(
    tmp_path_factory: pytest.TempPathFactory,
    flows: Any,
    first: Mapping[str, Json],
    second: Mapping[str, Json],
) -> None:
    """Whatever else is asked for in the same breath, what is refused is refused from the next send on."""
    house = fresh(tmp_path_factory, flows)

    async def scenario() -> None:
        await agreed(house, **first)
        await comes_back(house)
        await act(house, "action_save_safe_contact", second)
        contact = (await point(house)).contact
        assert contact.may_start <= (second["contact_may_start"] is True and second["contact_way"] == "here")
        assert contact.naming <= (second["contact_naming"] is True)
        assert contact.reminders <= (second["contact_reminders"] is True)
        await act(house, "action_mark_unsafe", {})
        assert (await point(house)).state is PointState.UNSAFE
        assert allowed(await point(house), house.house.rules, house.clock()) == set()

    try:
        asyncio.run(scenario())
    finally:
        house.close()
