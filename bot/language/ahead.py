"""What lies ahead of each step and what goes when a flow ends, worked out once when the files are loaded."""

from collections.abc import Mapping

from bot.language.keys import BUILT_IN_SLOTS
from bot.language.models import END, CallStep, CollectStep, Flow, SetStep

Question = tuple[str, str]
"""A flow and one of its collect steps."""


def slots_to_reset(flow: Flow, flows: Mapping[str, Flow]) -> frozenset[str]:
    """The slots that the flow and those it calls collect or set, without those that are kept."""
    resets: set[str] = set()
    for current in called(flow, flows):
        for step in current.steps.values():
            if isinstance(step, CollectStep):
                resets.add(step.slot)
            elif isinstance(step, SetStep):
                resets.update(name for name, _ in step.values)
        resets -= current.persisted | current.kept
    return frozenset(resets) - flow.persisted - flow.kept - BUILT_IN_SLOTS


def called(flow: Flow, flows: Mapping[str, Flow]) -> list[Flow]:
    """The flow and all that it calls, and they call; each once."""
    found: dict[str, Flow] = {}
    open_ends = [flow]
    while open_ends:
        current = open_ends.pop()
        if current.id in found:
            continue
        found[current.id] = current
        open_ends += [
            flows[step.flow] for step in current.steps.values() if isinstance(step, CallStep) and step.flow in flows
        ]
    return list(found.values())


def questions_ahead(flow: Flow, flows: Mapping[str, Flow]) -> dict[str, frozenset[Question]]:
    """For each step the questions that may be asked there or later. Ways that lead back in the file are left out."""
    order = {step_id: place for place, step_id in enumerate(flow.steps)}
    ahead: dict[str, frozenset[Question]] = {}
    for step_id in reversed(list(flow.steps)):
        step = flow.steps[step_id]
        questions: set[Question] = set()
        if isinstance(step, CollectStep):
            questions.add((flow.id, step_id))
        elif isinstance(step, CallStep) and step.flow in flows:
            questions |= _all_questions(flows[step.flow], flows)
        for way in step.ways:
            if way.target != END and order.get(way.target, -1) > order[step_id]:
                questions |= ahead.get(way.target, frozenset())
        ahead[step_id] = frozenset(questions)
    return ahead


def _all_questions(flow: Flow, flows: Mapping[str, Flow]) -> set[Question]:
    return {
        (current.id, step.id)
        for current in called(flow, flows)
        for step in current.steps.values()
        if isinstance(step, CollectStep)
    }
