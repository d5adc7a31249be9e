"""What holds for every test: nothing may reach beyond this machine, and what it proves is counted."""

import ipaddress
import socket
import sys
from collections.abc import Sequence

import pytest
from hypothesis import settings

from bot import Flows
from tests.our_flows import our_flows
from tests.plugins.requirements import RequirementsProof

ASKS_FOR_A_HOST = {"socket.getaddrinfo", "socket.gethostbyname"}
SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class NetworkForbiddenError(AssertionError):
    """A test tried to reach the network."""


def _is_local(host: object) -> bool:
    """Whether a host is this machine; no host at all means every address of this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _forbid_network(event: str, arguments: Sequence[object]) -> None:
    """An audit hook: it sees every attempt of this process, whichever library makes it."""
    if event in ASKS_FOR_A_HOST:
        host = arguments[0]
    elif event in SENDS:
        sock, address = arguments[0], arguments[-1]
        if not isinstance(sock, socket.socket) or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if not _is_local(host):
        raise NetworkForbiddenError(f"{event} beyond loopback")


sys.addaudithook(_forbid_network)


def pytest_configure(config: pytest.Config) -> None:
    """Count the tests of each safety requirement at the end of a whole run."""
    config.pluginmanager.register(RequirementsProof(), "requirements-proof")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the files, begin with those that take long, so that none is left with one at the end."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
"""How long one example takes says something about the machine, and nothing about the product."""


@pytest.fixture(scope="session")
def flows() -> Flows:
    """The real flows."""
    return our_flows()
