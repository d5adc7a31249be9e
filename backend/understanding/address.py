"""Where words may be sent for a second reading: to this machine, or sealed on the way to one that the service chose."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def check_address(url: str) -> str:
    """The address without a slash at its end. Raises ValueError, saying what to write, for one that words must not go
    to."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("must be an address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must hold no user, no password, no ? and no #")
    if parts.scheme == "http" and not is_this_machine(parts):
        raise ValueError("must be https, or a server on this machine: what people write is sent there")
    return url.rstrip("/")


def is_this_machine(parts: SplitResult) -> bool:
    """Whether an address leads nowhere else. A name other than localhost may."""
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
