"""What it means when a provider gives no answer that can be read. Imported on first use: `requests` loads slowly."""

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from channels.contract import SendError

NEVER_LEFT = (ConnectTimeoutError, NewConnectionError)


def no_answer(provider: str, error: Exception) -> SendError:
    """Known not to have gone only where no connection was made; then another provider may take it."""
    if isinstance(error, requests.ConnectionError) and _never_left(error):
        return SendError(f"{provider}-unreachable", retryable=True, elsewhere=True)
    if isinstance(error, requests.Timeout):
        return SendError(f"{provider}-timeout", retryable=True, unknown=True)
    kind = "dropped" if isinstance(error, OSError) else "garbled"
    return SendError(f"{provider}-{kind}", retryable=True, unknown=True)


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether the connection was never made; requests wraps the reason in an argument."""
    reason = error.args[0] if error.args else None
    return isinstance(getattr(reason, "reason", reason), NEVER_LEFT)
