"""The calls we make to the Bot API, through python-telegram-bot, made quiet.

Imported on first use only: the client costs about 25 MB and a third of a second.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from channels.contract import Registration
from channels.telegram.errors import call_failure, send_error
from channels.telegram.updates import KINDS, Json

if TYPE_CHECKING:
    from channels.telegram.telegram import TelegramSettings

T = TypeVar("T")
PUBLIC_BASE = "https://api.telegram.org"
CONNECTIONS = 16
GONE_ALREADY = "message to delete not found"
"""Telegram's words, in lower case, for a message that somebody has taken away before us."""

# Without this the time to wait comes as a bare number, and a warning with it.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# They log addresses with the token in them, parameters with the words in them, and answers that they cannot read.
for _name in ("telegram", "httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class TelegramClient:
    """A bot's calls. A connection pool lives in one event loop, so each loop has a bot of its own."""

    def __init__(self, settings: "TelegramSettings") -> None:
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._made: Bot | None = None

    async def send(self, chat: int, text: str, choices: Sequence[str]) -> str:
        """Send words, with a button for each choice; the message's id. Raises SendError.

        `protect_content` keeps them from being passed on or saved; a link shows no preview.
        """
        bot = self._bot()
        sent = await _quietly(
            lambda: bot.send_message(
                chat,
                text,
                protect_content=True,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=_buttons(choices),
            )
        )
        return str(sent.message_id)

    async def delete(self, chat: int, message: int) -> bool:
        """Take one message away from both sides; whether it is gone. Raises SendError where nobody can say."""
        bot = self._bot()
        try:
            return await bot.delete_message(chat, message)
        except BadRequest as error:
            return GONE_ALREADY in error.message.casefold()
        except TelegramError as error:
            failure = send_error(error)
        raise failure

    async def acknowledge(self, callback: str, chat: int, pressed: int | None) -> None:
        """Answer a press without a word, and take its buttons away. Never raises."""
        bot = self._bot()
        with suppress(TelegramError):
            await bot.answer_callback_query(callback)
        if pressed is not None:
            with suppress(TelegramError):
                await bot.edit_message_reply_markup(chat, pressed, reply_markup=None)

    async def updates(self, offset: int | None, wait: int) -> list[Json]:
        """The updates from `offset` on, as Telegram wrote them; all before it are forgotten there. Raises SendError."""
        bot = self._bot()
        asked: dict[str, Any] = {"timeout": wait, "allowed_updates": list(KINDS), "limit": 100}
        if offset is not None:
            asked["offset"] = offset
        # Not bot.get_updates: it would fail at one odd update, for ever. Names of methods mind no case.
        found = await _quietly(
            lambda: bot.do_api_request("getupdates", api_kwargs=asked, read_timeout=wait + self._settings.timeout)
        )
        return [update for update in found if isinstance(update, dict)]

    async def remove_webhook(self) -> None:
        """Let updates be asked for; those that wait are kept. Raises SendError."""
        bot = self._bot()
        await _quietly(lambda: bot.delete_webhook(drop_pending_updates=False))

    async def webhook(self) -> Registration:
        """Where Telegram calls us, and how that goes. Raises SendError."""
        bot = self._bot()
        found = await _quietly(bot.get_webhook_info)
        whole = set(KINDS) <= set(found.allowed_updates or ())
        failure = call_failure(found.last_error_message or "") if found.last_error_date else ""
        return Registration(found.url, whole, found.pending_update_count, found.last_error_date, failure)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have Telegram call us there, with the secret; those updates that wait are kept. Raises SendError."""
        bot = self._bot()
        await _quietly(
            lambda: bot.set_webhook(url, allowed_updates=KINDS, drop_pending_updates=False, secret_token=secret)
        )

    def _bot(self) -> Bot:
        """The bot of the running loop; the one of a loop that has ended is let go of with it."""
        loop = asyncio.get_running_loop()
        if self._made is None or self._loop is not loop:
            base, wait = self._settings.api_base.rstrip("/") or PUBLIC_BASE, self._settings.timeout
            request = HTTPXRequest(
                CONNECTIONS, read_timeout=wait, write_timeout=wait, connect_timeout=wait, pool_timeout=wait
            )
            self._made, self._loop = Bot(self._settings.token, f"{base}/bot", request=request), loop
        return self._made


def _buttons(choices: Sequence[str]) -> InlineKeyboardMarkup | None:
    """One button a row; what comes back names its place, for a title may be longer than the 64 bytes there are."""
    if not choices:
        return None
    rows = [[InlineKeyboardButton(title, callback_data=str(place))] for place, title in enumerate(choices, start=1)]
    return InlineKeyboardMarkup(rows)


async def _quietly(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call. Raises SendError, never chained to the client's own words."""
    try:
        return await call()
    except TelegramError as error:
        failure = send_error(error)
    raise failure
