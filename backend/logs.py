"""Logging: ids and codes only, one line each; the libraries that would log content are kept quiet (R38)."""

import logging
import traceback
from types import TracebackType

QUIET = (
    "twilio.http_client",
    "urllib3",
    "aiosmtpd",
    "mail.log",
    "sqlalchemy",
    "alembic",
    "asyncio",
    "uvicorn",
    "multipart",
    "python_multipart",
    "imapclient",
)


ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Says of an exception what it is and where, and never what it says: its words may quote what somebody wrote."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  # logging's name
        """The type, and the places it came through."""
        kind, _error, trace = ei
        return "".join([*traceback.format_tb(trace), kind.__name__ if kind else ""])


def set_up_logs(level: str) -> None:
    """Log to standard error at `level`. Raises ValueError for a level that there is not."""
    handler = logging.StreamHandler()
    handler.setFormatter(QuietFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
