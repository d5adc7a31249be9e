"""Bringing a database to the newest tables, and saying whether it is there."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction."""
    with engine.begin() as connection:
        if _current(connection) != newest():
            command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    with engine.connect() as connection:
        return _current(connection) == newest()


@cache
def newest() -> str | None:
    """The newest migration: they come with the program, so they are read once."""
    return ScriptDirectory(str(HERE)).get_current_head()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
