"""Flows change while people stand in them: nobody is dropped, and what they said is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot
from bot.contract import Facts, HandOver, Said, Trouble
from bot.conversation_tests.cases import START

DOMAIN = """
slots:
  one: {type: text}
  two: {type: text}
  three: {type: text}
responses:
  utter_ask_one: [{text: One?}]
  utter_ask_two: [{text: Two?}]
  utter_ask_three: [{text: Three?}]
  utter_done: [{text: "Done {one} {two} {three}"}]
"""
FLOW = """
flows:
  form:
    description: Three questions
    nlu_trigger: [{{intent: form}}]
    steps: [{steps}]
"""
ALL = "{collect: one}, {collect: two}, {collect: three}, {action: utter_done}"


def _flows(load: Callable[..., Any], steps: str = ALL, migrations: str = "migrations: []") -> Any:
    return load(FLOW.format(steps=steps), DOMAIN, {"migrations.yml": migrations})


def _at_two(load: Callable[..., Any], talk: Callable[..., Any]) -> Any:
    begun = talk(_flows(load))
    begun.say("/form")
    assert begun.say("a") == ["Two?"]
    return begun


def test_the_same_step_goes_on_when_steps_come_before_it(load: Any, talk: Any) -> None:
    begun = _at_two(load, talk)
    begun.flows = _flows(load, "{action: utter_done}, {collect: one}, {collect: two}, {collect: three}")
    assert begun.say("b") == ["Three?"]


def test_a_step_that_is_gone_is_asked_again_at_the_nearest_question(load: Any, talk: Any) -> None:
    begun = _at_two(load, talk)
    begun.flows = _flows(load, "{collect: one}, {collect: three}, {action: utter_done}")
    outcome = begun.step(Said("b"))
    assert Trouble("place_moved", "form/collect_two") in outcome.effects
    assert begun.say("x") == ["Three?"]
    assert begun.say("c") == ["Done x  c"]


def test_a_written_migration_says_where_to_go_on(load: Any, talk: Any) -> None:
    begun = _at_two(load, talk)
    migrations = "migrations: [{flow: form, steps: {collect_two: collect_three}, slots: {one: two}}]"
    begun.flows = _flows(load, "{collect: one}, {collect: three}, {action: utter_done}", migrations)
    assert begun.say("c") == ["Done  a c"]


def test_a_flow_with_a_new_name_is_followed(load: Any, talk: Any) -> None:
    begun = _at_two(load, talk)
    renamed = FLOW.format(steps=ALL).replace("  form:", "  sheet:")
    begun.flows = load(renamed, DOMAIN, {"migrations.yml": "migrations: [{flow: form, to: sheet}]"})
    assert begun.say("b") == ["Three?"]
    assert begun.say("back") == ["Two?"]


def test_a_flow_that_is_gone_brings_a_person(load: Any, talk: Any) -> None:
    begun = _at_two(load, talk)
    begun.flows = load(FLOW.format(steps=ALL).replace("form", "other"), DOMAIN)
    outcome = begun.step(Said("b"))
    assert Trouble("flow_gone", "form") in outcome.effects
    assert HandOver("trouble") in outcome.effects


STEPS = [
    ALL,
    "{collect: three}, {collect: one}",
    "{call: more}, {collect: two}",
    "{action: utter_done}",
    "{collect: two, next: [{if: slots.two is null, then: END}, {else: [{call: more, next: END}]}]}",
]
MORE = """
  more:
    description: Called
    steps: [{collect: three}, {collect: one}]
  aside:
    description: Comes between
    nlu_trigger: [{intent: aside}]
    steps: [{collect: one}, {collect: two}]
"""
WORDS = [
    "/form",
    "/aside",
    "x",
    "skip",
    "back",
    "change",
    "change one",
    "1",
    "leave it",
    "/resume",
    "again",
    "0",
    "restart",
]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[bot.Flows]:
    """The same project as it was and as it became; in the last the flow is gone."""
    made = []
    for text in (*(FLOW.format(steps=steps) + MORE for steps in STEPS), "flows:" + MORE):
        folder = tmp_path_factory.mktemp("version")
        (folder / "data").mkdir()
        (folder / "data" / "flows.yml").write_text(text)
        named = DOMAIN
        for name in ("one", "two", "three"):
            named = named.replace(f"{name}: {{type: text}}", f"{name}: {{type: text, sidedoor: {{label: {name}}}}}")
        (folder / "domain.yml").write_text(named)
        made.append(bot.load_flows(folder))
    return made


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.tuples(st.integers(0, len(STEPS)), st.sampled_from(WORDS), st.booleans()), max_size=15))
def test_no_change_of_flows_breaks_a_talk(versions: list[bot.Flows], turns: list[tuple[int, str, bool]]) -> None:
    state = bot.State()
    for version, words, new in turns:
        outcome = bot.step(versions[version], state, Said(words), Facts(new_session=new), START)
        state = bot.State.from_json(json.loads(json.dumps(outcome.state.to_json())))
        assert state == outcome.state


def test_words_and_comments_do_not_change_a_flows_version(load: Any) -> None:
    first = _flows(load).flows["form"].version
    assert load("# a comment\n" + FLOW.format(steps=ALL), DOMAIN).flows["form"].version == first
    assert _flows(load, "{collect: one}").flows["form"].version != first


def test_the_version_of_a_project_changes_with_any_word(load: Any) -> None:
    first = _flows(load).version
    assert load(FLOW.format(steps=ALL), DOMAIN.replace("One?", "First?")).version != first
