"""What of the slots counts from a step on: values that conditions read, and whether questions have answers."""

from collections.abc import Iterable

from bot.language.ahead import called
from bot.language.models import END, CallStep, CollectStep, Flow, Flows, LinkStep, Step

Counts = frozenset[tuple[str, bool]]
"""Slots, each with whether its value counts or only that it has one."""


class Reads:
    """Worked out once for all flows; ways that lead back count too."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._whole = {flow.id: _all_reads(flow, flows) for flow in flows.flows.values()}
        self._known: dict[tuple[str, str, bool], Counts] = {}

    def at(self, flow: str, step: str, *, calling: bool) -> Counts:
        """What counts for somebody at a step; `calling`: their step is calling a flow, and they go on after it."""
        key = (flow, step, calling)
        if key not in self._known:
            model = self._flows.flows[flow]
            starts = [step] if not calling or step == END else [way.target for way in model.steps[step].ways]
            self._known[key] = self._from(model, starts)
        return self._known[key]

    def _from(self, flow: Flow, starts: Iterable[str]) -> Counts:
        reads: set[tuple[str, bool]] = set()
        reached: set[str] = set()
        open_ends = list(starts)
        while open_ends:
            name = open_ends.pop()
            if name == END or name in reached:
                continue
            reached.add(name)
            step = flow.steps[name]
            reads |= _own_reads(step)
            if isinstance(step, CallStep | LinkStep):
                reads |= self._whole.get(step.flow, frozenset())
            open_ends += [way.target for way in step.ways]
        return _values_first(reads)


def _own_reads(step: Step) -> set[tuple[str, bool]]:
    reads = {(name, True) for way in step.ways if way.condition for name in way.condition.reads}
    if isinstance(step, CollectStep) and not step.ask_before_filling:
        reads.add((step.slot, False))
    return reads


def _all_reads(flow: Flow, flows: Flows) -> Counts:
    """What counts in the flow and in those it calls."""
    steps = (step for each in called(flow, flows.flows) for step in each.steps.values())
    return _values_first(read for step in steps for read in _own_reads(step))


def _values_first(reads: Iterable[tuple[str, bool]]) -> Counts:
    """A slot whose value counts is not counted once more."""
    strongest: dict[str, bool] = {}
    for name, by_value in reads:
        strongest[name] = by_value or strongest.get(name, False)
    return frozenset(strongest.items())
