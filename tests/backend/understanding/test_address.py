"""Where words may be sent."""

import pytest

from backend.settings import WrongSettingError, read_settings
from backend.understanding.address import check_address
from backend.understanding.exchange import Server


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5005",
        "http://127.8.9.10:5005",
        "http://localhost:5005/",
        "http://[::1]:5005",
        "https://understanding.example.org",
        "https://192.0.2.1:8443/rasa/",
    ],
)
def test_this_machine_or_https(url: str) -> None:
    assert check_address(url) == url.rstrip("/")


@pytest.mark.requirement("R38")
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://understanding.example.org", "must be https, or a server on this machine"),
        ("http://192.0.2.1:5005", "must be https, or a server on this machine"),
        ("http://0.0.0.0:5005", "must be https, or a server on this machine"),
        ("http://localhost.example.org", "must be https, or a server on this machine"),
        ("http://127.0.0.1.example.org", "must be https, or a server on this machine"),
        ("127.0.0.1:5005", "must begin with http"),
        ("ftp://127.0.0.1", "must begin with http"),
        ("http:///path", "must begin with http"),
        ("http://[::1", "must be an address"),
        ("http://127.0.0.1:port", "must be an address"),
        ("https://somebody:secret@example.org", "must hold no user"),
        ("https://example.org?token=secret", "must hold no user"),
        ("https://example.org#there", "must hold no user"),
    ],
)
def test_nowhere_else(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        check_address(url)
    assert url not in str(raised.value)


def test_a_wrong_one_stops_the_start_with_its_name_and_an_example() -> None:
    with pytest.raises(WrongSettingError) as raised:
        read_settings(rasa_url="http://understanding.example.org")
    assert str(raised.value) == (
        "SIDEDOOR_RASA_URL: must be https, or a server on this machine: what people write is sent there. "
        "For example: SIDEDOOR_RASA_URL=http://127.0.0.1:5005"
    )


def test_an_address_names_host_port_and_path() -> None:
    plain = Server.at("http://[::1]:5005")
    sealed = Server.at("https://understanding.example.org/rasa")
    assert (plain.host, plain.port, plain.path, plain.tls) == ("::1", 5005, "", None)
    assert (sealed.host, sealed.port, sealed.path) == ("understanding.example.org", 443, "/rasa")
    assert sealed.tls is not None
    assert sealed.tls.check_hostname
