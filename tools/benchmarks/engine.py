"""What one step of the engine costs on the self-referral: the step itself, the readers beside it, keeping the state."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bot
from bot.contract import Facts, Said
from bot.conversation_tests import load_cases
from bot.conversation_tests.cases import START, UserSays
from bot.understanding import Asked, Command, Intent, Reading, Understanding

FLOWS = Path(__file__).parents[2] / "flows"
ROUNDS = 60
MOST_MICROSECONDS = 200
"""The promise for the median of `step`, given a reading."""


@dataclass
class Timed(Understanding):
    """The project's own understanding, with the time that it takes."""

    inner: Understanding
    spent: float = field(default=0.0)

    def read(self, asked: Asked, text: str) -> Reading | None:
        """As the project reads."""
        return self._timed(lambda: self.inner.read(asked, text))

    def command(self, text: str, language: str = "en") -> Command | None:
        """As the project hears commands."""
        return self._timed(lambda: self.inner.command(text, language))

    def intent(self, text: str, language: str = "en") -> Intent:
        """As the project hears intents."""
        return self._timed(lambda: self.inner.intent(text, language))

    def _timed(self, call: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        try:
            return call()
        finally:
            self.spent += time.perf_counter() - begun


def main() -> None:
    """Prints medians and the slowest of a hundred, in microseconds."""
    begun = time.perf_counter()
    flows = bot.load_flows(FLOWS)
    loaded = time.perf_counter() - begun
    steps, readers, kept = _play(flows, _longest_talk(flows))
    print(f"loading all of flows/            {loaded * 1000:8.1f} ms")
    for name, times in (("step, given a reading", steps), ("its readers", readers), ("state written and read", kept)):
        slow = sorted(times)[int(len(times) * 0.99)]
        print(f"{name:32} {statistics.median(times) * 1e6:8.0f} us median {slow * 1e6:8.0f} us p99")
    print(f"step to its readers              {statistics.median(steps) / statistics.median(readers):8.2f}")
    print(
        f"step to the promise of {MOST_MICROSECONDS} us     {statistics.median(steps) * 1e6 / MOST_MICROSECONDS:8.2f}"
    )


def _longest_talk(flows: bot.Flows) -> list[str]:
    """What a person says in the conversation test with the most words of theirs, by text message."""
    talks = (
        [placed.step.text for placed in case.steps if isinstance(placed.step, UserSays)]
        for case in load_cases(FLOWS, flows)
        if "by_text" in case.file
    )
    return max(talks, key=len)


def _play(flows: bot.Flows, talk: list[str]) -> tuple[list[float], list[float], list[float]]:
    timed = Timed(flows.understanding)
    flows = replace(flows, understanding=timed)
    steps, readers, kept = [], [], []
    for _ in range(ROUNDS):
        state = bot.new_state(flows)
        for place, text in enumerate(talk):
            facts = Facts(new_session=place == 0, service={"name": "Sidedoor", "hours": "9 to 5"})
            timed.spent, begun = 0.0, time.perf_counter()
            outcome = bot.step(flows, state, Said(text), facts, START)
            stepped = time.perf_counter()
            state = bot.State.from_json(json.loads(json.dumps(outcome.state.to_json())))
            kept.append(time.perf_counter() - stepped)
            steps.append(stepped - begun - timed.spent)
            readers.append(timed.spent)
    return steps, readers, kept


if __name__ == "__main__":
    main()
