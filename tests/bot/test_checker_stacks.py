"""What the checker does with a rule about messages that arrive together, and with a rule that says what to write."""

from collections.abc import Callable, Iterable, Sequence

import bot
from bot.checker import Remark, Rendered, check

DOMAIN = """
slots: {one: {type: text}}
responses:
  utter_first: [{text: First.}]
  utter_second: [{text: Second.}]
  utter_ask_one: [{text: One?}]
"""
FLOWS = """
flows:
  a:
    description: A flow
    nlu_trigger: [{intent: go}]
    steps: [{action: utter_first}, {action: utter_second}, {collect: one}]
"""


class Together:
    """Looks at rows that hold both of two words."""

    code = "together"

    def __init__(self) -> None:
        self.seen: list[tuple[str, ...]] = []

    def look_at_stack(self, messages: Sequence[Rendered]) -> Iterable[Remark]:
        """Whenever the first and the second come at once."""
        self.seen.append((messages[0].channel, *(message.text for message in messages)))
        if {"First.", "Second."} <= {message.text for message in messages}:
            yield Remark("both at once", "part them", is_error=False)


class Wants:
    """Says of one text what to write in its place."""

    code = "wants"

    def look(self, message: Rendered) -> Iterable[Remark]:
        """Only of the first."""
        if message.text == "First.":
            yield Remark("it is too early", "write it later", is_error=False, code="early")


def test_what_one_answer_said_is_looked_at_together_and_told_once_at_its_last_message(
    load: Callable[..., bot.Flows],
) -> None:
    rule = Together()
    found = [finding for finding in check(load(FLOWS, DOMAIN), (), (rule,)) if finding.code == "together"]
    assert ("sms", "First.", "Second.", "One?") in rule.seen
    assert len(rule.seen) == len(set(rule.seen))
    assert [finding.is_error for finding in found] == [False]
    assert found[0].path == "responses.utter_ask_one"
    assert "`utter_first` + `utter_second` + `utter_ask_one`" in found[0].what
    assert found[0].instead == "part them"


def test_a_remark_brings_its_own_code_its_grade_and_what_to_write(load: Callable[..., bot.Flows]) -> None:
    (found,) = [finding for finding in check(load(FLOWS, DOMAIN), (Wants(),)) if finding.code == "early"]
    assert (found.what, found.instead, found.is_error) == ("it is too early", "write it later", False)
