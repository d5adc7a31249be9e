"""Finds every reason that the source can write to a message, a check-in or a reminder.

A reason is a word that is handed to one of the functions that write one, given to a `Drop` or a `Hold`, or put under
"reason" beside a state; a constant counts as what it stands for.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

WRITERS = frozenset(
    {
        "Drop", "Hold", "cancel_queued", "cancel_at_point", "stop_starting", "take_back", "_write_owed", "_write",
        "_did_not_go", "_wait", "_give_up", "_offer_again", "_settle", "_save",
    }
)  # fmt: skip
ROOMS = ("appointments", "checkins", "contact_points", "conversations")
STATES = frozenset({"queued", "held", "sent", "sending", "dropped", "cancelled", "failed", "not_sent", "answered"})


def reasons_written(backend: Path) -> Iterator[str]:
    """The reasons in the rooms that write them."""
    trees = [ast.parse(path.read_text("utf-8")) for room in ROOMS for path in sorted((backend / room).glob("*.py"))]
    constants = dict(pair for tree in trees for pair in _constants(tree))
    for tree in trees:
        for node in ast.walk(tree):
            yield from (word for word in _of(node, constants) if word.isidentifier() and word not in STATES)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _of(node: ast.AST, constants: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in WRITERS:
            for argument in (*args, *(each.value for each in keywords if each.arg == "reason")):
                yield from _text(argument, constants)
        case ast.Dict(keys=keys, values=values):
            named = {key.value: value for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)}
            if "reason" in named and "state" in named:
                yield from _text(named["reason"], constants)


def _text(node: ast.expr, constants: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in constants:
            yield constants[name]
