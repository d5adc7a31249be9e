"""The guard in conftest.py stops a test that would reach the network, and leaves loopback alone."""

import asyncio
import socket

import pytest


def attempt(address: str) -> None:
    """Try to connect, as any library would in the end."""
    with socket.socket() as sock:
        sock.settimeout(0.05)
        sock.connect((address, 9))


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "8.8.8.8"])
def test_a_stranger_cannot_be_reached(address: str) -> None:
    with pytest.raises(AssertionError, match="beyond loopback"):
        attempt(address)


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="beyond loopback"):
        socket.getaddrinfo("api.twilio.com", 443)


def test_asyncio_is_held_too() -> None:
    with pytest.raises(AssertionError, match="beyond loopback"):
        asyncio.run(asyncio.open_connection("192.0.2.1", 9))


def test_a_datagram_is_held_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(AssertionError, match="beyond"):
        sock.sendto(b"x", ("192.0.2.1", 9))


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as line:
        assert line.getpeername() == server.getsockname()
