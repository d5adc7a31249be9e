"""Which steps and branches no conversation test came through."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation_tests.runner import Result
from bot.faults import Spot
from bot.language.models import Flows


@dataclass(frozen=True, slots=True, order=True)
class Untested:
    """A step, or with `target` one way on from it, that no test takes."""

    spot: Spot
    flow: str
    step: str
    target: str = ""

    def __str__(self) -> str:
        what = f"the way from `{self.step}` to `{self.target}`" if self.target else f"the step `{self.step}`"
        return f"{self.spot.file}:{self.spot.line}:{self.spot.column}: no test takes {what} in `{self.flow}`"


def untested(flows: Flows, results: Iterable[Result]) -> list[Untested]:
    """Steps first reached by nobody; of steps that were reached, the branches that were not taken. In file order."""
    reached: set[tuple[str, str]] = set()
    taken: set[tuple[str, str, str]] = set()
    for result in results:
        reached |= result.reached
        taken |= result.taken
    missing: set[Untested] = set()
    for flow in flows.flows.values():
        for step in flow.steps.values() if flow.own else ():
            if (flow.id, step.id) not in reached:
                missing.add(Untested(step.spot, flow.id, step.id))
            elif len(step.ways) > 1:
                ways = (way.target for way in step.ways if (flow.id, step.id, way.target) not in taken)
                missing |= {Untested(step.spot, flow.id, step.id, target) for target in ways}
    return sorted(missing)
