"""Messages that arrive in one answer lie one under the other on a phone, and may say together what none says alone."""

from collections.abc import Iterable, Iterator, Sequence

from bot.checker.findings import Finding, Remark, Rendered, StackLint
from bot.contract import Effect, Facts, Say
from bot.language.models import Flows


class Stacks:
    """What a walk through the flows has met, each row of responses once."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, ...], tuple[Rendered, ...]] = {}

    def add(self, facts: Facts, language: str, effects: Iterable[Effect]) -> None:
        """Keep what one answer said, where it was more than one message."""
        said = [effect for effect in effects if isinstance(effect, Say)]
        if len(said) > 1:
            row = tuple(Rendered(say.response, facts.channel, language, facts.naming, say.text) for say in said)
            self._met.setdefault((facts.channel, *(say.response for say in said)), row)

    def findings(self, flows: Flows, lints: Sequence[StackLint]) -> Iterator[Finding]:
        """What the rules say, once for each last message: that is the one to move or to change."""
        found: dict[tuple[str, str, bool], list[tuple[str, Remark]]] = {}
        for row in self._met.values():
            together = " + ".join(f"`{message.response}`" for message in row)
            for lint in lints:
                for remark in lint.look_at_stack(row):
                    about = (row[-1].response, remark.code or lint.code, remark.is_error)
                    found.setdefault(about, []).append((f"on {row[0].channel}, {together}", remark))
        for (response, code, is_error), told in found.items():
            (together, remark), more = told[0], len(told) - 1
            what = f"{together}{f' (and {more} more like it)' if more else ''}: {remark.what}"
            yield Finding(code, flows.responses[response].spot, f"responses.{response}", what, remark.instead, is_error)
