"""`sidedoor db`: the tables."""

import argparse

from backend.commands.base import Commands, add, group, tell
from backend.settings import Settings


def add_to(commands: Commands) -> None:
    """`upgrade` and `check`."""
    database = group(commands, "db", "the database")
    add(database, "upgrade", _upgrade, "make the tables, or bring them up to date")
    add(database, "check", _check, "say whether the tables are up to date")


def _upgrade(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.store import migrate
    from backend.store.engine import make_engine

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(make_engine(settings.database))
    tell("The database has the newest tables.")
    return 0


def _check(_chosen: argparse.Namespace, settings: Settings) -> int:
    from backend.store import migrate
    from backend.store.engine import make_engine

    current = migrate.is_current(make_engine(settings.database))
    tell("The database has the newest tables." if current else "Tables are missing: run `sidedoor db upgrade`.")
    return 0 if current else 1
