"""The checker finds what it is for, and finds nothing wrong with our own flows."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

import bot
from bot.checker import Finding, Rendered, TextLint, check
from bot.checker.texts import asks_for_naming

DOMAIN = """
slots: {one: {type: text}, two: {type: bool}, age: {type: float}}
responses:
  utter_ask_one: [{text: One?}]
  utter_ask_two: [{text: Two?}]
  utter_ask_age: [{text: Age?}]
  utter_done: [{text: Done.}]
"""


def flow(steps: str, extra: str = "nlu_trigger: [{intent: go}]") -> str:
    """A project of one flow."""
    return f"flows:\n  a:\n    description: A flow\n    {extra}\n    steps:\n{steps}"


def found(flows: bot.Flows, lints: Iterable[Any] = ()) -> dict[str, Finding]:
    """One finding of each code."""
    return {finding.code: finding for finding in check(flows, tuple(lints))}


def test_our_own_flows_have_no_error(flows: bot.Flows) -> None:
    errors = [finding for finding in check(flows) if finding.is_error]
    assert not errors, "\n".join(map(str, errors))


def test_steps_in_a_circle(load: Callable[..., bot.Flows]) -> None:
    circle = "      - id: x\n        action: utter_done\n      - id: y\n        noop: true\n        next: x\n"
    codes = found(load(flow(circle), DOMAIN))
    assert "lead back to it" in codes["circle"].what
    assert codes["loop"].is_error


def test_a_loop_that_asks_is_no_circle(load: Callable[..., bot.Flows]) -> None:
    asks = """
      - id: x
        collect: two
        ask_before_filling: true
        next: [{if: slots.two, then: END}, {else: again}]
      - id: again
        action: utter_done
        next: x
"""
    assert "circle" not in found(load(flow(asks), DOMAIN))


def test_a_question_that_cannot_be_skipped(load: Callable[..., bot.Flows]) -> None:
    steps = """
      - id: x
        collect: two
        next: [{if: slots.two is null, then: x}, {else: END}]
"""
    finding = found(load(flow(steps), DOMAIN))["cannot_be_skipped"]
    assert finding.path == "flows.a.steps.x"
    assert not finding.is_error


def test_a_step_behind_a_condition_that_never_holds(load: Callable[..., bot.Flows]) -> None:
    steps = """
      - collect: two
        next:
          - if: slots.two = "maybe"
            then: [{action: utter_done, next: END}]
          - else: END
"""
    assert "`utter_done`" in found(load(flow(steps), DOMAIN))["never_reached"].what


def test_every_side_of_a_number_is_tried(load: Callable[..., bot.Flows]) -> None:
    steps = """
      - collect: age
        next:
          - if: slots.age < 18
            then: [{action: utter_done, next: END}]
          - if: slots.age = 18
            then: [{action: utter_done, next: END}]
          - if: slots.age > 18
            then: [{action: utter_done, next: END}]
          - else: END
