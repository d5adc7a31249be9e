"""Everything that `sidedoor demo` needs before it serves."""

import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.applications import Starlette

from backend.app import make_app, open_house, open_real_channels, receivers_of
from backend.demo.people import PEOPLE, seed_demo
from backend.demo.routes import routes
from backend.demo.state import DemoState, start
from backend.house import Clock, utc_now
from backend.settings import Settings
from backend.store import migrate
from channels.webchat.hub import Hub
from safety.vault import Keyring


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to serve, what to say when it is up, and what ends with it."""

    app: Starlette
    settings: Settings
    tell: Callable[[], None]
    beside: Callable[[], contextlib.AbstractAsyncContextManager[None]]


def prepare(settings: Settings, *, clock: Clock = utc_now) -> Prepared:
    """Keys, tables, accounts and the invented ends, all in a folder of their own. Raises RealCredentialsError."""
    state = start(settings, clock)
    made, hub = state.settings, Hub()
    made.data_dir.mkdir(parents=True, exist_ok=True)
    if not made.key_file.exists():
        Keyring.generate(made.key_file, demo=True)
    house = open_house(made, senders={"sms": state.sms}, hub=hub, clock=clock, demo=True)
    migrate.upgrade(house.store.engine)
    with house.store.engine.begin() as c:
        seed_demo(c, house)
        state.handsets.restore(c, house)
    app = make_app(house, hub=hub, receivers=receivers_of(open_real_channels(made)), more_routes=routes(house, state))
    return Prepared(app, made, lambda: _say(greeting(made)), lambda: _until_the_end(state))


def greeting(settings: Settings) -> str:
    """The links and the log-ins."""
    at = settings.base_url
    people = "\n".join(f"    {person.email:<20} {person.password}" for person in PEOPLE)
    return f"""
  Sidedoor, demo. Nothing here is real, and nothing leaves this machine.

    Try it      {at}/demo     phones that text, and the staff mailbox
    Web chat    {at}/chat
    Desk        {at}/desk

  Log in at the desk as
{people}

  Ctrl+C stops it.
"""


@contextlib.asynccontextmanager
async def _until_the_end(state: DemoState) -> AsyncIterator[None]:
    try:
        yield
    finally:
        state.stop()


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
