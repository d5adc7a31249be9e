"""Alembic's way in: runs on the connection that `backend.store.migrate` hands it."""

from alembic import context

import backend.store.channels
import backend.store.checkins
import backend.store.contact_points
import backend.store.support
import backend.store.talk
import backend.store.work  # noqa: F401 - the tables must be known
from backend.store.base import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
