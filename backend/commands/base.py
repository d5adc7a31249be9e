"""What every group of commands is made with."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeAlias

from backend.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CannotStartError(Exception):
    """Something must be put right before this command can do its work; the text says what."""


def add(commands: Commands, name: str, run: Command, told: str) -> argparse.ArgumentParser:
    """A command `name` that does `run`; `told` is its line of help."""
    made = commands.add_parser(name, help=told, description=told)
    made.set_defaults(run=run)
    return made


def group(commands: Commands, name: str, told: str) -> Commands:
    """A group of commands, such as `sidedoor db`."""
    return commands.add_parser(name, help=told).add_subparsers(required=True, metavar="what")


def tell(line: str) -> None:
    """Say something to whoever ran the command."""
    sys.stdout.write(f"{line}\n")


def count(number: int, thing: str, things: str = "") -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"
