"""Checks that everything a flow names is there, and that every step can be reached."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bot.faults import Spot
from bot.language.conditions import Condition
from bot.language.domain import Domain
from bot.language.findings import Findings
from bot.language.keys import (
    DEFAULT_ACTIONS,
    LINKABLE_FROM_PATTERNS,
    LINKABLE_PATTERNS,
    MODEL_ACTIONS,
    SETTABLE_BUILT_INS,
    is_built_in,
)
from bot.language.models import END, ActionStep, CallStep, CollectStep, Flow, LinkStep, SetStep, Step
from bot.language.values import WrongValueError, coerce


class Links:
    """Walks over all flows once and records what leads nowhere."""

    def __init__(self, flows: dict[str, Flow], domain: Domain, findings: Findings) -> None:
        self.flows, self.domain, self.findings = flows, domain, findings

    def check(self) -> None:
        """Checks every flow that is the project's own, and who calls whom."""
        for flow in self.flows.values():
            if flow.own:
                self._flow(flow)
        self._triggers()

    def _fault(self, spot: Spot, path: str, what: str, instead: str = "") -> None:
        self.findings.fault_at(spot, path, what, instead)

    def _missing(self, spot: Spot, path: str, what: str, name: str, known: Iterable[str], else_write: str) -> None:
        bare = {_bare(each): each for each in known}
        near = [bare[match] for match in get_close_matches(_bare(name), bare, n=1, cutoff=0.75)]
        self._fault(spot, path, f"there is no {what} `{name}`", f"did you mean `{near[0]}`?" if near else else_write)

    # --- flows ---

    def _flow(self, flow: Flow) -> None:
        path = f"flows.{flow.id}"
        if flow.guard:
            self.condition(flow.guard, flow.spot, f"{path}.if")
        for step in flow.steps.values():
            self._step(flow, step, f"{path}.steps.{step.id}")
        for step_id in unreachable(flow):
            spot = flow.steps[step_id].spot
            self._fault(
                spot,
                f"{path}.steps.{step_id}",
                f"no way leads to the step `{step_id}`",
                "take it out, or let a `next` lead to it",
            )
        if flow.is_pattern:
            self._pattern(flow, path)
        if chain := self._calls_itself(flow):
            self._fault(
                flow.spot, path, f"the flow calls itself: {' calls '.join(chain)}", "use a loop of steps, or `link`"
            )

    def _pattern(self, flow: Flow, path: str) -> None:
        for step in flow.steps.values():
            if isinstance(step, CallStep):
                self._fault(
                    step.spot,
                    f"{path}.steps.{step.id}",
                    "a pattern may not use `call`",
                    "use `link`, or write the steps here",
                )
            if flow.id == "pattern_danger" and isinstance(step, CollectStep):
                self._fault(
                    step.spot,
                    f"{path}.steps.{step.id}",
                    "`pattern_danger` may not ask anything (R29)",
                    "say one short message and nothing else",
                )

    def _calls_itself(self, flow: Flow) -> list[str]:
        def follow(current: Flow, chain: list[str]) -> list[str]:
            for step in current.steps.values():
                if isinstance(step, CallStep) and step.flow in self.flows:
                    if step.flow == flow.id:
                        return [*chain, flow.id]
                    if step.flow not in chain and (found := follow(self.flows[step.flow], [*chain, step.flow])):
                        return found
            return []

        return follow(flow, [flow.id])

    def _step(self, flow: Flow, step: Step, path: str) -> None:
        for way in step.ways:
            if way.condition:
                self.condition(way.condition, step.spot, f"{path}.next")
        match step:
            case ActionStep():
                self._action(step, path)
            case CollectStep():
                self._collect(step, path)
            case SetStep():
                self._set(step, path)
            case LinkStep():
                self._link(flow, step, path)
            case CallStep():
                self._call(step, path)

    def _action(self, step: ActionStep, path: str) -> None:
        name = step.action
        if "{{" in name:
            return
        if name in MODEL_ACTIONS:
            self._fault(step.spot, path, f"`{name}` needs a language model", "say a reviewed response instead")
        elif name.startswith("utter_"):
            self.response(name, step.spot, path)
        elif name not in DEFAULT_ACTIONS and name not in self.domain.actions:
            known = [*DEFAULT_ACTIONS, *self.domain.actions]
            self._missing(step.spot, path, "action", name, known, "list it under `actions:` in the domain")

    def _collect(self, step: CollectStep, path: str) -> None:
        if not self.slot(step.slot, step.spot, path):
            return
        slot = self.domain.slots.get(step.slot)
        action = f"action_ask_{step.slot}" in self.domain.actions
        says = step.utter in self.domain.responses
        if action and says:
            what = f"both `{step.utter}` and `action_ask_{step.slot}` ask for `{step.slot}`"
            self._fault(step.spot, path, what, "keep one of them")
        elif not action and not says and (slot is None or slot.initial is None):
            self._missing(
                step.spot,
                path,
                "response",
                step.utter,
                self.domain.responses,
                f"write `{step.utter}:` under `responses:`",
            )
        for rejection in step.rejections:
            self.response(rejection.utter, step.spot, f"{path}.rejections")
            self.condition(rejection.condition, step.spot, f"{path}.rejections")
        for silence in step.silences:
            if silence.utter:
                self.response(silence.utter, step.spot, f"{path}.sidedoor.silence")
            if silence.condition:
                self.condition(silence.condition, step.spot, f"{path}.sidedoor.silence")

    def _set(self, step: SetStep, path: str) -> None:
        for (name, value), spot in zip(step.values, step.spots, strict=True):
            if is_built_in(name) and name not in SETTABLE_BUILT_INS:
                self._fault(spot, path, f"`{name}` is set by the house and not by flows", "choose a slot of your own")
            elif self.slot(name, spot, path) and name in self.domain.slots:
                try:
                    coerce(self.domain.slots[name], value)
                except WrongValueError as error:
                    self._fault(
                        spot,
                        path,
                        f"`{name}` cannot be {value!r}: {error}",
                        "write a value that the slot takes, or `null`",
                    )

    def _link(self, flow: Flow, step: LinkStep, path: str) -> None:
        allowed = LINKABLE_FROM_PATTERNS if flow.is_pattern else LINKABLE_PATTERNS
        if step.flow not in self.flows:
            self._missing(step.spot, path, "flow", step.flow, self.flows, "write the id of a flow")
        elif self.flows[step.flow].is_pattern and step.flow not in allowed:
            self._fault(
                step.spot,
                path,
                f"`link` may not lead to `{step.flow}`",
                f"link a flow, or one of {', '.join(sorted(allowed))}",
            )
        elif flow.id == "pattern_internal_error":
            self._fault(step.spot, path, "`pattern_internal_error` may not link", "let it end")

    def _call(self, step: CallStep, path: str) -> None:
        called = self.flows.get(step.flow)
        if called is None:
            self._missing(step.spot, path, "flow", step.flow, self.flows, "write the id of a flow")
        elif called.is_pattern:
            self._fault(step.spot, path, f"`call` may not lead to the pattern `{step.flow}`", "call a flow of your own")
        elif any(isinstance(inner, LinkStep) for inner in called.steps.values()):
            self._fault(
                step.spot,
                path,
                f"`{step.flow}` cannot be called: it holds a `link`",
                "use `call` in it, or `link` here",
            )

    # --- names ---

    def slot(self, name: str, spot: Spot, path: str) -> bool:
        """Whether there is a slot `name`; a fault if not."""
        if name in self.domain.slots or is_built_in(name):
            return True
        self._missing(spot, path, "slot", name, self.domain.slots, f"write `{name}:` under `slots:` in the domain")
        return False

    def response(self, name: str, spot: Spot, path: str) -> None:
        """A fault if there is no response `name`."""
        if name not in self.domain.responses and "{{" not in name:
            self._missing(
                spot, path, "response", name, self.domain.responses, f"write `{name}:` under `responses:` in the domain"
            )

    def condition(self, condition: Condition, spot: Spot, path: str) -> None:
        """A fault for each slot in a condition that there is not."""
        for name in sorted(condition.reads):
            self.slot(name, condition.spot or spot, path)

    def _triggers(self) -> None:
        seen: dict[str, Flow] = {}
        for flow in self.flows.values():
            for trigger in flow.triggers:
                if trigger.intent in seen and seen[trigger.intent].own == flow.own:
                    what = f"the intent `{trigger.intent}` starts `{seen[trigger.intent].id}` already"
                    self._fault(flow.spot, f"flows.{flow.id}.nlu_trigger", what, "an intent starts one flow only")
                seen.setdefault(trigger.intent, flow)


def _bare(name: str) -> str:
    """A name without `utter_` or `action_`, which say nothing of how alike two names are."""
    return name.removeprefix("utter_").removeprefix("action_")


def unreachable(flow: Flow) -> Iterator[str]:
    """The steps to which no way leads."""
    reached, open_ends = {flow.first}, [flow.first]
    while open_ends:
        for way in flow.steps[open_ends.pop()].ways:
            if way.target != END and way.target in flow.steps and way.target not in reached:
                reached.add(way.target)
                open_ends.append(way.target)
    return (step_id for step_id in flow.steps if step_id not in reached)
