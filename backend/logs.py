"""Logging: ids and codes only, one line each; the libraries that would log content are kept quiet (R38)."""

import logging

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
)


def set_up_logs(level: str) -> None:
    """Log to standard error at `level`. Raises ValueError for a level that there is not."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
