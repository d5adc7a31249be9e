"""Starting the server and the worker: what must be in place first, and what is said when they are up."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from backend.app import fetchers_of, make_app, open_house, open_real_channels, receivers_of, registrars_of
from backend.cli import CannotStartError
from backend.exposed import given_away
from backend.house import House, make_rules, utc_now
from backend.outage.keeper import make_keeper
from backend.settings import Settings
from backend.staff.accounts import list_staff
from backend.start_checks import refusals, warnings
from backend.store import migrate
from backend.worker import run_worker
from channels.webchat.hub import Hub
from safety.vault import Keyring, Vault


def serve(settings: Settings) -> int:
    """The real thing. Refuses to start with demo keys, demo accounts or old tables, and says what to do."""
    check_real(settings)
    warn(settings)
    hub = Hub()
    house = open_house(settings, hub=hub)
    _refuse_demo_staff(house)
    opened = open_real_channels(settings)
    app = make_app(
        house,
        hub=hub,
        receivers=receivers_of(opened),
        fetchers=fetchers_of(opened),
        registrars=registrars_of(opened),
    )
    return asyncio.run(_run(app, settings, told=lambda: print(f"Sidedoor serves {settings.base_url}", flush=True)))


def serve_demo(settings: Settings) -> int:
    """Demo mode: everything on the embedded default, invented accounts, nothing that could reach a stranger."""
    from backend import demo  # nothing of the demo is in the process of the real thing

    started = demo.prepare(settings)
    return asyncio.run(_run(started.app, started.settings, told=started.tell, beside=started.beside))


def work(settings: Settings) -> int:
    """Only the dispatcher and the timers."""
    check_real(settings)
    warn(settings)
    house = open_house(settings)

    async def until_stopped() -> None:
        task = asyncio.create_task(run_worker(house))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(until_stopped())
    house.store.close()
    return 0


def stand_in(settings: Settings) -> int:
    """The fallback host's program: no database, and no practitioners but those who are woken."""
    from backend.outage.fallback import make_fallback  # what it calls the house with is in no other process

    for missing, what in (
        (not settings.key_file.exists(), f"keys at {settings.key_file}: make them with `sidedoor keys new`"),
        (not settings.fallback_for, "the house's address: set SIDEDOOR_FALLBACK_FOR=https://chat.example.org"),
        (not settings.public_url, "its own address, which providers sign: set SIDEDOOR_PUBLIC_URL"),
        (not settings.woken_in_outage, "people to wake: set SIDEDOOR_OUTAGE_ADDRESSES=duty@example.org"),
        (not settings.smtp_url, "a mail server to wake them with: set SIDEDOOR_SMTP_URL"),
    ):
        if missing:
            raise CannotStartError(f"The fallback host needs {what}.")
    if wrong := list(refusals(settings)):
        raise CannotStartError("\n".join(wrong))
    opened = open_real_channels(settings)
    receivers = receivers_of(opened)
    if not receivers:
        raise CannotStartError("The fallback host needs a channel: set SIDEDOOR_TWILIO_ACCOUNT_SID and its token.")
    senders = {name: channel.sender for name, channel in opened.items()}
    keeper = make_keeper(settings, Vault(Keyring.load(settings.key_file)), senders["email"], utc_now, senders)
    app = make_fallback(keeper, receivers, settings.base_url, settings.fallback_for.rstrip("/"), utc_now)
    told = f"Sidedoor stands in at {settings.base_url}"
    return asyncio.run(_run(app, settings, told=lambda: print(told, flush=True)))


def check_real(settings: Settings) -> None:
    """Raises CannotStartError with the next thing to do."""
    if not settings.key_file.exists():
        raise CannotStartError(f"There are no keys at {settings.key_file}. Make them with `sidedoor keys new`.")
    if Keyring.load(settings.key_file).demo:
        raise CannotStartError(
            f"{settings.key_file} holds demo keys. Make real ones with `sidedoor keys new` and another file."
        )
    if wrong := [*refusals(settings), *given_away(settings, make_rules(settings).naming_words)]:
        raise CannotStartError("\n".join(wrong))
    from backend.store.engine import make_engine

    engine = make_engine(settings.database)
    if not _database_is_there(settings) or not migrate.is_current(engine):
        raise CannotStartError("The database's tables are missing or old. Run `sidedoor db upgrade`.")
    engine.dispose()


def warn(settings: Settings) -> None:
    """Say on standard error what is not as it should be, whatever the log's level."""
    for told in warnings(settings):
        print(f"sidedoor: {told}", file=sys.stderr, flush=True)


def _database_is_there(settings: Settings) -> bool:
    path = settings.database.removeprefix("sqlite:///")
    return path == settings.database or Path(path).exists()


def _refuse_demo_staff(house: House) -> None:
    with house.store.engine.connect() as c:
        if any(member.demo for member in list_staff(c, house)):
            raise CannotStartError(
                "The database holds demo accounts. Use another one: SIDEDOOR_DATABASE_URL or SIDEDOOR_DATA_DIR."
            )


async def _run(
    app: Starlette,
    settings: Settings,
    *,
    told: Callable[[], None],
    beside: Callable[[], contextlib.AbstractAsyncContextManager[None]] = contextlib.nullcontext,
) -> int:
    """Serve until a signal comes. Requests are not logged: an address is a person's."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, told)
    async with beside():
        await server.serve()
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # uvicorn's own type is wider than it says
        """Say that it is up only when it is."""
        await super().startup(sockets)  # type: ignore[arg-type]  # as above
        if self.started:
            self._told()
