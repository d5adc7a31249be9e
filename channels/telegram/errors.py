"""What Telegram's failures mean for a message, in one table. Only a code leaves: descriptions may quote a chat.

Telegram has no way to ask what became of a message. Where it may have been taken, the outcome stays unknown.
"""

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from channels.contract import SendError

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""No connection was made, so nothing can have been taken."""
TRANSIT = (httpx.TimeoutException, httpx.TransportError)

HTTP_STATUS = re.compile(r"\b[1-5][0-9]{2}\b", re.ASCII)


def call_failure(words: str) -> str:
    """Why Telegram could not call us, of its own words: `telegram-cannot-call`, with the status that it heard."""
    status = HTTP_STATUS.search(words)
    return f"telegram-cannot-call-{status[0]}" if status else "telegram-cannot-call"


def send_error(error: TelegramError) -> SendError:
    """The failure of a send, by its kind; a subclass stands before its parent."""
    if isinstance(error, RetryAfter):
        return SendError("telegram-429", retryable=True, retry_after=_wait(error))
    if isinstance(error, Forbidden):
        return SendError("telegram-403", tell_staff=True, blocked=True)
    if isinstance(error, InvalidToken):
        return SendError("telegram-401", retryable=True, tell_staff=True)
    if isinstance(error, Conflict):
        return SendError("telegram-409", retryable=True)
    if isinstance(error, BadRequest | ChatMigrated):
        return SendError("telegram-400", tell_staff=True)
    if isinstance(error, TimedOut | NetworkError):
        return _in_transit(error)
    return SendError("telegram-garbled", retryable=True, unknown=True)


def _in_transit(error: TelegramError) -> SendError:
    """No answer, or one from something in between, which may hide a yes."""
    cause = error.__cause__
    if isinstance(cause, NEVER_LEFT):
        return SendError("telegram-unreachable", retryable=True)
    if isinstance(error, TimedOut):
        return SendError("telegram-timeout", retryable=True, unknown=True)
    kind = "dropped" if isinstance(cause, TRANSIT) else "server"
    return SendError(f"telegram-{kind}", retryable=True, unknown=True)


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
