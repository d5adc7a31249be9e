"""`sidedoor telegram show` and `set`: where Telegram calls us, by its own account."""

import asyncio
from collections.abc import Awaitable, Callable

from backend.commands.base import CannotStartError, Commands, add, count, group, tell
from backend.settings import Settings
from channels.contract import Registrar, SendError

Work = Callable[[Registrar, str], Awaitable[int]]


def add_to(commands: Commands) -> None:
    """What is asked of Telegram, and what it is told."""
    telegram = group(commands, "telegram", "where Telegram calls us")
    add(
        telegram, "show", lambda _, settings: _with_bot(settings, _show), "say where Telegram calls us, and how it goes"
    )
    add(telegram, "set", lambda _, settings: _with_bot(settings, _set), "have Telegram call us here, as a start does")


def _with_bot(settings: Settings, work: Work) -> int:
    """Do it with the bot of the settings. Raises CannotStartError with what to mend; the token is in none of it."""
    from backend.app import open_real_channels
    from backend.registrations import address_of

    if settings.telegram_polling:
        raise CannotStartError("Telegram is asked here and does not call: SIDEDOOR_TELEGRAM_POLLING is on.")
    channel = open_real_channels(settings).get("telegram")
    if channel is None or channel.registrar is None:
        raise CannotStartError(
            "There is no bot that is called: set SIDEDOOR_TELEGRAM_TOKEN and SIDEDOOR_TELEGRAM_SECRET."
        )
    try:
        return asyncio.run(_run(work, channel.registrar, address_of(settings, "telegram")))
    except SendError as error:
        failure = CannotStartError(f"Telegram did not do it ({error.code}): docs/channels/telegram.md.")
    raise failure


async def _run(work: Work, registrar: Registrar, url: str) -> int:
    return await work(registrar, url)


async def _set(registrar: Registrar, url: str) -> int:
    await registrar.register(url)
    return await _show(registrar, url)


async def _show(registrar: Registrar, url: str) -> int:
    """0 where it calls us, 1 where it does not."""
    found = await registrar.registered()
    where = {url: f"Telegram calls {url}.", "": "Telegram calls nobody."}
    tell(where.get(found.url, "Telegram calls another address, which is not this house's."))
    if found.url and not found.whole:
        tell("It does not pass on everything that is read here: `sidedoor telegram set`.")
    tell(f"It has {count(found.waiting, 'update')} for us.")
    if found.failed_at:
        tell(f"It last failed to call at {found.failed_at:%Y-%m-%d %H:%M} UTC: {found.failure}.")
    return 0 if found.url == url and found.whole else 1
