"""Checks flows that load: what leads nowhere, what is never used, what reads badly, and what no talk may meet.

The one convention here: a finding always names a place in a file and what to write instead. Rules about safe words live
in `safety`; they come in as `FlowLint`s, and as `StackLint`s where they are about messages that arrive together.
"""

from collections.abc import Sequence

from bot.checker.before_check import check_before_check
from bot.checker.explore import explore
from bot.checker.findings import Finding, FlowLint, Remark, Rendered, StackLint, TextLint
from bot.checker.stacks import Stacks
from bot.checker.statics import check_statics
from bot.checker.texts import check_texts
from bot.language.models import Flows

__all__ = ["Finding", "FlowLint", "Remark", "Rendered", "StackLint", "TextLint", "check"]


def check(flows: Flows, lints: Sequence[FlowLint] = (), stack_lints: Sequence[StackLint] = ()) -> list[Finding]:
    """Everything that is found in `flows`, errors first, each kind in the order of the files."""
    stacks = Stacks()
    found = [*check_statics(flows), *check_before_check(flows), *explore(flows, stacks), *check_texts(flows, lints)]
    found += stacks.findings(flows, stack_lints)
    return sorted(set(found), key=lambda finding: (not finding.is_error, finding.spot, finding.what))
