"""What may be shown before anybody has said who is there: nothing that was told in another flow (R12)."""

from collections.abc import Iterator

from bot.checker.findings import Finding
from bot.language.models import ActionStep, CollectStep, Flow, Flows, Response, SetStep, Step


def check_before_check(flows: Flows) -> list[Finding]:
    """Looks at the opening words and at every flow that may be started between them."""
    early = [flow for flow in flows.flows.values() if flow.own and _comes_early(flow)]
    told = {flow.id: _told_in(flow) for flow in flows.flows.values()}
    found: list[Finding] = []
    for flow in early:
        elsewhere = {name for other, names in told.items() if other != flow.id for name in names} - told[flow.id]
        found += _shows(flow, elsewhere, flows)
    return found


def _comes_early(flow: Flow) -> bool:
    return flow.anytime or flow.id == "pattern_session_start"


def _told_in(flow: Flow) -> set[str]:
    """The slots that the flow collects or sets."""
    collected = {step.slot for step in flow.steps.values() if isinstance(step, CollectStep)}
    return collected | {name for step in flow.steps.values() if isinstance(step, SetStep) for name, _ in step.values}


def _shows(flow: Flow, private: set[str], flows: Flows) -> Iterator[Finding]:
    for step in flow.steps.values():
        for response in _said_by(step, flows):
            shown = {name for each in response.variations for name in each.text.reads} & private
            for name in sorted(shown):
                what = f"`{response.name}` shows `{name}` before anybody has said who is there (R12)"
                path = f"flows.{flow.id}.steps.{step.id}"
                yield Finding("private_too_early", step.spot, path, what, "say it after the opening words")


def _said_by(step: Step, flows: Flows) -> Iterator[Response]:
    names = [step.action] if isinstance(step, ActionStep) else [step.utter] if isinstance(step, CollectStep) else []
    yield from (flows.responses[name] for name in names if name in flows.responses)
