"""`sidedoor flows`: what a conversation designer needs. It reads flow files and nothing that anybody wrote to us."""

import argparse
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands import flow_expose, flow_tools
from backend.commands.base import CannotStartError, Commands, add, count, group, tell
from backend.commands.flow_files import load, place
from backend.settings import Settings

if TYPE_CHECKING:
    from bot import Flows
    from bot.conversation_tests import Result, Untested


def add_to(commands: Commands) -> None:
    """`check`, `test`, `play`, `graph` and `expose`, each with the folder of the flows as an option."""
    flows = group(commands, "flows", "the flow files")
    checking = add(flows, "check", _check, "look for what leads nowhere, reads badly or gives something away")
    testing = add(flows, "test", _test, "run the conversation tests, and say what no test takes")
    testing.add_argument("-k", dest="only", metavar="WORDS", default="", help="only tests with these words in the name")
    for each in (checking, testing, *flow_tools.add_to(flows), flow_expose.add_to(flows)):
        each.add_argument("--flows", type=Path, metavar="FOLDER", help="another folder than SIDEDOOR_FLOWS_DIR")


# --- check ------------------------------------------------------------------------------------------------------------


def _check(chosen: argparse.Namespace, settings: Settings) -> int:
    """1 when there is an error; notes alone are 0."""
    from backend.flow_lints import flow_lints, stack_lints
    from backend.house import make_rules
    from bot.checker import check
    from bot.language.load import notes_of

    began = time.monotonic()
    folder, flows = load(chosen, settings)
    for note in notes_of(flows):
        tell(f"{replace(note, spot=place(note.spot, folder), what=f'note: {note.what}')}\n")
    names = make_rules(settings).naming_words
    findings = check(flows, flow_lints(flows, names), stack_lints(names))
    for finding in findings:
        tell(f"{replace(finding, spot=place(finding.spot, folder))}\n")
    errors = sum(finding.is_error for finding in findings)
    notes = len(findings) - errors + len(flows.notes)
    seconds = time.monotonic() - began
    tell(f"{count(errors, 'error')}, {count(notes, 'note')} in {count(_own(flows), 'flow')}, {seconds:.1f} s")
    return 1 if errors else 0


def _own(flows: "Flows") -> int:
    return sum(flow.own for flow in flows.flows.values())


# --- test -------------------------------------------------------------------------------------------------------------


def _test(chosen: argparse.Namespace, settings: Settings) -> int:
    """1 when a test failed. What no test takes is told after a whole run, and is no failure."""
    from bot.conversation_tests import load_cases, run_case, untested

    began = time.monotonic()
    folder, flows = load(chosen, settings)
    cases = [case for case in load_cases(folder, flows) if chosen.only.casefold() in case.name.casefold()]
    if not cases:
        raise CannotStartError(f"There is no conversation test {_named(chosen.only)}below {folder / 'tests'}.")
    results = [run_case(flows, case) for case in cases]
    for result in results:
        if not result.passed:
            tell(f"{_placed(result, folder)}\n")
    if not chosen.only:
        _tell_untested(untested(flows, results), folder)
    failed = sum(not result.passed for result in results)
    tell(f"{len(results) - failed} passed, {failed} failed in {time.monotonic() - began:.1f} s")
    return 1 if failed else 0


def _named(words: str) -> str:
    return f"with `{words}` in its name " if words else ""


def _placed(result: "Result", folder: Path) -> "Result":
    from bot.faults import Spot

    return replace(result, file=place(Spot(result.file, result.line, 1), folder).file)


def _tell_untested(missing: "Iterable[Untested]", folder: Path) -> None:
    placed = [replace(each, spot=place(each.spot, folder)) for each in missing]
    for each in placed:
        tell(f"{each}")
    if placed:
        branches = sum(bool(each.target) for each in placed)
        steps = count(len(placed) - branches, "step")
        tell(f"\nNo test takes {steps} and {count(branches, 'branch', 'branches')} of steps that are tested.")
    else:
        tell("Every step and every branch has a test.")
