"""Does what a person says about the talk itself: skip, why, back, change, later, a person, the way out."""

from collections.abc import Mapping
from typing import Final

from bot.engine import changing
from bot.engine.asking import ask, not_usable
from bot.engine.moves import take_up
from bot.engine.turn import Turn
from bot.understanding import Command

_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "skip": ("pattern_skip_question", "ask"),
    "unsure": ("pattern_skip_question", "ask"),
    "why": ("pattern_why", "ask"),
    "repeat": ("pattern_repeat_bot_messages", "stay"),
    "wait": ("pattern_wait", "stay"),
    "later": ("pattern_later", "stay"),
    "restart": ("pattern_restart", "ask"),
    "help": ("pattern_help", "ask"),
    "person": ("pattern_human_handoff", "stay"),
    "exit": ("pattern_exit", "stay"),
}
_ANY_TIME: Final = frozenset({"person", "exit", "later", "help", "repeat", "restart"})
"""Commands that mean something when no question is open."""


def obey(turn: Turn, command: Command) -> bool:
    """Does what a command says; False when it means nothing here, so that the words may mean something else."""
    open_question = turn.question() is not None
    match command.name:
        case "leave_it":
            return _leave_it(turn)
        case "resume":
            return _resume(turn)
        case "change":
            return _change(turn, command.argument)
        case "back":
            if open_question:
                changing.back(turn)
            return open_question
    if command.name not in _PATTERNS or not (open_question or command.name in _ANY_TIME):
        return False
    turn.push(_PATTERNS[command.name][0], "pattern", _PATTERNS[command.name][1])
    return True


def obey_payload(turn: Turn, name: str) -> None:
    """A command by a button, or from the house; where it means nothing it is unclear.

    `/resume` from the house says that the talk goes on, for the agreed word was given: what is open is asked again.
    """
    if obey(turn, Command(name, "", 1.0)):
        return
    node = turn.question()
    if name != "resume":
        not_usable(turn)
    elif node is not None:
        ask(turn, node)


def _leave_it(turn: Turn) -> bool:
    """Undoes a change that is under way, or lets go of a flow that came between."""
    if changing.leave_it(turn):
        return True
    talks = sum(frame.role == "talk" for frame in turn.stack)
    if talks < 2 or not turn.stack[-1].waiting:
        return False
    turn.push("pattern_cancel_flow", "pattern", "ask", {"canceled_name": turn.name_of_top()})
    return True


def _resume(turn: Turn) -> bool:
    """Takes up what lies below, when nothing else is open."""
    if turn.stack or not turn.parked:
        return False
    take_up(turn)
    return True


def _change(turn: Turn, argument: str) -> bool:
    node = turn.question()
    if node is None or node.slot == "session_change":
        return False
    name = changing.named(turn, argument) if argument else ""
    if name:
        changing.change(turn, name)
    else:
        changing.offer(turn)
    return True
