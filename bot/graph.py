"""Draws a flow as Mermaid text: questions, messages, branches with their conditions, calls and links."""

from collections.abc import Iterable

from bot.language.models import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    Flows,
    LinkStep,
    SetStep,
    Step,
)

LONGEST_LABEL = 60
"""Characters of a text or a condition that are shown."""


def mermaid(flows: Flows, flow_id: str) -> str:
    """One flow as a Mermaid flowchart. Raises KeyError when there is no such flow."""
    flow = flows.flows[flow_id]
    numbers = {step_id: f"s{place}" for place, step_id in enumerate(flow.steps)} | {END: "done"}
    lines = ["flowchart TD", f'  begin(["{_quoted(flow.name)}"]) --> {numbers[flow.first]}']
    lines += [f"  {numbers[step.id]}{_shape(flows, step)}" for step in flow.steps.values()]
    lines += _arrows(flow, numbers)
    lines.append('  done(["end"])')
    return "\n".join(lines) + "\n"


def all_mermaid(flows: Flows) -> str:
    """Every flow of the project, one after the other, as a Markdown page."""
    own = (flow for flow in flows.flows.values() if flow.own)
    parts = (
        f"## {flow.id}\n\n{flow.description.strip()}\n\n```mermaid\n{mermaid(flows, flow.id)}```\n" for flow in own
    )
    return "\n".join(parts)


def _shape(flows: Flows, step: Step) -> str:
    """The box of a step: a question is slanted, a message round, a call doubled, a branch a diamond."""
    match step:
        case CollectStep():
            return f'[/"{_quoted(_text(flows, step.utter) or step.slot)}"/]'
        case ActionStep() if step.action.startswith("utter_"):
            return f'("{_quoted(_text(flows, step.action))}")'
        case ActionStep():
            return f'["{_quoted(step.action)}"]'
        case SetStep():
            return f'["{_quoted(", ".join(f"{name} := {value}" for name, value in step.values))}"]'
        case CallStep() | LinkStep():
            return f'[["{_quoted(step.flow)}"]]'
    return f'{{"{_quoted(step.id)}"}}'


def _text(flows: Flows, name: str) -> str:
    response = flows.responses.get(name)
    return response.variations[0].text.source if response else name


def _arrows(flow: Flow, numbers: dict[str, str]) -> Iterable[str]:
    for step in flow.steps.values():
        for way in step.ways if not isinstance(step, LinkStep) else ():
            label = way.condition.source if way.condition else "else" if len(step.ways) > 1 else ""
            arrow = f'-->|"{_quoted(label)}"|' if label else "-->"
            yield f"  {numbers[step.id]} {arrow} {numbers[way.target]}"


def _quoted(text: str) -> str:
    """A label that Mermaid takes: one line, no quotes, not too long."""
    line = " ".join(text.split()).replace('"', "'")
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 3] + "..."
