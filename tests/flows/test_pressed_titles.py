"""A page says the title of the button that was pressed: it must do what the button's payload does."""

from datetime import UTC, datetime

import pytest

import bot
from bot.contract import Facts, Said
from bot.engine.saying import question_picks
from bot.engine.state import Frame, State
from bot.engine.turn import Turn
from bot.language.models import CollectStep
from tests.our_flows import our_flows

FLOWS = our_flows()
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
FACTS = Facts(service={"name": "The line", "hours": "9 to 5", "working_days": 5, "enquiry_days": 30})
WAITING = [
    (flow.id, step.id, step.utter, "pattern" if flow.is_pattern else "talk", flow.version)
    for flow in FLOWS.flows.values()
    for step in flow.steps.values()
    if isinstance(step, CollectStep)
]


@pytest.mark.parametrize("channel", ["webchat", "sms"])
def test_a_title_does_what_its_payload_does(channel: str) -> None:
    """At every question of every flow, for every button under it."""
    facts = Facts(channel=channel, service=FACTS.service)
    differ = []
    for flow, step, utter, role, version in WAITING:
        state = State(stack=(Frame(flow, version, step, role, waiting=True),), said=(utter,))  # type: ignore[arg-type]
        turn = Turn(FLOWS, state, facts, NOW)
        node = turn.question()
        for pick in question_picks(turn, node) if node else ():
            said = (Said(pick.title), Said(pick.payload))
            by_title, by_payload = (bot.step(FLOWS, state, each, facts, NOW) for each in said)
            if (by_title.state, by_title.effects) != (by_payload.state, by_payload.effects):
                differ.append((flow, step, pick.title))
    assert not differ
