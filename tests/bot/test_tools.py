"""The tools for designers: playing a talk, drawing a flow, and what no test takes."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import bot
from bot.contract import Facts
from bot.conversation_tests import load_cases, run, run_case, untested
from bot.graph import all_mermaid, graphviz, mermaid
from bot.player import Player, play

TALKING = Path(__file__).parent / "projects" / "talking"


@lru_cache
def _flows() -> bot.Flows:
    return bot.load_flows(TALKING)


# --- playing ----------------------------------------------------------------------------------------------------------


def test_a_played_talk_is_a_test_that_passes(tmp_path: Path) -> None:
    player = Player(_flows(), Facts(channel="sms", service={"hours": "9 to 5"}))
    for line in (
        "sign me up", "Sam", "2", ":danger", "ok", ":undo", "ok", "07700 900123", "why", ":pass 2 days", ":session",
        ":fact verified=true", ":fact service.name=Harbour", "3", "0", ":back", ":opened", "later: maybe", "bye",
    ):  # fmt: skip
        player.hear(line)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "played.yml").write_text(player.test("somebody plays"), "utf-8")
    (case,) = load_cases(tmp_path, _flows())
    result = run_case(_flows(), case)
    assert result.passed, str(result)


def test_a_talk_that_begins_in_the_middle_is_a_test_that_passes(tmp_path: Path) -> None:
    flows = _flows()
    player = Player(flows, Facts(channel="sms", staffed=False))
    player.begin_in("register", {"nick": "Sam", "nonsense": True})
    player.say("why")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "played.yml").write_text(player.test("somebody plays"), "utf-8")
    (case,) = load_cases(tmp_path, flows)
    assert run_case(flows, case).passed
    assert case.slots == {"nick": "Sam"}


def test_a_flow_that_no_words_start_can_be_played_too() -> None:
    flows = _flows()
    called = [flow.id for flow in flows.flows.values() if flow.own and not flow.triggers]
    for name in called:
        player = Player(flows, Facts(channel="sms"))
        player.begin_in(name, {})
        assert player.outcome is not None
        assert f"# No words lead to {name}" in player.test()


def test_playing_shows_the_words_and_what_the_house_is_told() -> None:
    shown: list[str] = []
    lines = iter(["sign me up", "0", ":nonsense"])

    def read(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    play(_flows(), read, shown.append, Facts(channel="sms"))
    assert "  What should we call you?" in shown
    assert "  * hand over: asked, soon" in shown
    assert any(":undo" in line for line in shown)
    assert shown[-1].startswith("metadata:")


def test_settings_that_make_no_sense_are_said_to() -> None:
    player = Player(_flows())
    assert player.hear(":pass a while") == ["write it like :pass 2 days"]
    assert player.hear(":fact colour=red") == ["there is no such fact"]
    assert player.hear(":undo") == ["(nothing to undo)"]
    assert player.hear(":state") == ["{}"]
    assert player.hear(":session") == ["(a new session)"]


# --- drawing ----------------------------------------------------------------------------------------------------------


def test_a_flow_is_drawn_with_its_questions_branches_and_calls() -> None:
    drawn = mermaid(_flows(), "register")
    assert drawn.splitlines()[0] == "flowchart TD"
    assert 'begin(["register"])' in drawn
    assert "begin --> s0" in drawn
    assert 's0[/"What should we call you?"/]' in drawn
    assert 's1[["reach"]]' in drawn
    assert 's4 -->|"slots.sure"| s5' in drawn
    assert 's4 -->|"else"| s7' in drawn


def test_a_flow_is_drawn_for_graphviz() -> None:
    drawn = graphviz(_flows(), "register")
    assert drawn.startswith("digraph flow {")
    assert '  s0 [label="What should we call you?", shape=parallelogram]' in drawn
    assert '  s1 [label="reach", shape=box, peripheries=2]' in drawn
    assert '  s4 -> s5 [label="slots.sure"]' in drawn


def test_a_label_for_graphviz_is_broken_into_lines_and_cannot_end_early(load: Callable[..., bot.Flows]) -> None:
    said = 'He said "go", so I did: and then \\\\ nothing more'
    flows = load(
        "flows: {a: {description: A, nlu_trigger: [{intent: a}], steps: [{action: utter_a}]}}",
        f"responses: {{utter_a: [{{text: '{said}'}}]}}",
    )
    (label,) = re.findall(r's0 \[label="(.*)", shape', graphviz(flows, "a"))
    assert '"' not in label
    assert max(map(len, label.split("\\n"))) <= 26
    assert label.count("\\\\") == said.count("\\")


def test_all_flows_make_a_page() -> None:
    page = all_mermaid(_flows())
    assert page.count("```mermaid") == 4
    assert "pattern_" not in page


# --- what no test takes -----------------------------------------------------------------------------------------------


def test_steps_and_branches_without_a_test_are_told() -> None:
    missing = {(each.flow, each.step, each.target) for each in untested(_flows(), run(TALKING, _flows()))}
    assert ("register", "utter_not_sent", "") in missing
    assert ("register", "collect_sure", "utter_not_sent") in missing
    assert not [each for each in missing if each[0] == "reach"]
    assert str(untested(_flows(), [])[0]).startswith("data/flows.yml:")