"""
    assert "never_reached" not in found(load(flow(steps), DOMAIN))


def test_a_talk_that_ends_without_a_word(load: Callable[..., bot.Flows]) -> None:
    assert "dead_end" in found(load(flow("      - collect: one\n"), DOMAIN))
    assert "dead_end" not in found(load(flow("      - collect: one\n      - action: utter_done\n"), DOMAIN))


def test_words_that_do_not_fit_everywhere(load: Callable[..., bot.Flows]) -> None:
    domain = DOMAIN.replace("[{text: Done.}]", "[{text: Done., channel: webchat}]")
    finding = found(load(flow("      - collect: one\n      - action: utter_done\n"), domain))["nothing_to_say"]
    assert "`utter_done`" in finding.what


def test_a_way_out_that_does_not_lead_out(load: Callable[..., bot.Flows]) -> None:
    steps = "      - collect: one\n      - action: utter_done\n"
    mute = "  pattern_exit: {description: Goes nowhere, steps: [{action: utter_done}]}\n"
    mute += "  pattern_human_handoff: {description: Brings nobody, steps: [{action: utter_done}]}\n"
    codes = found(load(flow(steps) + mute, DOMAIN))
    assert codes["no_way_out"].is_error
    assert codes["no_person"].is_error


def test_a_flow_that_nothing_starts(load: Callable[..., bot.Flows]) -> None:
    assert "never_started" in found(load(flow("      - action: utter_done\n", "name: nobody"), DOMAIN))


def test_what_is_never_used(load: Callable[..., bot.Flows]) -> None:
    codes = found(load(flow("      - action: utter_done\n"), DOMAIN))
    assert codes["unused_slot"].what == "the slot `age` is never used"
    assert codes["unused_response"].what == "no flow says `utter_ask_age`"
    assert codes["no_examples"].what == "the intent `go` has no examples, so no words start `a`"


def test_a_missing_translation(load: Callable[..., bot.Flows]) -> None:
    config = {"config.yml": "language: en\nadditional_languages: [pl]\n"}
    assert "into `pl`" in found(load(flow("      - action: utter_done\n"), DOMAIN, config))["no_translation"].what


def test_a_wait_that_needs_a_template(load: Callable[..., bot.Flows]) -> None:
    silence = "{after: 90000, utter: utter_done, channels: [whatsapp]}"
    steps = f"      - collect: one\n        sidedoor: {{silence: {silence}}}\n      - action: utter_done\n"
    assert found(load(flow(steps), DOMAIN))["needs_template"].path == "flows.a.steps.collect_one"


@pytest.mark.requirement("R29")
def test_danger_that_may_be_silent(load: Callable[..., bot.Flows]) -> None:
    domain = DOMAIN + "  utter_danger: [{text: Ring 999., channel: sms}]\n"
    assert found(load(flow("      - action: utter_done\n"), domain))["danger_may_be_silent"].is_error


@pytest.mark.requirement("R12")
def test_what_was_told_is_not_shown_by_the_opening_words(load: Callable[..., bot.Flows]) -> None:
    domain = DOMAIN + '  utter_hello: [{text: "Hello {one}"}]\n'
    opening = "  pattern_session_start: {description: Begins, steps: [{action: utter_hello}, {collect: two}]}\n"
    finding = found(load(flow("      - collect: one\n") + opening, domain))["private_too_early"]
    assert "`utter_hello` shows `one`" in finding.what


@pytest.mark.requirement("R37")
def test_a_text_that_is_hard_to_read(load: Callable[..., bot.Flows]) -> None:
    hard = (
        "Notwithstanding considerable organisational difficulties administrative procedures necessitate verification."
    )
    domain = DOMAIN.replace("Done.", hard)
    assert "grade" in found(load(flow("      - action: utter_done\n"), domain))["reading_grade"].what


def test_rules_that_somebody_else_brings(load: Callable[..., bot.Flows]) -> None:
    shout = TextLint("shouts", lambda text: "it shouts" if text.isupper() else "", frozenset({"sms"}))
    domain = DOMAIN.replace("Done.", "DONE")
    assert found(load(flow("      - action: utter_done\n"), domain), [shout])["shouts"].what == "on sms: it shouts"


def test_one_fault_on_several_channels_is_told_once(load: Callable[..., bot.Flows]) -> None:
    rules = (
        TextLint("everywhere", lambda text: "wrong" if text == "One?" else ""),
        TextLint("on_two", lambda text: "wrong" if text == "One?" else "", frozenset({"sms", "email"})),
    )
    findings = check(load(flow("      - collect: one\n"), DOMAIN), rules)
    told = [(finding.code, finding.what) for finding in findings if finding.code in ("everywhere", "on_two")]
    assert sorted(told) == [("everywhere", "wrong"), ("on_two", "on email, sms: wrong")]


def test_a_rule_may_stop_where_naming_is_chosen() -> None:
    rule = TextLint("naming", lambda text: "it names us", also_when_naming=False)
    assert list(rule.look(Rendered("utter_x", "sms", "en", naming=False, text="x"))) == ["it names us"]
    assert not list(rule.look(Rendered("utter_x", "sms", "en", naming=True, text="x")))


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    ("condition", "naming"),
    [
        ("slots.session_naming", True),
        ("slots.session_naming and slots.two", True),
        ("not slots.two and slots.session_naming", True),
        ("not slots.session_naming", False),
        ("slots.session_naming or slots.two", False),
        ("slots.two and not slots.session_naming", False),
        ("not (slots.two and slots.session_naming and slots.one)", False),
        ("slots.session_naming = false", False),
        ("slots.two", False),
    ],
)
def test_only_a_condition_that_plainly_asks_for_naming_frees_a_text(condition: str, naming: bool) -> None:
    assert asks_for_naming(condition) is naming


def test_a_finding_is_printed_like_a_fault(load: Callable[..., bot.Flows]) -> None:
    printed = str(found(load(flow("      - action: utter_done\n", "name: nobody"), DOMAIN))["never_started"])
    assert printed.splitlines() == [
        "data/flows.yml:2:3: error [never_started]: nothing starts the flow `a`",
        "  2 |   a:",
        "    |   ^",
        "    = at flows.a",
        "    = give it `nlu_trigger`, or link or call it",
    ]
