"""The dialogue engine: reads flow files, takes one pure step per event, and knows no database, network, channel or
clock.

    flows = bot.load_flows(Path("flows"))
    outcome = bot.step(flows, bot.new_state(flows), Said("hello"), Facts(new_session=True), now)

What goes in and what comes out is in `bot.contract`; the format of the files is in docs/flow-format.md.
"""

from bot.engine.state import State
from bot.engine.step import new_state, open_slot, render, step
from bot.engine.turn import Outcome as Step
from bot.faults import Fault, FlowErrors
from bot.language.load import load_flows
from bot.language.models import Flows

__all__ = ["Fault", "FlowErrors", "Flows", "State", "Step", "load_flows", "new_state", "open_slot", "render", "step"]
