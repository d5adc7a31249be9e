"""`sidedoor keys`: the vault's keys."""

import argparse

from backend.commands.base import CannotStartError, Commands, add, group, tell
from backend.settings import Settings


def add_to(commands: Commands) -> None:
    """`new`."""
    add(group(commands, "keys", "the vault's keys"), "new", _new, "make the vault's keys")


def _new(_chosen: argparse.Namespace, settings: Settings) -> int:
    from safety.vault import Keyring

    if settings.key_file.exists():
        raise CannotStartError(
            f"{settings.key_file} is there already; a new one would make everything sealed unreadable."
        )
    settings.key_file.parent.mkdir(parents=True, exist_ok=True)
    Keyring.generate(settings.key_file)
    tell(f"Keys made: {settings.key_file}. Keep a copy where the database and its backups are not.")
    return 0
