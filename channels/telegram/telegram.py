"""Telegram's bot: webhooks with a secret token in, the Bot API out, and messages of both sides taken away again."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from channels.contract import (
    Accepted,
    Batch,
    Ignored,
    Inbound,
    Item,
    Outbound,
    RawRequest,
    Registration,
    SendError,
)
from channels.telegram.updates import CALLBACK, read_body, read_update, update_id

if TYPE_CHECKING:
    from channels.telegram.client import TelegramClient

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # a header's name
POLL_SECONDS = 25
"""How long Telegram holds one question for new updates open."""


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """One bot. An empty `secret` switches the webhook off; `api_base` empty: Telegram's own; `timeout` in seconds."""

    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    api_base: str = ""
    timeout: float = 10.0
    polling: bool = False

    @property
    def bot_id(self) -> str:
        """The public part of the token, which is the bot's own id."""
        return self.token.partition(":")[0]


class Telegram:
    """Receiver, Sender, Deleter, Acknowledger, Registrar and Fetcher for a bot's private chats.

    Telegram cannot be asked what became of a message, so there is no Lookup: an unknown outcome stays unknown.
    """

    name = "telegram"
    reach = timedelta(hours=48)
    pause = timedelta(milliseconds=100)

    def __init__(self, settings: TelegramSettings) -> None:
        self._settings = settings
        self._asked_before = False

    def verify(self, request: RawRequest) -> bool:
        """Whether the request carries the secret that was given to Telegram with the webhook's address (R22)."""
        given, secret = request.headers.get(SECRET_HEADER, ""), self._settings.secret
        return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """One item. What cannot be read is ignored and never an error, which Telegram would repeat for ever."""
        update = read_body(request.body)
        if update is None:
            return [Ignored("update-unreadable")]
        return [read_update(update, self._settings.bot_id, request.received_at)]

    async def send(self, message: Outbound) -> Accepted:
        """Send one message to a private chat, once. Raises SendError."""
        return Accepted(await self._client.send(_chat(message.address), message.text, message.choices))

    async def delete(self, address: str, ids: Sequence[str]) -> frozenset[str]:
        """Take messages of both sides out of a chat, on every device; the ids of those that stayed (R27)."""
        chat, stayed = _chat(address), set()
        for one in ids:
            number = one.rpartition(":")[2]
            if not number.isdigit() or not await self._client.delete(chat, int(number)):
                stayed.add(one)
        return frozenset(stayed)

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the little clock on a pressed button, and take the buttons away, so that none is pressed twice."""
        if callback := inbound.payload.get(CALLBACK):
            pressed = inbound.payload.get("pressed", "")
            await self._client.acknowledge(
                callback, _chat(inbound.address), int(pressed) if pressed.isdigit() else None
            )

    async def registered(self) -> Registration:
        """Where Telegram calls us, and how that goes; which secret it sends, it does not tell. Raises SendError."""
        return await self._client.webhook()

    async def register(self, url: str) -> None:
        """Have Telegram call us there, with the secret. Raises SendError."""
        await self._client.set_webhook(url, self._settings.secret)

    async def fetch(self, place: str) -> Batch:
        """The updates after `place`, waiting a while for the first. Telegram keeps them until the next question, for a
        day. While it has a webhook it answers none, so the first question takes that away, and so does the next one
        after a refusal: somebody may have set one since. Raises SendError."""
        if not self._asked_before:
            await self._client.remove_webhook()
        self._asked_before = False
        found = await self._client.updates(int(place) if place else None, POLL_SECONDS)
        self._asked_before = True
        items = [read_update(update, self._settings.bot_id) for update in found]
        numbers = [number for update in found if (number := update_id(update)) is not None]
        return Batch(items, str(max(numbers) + 1) if numbers else place)

    async def done(self, batch: Batch) -> None:
        """Nothing to do: the next `fetch`, from the place that was kept, is what lets Telegram forget these."""

    @cached_property
    def _client(self) -> "TelegramClient":
        from channels.telegram.client import TelegramClient

        return TelegramClient(self._settings)


def _chat(address: str) -> int:
    """The id of a private chat, which is its person's and positive. Raises SendError."""
    if not address.isascii() or not address.isdigit():
        raise SendError("not-a-private-chat", tell_staff=True)
    return int(address)
