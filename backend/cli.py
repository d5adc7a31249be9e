"""The command `sidedoor`. What it can do is in `backend.commands`, one file for each group of commands."""

import argparse
import sys
from collections.abc import Sequence

from backend.commands import database, due, flows, keys, running, staff, telegram
from backend.commands.base import CannotStartError, Command
from backend.settings import WrongSettingError, read_settings

__all__ = ["CannotStartError", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 2: something must be mended first, and what is said on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        from backend.logs import set_up_logs

        set_up_logs(settings.log_level)
        command: Command = chosen.run
        return command(chosen, settings)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        told = _for_the_operator(error)
        if not told:
            raise
        print(told, file=sys.stderr)
        return 2


def _for_the_operator(error: Exception) -> str:
    """What to say of an error whose text says what to mend, so that a traceback would only hide it; empty for others.

    Faults in flows begin with their file and line, as editors know them.
    """
    from bot import FlowErrors
    from safety.vault import VaultError

    if isinstance(error, FlowErrors):
        return str(error)
    known = isinstance(error, WrongSettingError | VaultError | CannotStartError)
    return f"sidedoor: {error}" if known else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sidedoor", description="A quiet way in, by text, and an easy way out again.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for room in (running, database, due, staff, keys, flows, telegram):
        room.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
