"""Draws a flow for Mermaid or for Graphviz: questions, messages, branches with their conditions, calls and links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Final, Literal

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

Shape = Literal["edge", "question", "message", "action", "flow", "branch"]

_MERMAID: Final[Mapping[Shape, tuple[str, str]]] = {
    "edge": ('(["', '"])'),
    "question": ('[/"', '"/]'),
    "message": ('("', '")'),
    "action": ('["', '"]'),
    "flow": ('[["', '"]]'),
    "branch": ('{"', '"}'),
}
_GRAPHVIZ: Final[Mapping[Shape, str]] = {
    "edge": "shape=oval",
    "question": "shape=parallelogram",
    "message": "shape=box, style=rounded",
    "action": "shape=box",
    "flow": "shape=box, peripheries=2",
    "branch": "shape=diamond",
}
_LINE = 24
"""Characters in a line of a label for Graphviz, which breaks none by itself."""


@dataclass(frozen=True, slots=True)
class Box:
    """A step, or where the flow begins and ends. A question is slanted, a message round, a call doubled, a branch a
    diamond."""

    name: str
    shape: Shape
    label: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way on, with its condition where it has one."""

    start: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow as boxes and arrows."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(flows: Flows, flow_id: str) -> Drawing:
    """One flow, to be written as text. Raises KeyError when there is no such flow."""
    flow = flows.flows[flow_id]
    names = {step_id: f"s{place}" for place, step_id in enumerate(flow.steps)} | {END: "done"}
    steps = (Box(names[step.id], *_looks(flows, step)) for step in flow.steps.values())
    boxes = (Box("begin", "edge", _short(flow.name)), *steps, Box("done", "edge", "end"))
    return Drawing(boxes, (Arrow("begin", names[flow.first]), *_arrows(flow, names)))


def mermaid(flows: Flows, flow_id: str) -> str:
    """One flow as a Mermaid flowchart. Raises KeyError when there is no such flow."""
    drawing = draw(flows, flow_id)
    boxes = (f"  {box.name}{box.label.join(_MERMAID[box.shape])}" for box in drawing.boxes)
    arrows = (f"  {each.start} {_mermaid_arrow(each.label)} {each.target}" for each in drawing.arrows)
    return "\n".join(["flowchart TD", *boxes, *arrows]) + "\n"


def all_mermaid(flows: Flows) -> str:
    """Every flow of the project, one after the other, as a Markdown page."""
    own = (flow for flow in flows.flows.values() if flow.own)
    parts = (
        f"## {flow.id}\n\n{flow.description.strip()}\n\n```mermaid\n{mermaid(flows, flow.id)}```\n" for flow in own
    )
    return "\n".join(parts)


def graphviz(flows: Flows, flow_id: str) -> str:
    """One flow in the language of Graphviz. Raises KeyError when there is no such flow."""
    drawing = draw(flows, flow_id)
    boxes = (f"  {box.name} [label={_graphviz_label(box.label)}, {_GRAPHVIZ[box.shape]}]" for box in drawing.boxes)
    arrows = (f"  {each.start} -> {each.target} [label={_graphviz_label(each.label)}]" for each in drawing.arrows)
    look = '  node [fontname="sans-serif", fontsize=11]\n  edge [fontname="sans-serif", fontsize=9]'
    return "\n".join(["digraph flow {", look, *boxes, *arrows, "}"]) + "\n"


def _looks(flows: Flows, step: Step) -> tuple[Shape, str]:
    match step:
        case CollectStep():
            return "question", _short(_text(flows, step.utter) or step.slot)
        case ActionStep() if step.action.startswith("utter_"):
            return "message", _short(_text(flows, step.action))
        case ActionStep():
            return "action", _short(step.action)
        case SetStep():
            return "action", _short(", ".join(f"{name} := {value}" for name, value in step.values))
        case CallStep() | LinkStep():
            return "flow", _short(step.flow)
    return "branch", _short(step.id)


def _text(flows: Flows, name: str) -> str:
    response = flows.responses.get(name)
    return response.variations[0].text.source if response else name


def _arrows(flow: Flow, names: Mapping[str, str]) -> Iterator[Arrow]:
    for step in flow.steps.values():
        for way in step.ways if not isinstance(step, LinkStep) else ():
            label = way.condition.source if way.condition else "else" if len(step.ways) > 1 else ""
            yield Arrow(names[step.id], names[way.target], _short(label))


def _mermaid_arrow(label: str) -> str:
    return f'-->|"{label}"|' if label else "-->"


def _graphviz_label(label: str) -> str:
    lines = (line.replace("\\", "\\\\") for line in wrap(label, _LINE))
    return '"' + "\\n".join(lines) + '"'


def _short(text: str) -> str:
    """A label that both take: one line, no quotes, not too long."""
    line = " ".join(text.split()).replace('"', "'")
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 3] + "..."
