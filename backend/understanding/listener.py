"""Who listens to a message before its turn: the built-in understanding alone, or a Rasa server beside it."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Protocol

from backend.settings import Settings
from backend.understanding.answer import Answer, read_answer
from backend.understanding.breaker import Breaker
from backend.understanding.exchange import ExchangeError, Server, exchange
from bot import Flows
from bot.contract import Said
from bot.understanding.classifier import OUT_OF_SCOPE
from bot.understanding.commands import PREFIX
from bot.understanding.text import LONGEST

log = logging.getLogger("sidedoor.understanding")
PARSE = "/model/parse"


class Listener(Protocol):
    """Makes the engine's event of what somebody wrote."""

    async def hear(self, text: str) -> Said:
        """The words, with a second reading if there is one. Never raises, and takes no longer than its budget."""
        ...


class BuiltInAlone:
    """No second reading."""

    async def hear(self, text: str) -> Said:
        """The words as they are."""
        return Said(text)


class RasaListener:
    """Asks a Rasa server what a message wants, within a time budget. `budget` is in seconds."""

    def __init__(self, server: Server, flows: Flows, budget: float, breaker: Breaker) -> None:
        self._server, self._flows, self._budget, self._breaker = server, flows, budget, breaker
        self._known = frozenset(name for name in flows.nlu if not name.startswith(PREFIX) and name != OUT_OF_SCOPE)

    async def hear(self, text: str) -> Said:
        """The words with the intent that the server is surest of; without one where it has none that we know."""
        if not self._is_worth_asking(text) or not self._breaker.allows():
            return Said(text)
        try:
            answer = await ask(self._server, text, self._budget)
        except Exception as error:  # a second reading is a help; for want of it no message may be lost
            self._failed(code_of(error))
            return Said(text)
        self._succeeded()
        if answer.intent not in self._known:
            return Said(text)
        return Said(text, answer.intent, answer.confidence, answer.entities)

    def _is_worth_asking(self, text: str) -> bool:
        """Whether the built-in reading may fall short. Numbers, buttons, words about the talk and long stories need no
        second one, and what need not leave the process stays in it."""
        if text.startswith("/") or len(text) > LONGEST or not any(sign.isalpha() for sign in text):
            return False
        return self._flows.understanding.command(text) is None

    def _failed(self, code: str) -> None:
        was_open = self._breaker.is_open
        self._breaker.failed()
        if self._breaker.is_open and not was_open:
            log.warning("the Rasa server is left alone for a while: %s", code)

    def _succeeded(self) -> None:
        if self._breaker.is_open:
            log.info("the Rasa server answers again")
        self._breaker.succeeded()


async def ask(server: Server, text: str, budget: float) -> Answer:
    """One reading. Raises ExchangeError, or TimeoutError after `budget` seconds."""
    async with asyncio.timeout(budget):
        body = await exchange(server, "POST", PARSE, json.dumps({"text": text}).encode())
    return read_answer(body)


def code_of(error: Exception) -> str:
    """A stable word for what went wrong."""
    if isinstance(error, TimeoutError):
        return "too_slow"
    return error.code if isinstance(error, ExchangeError) else type(error).__name__


def open_listener(settings: Settings, flows: Flows, clock: Callable[[], float] = time.monotonic) -> Listener:
    """The listener that the settings ask for; `clock` counts seconds."""
    if not settings.rasa_url:
        return BuiltInAlone()
    return RasaListener(Server.at(settings.rasa_url), flows, settings.rasa_ms / 1000, Breaker(clock))
