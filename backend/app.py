"""The composition root: picks the real parts, each replaceable by an argument, and makes the web application."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from backend import health, hooks
from backend.access import GuardedRoute, all_public
from backend.configured import channel_settings
from backend.conversations.intake import Intake
from backend.conversations.webchat import WebchatHouse
from backend.desk.routes import routes as desk_routes
from backend.errors import error_handlers
from backend.house import Clock, House, make_rules, utc_now
from backend.limits import Limiter
from backend.outage import taking_over
from backend.outage.keeper import make_keeper
from backend.outage.replay import keep_replaying
from backend.pollers import Poller
from backend.registrations import Registering
from backend.settings import Settings
from backend.store import Store, open_store
from backend.store.base import Ids, highest_id
from backend.understanding.listener import open_listener
from backend.worker import run_worker
from bot import Flows, load_flows
from channels import webchat
from channels.contract import Fetcher, Receiver, Registrar, Sender
from channels.registry import Channel, open_channels
from channels.webchat.hub import Hub
from safety.vault import Keyring, Vault


def open_house(
    settings: Settings,
    *,
    store: Store | None = None,
    flows: Flows | None = None,
    senders: dict[str, Sender] | None = None,
    hub: Hub | None = None,
    clock: Clock = utc_now,
    demo: bool = False,
) -> House:
    """The house with its real parts. Raises ValueError, VaultError or FlowErrors, each saying what to mend."""
    opened = {name: channel.sender for name, channel in open_real_channels(settings).items()}
    flows = flows or load_flows(settings.flows_dir, cache=settings.data_dir / "cache")
    store = store or open_store(settings.database)
    return House(
        settings=settings,
        store=store,
        vault=Vault(Keyring.load(settings.key_file)),
        flows=flows,
        senders={**opened, "webchat": webchat.WebchatSender(hub or Hub()), **(senders or {})},
        rules=make_rules(settings),
        listener=open_listener(settings, flows),
        clock=clock,
        new_id=Ids(highest_id(store.engine)),
        demo=demo,
    )


def open_real_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name."""
    return open_channels(channel_settings(settings))


def receivers_of(channels: Mapping[str, Channel]) -> dict[str, Receiver]:
    """The inbound halves of the channels that have one, and of their second providers."""
    there = {name: channel.receiver for name, channel in channels.items() if channel.receiver is not None}
    return there | {name: receiver for channel in channels.values() for name, receiver in channel.seconds.items()}


def fetchers_of(channels: Mapping[str, Channel]) -> list[Fetcher]:
    """The inbound halves that have to be asked."""
    return [channel.fetcher for channel in channels.values() if channel.fetcher is not None]


def registrars_of(channels: Mapping[str, Channel]) -> list[Registrar]:
    """The channels whose providers have to be told where to call us."""
    return [channel.registrar for channel in channels.values() if channel.registrar is not None]


def make_app(
    house: House,
    *,
    hub: Hub,
    receivers: Mapping[str, Receiver] | None = None,
    fetchers: Sequence[Fetcher] = (),
    registrars: Sequence[Registrar] = (),
    more_routes: Sequence[BaseRoute] = (),
    limiter: Limiter | None = None,
) -> Starlette:
    """The web application of a house. `receivers` read the webhooks, by channel; one without has no such door.
    `fetchers` are asked for what came, beside it, and `registrars` told where to bring it."""
    intake = Intake(house)
    keeper, receivers = (
        make_keeper(house.settings, house.vault, house.senders.get("email"), house.clock, house.senders),
        receivers or {},
    )
    beside = [
        keeper.waker.keep_trying,
        *(Poller(house, intake, fetcher, keeper).run for fetcher in fetchers),
        *(Registering(house, registrar).run for registrar in registrars),
    ]
    chat = webchat.routes(WebchatHouse(house, intake, hub, limiter or Limiter()), _chat_settings(house))
    routes: list[BaseRoute] = [
        *all_public(chat, why="a person must get in without an account"),
        *hooks.routes(house, intake, receivers, keeper),
        *_fallback(house, intake, receivers),
        *desk_routes(house),
        *health.routes(house),
        *more_routes,
    ]
    app = Starlette(
        routes=routes,
        lifespan=lambda _app: _living(house, lambda: keep_replaying(keeper.spool, intake, receivers), *beside),
        exception_handlers=error_handlers(house, _chat_settings(house)),
    )
    app.state.intake = intake
    return app


def _fallback(house: House, intake: Intake, receivers: Mapping[str, Receiver]) -> list[GuardedRoute]:
    """The door for what a fallback host kept; none without its keys. Raises VaultError."""
    path = house.settings.fallback_key_file
    return [taking_over.route(intake, receivers, Vault(Keyring.load(path)))] if path else []


@contextlib.asynccontextmanager
async def _living(house: House, *beside: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run what goes on beside the server, and the worker where wanted; finish what was handed in before the end."""
    # Beside a writer thread this cuts the slowest answers by two thirds (docs/adr, "Synchronous store, asynchronous
    # edge").
    sys.setswitchinterval(0.0005)
    going = [asyncio.create_task(work()) for work in beside]
    if house.settings.in_process_worker:
        going.append(asyncio.create_task(run_worker(house)))
    try:
        yield
    finally:
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        house.store.close()


def _chat_settings(house: House) -> webchat.ChatSettings:
    settings = house.settings
    return webchat.ChatSettings(
        exit_url=settings.exit_url,
        cookie_secure=settings.secure,
        public_origin=settings.public_url,
        idle_minutes=settings.web_idle_minutes,
        keep_days=settings.enquiry_days,
        demo=house.demo,
    )
